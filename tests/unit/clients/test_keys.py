"""Key file and wrapped keys: who opens them, who does not, and that no secret shows anywhere."""

import hashlib
import hmac
import json
import pickle
import stat
import traceback
from pathlib import Path

import pytest

from xinqiao_clients.key_file import KeyFile
from xinqiao_clients.keys import Keys
from xinqiao_governance.canonical import dumps
from xinqiao_governance.errors import Denied, StoreDamaged, UsageInvalid, VersionOther

PASSPHRASE = "心桥 sentinel-passphrase"
ROOT = bytes(range(32))


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """Bytes of one key file and a secret wrapped under its keys: the stretching is slow on purpose."""
    path = tmp_path_factory.mktemp("keys") / "node.key"
    keys = KeyFile.create(path, PASSPHRASE)
    return path.read_bytes(), keys.wrap("label", b"secret")


@pytest.fixture
def path(original: tuple[bytes, bytes], tmp_path: Path) -> Path:
    copy = tmp_path / "node.key"
    copy.write_bytes(original[0])
    return copy


def test_the_passphrase_opens_the_same_keys_again(original: tuple[bytes, bytes], path: Path) -> None:
    assert KeyFile.open(path, PASSPHRASE).unwrap("label", original[1]) == b"secret"


def test_two_ways_to_type_the_same_characters_open_it(tmp_path: Path) -> None:
    wrapped = KeyFile.create(tmp_path / "k", "caf\u00e9").wrap("label", b"secret")
    assert KeyFile.open(tmp_path / "k", "cafe\u0301").unwrap("label", wrapped) == b"secret"


def test_a_wrong_passphrase_is_denied_in_one_sentence(path: Path) -> None:
    with pytest.raises(Denied) as caught:
        KeyFile.open(path, "another-sentinel")
    assert caught.value.code == "passphrase_wrong"
    assert caught.value.fields == {"path": str(path)}


def test_the_file_is_the_owners_alone_and_no_temporary_stays(tmp_path: Path) -> None:
    path = tmp_path / "node.key"
    KeyFile.create(path, PASSPHRASE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_an_existing_key_file_is_never_overwritten(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(UsageInvalid, match="key_file_exists"):
        KeyFile.create(path, PASSPHRASE)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("passphrase", ["", "  \n"])
def test_an_empty_passphrase_is_refused(tmp_path: Path, passphrase: str) -> None:
    with pytest.raises(UsageInvalid, match="passphrase_empty"):
        KeyFile.create(tmp_path / "k", passphrase)
    assert not list(tmp_path.iterdir())


def test_missing_folders_and_files_are_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StoreDamaged, match="io_failed"):
        KeyFile.open(tmp_path / "none", PASSPHRASE)
    with pytest.raises(StoreDamaged, match="io_failed"):
        KeyFile.create(tmp_path / "none" / "k", PASSPHRASE)


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff", b"[" * 100_000, b'{"v":2}', b"x" * 10_000])
def test_what_is_no_key_file_is_called_damaged(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(StoreDamaged, match="key_file_damaged"):
        KeyFile.open(path, PASSPHRASE)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("v", True),
        ("suite", "none"),
        ("kdf", {"name": "scrypt", "n": 2, "r": 8, "p": 1}),
        ("kdf", {"name": "scrypt", "n": 1 << 40, "r": 8, "p": 1}),
    ],
)
def test_a_header_cannot_weaken_or_inflate_the_stretching(path: Path, field: str, value: object) -> None:
    body = json.loads(path.read_bytes()) | {field: value}
    path.write_bytes(dumps(body))
    with pytest.raises(StoreDamaged, match="key_file_damaged"):
        KeyFile.open(path, PASSPHRASE)


def test_a_key_file_of_another_version_is_said_to_be_that(path: Path) -> None:
    path.write_bytes(dumps({"v": 1, "suite": "none"}))
    with pytest.raises(VersionOther) as caught:
        KeyFile.open(path, PASSPHRASE)
    assert (caught.value.code, caught.value.fields) == ("version_other_file", {"path": str(path)})


def changed(path: Path, *place: str | int) -> None:
    """Change one hex digit of a field of the key file."""
    body = json.loads(path.read_bytes())
    at = body
    for name in place[:-1]:
        at = at[name]
    last = place[-1]
    at[last] = ("1" if at[last][-1] == "0" else "0").join((at[last][:-1], ""))
    path.write_bytes(dumps(body))


@pytest.mark.parametrize("place", ["salt", "private"])
def test_a_changed_salt_or_private_key_does_not_open(path: Path, place: str) -> None:
    changed(path, "slots", 0, "place", place)
    with pytest.raises(Denied, match="passphrase_wrong"):
        KeyFile.open(path, PASSPHRASE)


@pytest.mark.parametrize(
    "place", [("sealed",), ("epoch",), *(("slots", 0, name) for name in ("salt", "tag", "sealed"))]
)
def test_whatever_stands_in_the_clear_is_bound_to_the_body(path: Path, place: tuple[str | int, ...]) -> None:
    changed(path, *place)
    with pytest.raises(StoreDamaged, match="key_file_damaged"):
        KeyFile.open(path, PASSPHRASE)


def test_every_changed_bit_label_or_key_fails_to_unwrap() -> None:
    keys = Keys(ROOT)
    blob = keys.wrap("label", b"secret")
    assert keys.unwrap("label", blob) == b"secret"
    for bit in range(len(blob) * 8):
        bad = bytearray(blob)
        bad[bit // 8] ^= 1 << bit % 8
        with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
            keys.unwrap("label", bytes(bad))
    for other, label in ((keys, "label2"), (Keys(bytes(32)), "label")):
        with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
            other.unwrap(label, blob)
    for length in range(len(blob)):
        with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
            keys.unwrap("label", blob[:length])


def test_the_same_secret_never_wraps_to_the_same_bytes() -> None:
    keys = Keys(ROOT)
    assert len({keys.wrap("label", b"secret") for _ in range(100)}) == 100


def test_derived_keys_are_hkdf_sha256_spelled_out() -> None:
    extracted = hmac.new(bytes(32), ROOT, hashlib.sha256).digest()
    expanded = hmac.new(extracted, b"xinqiao/key/v1/pseudonym\x01", hashlib.sha256).digest()
    assert Keys(ROOT).derive("pseudonym") == expanded
    assert Keys(ROOT).derive("mac") != expanded


def test_keys_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Keys(b"short")


def test_no_secret_shows_in_representations_errors_or_tracebacks(path: Path) -> None:
    keys = Keys(ROOT)
    shown = [repr(keys), str(keys), f"{keys}"]
    for attempt in (
        lambda: KeyFile.open(path, "wrong-sentinel"),
        lambda: keys.unwrap("label", b"sentinel" * 8),
        lambda: pickle.dumps(keys),
    ):
        with pytest.raises((Denied, StoreDamaged, TypeError)) as caught:
            attempt()
        shown += [str(caught.value), repr(caught.value), "".join(traceback.format_exception(caught.value))]
    text = "".join(line for line in "\n".join(shown).splitlines() if "lambda" not in line)
    for secret in ("wrong-sentinel", ROOT.hex(), repr(ROOT)[2:-1]):
        assert secret not in text


def test_the_file_holds_neither_passphrase_nor_key(path: Path) -> None:
    data = path.read_bytes()
    assert b"sentinel" not in data
    wrapping = KeyFile.open(path, PASSPHRASE).derive("wrap")
    assert wrapping.hex().encode() not in data
