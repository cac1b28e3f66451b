"""From four unknown Excel sheets to one model with its proof, by the commands that people type.

No catalogue is written by hand: the classifier proposes, stewards confirm, and the public bins are the shared
vocabulary's or typed by each steward. SuperLink, agents and the job are real processes on the loopback.
"""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from flow.test_walkthrough import free_port
from simulators.sheets import HEADERS, staff_sheet
from simulators.works import JOB_S, Service
from xinqiao_app.cli import main
from xinqiao_app.commands.cards import DepartmentCard, read_card

pytestmark = [pytest.mark.flow, pytest.mark.slow, pytest.mark.heavy]
SCORE = 9  # the place of the training score, under whatever header
LABEL = {"kind": "above", "semantic": "pay", "above_micro": 8_000_000_000}
FEATURES = ("age", "gender", "education", "training_score")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return tmp_path


@pytest.fixture
def running(folder: Path) -> Iterator[ExitStack]:
    with ExitStack() as running:
        yield running


def started(running: ExitStack, name: str, *command: str) -> Service:
    service = Service(name, command, Path(f"{name}.log").absolute())
    running.callback(service.end)
    service.start()
    return service


def at(name: str, *command: str) -> tuple[str, ...]:
    return (*command, "--home", f"{name}/home", "--passphrase-file", f"{name}/passphrase")


def told(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    """What a command prints that ends well."""
    capsys.readouterr()
    ended = main([*command])
    said = capsys.readouterr()
    assert ended == 0, said.err
    return said.out


def secret(path: str) -> None:
    Path(path).write_text(f"correct horse battery staple of {path}")
    Path(path).chmod(0o600)


def settle(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A steward's way with a sheet that nobody described: contract, import, confirmation."""
    Path(name).mkdir()
    secret(f"{name}/passphrase")
    sheet, contract = str(staff_sheet(Path(f"{name}/staff.xlsx"), name, 200)), f"{name}/contract.yaml"
    told(capsys, *at(name, "node", "init", "--name", name, "--centre", "centre.json"))
    drafted = ("--dataset", "staff", "--person", HEADERS[name][0], "--out", contract)
    told(capsys, "contract", "draft", sheet, *drafted)
    given = ("--data", sheet, "--contract", contract, "--dataset", "staff", "--purpose", "career_development")
    told(capsys, *at(name, "node", "import", *given, "--epsilon-cap", "3", "--delta-cap", "0.00003"))
    told(capsys, *at(name, "node", "confirm", "--dataset", "staff", "--all"))
    told(capsys, *at(name, "node", "identity", "--out", f"{name}/card.json"))


def bin_scores(name: str, bins: str, capsys: pytest.CaptureFixture[str]) -> None:
    score = ("--column", HEADERS[name][SCORE], "--bins", bins)
    told(capsys, *at(name, "node", "confirm", "--dataset", "staff", *score))


def meet(capsys: pytest.CaptureFixture[str]) -> None:
    """Each steward confirms every other department, comparing fingerprints."""
    for name in HEADERS:
        for peer in HEADERS.keys() - {name}:
            card = Path(f"{peer}/card.json")
            fingerprint = read_card(card, DepartmentCard).fingerprint.hex()
            told(capsys, *at(name, "node", "confirm", str(card), "--fingerprint", fingerprint))


def published(name: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The public bins by semantic, as the centre reads them, signature and all."""
    told(capsys, *at(name, "node", "catalogue", "--publish", "--out", f"{name}/published.json"))
    seen = ("job", "catalogue", f"{name}/published.json", "--department", f"{name}/card.json", "--json")
    columns = json.loads(told(capsys, *seen))["catalogue"]["columns"]
    return {column["semantic"]: column["bins"] for column in columns}


def change_policy(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A policy of one's own takes two stewards; here the default with one more sentence."""
    secret(f"{name}/second")
    opened = at(name, "keys", "add-steward", "wang", "--new-passphrase-file", f"{name}/second")
    told(capsys, *opened)
    own = Path(f"{name}/own.cedar")
    own.write_text(told(capsys, *at(name, "policy", "show")) + "\n// ours\n", "utf-8")
    said = told(capsys, *at(name, "policy", "propose", str(own)))
    digest = re.findall("[0-9a-f]{64}", said)[0]
    second = ("--home", f"{name}/home", "--passphrase-file", f"{name}/second")
    told(capsys, "policy", "approve", digest, *second)


def order(bins: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    spec = {"name": "pay-above-8000", "features": [bins[name] for name in FEATURES], "label": LABEL}
    Path("model.json").write_text(json.dumps(spec), "utf-8")
    people = [word for name in HEADERS for word in ("--department", f"{name}/card.json", "200")]
    basis = ("--purpose", "career_development", "--legal-basis", "staff_consent")
    what = ("--model", "model.json", "--epsilon", "1", "--answers", "4", *basis)
    told(capsys, "job", "order", "--centre", "centre", *what, "--out", "order.json", *people)


def previewed(name: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The code of what the gate would answer now."""
    return str(json.loads(told(capsys, *at(name, "node", "preview", "order.json", "--json")))["verdict"])


def test_four_unknown_sheets_become_one_model(
    folder: Path, running: ExitStack, capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, "job", "init", "--centre", "centre", "--out", "centre.json")
    for name in HEADERS:
        settle(name, capsys)
        bin_scores(name, "60,70,80,90", capsys)
    bin_scores("west", "50,75", capsys)
    meet(capsys)
    change_policy("north", capsys)
    bins = {name: published(name, capsys) for name in HEADERS}
    assert bins["north"] == bins["south"] == bins["east"] != bins["west"]

    order(bins["north"], capsys)
    for name in HEADERS:
        told(capsys, *at(name, "node", "approve", "order.json"))
    assert previewed("west", capsys) == "bins_differ"
    bin_scores("west", "60,70,80,90", capsys)
    assert previewed("west", capsys) == "allowed"

    port = str(free_port())
    link = ("--superlink", f"127.0.0.1:{port}")
    started(running, "link", "job", "superlink", "--centre", "centre", "--port", port, "--dir", "link")
    for name in HEADERS:
        started(running, name, *at(name, "node", "run", *link))
    job = started(running, "job", "job", "run", "order.json", "--centre", "centre", *link, "--out", "out")
    assert job.wait(JOB_S) == 0, job.said()
    assert "4/4" in job.said()
    trusted = [word for name in HEADERS for word in ("--department", f"{name}/card.json", "operator")]
    chain = [str(value) for value in json.loads(Path("out/anchor.json").read_bytes()).values()]
    told(
        capsys,
        *("audit", "trust", "--centre", "centre.json", "--out", "trust.json", *trusted),
        *("--chain", *chain, "operator"),
    )
    said = told(capsys, "audit", "verify", "out/evidence.bundle", "--trust", "trust.json")
    assert "PASS" in said
    assert "FAIL" not in said
    model = json.loads(Path("out/model.json").read_bytes())
    assert {feature["semantic"] for feature in model["spec"]["features"]} == set(FEATURES)
