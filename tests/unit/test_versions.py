"""What another version of Xinqiao wrote is said to be that, wherever it is read, and is not called broken."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from simulators import wires
from simulators.enterprise import Enterprise, HandCentre, dataset, found, reason_of
from xinqiao_app.cli import main
from xinqiao_clients.home import Settings
from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.catalogue import Dataset, published_from_json
from xinqiao_governance.errors import WireInvalid
from xinqiao_governance.messages import LANGUAGES, Language, say
from xinqiao_governance.order import Order
from xinqiao_governance.parse import mapping
from xinqiao_governance.wire import Ask, AskFrame, Proposal, StepAsk, StepStatement
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.receipt import LogReceipt
from xinqiao_ledger.trust import Trust
from xinqiao_models.model import Model

MODEL = Model(wires.ORDER.model, np.zeros(wires.ORDER.model.parameters))
SETTINGS = Settings("north", wires.A, wires.B, "log", 3)
TRUST = Trust("log", wires.A, wires.B, (), (), 0, None)
EVENT = Event(
    kind=Kind.CONFIRM, node="11" * 32, seq=1, prev="0" * 64, time=7, actor="ab", role="steward", action="a"
)

Read = Callable[[Json], object]
FORMS: Mapping[str, tuple[Read, Json]] = {
    "order": (Order.from_json, wires.ORDER.to_json()),
    "statement": (StepStatement.from_json, wires.STATEMENT.to_json()),
    "model": (Model.from_json, loads(MODEL.encode())),
    "catalogue": (Dataset.from_json, dataset().to_json()),
    "published catalogue": (published_from_json, dataset().published()),
    "event": (Event.from_json, EVENT.to_json()),
    "log receipt": (LogReceipt.from_json, LogReceipt("log", ((0, wires.A),)).to_json()),
    "trust file": (Trust.from_json, TRUST.to_json()),
    "settings": (Settings.from_json, SETTINGS.to_json()),
}


def other(value: Json, by: int) -> dict[str, Json]:
    """The form as a version before or after this one may have it: a field fewer, a field more."""
    body = dict(mapping(value))
    version = body.pop("v")
    assert isinstance(version, int)
    body.popitem()
    return {**body, "v": version + by, "a field of that version": 1}


@pytest.mark.parametrize("name", FORMS)
def test_the_version_is_read_before_the_fields(name: str) -> None:
    read, value = FORMS[name]
    read(value)
    for by in (-1, 1):
        with pytest.raises(WireInvalid, match="version_other"):
            read(other(value, by))
        with pytest.raises(WireInvalid, match="version_other"):  # whatever it was, it is not this one
            read({**mapping(value), "v": mapping(value)["v"] + by})  # type: ignore[operator]
    with pytest.raises(WireInvalid, match="wire_field_invalid"):
        read(other(value, 0))


@pytest.fixture(scope="module")
def enterprise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enterprise]:
    enterprise = found(Path(tmp_path_factory.mktemp("enterprise")), 3)
    yield enterprise
    enterprise.close()


def asked(ask: Ask, part: str) -> bytes:
    """The frame of an ask whose signed `part` is of another version."""
    head = dict(mapping(loads(AskFrame(ask).encode().rstrip(b"\n"))))
    body = mapping(head["body"])
    signed = mapping(body[part])
    return dumps({**head, "body": {**body, part: {**signed, "body": other(signed["body"], 1)}}}) + b"\n"


def test_a_department_refuses_what_another_version_asks(enterprise: Enterprise) -> None:
    hand = HandCentre(enterprise, enterprise.order())
    hand.propose()
    site = enterprise.sites[0]
    events = site.home.book.count_events()
    for wire in (asked(Proposal(hand.order), "order"), asked(StepAsk(hand.statement(1)), "statement")):
        answer = wires.unseal(site.node.answer(wire, hand.zeros)).answer
        assert reason_of(answer) == "version_other"
    assert site.home.book.burn(hand.order.body.digest, 1) is None
    assert site.home.book.count_events() == events


COMMANDS: Mapping[str, tuple[str, int]] = {
    "job run FILE --centre CENTRE --superlink 127.0.0.1:9 --out out": ("file", 2),
    "job stop FILE --centre CENTRE --superlink 127.0.0.1:9": ("file", 2),
    "job status FILE --centre CENTRE": ("file", 2),
    "node preview --home HOME FILE": ("file", 2),
    "node approve --home HOME FILE": ("file", 2),
    "node leave --home HOME FILE": ("file", 2),
    "node import --home HOME --data d --catalogue FILE --contract c --epsilon-cap 1 --delta-cap 1e-5": (
        "file",
        2,
    ),
    "audit verify bundle --trust FILE": ("file", 2),
    "node status --home OLD": ("old/node.json", 2),
}
"""Commands, each with the file that it names and the code that it exits with."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_says_so_in_one_sentence_that_names_the_file(
    enterprise: Enterprise,
    tmp_path: Path,
    command: str,
    language: Language,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8" if language == "zh" else "C.UTF-8")
    value: Json = dataset().to_json() if "import" in command else TRUST.to_json()
    if "job" in command or command.endswith("HOME FILE"):
        value = wires.SIGNED_ORDER.to_json()
        Path("file").write_bytes(dumps({**value, "body": other(wires.ORDER.to_json(), 1)}))
    else:
        Path("file").write_bytes(dumps(other(value, 1)))
    Path("old").mkdir()
    Path("old", "node.json").write_bytes(dumps(other(SETTINGS.to_json(), 1)))
    Path("bundle").write_bytes(b"")
    places = {
        "FILE": "file",
        "CENTRE": str(enterprise.centre.path),
        "HOME": str(enterprise.sites[0].home.path),
        "OLD": "old",
    }
    path, code = COMMANDS[command]
    assert main([places.get(word, word) for word in command.split()]) == code
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", say("version_other_file", language, path=path) + "\n")
