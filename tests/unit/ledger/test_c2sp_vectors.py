"""The published examples of the C2SP specifications."""

import base64
import json
from pathlib import Path

import pytest

from xinqiao_governance.errors import ProofError, WireInvalid
from xinqiao_ledger.add_checkpoint import AddCheckpoint, monitoring_path
from xinqiao_ledger.checkpoint import Checkpoint, SignatureLine, SignedCheckpoint, cosign, key_id
from xinqiao_ledger.signing import SigningKey, verify

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "c2sp.json").read_text("utf-8"))


def test_the_signed_note_verifies_under_its_verifier_key() -> None:
    name, named, encoded = VECTORS["signed_note"]["vkey"].split("+", 2)
    kind, public = base64.b64decode(encoded)[:1], base64.b64decode(encoded)[1:]
    line = SignatureLine.parse(VECTORS["signed_note"]["line"].removesuffix("\n"))
    assert str(line) == VECTORS["signed_note"]["line"]
    assert (line.name, line.key_id.hex()) == (name, named)
    assert key_id(name, kind, public) == line.key_id
    text = VECTORS["signed_note"]["text"].encode()
    verify(public, text, line.signature)
    with pytest.raises(ProofError):
        verify(public, text + b"\n", line.signature)


def test_the_cosigned_checkpoint_is_read_and_written() -> None:
    signed = SignedCheckpoint.parse(VECTORS["cosigned_checkpoint"])
    assert str(signed) == VECTORS["cosigned_checkpoint"]
    assert signed.checkpoint.size == 20852163
    assert int.from_bytes(signed.lines[1].signature[:8], "big") == VECTORS["cosigned_time"]
    assert [len(line.signature) for line in signed.lines] == [64, 8 + 64]


def test_what_is_cosigned_is_the_published_message() -> None:
    key = SigningKey.generate()
    head = SignedCheckpoint.parse(VECTORS["cosigned_checkpoint"]).checkpoint
    line = SignatureLine.parse(cosign(head, "w", key, VECTORS["cosigned_time"]).removesuffix("\n"))
    verify(key.public, VECTORS["cosigned_message"].encode(), line.signature[8:])


def test_the_request_is_read_and_written() -> None:
    body = VECTORS["add_checkpoint"].encode()
    asked = AddCheckpoint.decode(body)
    assert asked.encode() == body
    assert (asked.old_size, len(asked.consistency)) == (20852014, 4)
    assert SignedCheckpoint.parse(asked.note).checkpoint.size == 20852163


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("old 20852014", "old 020852014"),
        ("old 20852014", "old  20852014"),
        ("old 20852014", "old -1"),
        ("old 20852014", "new 20852014"),
        ("old 20852014\n", "old 20852014\r\n"),
        ("old 20852014\n", "old 20852014\n\n"),
        ("Pl", "PlA"),
        ("kaw=", "kax="),
        ("kaw=", "kaw"),
        ("kaw=\n", "kaw= \n"),
        ("PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=", "AAAA"),
    ],
)
def test_a_request_that_nobody_would_write_is_refused(old: str, new: str) -> None:
    body = VECTORS["add_checkpoint"].replace(old, new, 1)
    assert body != VECTORS["add_checkpoint"]
    with pytest.raises(WireInvalid):
        SignedCheckpoint.parse(AddCheckpoint.decode(body.encode()).note)


@pytest.mark.parametrize("body", [b"", b"old 0\n", b"\n\n", b"\xff\n\n", b"old 0\n" + b"A" * 44])
def test_noise_is_refused(body: bytes) -> None:
    with pytest.raises(WireInvalid):
        AddCheckpoint.decode(body)


def test_more_hashes_than_a_proof_may_have_are_refused() -> None:
    note = VECTORS["cosigned_checkpoint"]
    assert AddCheckpoint.decode(AddCheckpoint(1, (bytes(32),) * 63, note).encode()).note == note
    with pytest.raises(WireInvalid):
        AddCheckpoint.decode(AddCheckpoint(1, (bytes(32),) * 64, note).encode())


def test_the_monitoring_path_is_the_hash_of_the_origin() -> None:
    known = "/2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881/checkpoint"
    assert monitoring_path("x") == known  # SHA-256 of "x"


@pytest.mark.parametrize("time", [0, 1 << 63, (1 << 64) - 1])
def test_a_cosignature_without_a_time_that_can_be_is_refused(time: int) -> None:
    key = SigningKey.generate()
    head = Checkpoint("o", 0, bytes(32))
    with pytest.raises(ProofError):
        SignedCheckpoint.parse(head.body + "\n" + cosign(head, "w", key, time)).verify_cosignature(
            "w", key.public
        )
