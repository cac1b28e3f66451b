import base64
import json
from pathlib import Path

import pytest

from simulators.ledger import ORIGIN
from xinqiao_governance.errors import ProofError, WireInvalid
from xinqiao_ledger.checkpoint import Checkpoint, SignedCheckpoint, cosign, key_id, sign
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.signing import verify as verify_signature
from xinqiao_ledger.suite import SHA256_ED25519

LOG, WITNESS = SigningKey.generate(), SigningKey.generate()
NAME = "witness.example/w1"
HEAD = Checkpoint(ORIGIN, 20852163, bytes(range(32)))
NOTE = sign(HEAD, LOG)
COSIGNED = NOTE + cosign(HEAD, NAME, WITNESS, 1_679_315_147)
VECTORS = Path(__file__).parents[2] / "vectors"


def test_a_note_survives_its_text() -> None:
    signed = SignedCheckpoint.parse(COSIGNED)
    assert str(signed) == COSIGNED
    assert signed.checkpoint == HEAD
    signed.verify_log(LOG.public)
    signed.verify_cosignature(NAME, WITNESS.public)


def test_the_text_is_that_of_c2sp() -> None:
    body, _, lines = COSIGNED.partition("\n\n")
    assert body.split("\n") == [ORIGIN, "20852163", base64.b64encode(HEAD.root).decode()]
    own, witness = lines.splitlines()
    assert own.startswith(f"\u2014 {ORIGIN} ")
    raw = base64.b64decode(witness.removeprefix(f"\u2014 {NAME} "))
    assert len(raw) == 4 + 8 + 64
    assert int.from_bytes(raw[4:12], "big") == 1_679_315_147
    message = f"cosignature/v1\ntime 1679315147\n{body}\n".encode()
    verify_signature(WITNESS.public, message, raw[12:])


def test_key_ids_and_signatures_agree_with_the_example_of_go_sumdb_note() -> None:
    """The example of golang.org/x/mod/sumdb/note: key id and signature by another implementation."""
    public = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:]
    raw = base64.b64decode(
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    assert key_id("PeterNeumann", b"\x01", public) == raw[:4] == bytes.fromhex("c74f20a3")
    verify_signature(public, text.encode(), raw[4:])


def test_golden_notes_parse_and_verify() -> None:
    vectors = json.loads((VECTORS / "checkpoints.json").read_text())
    for size, note in enumerate(vectors["notes"]):
        signed = SignedCheckpoint.parse(note)
        assert (signed.checkpoint.size, str(signed)) == (size, note)


def spare_bit(note: str) -> str:
    """Change a base64 text's unused bits: it decodes to the same bytes."""
    line = base64.b64encode(HEAD.root).decode()
    return note.replace(line, line[:-2] + chr(ord(line[-2]) + 1) + "=")


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        HEAD.body,
        HEAD.body + "\n",
        COSIGNED.rstrip("\n"),
        COSIGNED + "\n",
        "\n" + COSIGNED,
        COSIGNED.replace("\n", "\r\n"),
        COSIGNED.replace("20852163", "020852163"),
        COSIGNED.replace("20852163", "+20852163"),
        COSIGNED.replace("20852163", "2085 2163"),
        COSIGNED.replace("20852163", "２０８５２１６３"),
        COSIGNED.replace("20852163", "-1"),
        COSIGNED.replace("20852163", "9223372036854775808"),
        COSIGNED.replace("20852163", "9" * 5000),
        COSIGNED.replace("20852163", ""),
        COSIGNED.replace(HEAD.body, HEAD.body + "extension\n"),
        COSIGNED.replace("\u2014 ", "- "),
        COSIGNED.replace("\u2014 ", "\u2014  "),
        COSIGNED.replace("\u2014 ", "\u2014\u00a0"),
        COSIGNED.replace(NAME, "witness+1"),
        COSIGNED.replace(NAME, ""),
        COSIGNED.replace(ORIGIN, "log example"),
        COSIGNED.replace(ORIGIN, "log\u3000example"),
        COSIGNED.replace(ORIGIN, "log\x00example"),
        NOTE + "\u2014 x AAAA\n",
        NOTE + "\u2014 x\n",
        NOTE + "\u2014 x AA AA\n",
        NOTE + "\u2014 x !!!!!!!!\n",
        NOTE + f"\u2014 {NAME} AAAAAAA=\n" * 5_000,
        NOTE.replace("=", "==", 1),
        spare_bit(NOTE),
        COSIGNED.replace(base64.b64encode(HEAD.root).decode(), base64.b64encode(bytes(31)).decode()),
    ],
)
def test_every_other_text_is_refused(note: str) -> None:
    assert note != COSIGNED
    with pytest.raises(WireInvalid):
        SignedCheckpoint.parse(note)


def test_another_key_name_or_body_does_not_verify() -> None:
    signed = SignedCheckpoint.parse(COSIGNED)
    other = SigningKey.generate().public
    larger = SignedCheckpoint.parse(COSIGNED.replace("20852163", "20852164"))
    checks = [
        lambda: signed.verify_log(other),
        lambda: signed.verify_log(WITNESS.public),
        lambda: signed.verify_cosignature(NAME, other),
        lambda: signed.verify_cosignature("witness.example/w2", WITNESS.public),
        lambda: signed.verify_cosignature(ORIGIN, LOG.public),
        lambda: larger.verify_log(LOG.public),
        lambda: larger.verify_cosignature(NAME, WITNESS.public),
    ]
    for check in checks:
        with pytest.raises(ProofError):
            check()


def test_a_changed_cosignature_time_does_not_verify() -> None:
    line = cosign(HEAD, NAME, WITNESS, 1_679_315_147)
    raw = bytearray(base64.b64decode(line.split(" ")[2]))
    raw[11] ^= 1
    forged = f"\u2014 {NAME} {base64.b64encode(raw).decode()}\n"
    with pytest.raises(ProofError):
        SignedCheckpoint.parse(NOTE + forged).verify_cosignature(NAME, WITNESS.public)


def test_lines_of_unknown_keys_are_ignored_but_one_bad_line_of_a_known_key_spoils() -> None:
    stranger = cosign(HEAD, NAME, SigningKey.generate(), 1)
    SignedCheckpoint.parse(COSIGNED + stranger).verify_cosignature(NAME, WITNESS.public)
    label = key_id(NAME, SHA256_ED25519.cosignature_line, WITNESS.public)
    bad = f"\u2014 {NAME} {base64.b64encode(label + bytes(72)).decode()}\n"
    with pytest.raises(ProofError):
        SignedCheckpoint.parse(COSIGNED + bad).verify_cosignature(NAME, WITNESS.public)


def test_a_cosignature_is_not_a_log_signature() -> None:
    """One key, two roles: the key id and the message differ, so neither stands for the other."""
    both = SignedCheckpoint.parse(NOTE + cosign(HEAD, ORIGIN, LOG, 5))
    both.verify_log(LOG.public)
    both.verify_cosignature(ORIGIN, LOG.public)
    with pytest.raises(ProofError):
        SignedCheckpoint.parse(NOTE).verify_cosignature(ORIGIN, LOG.public)
