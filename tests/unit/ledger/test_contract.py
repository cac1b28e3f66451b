"""The anchor contract: what is committed is what compiles, and it guards its heads by itself.

Run this file as a script to write `AnchorLog.json` again after a change of `AnchorLog.vy`.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import xinqiao_ledger

SOURCE = Path(xinqiao_ledger.__file__).parent / "contract" / "AnchorLog.vy"
ARTIFACT = SOURCE.with_suffix(".json")
ROOTS = [bytes([n]) * 32 for n in range(1, 9)]


def compile_contract(source: Path) -> dict[str, Any]:
    command = [
        sys.executable,
        "-m",
        "vyper",
        "--evm-version",
        "paris",
        "-f",
        "abi,bytecode,bytecode_runtime",
        str(source),
    ]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    abi, bytecode, runtime = printed.strip().split("\n")
    compiler = {"compiler": "vyper 0.4.3", "evm_version": "paris"}
    return {**compiler, "abi": json.loads(abi), "bytecode": bytecode, "runtime": runtime}


def render(artifact: dict[str, Any]) -> str:
    return json.dumps(artifact, indent=2) + "\n"


def test_committed_bytecode_and_abi_are_those_of_the_source() -> None:
    assert ARTIFACT.read_text() == render(compile_contract(SOURCE))


class Deployed:
    """The committed bytecode on a chain in memory; accounts 0 (the deployer) and 1 have money."""

    def __init__(self) -> None:
        from eth_tester import EthereumTester
        from web3 import EthereumTesterProvider, Web3

        artifact = json.loads(ARTIFACT.read_text())
        self.w3 = Web3(EthereumTesterProvider(EthereumTester()))
        self.deployer, self.other = self.w3.eth.accounts[:2]
        draft = self.w3.eth.contract(abi=artifact["abi"], bytecode=artifact["bytecode"])
        receipt = self.w3.eth.wait_for_transaction_receipt(
            draft.constructor().transact({"from": self.deployer})
        )
        self.contract = self.w3.eth.contract(address=receipt["contractAddress"], abi=artifact["abi"])

    def anchor(self, size: int, root: bytes, sender: str | None = None) -> Any:
        call = self.contract.functions.anchor(size, root)
        return self.w3.eth.wait_for_transaction_receipt(call.transact({"from": sender or self.deployer}))

    def read(self, name: str, *arguments: int) -> Any:
        return self.contract.functions[name](*arguments).call({"from": self.other})


@pytest.fixture
def log() -> Deployed:
    return Deployed()


def refused(call: Callable[[], object]) -> str:
    from eth_tester.exceptions import TransactionFailed

    with pytest.raises(TransactionFailed) as caught:
        call()
    return str(caught.value)


def test_empty_log_has_no_head(log: Deployed) -> None:
    assert log.read("count") == 0
    assert log.read("latest") == [0, bytes(32), 0]
    assert "no such anchor" in refused(lambda: log.read("at", 0))


def test_each_head_stays_readable_and_latest_is_the_last(log: Deployed) -> None:
    sizes = [1, 2, 5, 100, 2**63 - 1]
    blocks = [log.anchor(size, root)["blockNumber"] for size, root in zip(sizes, ROOTS, strict=False)]
    assert log.read("count") == len(sizes)
    assert log.read("latest") == [sizes[-1], ROOTS[4], blocks[-1]]
    assert [log.read("at", n) for n in range(5)] == [[s, r] for s, r in zip(sizes, ROOTS, strict=False)]
    assert "no such anchor" in refused(lambda: log.read("at", 5))


def test_event_names_index_size_and_root(log: Deployed) -> None:
    log.anchor(3, ROOTS[0])
    (event,) = log.contract.events.Anchored().process_receipt(log.anchor(9, ROOTS[1]))
    assert dict(event["args"]) == {"index": 1, "size": 9, "root": ROOTS[1]}


@pytest.mark.parametrize("size", [0, 1, 6, 7])
def test_size_must_grow(log: Deployed, size: int) -> None:
    log.anchor(7, ROOTS[0])
    assert "size must grow" in refused(lambda: log.anchor(size, ROOTS[1]))
    assert log.read("latest")[:2] == [7, ROOTS[0]]


def test_first_head_is_not_empty(log: Deployed) -> None:
    assert "size must grow" in refused(lambda: log.anchor(0, ROOTS[0]))


def test_only_the_deployer_writes(log: Deployed) -> None:
    assert "not the writer" in refused(lambda: log.anchor(1, ROOTS[0], sender=log.other))
    assert log.read("count") == 0


def test_an_anchor_costs_at_most_125_000_gas(log: Deployed) -> None:
    used = [log.anchor(size, root)["gasUsed"] for size, root in enumerate(ROOTS, start=1)]
    assert max(used) <= 125_000


if __name__ == "__main__":
    ARTIFACT.write_text(render(compile_contract(SOURCE)))
