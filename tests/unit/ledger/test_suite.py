"""A log under SM3 and SM2 is a log: the same promises, other lines, and no way to choose by a proof."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.ledger import ORIGIN, Enterprise, Node
from xinqiao_governance.errors import ProofError, StoreDamaged, UsageInvalid
from xinqiao_ledger.checkpoint import SignedCheckpoint
from xinqiao_ledger.event import Kind
from xinqiao_ledger.fsck import fsck
from xinqiao_ledger.log import Log
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.sm2 import Sm2Key, sm3
from xinqiao_ledger.sm2 import verify as verify_sm2
from xinqiao_ledger.suite import SHA256_ED25519, SM3_SM2, suite_of
from xinqiao_ledger.tree import Tree, verify_consistency, verify_inclusion, verify_subset
from xinqiao_ledger.trust import Trust, TrustedWitness
from xinqiao_ledger.witness import Witness

KEY, NOTE_KEY = SigningKey.generate(), Sm2Key.generate()

# GB/T 32918.5-2017, A.2: signer id 1234567812345678, message "message digest".
PUBLIC = bytes.fromhex(
    "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
SIGNATURE = bytes.fromhex(
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)


def filled(where: Path | str) -> Log:
    """A log under the national suite with seven events."""
    log, node = Log(where, KEY, ORIGIN, NOTE_KEY), Node("a")
    log.append([node.write(Kind.CONFIRM).leaf for _ in range(7)])
    return log


@pytest.fixture
def log(where: Path | str) -> Iterator[Log]:
    with closing(filled(where)) as log:
        yield log


def test_sm3_is_the_published_one() -> None:
    # GB/T 32905-2016, A.1
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_sm2_is_the_published_one() -> None:
    verify_sm2(PUBLIC, b"message digest", SIGNATURE)


@pytest.mark.parametrize(
    ("public", "message", "signature"),
    [
        (PUBLIC, b"message digesT", SIGNATURE),
        (PUBLIC, b"message digest", SIGNATURE[:-1] + b"\x00"),
        (PUBLIC, b"message digest", SIGNATURE[:-1]),
        (PUBLIC, b"message digest", SIGNATURE + b"\x00"),
        (PUBLIC, b"message digest", b""),
        (PUBLIC, b"message digest", bytes(64)),
        (PUBLIC, b"message digest", b"\xff" * 64),
        (bytes(64), b"message digest", SIGNATURE),
        (PUBLIC[:-1] + b"\x00", b"message digest", SIGNATURE),
        (NOTE_KEY.public, b"message digest", SIGNATURE),
    ],
    ids=[
        "message",
        "byte",
        "short",
        "long",
        "none",
        "zero",
        "huge",
        "no point",
        "off the curve",
        "other key",
    ],
)
def test_what_sm2_did_not_sign_is_refused(public: bytes, message: bytes, signature: bytes) -> None:
    with pytest.raises(ProofError, match="signature_invalid"):
        verify_sm2(public, message, signature)


def test_a_key_declares_its_suite() -> None:
    assert suite_of(KEY.public) is SHA256_ED25519
    assert suite_of(NOTE_KEY.public) is SM3_SM2
    with pytest.raises(ProofError):
        suite_of(bytes(33))


def test_the_tree_is_over_sm3_and_proves(log: Log) -> None:
    leaves = log.entries(0, 7)
    tree = Tree([sm3(b"\x00" + leaf) for leaf in leaves], sm3)
    assert log.root() == tree.root()
    left, right = sm3(b"\x00" + leaves[0]), sm3(b"\x00" + leaves[1])
    assert log.root(2) == sm3(b"\x01" + left + right)
    assert Tree(hasher=sm3).root() == sm3(b"")
    verify_inclusion(leaves[4], 4, 7, log.root(), log.inclusion(4, 7), sm3)
    verify_consistency(3, log.root(3), 7, log.root(), log.consistency(3, 7), sm3)
    verify_subset({n: leaves[n] for n in (1, 5)}, 7, log.root(), log.prove_subset([1, 5], 7), sm3)


def test_no_proof_of_one_suite_holds_in_the_other(log: Log) -> None:
    leaves = log.entries(0, 7)
    with pytest.raises(ProofError):
        verify_inclusion(leaves[4], 4, 7, log.root(), log.inclusion(4, 7))
    with pytest.raises(ProofError):
        verify_consistency(3, log.root(3), 7, log.root(), log.consistency(3, 7))
    with pytest.raises(ProofError):
        verify_subset({1: leaves[1]}, 7, log.root(), log.prove_subset([1], 7))


def test_notes_carry_sm2_lines_alone(log: Log) -> None:
    signed = SignedCheckpoint.parse(log.checkpoint())
    signed.verify_log(NOTE_KEY.public)
    with pytest.raises(ProofError, match="checkpoint_unsigned"):
        signed.verify_log(KEY.public)
    with pytest.raises(ProofError, match="checkpoint_unsigned"):
        signed.verify_log(Sm2Key.generate().public)


def test_cosigned_notes_are_kept_under_the_suite(log: Log) -> None:
    note = log.checkpoint()
    log.keep_cosigned(note)
    assert log.cosigned(7) == note


@pytest.mark.parametrize("key", [Sm2Key.generate(), SigningKey.generate()], ids=["sm2", "ed25519"])
def test_witnesses_of_either_suite_cosign_and_refuse(
    log: Log, tmp_path: Path, key: Sm2Key | SigningKey
) -> None:
    with closing(Witness(tmp_path / "w", key, NOTE_KEY.public, ORIGIN, name="w/1")) as witness:
        first = log.checkpoint()
        witness.cosign(first, 0, [])
        log.append([Node("b").write(Kind.CONFIRM).leaf])
        note = log.checkpoint()
        line = witness.cosign(note, 7, log.consistency(7, 8))
        SignedCheckpoint.parse(note + line).verify_cosignature("w/1", key.public)
        with pytest.raises(ProofError, match="witness_rollback"):
            witness.cosign(first, 8, [])


def test_the_log_opens_again_and_only_under_its_suite(where: Path | str, log: Log) -> None:
    note, root = log.checkpoint(), log.root()
    with closing(Log(where, KEY, ORIGIN, NOTE_KEY)) as again:
        assert (again.root(), again.checkpoint()) == (root, note)
        node = Node("b")
        assert again.append([node.write(Kind.CONFIRM).leaf]) == [7]
        assert again.head(node.id) == (1, node.journal[0].hash)  # a journal's own chain is the node's
    with pytest.raises((ProofError, StoreDamaged)):
        Log(where, KEY, ORIGIN).close()


def test_a_log_without_a_checkpoint_opens_only_under_its_suite(where: Path | str, log: Log) -> None:
    assert log.size
    with pytest.raises(StoreDamaged, match="log_entry_damaged"):
        Log(where, KEY, ORIGIN)


def test_fsck_holds_under_the_suite_alone(where: Path | str, log: Log) -> None:
    log.checkpoint()
    assert not fsck(where, origin=ORIGIN, log_key=NOTE_KEY.public).count
    assert not fsck(where, suite=SM3_SM2).count
    assert fsck(where).count
    assert fsck(where, origin=ORIGIN, log_key=Sm2Key.generate().public).count


def test_a_trust_file_names_keys_of_both(tmp_path: Path) -> None:
    enterprise = Enterprise(tmp_path)
    witness = TrustedWitness("w/1", NOTE_KEY.public, "independent")
    trust = replace(enterprise.trust(), log_key=NOTE_KEY.public, witnesses=(witness,), witness_threshold=1)
    enterprise.close()
    assert Trust.decode(trust.encode()) == trust


def test_a_pair_survives_its_file_and_nobody_else_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "log-sm2.key"
    key = Sm2Key.create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    verify_sm2(key.public, b"note", Sm2Key.load(path).sign(b"note"))
    with pytest.raises(UsageInvalid, match="key_file_exists"):
        Sm2Key.create(path)
    path.chmod(0o644)
    with pytest.raises(UsageInvalid, match="key_file_readable"):
        Sm2Key.load(path)


@pytest.mark.parametrize("damage", [b"", bytes(96), b"x" * 96], ids=["empty", "zero", "text"])
def test_a_damaged_pair_is_named_and_not_shown(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "log-sm2.key"
    path.write_bytes(damage)
    path.chmod(0o600)
    with pytest.raises(StoreDamaged, match="key_file_invalid"):
        Sm2Key.load(path)
    assert "x" not in repr(Sm2Key.generate())


def test_halves_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    one, other = Sm2Key.generate().to_bytes(), Sm2Key.generate().to_bytes()
    with pytest.raises(ProofError):
        Sm2Key.from_bytes(one[:32] + other[32:])
