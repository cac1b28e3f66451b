"""Anchors on a chain behind a node: the common suite on a real node, and nodes and chains that misbehave."""

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from simulators.evm_nodes import CHAIN_ID, Anvil, EvmNode, Ganache, running_anvil
from simulators.nodes import Cut, Raw, node_that_answers
from unit.ledger.test_anchor import AnchorContract, refusal, root_of
from xinqiao_governance.errors import NodeUnavailable, ProofError, StoreDamaged, UsageInvalid, XinqiaoError
from xinqiao_governance.messages import LANGUAGES, explain
from xinqiao_ledger.anchor import Anchor
from xinqiao_ledger.block_proof import confirm_by_rpc, verify_block_proof
from xinqiao_ledger.chain import address_of, deploy, open_anchor, open_evm
from xinqiao_ledger.chain_config import ChainConfig
from xinqiao_ledger.embedded import make_key
from xinqiao_ledger.files import create_file

LATE = "(anchor_receipt_late|anchor_rpc_failed)"
NOWHERE = ChainConfig("http://127.0.0.1:1", CHAIN_ID, "0x" + "5B" * 20, "operator")


@pytest.fixture(scope="module")
def node() -> Iterator[Anvil]:
    with running_anvil() as node:
        yield node


@pytest.fixture(scope="module")
def ganache() -> Iterator[Ganache]:
    node = Ganache()
    try:
        yield node
    finally:
        node.kill()


class Account:
    """A fresh key with money and a contract of its own on the node."""

    def __init__(self, node: EvmNode) -> None:
        self.key = secrets.token_bytes(32)
        node.fund(address_of(self.key))
        self.config = deploy(node.url, self.key, "operator")

    def open(self, **more: Any) -> Anchor:
        return open_evm(self.config, self.key, **more)


@pytest.fixture
def account(node: Anvil) -> Account:
    return Account(node)


class TestEvm(AnchorContract):
    @pytest.fixture
    def anchor(self, account: Account) -> Iterator[Anchor]:
        with closing(account.open()) as anchor:
            yield anchor

    def test_a_node_confirms_it(self, anchor: Anchor, node: Anvil) -> None:
        record = anchor.publish(5, root_of(5))
        confirm_by_rpc(record, node.url)
        with pytest.raises(ProofError):
            confirm_by_rpc(replace(record, root=root_of(6)), node.url)

    def test_another_process_finds_it(self, account: Account) -> None:
        with closing(account.open()) as anchor:
            record = anchor.publish(3, root_of(3))
        with closing(account.open()) as anchor:
            assert anchor.latest() == record
            assert record.chain_id == CHAIN_ID

    def test_an_anchor_costs_at_most_125_000_gas(self, anchor: Anchor, node: Anvil) -> None:
        receipts = [
            node.ask("eth_getTransactionReceipt", anchor.publish(size, root_of(size)).tx_hash)
            for size in (1, 2, 1 << 62)
        ]
        assert max(int(receipt["gasUsed"], 16) for receipt in receipts) <= 125_000


@pytest.mark.slow
class TestOtherEvm(AnchorContract):
    """The same suite on an EVM of another make."""

    @pytest.fixture
    def anchor(self, ganache: Ganache) -> Iterator[Anchor]:
        with closing(Account(ganache).open()) as anchor:
            yield anchor

    def test_a_node_confirms_it(self, anchor: Anchor, ganache: Ganache) -> None:
        confirm_by_rpc(anchor.publish(5, root_of(5)), ganache.url)


def test_the_anchor_in_a_full_block_is_proven(node: Anvil) -> None:
    accounts = [Account(node) for _ in range(3)]
    anchors = [account.open() for account in accounts]
    drafts = [anchor.draft(7, root_of(7)) for anchor in anchors]
    node.ask("evm_setAutomine", False)
    try:
        for draft in drafts:
            node.ask("eth_sendRawTransaction", "0x" + draft.raw.hex())
        node.ask("evm_mine")
    finally:
        node.ask("evm_setAutomine", True)
    for anchor, draft in zip(anchors, drafts, strict=True):
        record = anchor.find(draft.tx_hash)
        assert record is not None
        assert len(record.proof.nodes) > 1 if record.proof else False
        verify_block_proof(record, record.block_hash)


def test_a_transaction_that_comes_late_is_not_doubled(account: Account, node: Anvil) -> None:
    with closing(account.open()) as anchor:
        draft = anchor.draft(5, root_of(5))
    node.ask("evm_setAutomine", False)
    try:
        for _ in range(2):  # it waits in the node; sent again it is the same
            with closing(account.open(patience_s=2)) as anchor, refused(NodeUnavailable, LATE):
                anchor.deliver(draft)
        node.ask("evm_mine")
    finally:
        node.ask("evm_setAutomine", True)
    with closing(account.open()) as anchor:
        record = anchor.deliver(draft)
        assert record is not None
        assert record.tx_hash == draft.tx_hash
        assert anchor.heads_from(0) == [(5, root_of(5))]


def test_confirmations_are_waited_for(account: Account, node: Anvil) -> None:
    mining = threading.Event()

    def mine() -> None:
        while not mining.wait(0.05):
            node.ask("evm_mine")

    miner = threading.Thread(target=mine)
    miner.start()
    try:
        with closing(account.open(confirmations=4)) as anchor:
            record = anchor.publish(5, root_of(5))
    finally:
        mining.set()
        miner.join()
    assert int(node.ask("eth_blockNumber"), 16) >= record.block_number + 3


class TestNodeThatFails:
    def test_down(self) -> None:
        with refused(NodeUnavailable, "anchor_rpc_failed"):
            open_evm(NOWHERE, secrets.token_bytes(32))

    @pytest.mark.parametrize("answer", [Cut(), Raw(b"<html>"), Raw(b"[]"), Raw(b'{"jsonrpc":"2.0","id":1}')])
    def test_no_answer_of_a_node(self, answer: Any) -> None:
        with node_that_answers({"eth_chainId": answer}) as url, refused(NodeUnavailable, "anchor_rpc_failed"):
            open_evm(replace(NOWHERE, rpc=url), secrets.token_bytes(32))

    def test_slow_at_any_call_ends_in_time_and_loses_nothing(self, account: Account, node: Anvil) -> None:
        """The node falls silent from one method on; what it did before counts once."""
        methods = ["eth_chainId", "eth_gasPrice", "eth_sendRawTransaction", "eth_getTransactionReceipt"]
        for size, method in enumerate(methods, start=1):
            with slow_from(node, method) as url:
                config = replace(account.config, rpc=url)
                with refused(NodeUnavailable, "anchor_"):
                    open_evm(config, account.key, patience_s=1).publish(size, root_of(size))
        with closing(account.open()) as anchor:
            anchor.publish(9, root_of(9))
            assert len(anchor.heads_from(0)) <= 3  # 9, and what was sent before the silence

    def test_of_another_chain(self, account: Account, node: Anvil) -> None:
        config = replace(account.config, chain_id=1)
        with refused(UsageInvalid, "anchor_other_chain"):
            open_evm(config, account.key)

    def test_that_refuses_so_much_gas(self) -> None:
        with running_anvil("--gas-limit", "60000") as node:
            key = secrets.token_bytes(32)
            node.fund(address_of(key))
            with refused(NodeUnavailable, "anchor_node_refused"):
                deploy(node.url, key, "operator")


class TestAccount:
    def test_without_money_is_told_which_to_fund(self, account: Account, node: Anvil) -> None:
        node.fund(address_of(account.key), 1000)
        with closing(account.open()) as anchor:
            with refused(UsageInvalid, "anchor_no_balance") as caught:
                anchor.publish(1, root_of(1))
            assert address_of(account.key) in explain(caught.value, "en")
            node.fund(address_of(account.key))
            assert anchor.publish(1, root_of(1)) == anchor.latest()

    def test_of_a_foreign_writer_cannot_anchor(self, account: Account, node: Anvil) -> None:
        other = secrets.token_bytes(32)
        node.fund(address_of(other))
        with closing(open_evm(account.config, other)) as anchor:
            with refused(ProofError, "anchor_contract_gone"):
                anchor.require_contract()
            with refused(ProofError, "anchor_refused"):
                anchor.publish(1, root_of(1))


class TestContract:
    @pytest.mark.parametrize("code", ["0x", "0x00", "0x" + "00" * 866])
    def test_gone_or_swapped_is_noticed(self, account: Account, node: Anvil, code: str) -> None:
        with closing(account.open()) as anchor:
            anchor.publish(1, root_of(1))
            node.ask("anvil_setCode", account.config.contract, code)
            with refused(ProofError, "anchor_contract_gone"):
                anchor.require_contract()
            with refused(ProofError, "anchor_contract_gone"):
                anchor.deliver(anchor.draft(2, root_of(2)))

    def test_that_uses_up_all_gas(self, account: Account, node: Anvil) -> None:
        with closing(account.open()) as anchor:
            node.ask("anvil_setCode", account.config.contract, "0x5b600056")  # a loop without end
            with refused(ProofError, "anchor_out_of_gas"):
                anchor.deliver(anchor.draft(2, root_of(2)))


class TestConfig:
    def test_a_centre_opens_the_chain_it_names(self, tmp_path: Path, node: Anvil) -> None:
        key = make_key(tmp_path / "chain")
        node.fund(address_of(key))
        config = deploy(node.url, key, "independent")
        config.write(tmp_path)
        assert ChainConfig.read(tmp_path) == config
        assert (tmp_path / "chain.json").stat().st_mode & 0o777 == 0o600
        with closing(open_anchor(tmp_path)) as anchor:
            assert anchor.publish(1, root_of(1)).keeper == "independent"
        with refused(UsageInvalid, "anchor_chain_chosen"):
            config.write(tmp_path)

    def test_a_centre_without_one_has_the_embedded_chain(self, tmp_path: Path) -> None:
        with closing(open_anchor(tmp_path)) as anchor:
            assert anchor.publish(1, root_of(1)).keeper == "operator"

    @pytest.mark.parametrize(
        "change",
        [
            {"rpc": "ftp://x"},
            {"rpc": 5},
            {"chain_id": 0},
            {"chain_id": "1"},
            {"contract": "0x12"},
            {"kept_by": "me"},
            {"max_gas_price_wei": 0},
            {"more": 1},
        ],
    )
    def test_damaged_settings_are_named(self, tmp_path: Path, change: dict[str, Any]) -> None:
        body = {"rpc": NOWHERE.rpc, "chain_id": 1, "contract": NOWHERE.contract, "kept_by": "operator"}
        create_file(tmp_path / "chain.json", json.dumps(body | change).encode())
        with refused(StoreDamaged, "anchor_config_damaged"):
            open_anchor(tmp_path)

    def test_the_most_for_gas_may_be_set_by_hand(self, tmp_path: Path, account: Account) -> None:
        body = {name: value for name, value in asdict(account.config).items() if name != "max_gas_price_wei"}
        create_file(tmp_path / "chain.json", json.dumps(body).encode())
        assert ChainConfig.read(tmp_path) == account.config
        (tmp_path / "chain.json").unlink()
        create_file(tmp_path / "chain.json", json.dumps(body | {"max_gas_price_wei": 1}).encode())
        config = ChainConfig.read(tmp_path)
        assert config is not None
        with (
            closing(open_evm(config, account.key)) as anchor,
            refused(NodeUnavailable, "anchor_fee_capped"),
        ):
            anchor.publish(1, root_of(1))

    @pytest.mark.parametrize("text", [b"", b"{", b"[]", b"[" * 100_000, b"\xff"])
    def test_what_is_no_json_is_named(self, tmp_path: Path, text: bytes) -> None:
        create_file(tmp_path / "chain.json", text)
        with refused(StoreDamaged, "anchor_config_damaged"):
            open_anchor(tmp_path)

    def test_settings_that_others_may_read_are_refused(self, tmp_path: Path) -> None:
        NOWHERE.write(tmp_path)
        (tmp_path / "chain.json").chmod(0o644)
        with refused(UsageInvalid, "key_file_readable"):
            open_anchor(tmp_path)

    def test_a_lost_key_is_not_replaced(self, tmp_path: Path) -> None:
        NOWHERE.write(tmp_path)
        with refused(StoreDamaged, "anchor_key_damaged"):
            open_anchor(tmp_path)


class _Refused:
    """An error of this kind and code, with a sentence in both languages that shows no key."""

    def __init__(self, kind: type[XinqiaoError], code: str) -> None:
        self._inner = refusal(kind, code)

    def __enter__(self) -> Any:
        self._caught = self._inner.__enter__()
        return self._caught

    def __exit__(self, *told: Any) -> bool:
        done: bool = self._inner.__exit__(*told)
        assert all(explain(self._caught.value, language) for language in LANGUAGES)
        return done


def refused(kind: type[XinqiaoError], code: str) -> Any:
    return _Refused(kind, code)


@contextmanager
def slow_from(node: Anvil, method: str) -> Iterator[str]:
    """A node that passes everything on, but says nothing any more once it is asked for `method`."""
    silent, over = threading.Event(), threading.Event()

    def answer(asked: str, parameters: list[Any]) -> Any:
        if asked == method:
            silent.set()
        if silent.is_set():
            over.wait()
            return Cut()
        return node.ask(asked, *parameters)

    with node_that_answers(answer) as url:
        try:
            yield url
        finally:
            over.set()
