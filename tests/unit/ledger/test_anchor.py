"""The anchor: one contract suite for every implementation, then what the embedded chain adds."""

import errno
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from simulators.disks import FailingDisk
from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.errors import ProofError, StoreDamaged, UsageInvalid, WireInvalid, XinqiaoError
from xinqiao_governance.messages import LANGUAGES, explain
from xinqiao_ledger import files
from xinqiao_ledger.anchor import Anchor, AnchorRecord
from xinqiao_ledger.block_proof import verify_block_proof
from xinqiao_ledger.chain import (
    EMBEDDED_CHAIN_ID,
    ContractAnchor,
    _next_nonce,
    _sign,
    _succeeded,
    open_embedded,
)

RECORD = AnchorRecord(
    chain_id=EMBEDDED_CHAIN_ID,
    contract="0x187475641BcB2C8fF51a1d26eB2A2C4d7ca8cb7F",
    tx_hash="0x" + "ab" * 32,
    block_number=2,
    block_hash="0x" + "cd" * 32,
    block_time=1_790_000_000,
    size=17,
    root=bytes(range(32)),
    keeper="operator",
)


def root_of(size: int) -> bytes:
    """A root that a test can name again from its size."""
    return sha256(str(size).encode()).digest()


def refusal(kind: type[XinqiaoError], code: str) -> Any:
    return pytest.raises(kind, match=f"^{code}")


class TestRecord:
    def test_canonical_form_and_back(self) -> None:
        assert AnchorRecord.from_json(loads(dumps(RECORD.to_json()))) == RECORD

    def test_golden_form(self) -> None:
        assert dumps(RECORD.to_json()) == (
            b'{"block_hash":"0x' + b"cd" * 32 + b'","block_number":2,"block_time":1790000000,'
            b'"chain_id":2020175473,"contract":"0x187475641BcB2C8fF51a1d26eB2A2C4d7ca8cb7F",'
            b'"keeper":"operator","root":"' + bytes(range(32)).hex().encode() + b'","size":17,'
            b'"tx_hash":"0x' + b"ab" * 32 + b'"}'
        )

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("chain_id", 0),
            ("chain_id", True),
            ("contract", "187475641BcB2C8fF51a1d26eB2A2C4d7ca8cb7F"),
            ("contract", "0x187475641BcB2C8fF51a1d26eB2A2C4d7ca8cb7F\n"),
            ("tx_hash", "0x" + "AB" * 32),
            ("tx_hash", "ab" * 32),
            ("block_number", -1),
            ("block_hash", "0x" + "cd" * 31),
            ("block_time", -1),
            ("size", 0),
            ("size", "17"),
            ("root", "00" * 31),
            ("root", "AB" * 32),
            ("keeper", "nobody"),
            ("keeper", None),
        ],
    )
    def test_hostile_fields_are_refused(self, field: str, value: Json) -> None:
        with refusal(WireInvalid, "wire_field_invalid") as caught:
            AnchorRecord.from_json({**RECORD.to_json(), field: value})
        assert caught.value.fields == {"field": field}

    def test_fields_one_short_or_one_too_many_are_refused(self) -> None:
        body = RECORD.to_json()
        for name in body:
            with refusal(WireInvalid, "wire_field_invalid"):
                AnchorRecord.from_json({key: value for key, value in body.items() if key != name})
        with refusal(WireInvalid, "wire_field_invalid"):
            AnchorRecord.from_json({**body, "memo": ""})

    def test_a_root_of_another_length_cannot_be_built(self) -> None:
        with refusal(WireInvalid, "wire_field_invalid"):
            replace(RECORD, root=bytes(31))

    def test_independent_keeper_is_kept(self) -> None:
        record = replace(RECORD, keeper="independent")
        assert AnchorRecord.from_json(record.to_json()) == record


class AnchorContract:
    """What every `Anchor` does; an implementation inherits this and brings the fixture `anchor`."""

    def test_new_anchor_has_no_head(self, anchor: Anchor) -> None:
        assert anchor.latest() is None

    def test_publish_says_where_the_head_stands(self, anchor: Anchor) -> None:
        before = int(time.time())
        record = anchor.publish(5, root_of(5))
        assert (record.size, record.root) == (5, root_of(5))
        assert (record.chain_id, record.contract) == (anchor.chain_id, anchor.contract)
        assert before <= record.block_time <= time.time() + 5
        assert AnchorRecord.from_json(record.to_json()) == record

    def test_latest_is_the_last_published(self, anchor: Anchor) -> None:
        for size in (1, 2, 50):
            assert anchor.publish(size, root_of(size)) == anchor.latest()

    def test_the_same_head_again_writes_nothing(self, anchor: Anchor) -> None:
        first = anchor.publish(5, root_of(5))
        assert anchor.publish(5, root_of(5)) == first == anchor.latest()

    def test_a_smaller_size_is_refused(self, anchor: Anchor) -> None:
        record = anchor.publish(5, root_of(5))
        with refusal(ProofError, "anchor_size_shrinks"):
            anchor.publish(4, root_of(4))
        with refusal(ProofError, "anchor_size_shrinks"):
            anchor.publish(4, root_of(5))
        assert anchor.latest() == record

    def test_another_root_for_the_same_size_is_refused(self, anchor: Anchor) -> None:
        record = anchor.publish(5, root_of(5))
        with refusal(ProofError, "anchor_root_differs"):
            anchor.publish(5, root_of(6))
        assert anchor.latest() == record

    @pytest.mark.parametrize(
        ("size", "root"),
        [(0, bytes(32)), (-1, bytes(32)), (1 << 63, bytes(32)), (1, bytes(31)), (1, bytes(33))],
    )
    def test_what_is_no_head_is_refused(self, anchor: Anchor, size: int, root: bytes) -> None:
        with refusal(ProofError, "anchor_head_invalid"):
            anchor.publish(size, root)
        assert anchor.latest() is None

    def test_largest_size(self, anchor: Anchor) -> None:
        assert anchor.publish((1 << 63) - 1, root_of(0)) == anchor.latest()

    def test_a_draft_is_delivered_once_however_often_it_is_sent(self, anchor: Anchor) -> None:
        draft = anchor.draft(5, root_of(5))
        assert anchor.find(draft.tx_hash) is None
        assert anchor.latest() is None
        record = anchor.deliver(draft)
        assert record is not None
        assert (record.size, record.root, record.tx_hash) == (5, root_of(5), draft.tx_hash)
        assert anchor.deliver(draft) == record == anchor.find(draft.tx_hash) == anchor.latest()

    def test_a_draft_whose_number_is_taken_can_never_stand(self, anchor: Anchor) -> None:
        draft = anchor.draft(5, root_of(5))
        record = anchor.publish(6, root_of(6))
        assert anchor.deliver(draft) is None
        assert anchor.latest() == record

    @pytest.mark.parametrize("size", [4, 5])
    def test_the_contract_refuses_what_does_not_grow(self, anchor: Anchor, size: int) -> None:
        record = anchor.publish(5, root_of(5))
        with refusal(ProofError, "anchor_refused"):
            anchor.deliver(anchor.draft(size, root_of(6)))
        assert anchor.latest() == record
        assert anchor.publish(6, root_of(6)) == anchor.latest()

    def test_heads_are_those_of_the_contract(self, anchor: Anchor) -> None:
        assert anchor.heads_from(0) == []
        for size in (2, 4, 9):
            anchor.publish(size, root_of(size))
        heads = [(size, root_of(size)) for size in (2, 4, 9)]
        assert [anchor.heads_from(size) for size in (0, 3, 4, 9, 10)] == [
            heads,
            *[heads[1:]] * 2,
            heads[2:],
            [],
        ]

    def test_the_contract_is_ours(self, anchor: Anchor) -> None:
        anchor.require_contract()

    def test_its_block_proves_it(self, anchor: Anchor) -> None:
        record = anchor.publish(5, root_of(5))
        verify_block_proof(record, record.block_hash)

    def test_threads_share_it(self, anchor: Anchor) -> None:
        with ThreadPoolExecutor(4) as pool:
            records = list(pool.map(lambda _: anchor.publish(9, root_of(9)), range(8)))
        assert records == [anchor.latest()] * 8


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "var" / "anchor"


class TestEmbedded(AnchorContract):
    @pytest.fixture
    def anchor(self, folder: Path) -> Iterator[Anchor]:
        with closing(open_embedded(folder)) as anchor:
            yield anchor

    def test_the_operator_keeps_it(self, anchor: Anchor) -> None:
        assert anchor.publish(1, root_of(1)).keeper == "operator"
        assert anchor.chain_id == EMBEDDED_CHAIN_ID

    def test_everything_is_there_after_reopening(self, folder: Path) -> None:
        with closing(open_embedded(folder)) as anchor:
            record = anchor.publish(3, root_of(3))
        with closing(open_embedded(folder)) as anchor:
            assert anchor.latest() == record
            assert anchor.publish(4, root_of(4)).contract == record.contract

    def test_two_folders_are_two_chains(self, folder: Path, tmp_path: Path) -> None:
        with closing(open_embedded(folder)) as one, closing(open_embedded(tmp_path / "other")) as two:
            assert one.contract != two.contract

    def test_a_second_opener_is_told_so_until_the_first_closes(self, folder: Path) -> None:
        with closing(open_embedded(folder)), refusal(UsageInvalid, "anchor_in_use"):
            open_embedded(folder)
        open_embedded(folder).close()

    def test_a_failed_block_leaves_nothing_and_the_next_goes_on(self, folder: Path) -> None:
        with closing(open_embedded(folder)) as anchor:
            record = anchor.publish(1, root_of(1))
            rows = stored(folder)
            connection = anchor._link._folder.store._connection  # type: ignore[attr-defined]
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages}")
            with refusal(StoreDamaged, "disk_full"):
                fill(anchor)
            assert stored(folder) == rows
            assert anchor.latest() == record
            connection.execute("PRAGMA max_page_count = 1000000")
            assert anchor.publish(2, root_of(2)) == anchor.latest()

    def test_a_block_that_cannot_commit_never_was(self, anchor: Any) -> None:
        record = anchor.publish(1, root_of(1))
        connection = anchor._link._folder.store._connection
        connection.set_authorizer(deny_commit)
        with refusal(StoreDamaged, "anchor_chain_failed"):
            anchor.publish(2, root_of(2))
        connection.set_authorizer(None)
        assert anchor.latest() == record
        assert anchor.publish(3, root_of(3)) == anchor.latest()

    @pytest.mark.slow
    def test_a_block_has_the_time_of_its_making(self, anchor: Anchor) -> None:
        anchor.publish(1, root_of(1))
        time.sleep(4)  # py-evm prepares the next block early, with the time of that moment
        asked = int(time.time())
        assert anchor.publish(2, root_of(2)).block_time >= asked

    def test_a_contract_that_disagrees_with_its_receipts_is_found_out(
        self, anchor: Any, tmp_path: Path
    ) -> None:
        for told_size, told_root in ((7, b"\x02" * 32), (8, b"\x01" * 32)):
            liar = lying_anchor(anchor, tmp_path, told_size, told_root)
            with refusal(ProofError, "anchor_chain_inconsistent"):
                liar.latest()


class TestKey:
    def test_only_the_owner_may_read_it(self, folder: Path) -> None:
        open_embedded(folder).close()
        assert (folder / "writer.key").stat().st_mode & 0o777 == 0o600

    def test_an_exposed_key_is_refused(self, folder: Path) -> None:
        open_embedded(folder).close()
        (folder / "writer.key").chmod(0o640)
        with refusal(UsageInvalid, "anchor_key_exposed"):
            open_embedded(folder)

    @pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
    def test_none_is_made_on_a_full_disk(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, code: int
    ) -> None:
        monkeypatch.setattr(files.os, "fsync", FailingDisk(1, code).fsync)
        with refusal(StoreDamaged, "disk_full"):
            open_embedded(folder)
        assert not (folder / "writer.key").exists()

    def test_a_lost_key_is_not_replaced(self, folder: Path) -> None:
        open_embedded(folder).close()
        (folder / "writer.key").unlink()
        with refusal(StoreDamaged, "anchor_key_damaged"):
            open_embedded(folder)
        assert not (folder / "writer.key").exists()

    @pytest.mark.parametrize("key", [b"", b"k" * 31, b"k" * 33, bytes(32), b"\xff" * 32])
    def test_a_damaged_key_is_refused_and_not_shown(self, folder: Path, key: bytes) -> None:
        open_embedded(folder).close()
        (folder / "writer.key").write_bytes(key)
        with refusal(StoreDamaged, "anchor_key_damaged") as caught:
            open_embedded(folder)
        assert caught.value.__cause__ is None
        assert not key or key.hex() not in repr(caught.value)

    def test_a_foreign_key_cannot_anchor(self, folder: Path, tmp_path: Path) -> None:
        for path in (folder, tmp_path / "other"):
            open_embedded(path).close()
        shutil.copy(tmp_path / "other" / "writer.key", folder / "writer.key")
        with refusal(StoreDamaged, "anchor_writer_foreign"):
            open_embedded(folder)

    def test_a_refused_folder_is_free_again(self, folder: Path) -> None:
        open_embedded(folder).close()
        (folder / "writer.key").chmod(0o640)
        with refusal(UsageInvalid, "anchor_key_exposed"):
            open_embedded(folder)
        (folder / "writer.key").chmod(0o600)
        open_embedded(folder).close()


class TestDamage:
    def test_a_file_that_is_no_database(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "chain.sqlite").write_bytes(b"not a database" * 1000)
        with refusal(StoreDamaged, "anchor_chain_failed"):
            open_embedded(folder)

    def test_a_closed_anchor_says_so_and_closes_again(self, folder: Path) -> None:
        anchor = open_embedded(folder)
        anchor.close()
        anchor.close()
        with refusal(StoreDamaged, "anchor_chain_failed"):
            anchor.publish(1, root_of(1))

    def test_a_path_that_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "taken").write_text("")
        with refusal(StoreDamaged, "io_failed"):
            open_embedded(tmp_path / "taken")

    def test_any_lost_row_gives_one_clear_error_or_none(self, folder: Path) -> None:
        with closing(open_embedded(folder)) as anchor:
            record = anchor.publish(1, root_of(1))
        kinds = {read_without(folder, key, record) for key, _ in stored(folder)}
        assert kinds == {"same", "refused"}


@pytest.mark.slow
class TestKill:
    """A real process is killed (kill -9) at moments that nobody chose."""

    def test_while_anchoring(self, folder: Path) -> None:
        for _ in range(5):
            told = kill_while_anchoring(folder)
            with closing(open_embedded(folder)) as anchor:
                latest = anchor.latest()
                assert size_of(latest) in (told, told + 1)
                assert latest is not None
                assert latest.root == root_of(latest.size)
                assert anchor.publish(latest.size + 1, root_of(latest.size + 1)) == anchor.latest()

    def test_while_the_chain_is_made(self, tmp_path: Path) -> None:
        for attempt in range(3):
            folder = tmp_path / str(attempt)
            kill_while_creating(folder)
            with closing(open_embedded(folder)) as anchor:
                next_size = size_of(anchor.latest()) + 1
                assert anchor.publish(next_size, root_of(next_size)) == anchor.latest()


def test_importing_the_front_door_loads_no_chain_library() -> None:
    code = (
        "import sys, xinqiao_ledger.anchor, xinqiao_ledger.chain\n"
        "print([m for m in ('web3', 'eth', 'eth_tester', 'coincurve', 'eth_account') if m in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"


def test_errors_read_in_both_languages(folder: Path) -> None:
    with closing(open_embedded(folder)), refusal(UsageInvalid, "anchor_in_use") as caught:
        open_embedded(folder)
    assert all(str(folder) in explain(caught.value, language) for language in LANGUAGES)


def stored(folder: Path) -> list[tuple[bytes, bytes]]:
    """Every row that another process would read."""
    with closing(sqlite3.connect(folder / "chain.sqlite")) as connection:
        return connection.execute("SELECT key, value FROM entry ORDER BY key").fetchall()


def size_of(record: AnchorRecord | None) -> int:
    return 0 if record is None else record.size


def deny_commit(action: int, name: str | None, *_: str | None) -> int:
    refused = action == sqlite3.SQLITE_TRANSACTION and name == "COMMIT"
    return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK


def fill(anchor: Anchor) -> None:
    for size in range(2, 100):
        anchor.publish(size, root_of(size))


def read_without(folder: Path, key: bytes, expected: AnchorRecord) -> str:
    """Read the latest head from a copy of the chain that has lost one row."""
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy, dirs_exist_ok=True)
    with closing(sqlite3.connect(copy / "chain.sqlite")) as connection, connection:
        connection.execute("DELETE FROM entry WHERE key = ?", (key,))
    try:
        with closing(open_embedded(copy)) as anchor:
            return "same" if anchor.latest() == expected else "changed"
    except (StoreDamaged, ProofError):
        return "refused"


LYING_LOG = """
event Anchored:
    index: indexed(uint256)
    size: indexed(uint256)
    root: bytes32

@external
def anchor(size: uint256, root: bytes32):
    log Anchored(index=0, size=size, root=root)

@external
@view
def latest() -> (uint256, bytes32, uint256):
    return {size}, 0x{root}, {block}
"""


def lying_anchor(honest: Any, tmp_path: Path, size: int, root: bytes) -> ContractAnchor:
    """Deploy a contract that logs the head (7, 01…) and tells another."""
    link, account = honest._link, honest._account
    block = link.w3.eth.block_number + 2
    source = tmp_path / "LyingLog.vy"
    source.write_text(LYING_LOG.format(size=size, root=root.hex(), block=block))
    command = [sys.executable, "-m", "vyper", "--evm-version", "paris", "-f", "bytecode", str(source)]
    bytecode = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    draft = link.w3.eth.contract(abi=honest._contract.abi, bytecode=bytecode)
    signed = _sign(link, account, draft.constructor(), 1_000_000, 10**9, _next_nonce(link, account))
    address = _succeeded(link, link.send(bytes(signed.raw_transaction)))["contractAddress"]
    assert address is not None
    liar = ContractAnchor(link, account, address, "operator")
    liar.deliver(liar.draft(7, b"\x01" * 32))
    return liar


ANCHOR_FOR_EVER = """
import sys
import eth_tester.backends.pyevm, web3  # loaded now, so that a kill meets the chain and not an import
from hashlib import sha256
from pathlib import Path
from xinqiao_ledger.chain import open_embedded

anchor = open_embedded(Path(sys.argv[1]))
latest = anchor.latest()
size = 0 if latest is None else latest.size
while True:
    size += 1
    anchor.publish(size, sha256(str(size).encode()).digest())
    print(size, flush=True)
"""


def kill_while_anchoring(folder: Path) -> int:
    """Kill a process that anchors one size after the other; return the last size that it told."""
    with start(ANCHOR_FOR_EVER, folder) as child:
        told = [child.stdout.readline()]
        time.sleep(random.uniform(0, 0.3))
        child.kill()
        told += child.stdout.readlines()
    return int([line for line in told if line.endswith("\n")][-1])


def kill_while_creating(folder: Path) -> None:
    with start(ANCHOR_FOR_EVER, folder) as child:
        while not (folder / "chain.sqlite").exists():
            if child.poll() is not None:
                raise RuntimeError("the child ended by itself")
            time.sleep(0.001)
        time.sleep(random.uniform(0, 0.15))
        child.kill()
        child.stdout.read()


def start(code: str, folder: Path) -> Any:
    return subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True)
