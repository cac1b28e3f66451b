"""C2SP tlog-proof: one entry's proof in a text file, read as strictly as it is written."""

import base64
import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.ledger import ORIGIN
from simulators.witnesses import grow, history
from xinqiao_governance.errors import ProofError, WireInvalid
from xinqiao_ledger.checkpoint import Checkpoint, SignedCheckpoint, cosign, sign
from xinqiao_ledger.log import Log
from xinqiao_ledger.proof_file import ProofFile, prove
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.trust import Trust, TrustedWitness

LOG_KEY, *KEYS = (SigningKey.generate() for _ in range(4))
NAMES = ("w1", "w2", "w3")
TRUST = Trust(
    origin=ORIGIN,
    log_key=LOG_KEY.public,
    operator=bytes(32),
    departments=(),
    witnesses=tuple(TrustedWitness(n, k.public, "independent") for n, k in zip(NAMES, KEYS, strict=True)),
    witness_threshold=2,
    chain=None,
)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with closing(history(tmp_path / "log", LOG_KEY, 11)) as log:
        yield log


def cosigned(log: Log, *witnesses: int) -> str:
    note = log.checkpoint()
    head = SignedCheckpoint.parse(note).checkpoint
    return note + "".join(cosign(head, NAMES[n], KEYS[n], 1_800_000_000) for n in witnesses)


def leaf(log: Log, index: int) -> bytes:
    return log.entries(index, index + 1)[0]


@pytest.mark.parametrize("index", [0, 5, 10])
@pytest.mark.parametrize("extra", [None, b"", b"beside it"])
def test_a_proof_is_written_read_and_proven(log: Log, index: int, extra: bytes | None) -> None:
    made = prove(log, index, cosigned(log, 0, 2), extra)
    read = ProofFile.decode(made.encode())
    assert read == made
    assert read.encode() == made.encode()
    read.verify(leaf(log, index), TRUST)


def test_it_is_the_text_that_the_specification_shows(log: Log) -> None:
    note = cosigned(log, 0, 1)
    path = "".join(base64.b64encode(item).decode() + "\n" for item in log.inclusion(6, 11))
    extra = base64.b64encode(b"x y").decode()
    expected = f"c2sp.org/tlog-proof@v1\nextra {extra}\nindex 6\n{path}\n{note}"
    assert prove(log, 6, note, b"x y").encode() == expected.encode()


def test_a_log_of_one_entry_has_an_empty_path(tmp_path: Path) -> None:
    with closing(history(tmp_path / "one", LOG_KEY, 1)) as log:
        made = prove(log, 0, cosigned(log, 0, 1))
        assert made.path == ()
        assert b"index 0\n\nlog." in made.encode()
        ProofFile.decode(made.encode()).verify(leaf(log, 0), TRUST)


def test_every_changed_byte_is_refused(log: Log) -> None:
    """Cosignatures that trust needs not count as well: a known key's line that does not hold spoils all."""
    data = prove(log, 6, cosigned(log, 0, 1, 2)).encode()
    entry, random_ = leaf(log, 6), random.Random(7)
    for _ in range(2_000):
        at, bit = random_.randrange(len(data)), 1 << random_.randrange(8)
        changed = data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]
        with pytest.raises((WireInvalid, ProofError)):
            strict(changed, entry)


def strict(data: bytes, entry: bytes) -> None:
    read = ProofFile.decode(data)
    assert read.encode() == data
    read.verify(entry, replace(TRUST, witness_threshold=3))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tlog-proof@v1", "tlog-proof@v2"),
        ("index 6", "index 06"),
        ("index 6", "index -6"),
        ("index 6", "index  6"),
        ("index 6\n", ""),
        ("index 6\n", "index 6\n\n"),
        ("index 6\n", "index 6\r\n"),
        ("index 6\n", "extra AAAA\nextra AAAA\nindex 6\n"),
        ("index 6\n", "extra AAB=\nindex 6\n"),
        ("index 6\n", "index 6\nAAAA\n"),
        ("index 6\n", "index 6\nextra AAAA\n"),
        ("c2sp", " c2sp"),
        ("\n\nlog.", "\nlog."),
    ],
)
def test_what_nobody_would_write_is_refused(log: Log, old: str, new: str) -> None:
    text = prove(log, 6, cosigned(log, 0, 1)).encode().decode()
    assert old in text
    with pytest.raises(WireInvalid):
        ProofFile.decode(text.replace(old, new, 1).encode())


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"\xff", b"c2sp.org/tlog-proof@v1", b"c2sp.org/tlog-proof@v1\n\n"]
)
def test_noise_is_refused(data: bytes) -> None:
    with pytest.raises(WireInvalid):
        ProofFile.decode(data)


def test_anything_but_this_entry_here_is_refused(log: Log) -> None:
    made, entry = prove(log, 6, cosigned(log, 0, 1)), leaf(log, 6)
    for wrong in (
        lambda: made.verify(leaf(log, 5), TRUST),
        lambda: replace(made, index=5).verify(entry, TRUST),
        lambda: replace(made, path=made.path[:-1]).verify(entry, TRUST),
        lambda: replace(made, path=(*made.path, bytes(32))).verify(entry, TRUST),
        lambda: made.verify(entry, replace(TRUST, origin="log.example/other")),
        lambda: made.verify(entry, replace(TRUST, log_key=SigningKey.generate().public)),
        lambda: made.verify(entry, replace(TRUST, witness_threshold=3)),
    ):
        with pytest.raises(ProofError):
            wrong()


def test_cosignatures_count_for_their_own_witness_only(log: Log) -> None:
    note = cosigned(log, 0)
    head = SignedCheckpoint.parse(note).checkpoint
    under_another_name = cosign(head, "w2", KEYS[0], 1)
    stranger = cosign(head, "w2", SigningKey.generate(), 1)
    again = cosign(head, "w1", KEYS[0], 2)
    for line in (under_another_name, stranger, again):
        with pytest.raises(ProofError, match="audit_witnesses_few"):
            prove(log, 6, note + line).verify(leaf(log, 6), TRUST)


def test_a_checkpoint_of_another_origin_signed_by_the_same_key_is_refused(log: Log) -> None:
    note = sign(Checkpoint("log.example/other", 11, log.root()), LOG_KEY)
    trust = replace(TRUST, witness_threshold=0)
    with pytest.raises(ProofError, match="checkpoint_unsigned"):
        prove(log, 6, note).verify(leaf(log, 6), trust)


def test_only_what_the_checkpoint_covers_is_proven(log: Log) -> None:
    note = cosigned(log, 0, 1)
    grow(log, 1)
    with pytest.raises(ProofError, match="proof_out_of_range"):
        prove(log, 11, note)
    prove(log, 10, note).verify(leaf(log, 10), TRUST)
