"""The one front door to chains: web3, and behind it eth-tester, py-evm and coincurve for the embedded one.

    anchor = open_anchor(Path("centre"))
    record = anchor.publish(size, root)

`ContractAnchor` speaks to the contract in `contract/AnchorLog.vy` over any `Link`; a link is a chain with a
way to send: `_EmbeddedLink` here, `evm.EvmLink` for a node over JSON-RPC. The heavy libraries load when a
chain is opened, never when this file is imported.
"""

import json
import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from importlib import resources
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, cast

from xinqiao_governance.errors import NodeUnavailable, ProofError, StoreDamaged, UsageInvalid
from xinqiao_ledger.anchor import Anchor, AnchorRecord, Draft, Keeper, check_head, check_repeats, seconds_of
from xinqiao_ledger.chain_config import CHAIN_FOLDER, MAX_GAS_PRICE_WEI, ChainConfig
from xinqiao_ledger.embedded import ChainFolder, read_key
from xinqiao_ledger.files import io_errors

if TYPE_CHECKING:
    from eth.abc import DatabaseAPI
    from eth_account.datastructures import SignedTransaction
    from eth_account.signers.local import LocalAccount
    from hexbytes import HexBytes
    from web3 import Web3
    from web3.contract import Contract
    from web3.contract.contract import ContractConstructor, ContractFunction
    from web3.types import BlockData, TxParams, TxReceipt

PATIENCE_S = 60.0
EMBEDDED_CHAIN_ID = int.from_bytes(b"xinq", "big")
_DEPLOY_GAS, _ANCHOR_GAS = 1_000_000, 300_000  # several times what is needed; unused gas is not charged
_GAS_PRICE_WEI = 10**9
_BUMP = 8
"""What replaces a transaction pays an eighth more, or nodes keep the old one. Source: go-ethereum,
`core/txpool/legacypool`, PriceBump (10 %); Besu, tx-pool-price-bump (10 %)."""
_PRICE_FIELD = 1  # of a type-0 transaction: nonce, gasPrice, gasLimit, to, value, data, v, r, s
_WORD_BYTES = 32
_WRITER_BALANCE_WEI = 10**24  # pays for some thousand million anchors

# py-evm logs a failed write with all its bytes; where nobody configured logging, our one sentence is enough.
logging.getLogger("eth").addHandler(logging.NullHandler())


def open_anchor(centre: Path, *, patience_s: float = PATIENCE_S) -> Anchor:
    """Open the chain that the centre in this folder anchors on: the one in `chain.json`, or the embedded one.

    Raises:
        NodeUnavailable: the chain's node does not answer.
        UsageInvalid, StoreDamaged: see `open_evm` and `open_embedded`.
    """
    config = ChainConfig.read(centre)
    if config is None:
        return open_embedded(centre / CHAIN_FOLDER)
    return open_evm(config, read_key(centre / CHAIN_FOLDER), patience_s=patience_s)


def open_evm(
    config: ChainConfig, key: bytes, *, patience_s: float = PATIENCE_S, confirmations: int = 1
) -> Anchor:
    """Open the anchor on a chain behind a node. It serves for `patience_s` seconds, all its waits together.

    Raises:
        UsageInvalid: the node is of another chain.
        NodeUnavailable: it does not answer.
        StoreDamaged: the key is none.
    """
    from xinqiao_ledger.evm import EvmLink

    account = _account(key, CHAIN_FOLDER)
    link = EvmLink(
        config.rpc,
        config.chain_id,
        patience_s=patience_s,
        confirmations=confirmations,
        most_wei=config.max_gas_price_wei,
    )
    return ContractAnchor(link, account, config.contract, config.kept_by)


def deploy(
    rpc: str,
    key: bytes,
    kept_by: Keeper,
    *,
    patience_s: float = PATIENCE_S,
    most_wei: int = MAX_GAS_PRICE_WEI,
) -> ChainConfig:
    """Deploy the contract by the node at `rpc`, written by the account of `key`; return where it is.

    No more than `most_wei` is paid for a unit of gas, now or by what is returned.

    Raises:
        UsageInvalid: the account cannot pay.
        NodeUnavailable: the node does not answer, or its chain asks more (`anchor_deploy_capped`).
        ProofError: the chain did not take the contract.
    """
    from xinqiao_ledger.evm import EvmLink

    link = EvmLink(rpc, None, patience_s=patience_s, most_wei=most_wei)
    try:
        with link.border():
            contract = _deploy(link, _account(key, CHAIN_FOLDER))
    except NodeUnavailable as error:
        if error.code != "anchor_fee_capped":
            raise
        raise NodeUnavailable("anchor_deploy_capped", most=most_wei) from error
    return ChainConfig(rpc, link.chain_id, contract, kept_by, most_wei)


def address_of(key: bytes) -> str:
    """Return the checksummed address of the account that this key signs for; StoreDamaged if it is no key."""
    return str(_account(key, CHAIN_FOLDER).address)


def open_embedded(path: Path) -> Anchor:
    """Open the chain kept in the folder `path`; the first time, make it, its writer's key and the contract.

    Raises:
        UsageInvalid: another process holds the folder, or others may read the key.
        StoreDamaged: the disk is full, the folder cannot be used, or the chain in it does not hold together.
    """
    with ExitStack() as opened, _border(str(path)):
        folder = ChainFolder(path)
        opened.callback(folder.close)
        account = _account(folder.key, folder.where)
        link = _EmbeddedLink(folder, account.address)
        if link.w3.eth.block_number == 0:
            _deploy(link, account)
        anchor = ContractAnchor(link, account, _deployed(link, account), "operator")
        opened.pop_all()
        return anchor


class Link(Protocol):
    """A chain as the anchor needs it: web3 to read with, and a way to send."""

    chain_id: int
    w3: "Web3"
    most_wei: int

    def asked_wei(self) -> int:
        """Return what the chain asks for a unit of gas; no more than `most_wei` is ever paid."""
        ...

    def send(self, raw: bytes) -> "HexBytes":
        """Send a signed transaction; return its hash once it stands in a block. Again is as good as once."""
        ...

    def header(self, block: "BlockData") -> bytes:
        """Return a block's header in RLP, as well as it can be told."""
        ...

    def border(self) -> AbstractContextManager[None]:
        """Turn what the libraries raise inside into our errors."""
        ...

    def close(self) -> None:
        """Let go of the chain."""
        ...


class ContractAnchor:
    """The anchor on a chain's AnchorLog contract; see `Anchor`. Threads may share it."""

    def __init__(self, link: Link, account: "LocalAccount", contract: str, keeper: Keeper) -> None:
        self.chain_id = link.chain_id
        self.contract = contract
        self._link = link
        self._account = account
        self._keeper = keeper
        self._contract = _contract_at(link, contract)
        self._lock = Lock()

    def publish(self, size: int, root: bytes) -> AnchorRecord:
        """See `Anchor.publish`."""
        check_head(size, root)
        with self._turn():
            latest = self._latest()
            if latest is not None and size <= latest.size:
                check_repeats(latest, size, root)
                return latest
            record = self._delivered(self._next_draft(size, root))
        if record is None:
            raise NodeUnavailable("anchor_overtaken", contract=self.contract)
        return record

    def draft(self, size: int, root: bytes) -> Draft:
        """See `Anchor.draft`."""
        check_head(size, root)
        with self._turn():
            return self._next_draft(size, root)

    def dearer(self, draft: Draft) -> Draft | None:
        """See `Anchor.dearer`."""
        import rlp

        paid = int.from_bytes(rlp.decode(draft.raw)[_PRICE_FIELD])
        least = paid - (-paid // _BUMP)
        with self._turn():
            if self._is_used(draft.nonce) or self._link.asked_wei() <= paid:
                return None
            price = max(_price_wei(self._link), least)
            if price > self._link.most_wei:  # the chain asks no more than that: it may yet take the draft
                return None
            return self._draft(draft.size, draft.root, price, draft.nonce)

    def deliver(self, draft: Draft) -> AnchorRecord | None:
        """See `Anchor.deliver`."""
        with self._turn():
            return self._delivered(draft)

    def find(self, tx_hash: str) -> AnchorRecord | None:
        """See `Anchor.find`."""
        with self._turn():
            return self._find(tx_hash)

    def at(self, size: int) -> AnchorRecord | None:
        """See `Anchor.at`."""
        from web3.exceptions import Web3RPCError

        with self._turn():
            newest, _, block = self._read("latest")
            try:
                return self._event(size, block if size == newest else 0, block)
            except Web3RPCError:  # a node that looks through so many blocks for nobody
                return None

    def latest(self) -> AnchorRecord | None:
        """See `Anchor.latest`."""
        with self._turn():
            return self._latest()

    def heads_from(self, size: int) -> list[tuple[int, bytes]]:
        """See `Anchor.heads_from`."""
        found: list[tuple[int, bytes]] = []
        with self._turn():
            for index in reversed(range(self._read("count"))):
                head_size, root = self._read("at", index)
                if head_size < size:
                    break
                found.append((head_size, root))
        return found[::-1]

    def require_contract(self) -> None:
        """See `Anchor.require_contract`."""
        with self._turn():
            code = bytes(self._link.w3.eth.get_code(self._contract.address))
        writer = bytes.fromhex(self._account.address[2:]).rjust(_WORD_BYTES, b"\0")
        if code != bytes.fromhex(_artifact()["runtime"][2:]) + writer:  # Vyper puts what is immutable last
            raise ProofError("anchor_contract_gone", contract=self.contract)

    def close(self) -> None:
        """See `Anchor.close`."""
        with self._lock:
            self._link.close()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self._lock, self._link.border():
            yield

    def _read(self, name: str, *arguments: int) -> Any:
        return self._contract.functions[name](*arguments).call({"from": self._account.address})

    def _next_draft(self, size: int, root: bytes) -> Draft:
        return self._draft(size, root, _price_wei(self._link), _next_nonce(self._link, self._account))

    def _draft(self, size: int, root: bytes, price_wei: int, nonce: int) -> Draft:
        call = self._contract.functions.anchor(size, root)
        signed = _sign(self._link, self._account, call, _ANCHOR_GAS, price_wei, nonce)
        return Draft(size, root, nonce, signed.hash.to_0x_hex(), bytes(signed.raw_transaction))

    def _delivered(self, draft: Draft) -> AnchorRecord | None:
        if self._is_used(draft.nonce):
            return self._find(draft.tx_hash)  # its number is used: by itself, or by another
        return self._record(self._link.send(draft.raw))

    def _is_used(self, nonce: int) -> bool:
        return _next_nonce(self._link, self._account) > nonce

    def _find(self, tx_hash: str) -> AnchorRecord | None:
        from web3.exceptions import TransactionNotFound

        try:
            return self._record(cast("HexBytes", tx_hash))
        except TransactionNotFound:
            return None

    def _latest(self) -> AnchorRecord | None:
        size, root, block = self._read("latest")
        if size == 0:
            return None
        record = self._event(size, block, block)
        if record is None or (record.size, record.root) != (size, root):
            raise ProofError("anchor_chain_inconsistent", size=size)
        return record

    def _event(self, size: int, first: int, last: int) -> AnchorRecord | None:
        """Return where a head of this size was anchored, by its event in these blocks; None if not by one."""
        logs = self._contract.events.Anchored().get_logs({"size": size}, from_block=first, to_block=last)
        return self._record(logs[0]["transactionHash"]) if len(logs) == 1 else None

    def _record(self, transaction: "HexBytes") -> AnchorRecord:
        """Return where an anchor's transaction stands; ProofError if it failed or anchored nothing there."""
        from xinqiao_ledger.evm_block import with_proof

        receipt = _succeeded(self._link, transaction)
        events = self._contract.events.Anchored().process_receipt(receipt)
        if len(events) != 1:
            raise ProofError("anchor_contract_gone", contract=self.contract)
        block = self._link.w3.eth.get_block(receipt["blockNumber"])
        record = AnchorRecord(
            chain_id=self.chain_id,
            contract=self.contract,
            tx_hash=receipt["transactionHash"].to_0x_hex(),
            block_number=receipt["blockNumber"],
            block_hash=receipt["blockHash"].to_0x_hex(),
            block_time=seconds_of(block["timestamp"]),
            size=events[0]["args"]["size"],
            root=events[0]["args"]["root"],
            keeper=self._keeper,
        )
        header = self._link.header(block)
        return with_proof(record, receipt["transactionIndex"], header, self._receipts(receipt, block))

    def _receipts(self, receipt: "TxReceipt", block: "BlockData") -> "Sequence[TxReceipt]":
        """Return the receipts of a whole block; none where the node does not tell them at once."""
        from web3.exceptions import Web3RPCError

        if len(block["transactions"]) == 1:
            return [receipt]
        try:
            return self._link.w3.eth.get_block_receipts(block["hash"])
        except Web3RPCError:  # an older node: the record goes without a proof
            return []


class _EmbeddedLink:
    """py-evm in this process: eth-tester turns it into a node, the store makes each block durable as one.

    What leans on eth-tester's insides is here alone: its backend accepts another chain than the one in
    memory that it makes by itself.
    """

    def __init__(self, folder: ChainFolder, writer: str) -> None:
        from eth.db.atomic import AtomicDB
        from eth.vm.forks.paris import ParisVM
        from eth_tester import EthereumTester
        from eth_tester.backends.pyevm import PyEVMBackend
        from eth_utils.address import to_canonical_address
        from web3 import EthereumTesterProvider, Web3

        self.chain_id = EMBEDDED_CHAIN_ID
        self.most_wei = MAX_GAS_PRICE_WEI
        self._folder = folder
        account = {"balance": _WRITER_BALANCE_WEI, "nonce": 0, "code": b"", "storage": {}}
        accounts = {to_canonical_address(writer): account}
        self._backend = PyEVMBackend(genesis_state=accounts, vm_configuration=((0, ParisVM),))
        self._chain_class = type(self._backend.chain).configure("XinqiaoChain", chain_id=EMBEDDED_CHAIN_ID)
        self._database = AtomicDB(cast("DatabaseAPI", folder.store))
        if folder.store.is_empty:
            with folder.store.transaction():
                self._chain_class.from_genesis(
                    self._database, self._backend.generate_genesis_params(), accounts
                )
        self._load()
        self.w3 = Web3(EthereumTesterProvider(EthereumTester(self._backend)))

    def asked_wei(self) -> int:
        """Return a price above any base fee that near-empty blocks come to."""
        return _GAS_PRICE_WEI

    def border(self) -> AbstractContextManager[None]:
        """See `Link.border`."""
        return _border(self._folder.where)

    def send(self, raw: bytes) -> "HexBytes":
        """Apply the transaction and seal its block, both in one transaction of the store."""
        self._load()  # the pending block takes its time from the moment it is made
        try:
            with self._folder.store.transaction():
                return self.w3.eth.send_raw_transaction(raw)
        except BaseException:
            self._load()  # py-evm may be a block ahead of what is durable
            raise

    def header(self, block: "BlockData") -> bytes:
        """Return the header as the store has it; eth-tester tells some of its fields in other bytes."""
        import rlp

        found = self._backend.chain.get_canonical_block_header_by_number(block["number"])
        return cast("bytes", rlp.encode(found))

    def close(self) -> None:
        """Close the store and release the folder."""
        self._folder.close()

    def _load(self) -> None:
        self._backend.chain = self._chain_class(self._database)


def _account(key: bytes, path: str) -> "LocalAccount":
    from eth_account import Account
    from eth_utils.exceptions import ValidationError

    try:
        account: LocalAccount = Account.from_key(key)
    except (ValidationError, ValueError):
        # The library's message may quote the key, so it is not chained.
        raise StoreDamaged("anchor_key_damaged", path=path) from None
    return account


def _deploy(link: Link, account: "LocalAccount") -> str:
    """Deploy the contract and return its address."""
    artifact = _artifact()
    contract = link.w3.eth.contract(abi=artifact["abi"], bytecode=artifact["bytecode"])
    price, nonce = _price_wei(link), _next_nonce(link, account)
    signed = _sign(link, account, contract.constructor(), _DEPLOY_GAS, price, nonce)
    return str(_succeeded(link, link.send(bytes(signed.raw_transaction)))["contractAddress"])


def _deployed(link: Link, account: "LocalAccount") -> str:
    """Return the address of the contract that the first block of an embedded chain made.

    Raises:
        StoreDamaged: another account made it, so this one may not write there.
    """
    transaction = cast("HexBytes", link.w3.eth.get_block(1)["transactions"][0])
    receipt = link.w3.eth.get_transaction_receipt(transaction)
    if receipt["from"] != account.address:
        raise StoreDamaged("anchor_writer_foreign", contract=str(receipt["contractAddress"]))
    return str(receipt["contractAddress"])


def _contract_at(link: Link, address: str) -> "Contract":
    return link.w3.eth.contract(address=link.w3.to_checksum_address(address), abi=_artifact()["abi"])


def _price_wei(link: Link) -> int:
    """Return a quarter more than the chain asks, so that two rising base fees do not strand a transaction.

    Raises:
        NodeUnavailable: the chain asks more than may be paid.
    """
    asked = link.asked_wei()
    if asked > link.most_wei:
        raise NodeUnavailable("anchor_fee_capped", most=link.most_wei)
    return min(asked * 5 // 4, link.most_wei)


def _next_nonce(link: Link, account: "LocalAccount") -> int:
    return link.w3.eth.get_transaction_count(account.address)


def _sign(
    link: Link,
    account: "LocalAccount",
    call: "ContractFunction | ContractConstructor",
    gas: int,
    price_wei: int,
    nonce: int,
) -> "SignedTransaction":
    """Sign `call` as a type-0 transaction, every field given: what each chain, old or new, takes.

    Raises:
        UsageInvalid: the account cannot pay for so much gas.
    """
    if link.w3.eth.get_balance(account.address) < gas * price_wei:
        raise UsageInvalid("anchor_no_balance", address=account.address, wei=str(gas * price_wei))
    fields = {
        "from": account.address,
        "nonce": nonce,
        "gas": gas,
        "gasPrice": price_wei,
        "chainId": link.chain_id,
        "value": 0,
    }
    unsigned = cast("dict[str, Any]", call.build_transaction(cast("TxParams", fields)))
    return account.sign_transaction(unsigned)


def _succeeded(link: Link, transaction: "HexBytes") -> "TxReceipt":
    """Return the receipt of a transaction in a block.

    Raises:
        ProofError: the contract refused it, or the gas did not suffice.
    """
    receipt = link.w3.eth.get_transaction_receipt(transaction)
    if receipt["status"] != 1:
        spent_all = receipt["gasUsed"] == link.w3.eth.get_transaction(transaction)["gas"]
        raise ProofError("anchor_out_of_gas" if spent_all else "anchor_refused")
    return receipt


def _artifact() -> dict[str, Any]:
    """Return ABI and bytecode as compiled from `contract/AnchorLog.vy`; a test compiles it again."""
    text = (resources.files("xinqiao_ledger") / "contract" / "AnchorLog.json").read_text("utf-8")
    artifact: dict[str, Any] = json.loads(text)
    return artifact


@contextmanager
def _border(where: str) -> Iterator[None]:
    """Turn what the libraries and the disk raise into our errors."""
    try:
        with io_errors(Path(where)):
            yield
    except sqlite3.Error as error:
        reason = getattr(error, "sqlite_errorname", type(error).__name__)  # absent if SQLite was not asked
        if reason == "SQLITE_FULL":
            raise StoreDamaged("disk_full") from error
        raise StoreDamaged("anchor_chain_failed", where=where, reason=reason) from error
    except _library_errors() as error:
        raise StoreDamaged("anchor_chain_failed", where=where, reason=type(error).__name__) from error


def _library_errors() -> tuple[type[Exception], ...]:
    from eth.exceptions import PyEVMError
    from eth_tester import exceptions as tester
    from eth_utils.exceptions import ValidationError
    from rlp.exceptions import RLPException
    from trie.exceptions import MissingTrieNode
    from web3.exceptions import Web3Exception

    found = (
        tester.BlockNotFound,
        tester.TransactionNotFound,
        tester.TransactionFailed,
        tester.ValidationError,
    )
    return (PyEVMError, ValidationError, RLPException, MissingTrieNode, Web3Exception, *found)
