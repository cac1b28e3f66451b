"""The key file: each steward opens it alone, and who was taken out opens nothing that was written later."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.softhsm import PIN, new_token
from xinqiao_clients.flower import trusting
from xinqiao_clients.key_file import KeyFile, read_epoch
from xinqiao_clients.keys import Keys
from xinqiao_clients.providers import (
    KeyProvider,
    PassphraseProvider,
    TokenProvider,
    point_of,
    public_of,
)
from xinqiao_governance.canonical import dumps, loads
from xinqiao_governance.errors import Denied, NodeUnavailable, StoreDamaged, UsageInvalid, WireInvalid
from xinqiao_ledger.signing import SigningKey
from xinqiao_platform.tls import authority_pem

FIRST, SECOND = "the first passphrase", "the second passphrase"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A key file of two stewards; stretching is slow on purpose."""
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    add(file_of(KeyFile.create(path, FIRST, "李梅")), "王芳", SECOND)
    return path.read_bytes()


@pytest.fixture
def path(template: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    path.write_bytes(template)
    return path


def file_of(keys: Keys) -> KeyFile:
    assert keys.file is not None
    return keys.file


def add(file: KeyFile, name: str, opener: str | KeyProvider) -> None:
    file.add(name, file.slot_for(name, opener))


def same(one: Keys, other: Keys) -> bool:
    sealed = one.store.seal("label", b"secret")
    return one.derive("x") == other.derive("x") and other.store.open("label", sealed) == b"secret"


# ---- slots -------------------------------------------------------------------------------------------


def test_each_steward_opens_the_same_keys_by_a_passphrase_of_their_own(path: Path) -> None:
    one, other = KeyFile.open(path, FIRST, "李梅"), KeyFile.open(path, SECOND, "王芳")
    assert same(one, other)
    assert (file_of(one).steward, file_of(other).steward) == ("李梅", "王芳")
    assert [steward.name for steward in file_of(one).stewards] == ["李梅", "王芳"]


def test_without_a_name_the_passphrase_says_who_it_is(path: Path) -> None:
    assert file_of(KeyFile.open(path, SECOND)).steward == "王芳"


@pytest.mark.parametrize(
    ("passphrase", "name", "code"),
    [
        (FIRST, "王芳", "passphrase_wrong"),
        (FIRST, "王五", "steward_unknown"),
        ("x", None, "passphrase_wrong"),
    ],
)
def test_nobody_opens_by_anothers_slot(path: Path, passphrase: str, name: str | None, code: str) -> None:
    with pytest.raises(Denied) as caught:
        KeyFile.open(path, passphrase, name)
    assert (caught.value.code, caught.value.fields) == (code, {"path": str(path)})


def test_no_name_and_no_key_stands_in_the_file(path: Path) -> None:
    data, keys = path.read_bytes(), KeyFile.open(path, FIRST)
    secrets = [file_of(keys)._secrets.root, *dict(file_of(keys)._secrets.epochs).values()]
    for needle in ("李梅".encode(), b"passphrase of", *(secret.hex().encode() for secret in secrets)):
        assert needle not in data
    shown = f"{file_of(keys)._secrets!r} {file_of(keys)._slots!r} {keys!r} {keys.store!r}"
    assert not any(secret.hex() in shown or repr(secret)[2:-1] in shown for secret in secrets)


def test_a_steward_comes_once_and_the_last_one_stays(path: Path) -> None:
    file = file_of(KeyFile.open(path, FIRST))
    with pytest.raises(UsageInvalid, match="steward_known"):
        add(file, "王芳", "x")
    with pytest.raises(UsageInvalid, match="passphrase_empty"):
        add(file, "王五", " ")
    slot = file.slot_for("王五", "x")
    with pytest.raises(UsageInvalid, match="steward_known"):
        file.add("王芳", slot)  # who was added meanwhile
    with pytest.raises(UsageInvalid, match="steward_unknown_name"):
        file.begin_rotation(without="王五")
    file.begin_rotation(without="王芳")
    with pytest.raises(UsageInvalid, match="steward_last"):
        file.begin_rotation(without="李梅")


def test_who_was_taken_out_opens_the_old_copy_and_nothing_new(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "kept"
    shutil.copy(path, copy)
    removed, file = KeyFile.open(path, SECOND), file_of(KeyFile.open(path, FIRST))
    file.begin_rotation(without="王芳")
    file.end_rotation()
    with pytest.raises(Denied, match="steward_removed"):
        removed.store.refresh()
    with pytest.raises(Denied, match="passphrase_wrong"):
        KeyFile.open(path, SECOND)
    with pytest.raises(Denied, match="steward_unknown"):
        KeyFile.open(path, SECOND, "王芳")
    sealed = KeyFile.open(path, FIRST).store.seal("label", b"secret")
    for known in (removed, KeyFile.open(copy, SECOND)):
        with pytest.raises(StoreDamaged, match="key_epoch_gone"):
            known.store.open("label", sealed)


def test_a_slot_of_an_old_file_does_not_open_the_new_body(path: Path, tmp_path: Path) -> None:
    old = loads(path.read_bytes())
    file_of(KeyFile.open(path, FIRST)).begin_rotation()
    new = loads(path.read_bytes())
    assert isinstance(old, dict)
    assert isinstance(new, dict)
    for part in ("slots", "sealed", "epoch"):
        path.write_bytes(dumps({**new, part: old[part]}))
        with pytest.raises(StoreDamaged, match="key_file_damaged"):
            KeyFile.open(path, FIRST)


# ---- epochs of the store ------------------------------------------------------------------------------


def test_during_a_rotation_both_keys_open_and_the_new_one_seals(path: Path) -> None:
    keys = KeyFile.open(path, FIRST)
    old = keys.store.seal("label", b"old")
    file_of(keys).begin_rotation()
    keys.store.refresh()
    new = keys.store.seal("label", b"new")
    again = KeyFile.open(path, SECOND)
    assert [again.store.open("label", blob) for blob in (old, new)] == [b"old", b"new"]
    assert file_of(again).rotating
    assert old[:8] != new[:8] == keys.store.epoch == read_epoch(path)


def test_after_a_rotation_the_old_key_is_nowhere(path: Path) -> None:
    keys, other = KeyFile.open(path, FIRST), KeyFile.open(path, SECOND)
    old = keys.store.seal("label", b"old")
    key = dict(file_of(keys)._secrets.epochs)[keys.store.epoch]
    for _ in range(2):
        file_of(keys).begin_rotation()  # begun twice, it is one rotation
    file_of(keys).end_rotation()
    other.store.refresh()
    for known in (other, KeyFile.open(path, FIRST)):
        with pytest.raises(StoreDamaged, match="key_epoch_gone"):
            known.store.open("label", old)
        assert key not in dict(file_of(known)._secrets.epochs).values()
    assert keys.derive("identity") == other.derive("identity")


def test_what_is_sealed_opens_under_its_label_and_epoch_alone(path: Path) -> None:
    keys = KeyFile.open(path, FIRST).store
    blob = keys.seal("label", b"secret")
    with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
        keys.open("label2", blob)
    for bit in range(64, len(blob) * 8):
        bad = bytearray(blob)
        bad[bit // 8] ^= 1 << bit % 8
        with pytest.raises(StoreDamaged, match="key_unwrap_failed"):
            keys.open("label", bytes(bad))
    with pytest.raises(StoreDamaged, match="key_epoch_gone"):
        keys.open("label", b"")


def test_a_key_file_that_went_missing_is_said(path: Path) -> None:
    keys = KeyFile.open(path, FIRST)
    path.unlink()
    with pytest.raises(StoreDamaged, match="io_failed"):
        keys.store.refresh()


# ---- providers: one contract for both -----------------------------------------------------------------


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The library of a new token."""
    with pytest.MonkeyPatch.context() as environment:
        yield new_token(tmp_path_factory.mktemp("softhsm") / "token", environment)


@pytest.fixture(params=["passphrase", "pkcs11"])
def provider(request: pytest.FixtureRequest) -> KeyProvider:
    if request.param == "passphrase":
        return PassphraseProvider(FIRST)
    return TokenProvider(request.getfixturevalue("token"), PIN, "xinqiao")


def test_a_provider_agrees_with_whom_it_made_a_point_for(provider: KeyProvider) -> None:
    from cryptography.hazmat.primitives.asymmetric.ec import ECDH, SECP256R1, generate_private_key

    point, place, made = provider.make()
    ours = generate_private_key(SECP256R1())
    for agree in (made, provider.open(point, place)):
        assert agree(point_of(ours.public_key())) == ours.exchange(ECDH(), public_of(point))


def test_a_provider_opens_no_other_key(provider: KeyProvider) -> None:
    (one, _, _), (_, other, _) = provider.make(), provider.make()
    with pytest.raises(Denied):
        provider.open(one, other)
    with pytest.raises(WireInvalid):
        provider.open(one, {})


def test_a_key_file_opens_by_either_provider(path: Path, provider: KeyProvider) -> None:
    keys = KeyFile.open(path, FIRST)
    add(file_of(keys), "王五", provider)
    assert same(keys, KeyFile.open(path, provider, "王五"))
    file_of(keys).begin_rotation()  # nobody asked 王五
    file_of(keys).end_rotation()
    keys.store.refresh()
    again = KeyFile.open(path, provider, "王五")
    assert same(keys, again)
    assert file_of(again).stewards[-1].kind == provider.kind


def test_a_wrong_pin_or_a_token_that_is_not_there_is_said(token: Path, path: Path) -> None:
    add(file_of(KeyFile.open(path, FIRST)), "王五", TokenProvider(token, PIN, "xinqiao"))
    with pytest.raises(Denied, match="token_pin_wrong"):
        KeyFile.open(path, TokenProvider(token, "wrong"), "王五")
    trusting(authority_pem(SigningKey.generate()))  # no error of the token's library is taken for TLS's own
    body = loads(path.read_bytes())
    assert isinstance(body, dict)
    body["slots"][-1]["place"]["token"] = "gone"  # type: ignore[index, call-overload]
    path.write_bytes(dumps(body))
    with pytest.raises(NodeUnavailable, match="token_unusable"):
        KeyFile.open(path, TokenProvider(token, PIN), "王五")
    with pytest.raises(NodeUnavailable, match="token_unusable"):
        KeyFile.open(path, TokenProvider(path, PIN), "王五")  # no library


def test_a_token_is_named_when_it_is_to_make_a_key(token: Path, path: Path) -> None:
    file = file_of(KeyFile.open(path, FIRST))
    for provider in (TokenProvider(token, PIN), TokenProvider(token, "wrong", "xinqiao")):
        with pytest.raises(UsageInvalid):
            add(file, "王五", provider)


def test_no_pin_is_tried_on_several_tokens(token: Path, path: Path) -> None:
    file = file_of(KeyFile.open(path, FIRST))
    for name in ("王五", "赵六"):
        add(file, name, TokenProvider(token, PIN, "xinqiao"))
    with pytest.raises(UsageInvalid, match="steward_needed"):
        KeyFile.open(path, TokenProvider(token, PIN))


def test_the_tokens_private_key_never_leaves_it(token: Path) -> None:
    import pkcs11
    from pkcs11 import Attribute, ObjectClass

    provider = TokenProvider(token, PIN, "xinqiao")
    _, place, _ = provider.make()
    assert place.keys() == {"token", "key"}
    with pkcs11.lib(str(token)).get_token(token_label="xinqiao").open(user_pin=PIN) as session:
        private = session.get_key(object_class=ObjectClass.PRIVATE_KEY, id=bytes.fromhex(place["key"]))
        assert (private[Attribute.SENSITIVE], private[Attribute.EXTRACTABLE]) == (True, False)
        with pytest.raises(pkcs11.AttributeSensitive):
            private[Attribute.VALUE]
