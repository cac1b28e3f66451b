"""A chain behind a node's JSON-RPC: anvil, Geth, Besu, FISCO BCOS 3, or whatever else speaks it.

Loaded by `chain.py` when such a chain is opened. web3 sends over our own bounded client, which never sends
anything twice by itself; what is sent is one signed transaction, so even that would change nothing.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from hexbytes import HexBytes
from web3 import Web3
from web3.exceptions import TimeExhausted, TransactionNotFound, Web3Exception, Web3RPCError
from web3.middleware import ExtraDataToPOAMiddleware
from web3.providers.base import JSONBaseProvider
from web3.types import BlockData, RPCEndpoint, RPCResponse

from xinqiao_governance.errors import NodeUnavailable, UsageInvalid
from xinqiao_ledger.chain_config import MAX_GAS_PRICE_WEI
from xinqiao_ledger.evm_block import header_of
from xinqiao_ledger.rpc import Node

_LOOK_S = 0.05
_MAX_REASON = 120


class EvmLink:
    """A link to the node at `url`; see `chain.Link`. It serves for `patience_s` seconds, all waits together.

    `confirmations` is in how many blocks a transaction must lie before it counts: its own is the first.
    `most_wei` is the most that is paid for a unit of gas.

    Raises:
        UsageInvalid: no address of a node, or its chain is not `chain_id`.
        NodeUnavailable: the node did not answer in time.
    """

    def __init__(
        self,
        url: str,
        chain_id: int | None,
        *,
        patience_s: float,
        confirmations: int = 1,
        most_wei: int = MAX_GAS_PRICE_WEI,
    ) -> None:
        self.most_wei = most_wei
        self._node = Node(url, patience_s)
        self._confirmations = confirmations
        self.w3 = Web3(_Provider(self._node), middleware=None)
        # Chains with few sealers put their signatures into extraData, which web3 refuses otherwise.
        self.w3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)
        with self.border():
            self.chain_id = self.w3.eth.chain_id
        if chain_id not in (None, self.chain_id):
            raise UsageInvalid(
                "anchor_other_chain", host=self._node.host, wanted=chain_id or 0, found=self.chain_id
            )

    def asked_wei(self) -> int:
        """Return what the node asks for a unit of gas."""
        return int(self.w3.eth.gas_price)

    def send(self, raw: bytes) -> HexBytes:
        """Send the transaction and wait until it lies deep enough."""
        sent = HexBytes(Web3.keccak(raw))
        try:
            self.w3.eth.send_raw_transaction(raw)
        except Web3RPCError:
            if not self._knows(sent):  # a node that has it from before says so with an error
                raise
        self._wait(sent)
        return sent

    def header(self, block: BlockData) -> bytes:
        """Return what the node tells of the header."""
        return header_of(block)

    @contextmanager
    def border(self) -> Iterator[None]:
        """See `chain.Link`: whatever a node does, it may do better later."""
        host = self._node.host
        try:
            yield
        except TimeExhausted as error:
            raise NodeUnavailable("anchor_receipt_late", host=host) from error
        except Web3RPCError as error:
            raise NodeUnavailable("anchor_node_refused", host=host, reason=_reason(error)) from error
        except Web3Exception as error:
            raise NodeUnavailable("anchor_rpc_failed", host=host, reason=type(error).__name__) from error

    def close(self) -> None:
        """Nothing is held: each call has its own connection."""

    def _knows(self, transaction: HexBytes) -> bool:
        try:
            self.w3.eth.get_transaction(transaction)
        except TransactionNotFound:
            return False
        return True

    def _wait(self, transaction: HexBytes) -> None:
        """Wait for the receipt, and until enough blocks lie on it; a fork may take it away again."""
        while True:
            receipt = self.w3.eth.wait_for_transaction_receipt(transaction, self._node.left_s(), _LOOK_S)
            if self.w3.eth.block_number >= receipt["blockNumber"] + self._confirmations - 1:
                return
            self._node.left_s()
            time.sleep(_LOOK_S)


class _Provider(JSONBaseProvider):
    """web3's way to a node, over our client."""

    def __init__(self, node: Node) -> None:
        super().__init__()
        self._node = node

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """Ask the node; its error, if it gives one, is web3's to raise."""
        return cast("RPCResponse", self._node.exchange(self.encode_rpc_request(method, params)))


def _reason(error: Web3RPCError) -> str:
    """Return what the node says, short and printable."""
    told = (error.rpc_response or {}).get("error")
    text = str(told.get("message", "")) if isinstance(told, dict) else str(told)
    return "".join(letter for letter in text[:_MAX_REASON] if letter.isprintable())
