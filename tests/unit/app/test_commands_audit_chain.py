"""`xinqiao audit chain` and `audit anchor`: the embedded chain, a real node, a chain that is down, alarms."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from simulators.evm_nodes import Anvil, running_anvil
from xinqiao_app.cli import main
from xinqiao_ledger.chain import address_of, open_anchor
from xinqiao_ledger.chain_config import ChainConfig
from xinqiao_ledger.embedded import make_key, read_key
from xinqiao_ledger.event import Kind
from xinqiao_platform.centre import Centre

pytestmark = pytest.mark.slow


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A centre's folder whose log has one event."""
    monkeypatch.setenv("LC_ALL", "C")
    grow(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def node() -> Iterator[Anvil]:
    with running_anvil() as node:
        yield node


def grow(path: Path, entries: int = 1) -> int:
    with closing(Centre(path)) as centre:
        for _ in range(entries):
            centre.record(kind=Kind.CHECKPOINT, action="growth")
        return centre.log.size


def status(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    code = main(["audit", "chain", "status", "--centre", str(path), "--json"])
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return code, told


def test_the_embedded_chain_needs_no_set_up(centre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(centre, capsys)[1]["waiting"] == 1
    assert main(["audit", "anchor", "--centre", str(centre)]) == 0
    assert "Anchored: size 1, block 2" in capsys.readouterr().out
    code, told = status(centre, capsys)
    assert (code, told["waiting"], told["alarms"], told["problem"]) == (0, 0, [], None)
    assert main(["audit", "chain", "status", "--centre", str(centre)]) == 0
    assert "No alarms." in capsys.readouterr().out


def test_a_node_is_chosen_by_deploying_to_it(
    centre: Path, node: Anvil, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first call shows the account to fund; the second deploys."""
    deploy = [
        "audit",
        "chain",
        "deploy",
        "--centre",
        str(centre),
        "--rpc",
        node.url,
        "--kept-by",
        "independent",
    ]
    assert main(deploy) == 2
    key = read_key(centre / "chain")
    told = capsys.readouterr()
    assert address_of(key) in told.err
    assert key.hex() not in told.err + told.out
    node.fund(address_of(key))
    assert main([*deploy, "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["writer"] == address_of(key)
    config = ChainConfig.read(centre)
    assert config is not None
    assert (config.contract, config.kept_by, config.rpc) == (made["contract"], "independent", node.url)
    assert main(deploy) == 2  # one is chosen already
    assert main(["audit", "anchor", "--centre", str(centre), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["keeper"] == "independent"
    assert status(centre, capsys)[0] == 0


def test_a_contract_s_price_is_held_to_a_limit_that_can_be_set(
    centre: Path, node: Anvil, capsys: pytest.CaptureFixture[str]
) -> None:
    node.fund(address_of(make_key(centre / "chain")))
    deploy = ["audit", "chain", "deploy", "--centre", str(centre), "--rpc", node.url]
    assert main([*deploy, "--max-gas-price", "1"]) == 1
    told = capsys.readouterr().err
    assert "--max-gas-price" in told
    assert "chain.json" not in told
    assert not (centre / "chain.json").exists()
    assert main([*deploy, "--max-gas-price", str(5 * 10**12)]) == 0
    config = ChainConfig.read(centre)
    assert config is not None
    assert config.max_gas_price_wei == 5 * 10**12


def test_a_chain_that_is_down_is_told_and_loses_nothing(
    centre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running_anvil() as own:
        made_on(centre, own)
    assert main(["audit", "anchor", "--centre", str(centre)]) == 1
    assert "gave no usable answer in time" in capsys.readouterr().err
    code, told = status(centre, capsys)
    assert (code, told["waiting"], told["alarms"]) == (1, 1, [])
    assert "gave no usable answer" in str(told["problem"])


def test_an_alarm_stays_and_exits_with_1(
    centre: Path, node: Anvil, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made_on(centre, node)
    snapshot = node.ask("evm_snapshot")
    main(["audit", "anchor", "--centre", str(centre)])
    node.ask("evm_revert", snapshot)
    code, told = status(centre, capsys)
    assert code == 1
    assert [alarm["code"] for alarm in told["alarms"]] == ["anchor_lost"]  # type: ignore[attr-defined]
    main(["audit", "anchor", "--centre", str(centre)])
    for language, word in (("C", "Alarm: the chain lost"), ("zh_CN.UTF-8", "警报：链丢失了")):
        monkeypatch.setenv("LC_ALL", language)
        assert main(["audit", "chain", "status", "--centre", str(centre)]) == 1
        assert word in capsys.readouterr().out


def test_an_alarm_that_somebody_looked_into_is_shown_as_such(
    centre: Path, node: Anvil, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made_on(centre, node)
    snapshot = node.ask("evm_snapshot")
    main(["audit", "anchor", "--centre", str(centre)])
    node.ask("evm_revert", snapshot)
    assert status(centre, capsys)[0] == 1
    command = ["audit", "chain", "status", "--centre", str(centre)]
    assert main([*command, "--acknowledge", "1"]) == 2
    assert main([*command, "--acknowledge", "2", "--by", "王芳"]) == 2
    assert main([*command, "--acknowledge", "1", "--by", "\x1b[2K王芳"]) == 2
    assert main([*command, "--acknowledge", "1", "--by", "王芳"]) == 0
    code, told = status(centre, capsys)
    assert code == 0
    (alarm,) = told["alarms"]  # type: ignore[misc]
    assert (alarm["id"], alarm["code"], alarm["acknowledged"]) == (1, "anchor_lost", "王芳")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main(command) == 0
    assert "（王芳 已确认）" in capsys.readouterr().out


def test_a_mistyped_centre_is_not_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["anchor"], ["chain", "status"], ["chain", "deploy", "--rpc", "http://127.0.0.1:1"]):
        assert main(["audit", *command, "--centre", str(tmp_path / "nowhere")]) == 2
    assert not (tmp_path / "nowhere").exists()
    assert capsys.readouterr().out == ""


def test_a_process_anchors_what_falls_due_until_ctrl_c(centre: Path) -> None:
    """A real process beside others that write into the log."""
    command = [
        sys.executable,
        "-m",
        "xinqiao_app",
        "audit",
        "anchor",
        "--centre",
        str(centre),
        "--every",
        "1",
    ]
    environment = {**os.environ, "LC_ALL": "C"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        assert "Anchored: size 1" in process.stdout.readline()
        size = grow(centre, 3)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
    finally:
        process.kill()
        process.wait()
        process.stdout.close() if process.stdout else None
    with closing(open_anchor(centre)) as anchor:
        latest = anchor.latest()
    assert latest is not None
    assert latest.size < size  # less than an hour after the first


def made_on(centre: Path, node: Anvil) -> None:
    """Deploy to the node from an account with money."""
    node.fund(address_of(make_key(centre / "chain")))
    assert main(["audit", "chain", "deploy", "--centre", str(centre), "--rpc", node.url]) == 0
