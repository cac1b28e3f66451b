"""What another version of Xinqiao wrote is said to be that, and is not called broken: every form that has a
version, every file that a command is given, and a department's home.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simulators import wires
from simulators.enterprise import PASSPHRASE, Enterprise, HandCentre, dataset, found, reason_of
from xinqiao_app.cli import main
from xinqiao_clients.adopted import Adopted
from xinqiao_clients.home import Home, Settings
from xinqiao_clients.local_layer import LocalLayer
from xinqiao_clients.manifest import Manifest
from xinqiao_clients.node import DataNode
from xinqiao_clients.refreshing import Schedule
from xinqiao_clients.sources import Source
from xinqiao_clients.store import Version
from xinqiao_clients.suites import AES_256_GCM
from xinqiao_governance import classify
from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.catalogue import Dataset, Tier, published_from_json
from xinqiao_governance.errors import VersionOther, WireInvalid
from xinqiao_governance.grading import Grade, Request, Statement
from xinqiao_governance.messages import LANGUAGES, Language, say
from xinqiao_governance.order import Order
from xinqiao_governance.parse import mapping, objects
from xinqiao_governance.publication import Publication
from xinqiao_governance.wire import Ask, AskFrame, Hello, Proposal, StepAsk, StepStatement
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.receipt import LogReceipt
from xinqiao_ledger.trust import Trust
from xinqiao_models import local
from xinqiao_models.model import Model
from xinqiao_models.stacking import Mixture

MODEL = Model(wires.ORDER.model, np.zeros(wires.ORDER.model.parameters))
SETTINGS = Settings("north", wires.A, wires.B, "log", 3)
TRUST = Trust("log", wires.A, wires.B, (), (), 0, None)
EVENT = Event(
    kind=Kind.CONFIRM, node="11" * 32, seq=1, prev="0" * 64, time=7, actor="ab", role="steward", action="a"
)
MANIFEST = Manifest("staff", "a", wires.A, 1, AES_256_GCM, ())
LAYER = LocalLayer(
    order=wires.A,
    version=wires.B,
    model=MODEL.encode(),
    libraries="none",
    mixture=Mixture(np.zeros(len(local.PARTS)), 0.0),
    found=local.Found(layer=0.5, own=0.5, shared=0.5, best_own="linear"),
)

Read = Callable[[Json], object]
FORMS: Mapping[str, tuple[Read, Json]] = {
    "order": (Order.from_json, wires.ORDER.to_json()),
    "statement": (StepStatement.from_json, wires.STATEMENT.to_json()),
    "model": (Model.from_json, loads(MODEL.encode())),
    "catalogue": (Dataset.from_json, dataset().to_json()),
    "published catalogue": (published_from_json, dataset().published()),
    "publication": (Publication.from_json, Publication(wires.A, 7, dataset().published()).to_json()),
    "schedule": (Schedule.from_json, Schedule(Source("a.csv"), 24, False, 1, 7, wires.A).to_json()),
    "event": (Event.from_json, EVENT.to_json()),
    "log receipt": (LogReceipt.from_json, LogReceipt("log", ((0, wires.A),)).to_json()),
    "trust file": (Trust.from_json, TRUST.to_json()),
    "settings": (Settings.from_json, SETTINGS.to_json()),
    "manifest": (lambda value: Manifest.decode(dumps(value)), loads(MANIFEST.encode())),
    "local layer": (lambda value: LocalLayer.decode(dumps(value)), loads(LAYER.encode())),
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


def test_what_was_adopted_is_read_in_its_earlier_forms_too() -> None:
    value = loads(Adopted(1, dataset(), "c", Version("staff", "a", wires.A, 1, wires.B), "p").encode())
    added = ("grades", "past", "fresh_until", "holds")
    second = {name: field for name, field in mapping(value).items() if name not in added}
    first = {name: field for name, field in second.items() if name != "period"}
    for form, fields in ((1, first), (2, second)):
        adopted = Adopted.decode(dumps({**fields, "v": form}))
        assert (adopted.number, adopted.dataset, adopted.fresh_until) == (1, dataset(), None)
        assert adopted.holds is None
    assert Adopted.decode(dumps({**second, "v": 2})).period == "p"
    for by in (-6, 1):
        with pytest.raises(VersionOther, match="version_other"):
            Adopted.decode(dumps(other(value, by)))


def test_bins_of_a_catalogue_count_as_they_did_when_nothing_was_said_of_them() -> None:
    """The third form of what was adopted: a grade knew no bins, those of its catalogue counted."""
    version = Version("staff", "a", wires.A, 1, wires.B)
    age, grade = (Grade.of(dataset().column(name)) for name in ("age", "grade"))
    elsewhere = replace(grade, said=Statement("team", Tier.CORE), request=Request(grade.said, "li"))
    grades = tuple(elsewhere if column.name == "grade" else Grade.of(column) for column in dataset().columns)
    now = Adopted(1, dataset(), "c", version, "p", grades, (age,))
    value = unchecked(now)
    third = {**value, "v": 3, "grades": [_third(item) for item in objects(value, "grades")]}
    read = Adopted.decode(dumps({**third, "past": [_third(item) for item in objects(value, "past")]}))
    assert replace(read, holds=True) == now
    assert read.dataset.column("age").bins == dataset().column("age").bins
    assert read.dataset.column("grade").bins is None  # it means something else now
    assert Adopted.decode(replace(read, holds=True).encode()) == now


def unchecked(adopted: Adopted) -> Mapping[str, Json]:
    """What was written before it said whether the table holds its contract."""
    return {name: field for name, field in mapping(loads(adopted.encode())).items() if name != "holds"}


def _third(grade: Mapping[str, Json]) -> Json:
    def bare(said: Json) -> Json:
        return {name: field for name, field in mapping(said).items() if name != "bins"}

    request = grade["request"]
    waits = None if request is None else {**mapping(request), "said": bare(mapping(request)["said"])}
    return {**grade, "said": bare(grade["said"]), "request": waits}


def test_grades_without_shapes_are_those_of_any_data() -> None:
    """The fourth form of what was adopted."""
    proposal = classify.Proposal(
        "age", "age", Tier.SENSITIVE, "auto", 900, "classify_unknown", {"numbers": 4}
    )
    grades = tuple(replace(Grade.of(column), proposal=proposal) for column in dataset().columns)
    version = Version("staff", "a", wires.A, 1, wires.B)
    value = unchecked(Adopted(1, dataset(), "c", version, "p", grades, grades[:1]))
    fourth = {**value, "v": 4, **{name: _unshaped(value[name]) for name in ("grades", "past")}}
    read = Adopted.decode(dumps(fourth))
    assert {grade.proposal.shape == {} for grade in (*read.grades, *read.past) if grade.proposal} == {True}
    for holds in (True, False):
        known = replace(read, holds=holds)
        assert Adopted.decode(known.encode()) == known


def _unshaped(grades: Json) -> Json:
    found = loads(dumps(grades))
    for grade in found:  # type: ignore[union-attr]
        del grade["proposal"]["shape"]
        grade["proposal"]["fields"] = {}
    return found


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


def sealed_by_another(home: Home, label: str, sealed: bytes) -> bytes:
    return home.keys.wrap(label, dumps(other(loads(home.keys.unwrap(label, sealed)), 1)))


def newer_keys(home: Home) -> str:
    path = home.path / "keys.json"
    path.write_bytes(dumps(other(loads(path.read_bytes()), 1)))
    return path.name


def newer_book(home: Home) -> str:
    with sqlite3.connect(home.path / "book.sqlite") as book:
        book.execute("PRAGMA user_version = 9")
    book.close()
    return "book.sqlite"


def newer_adopted(home: Home) -> str:
    with home.book.transaction() as book:
        sealed, changed_in = home.book.adopted() or (b"", 0)
        book.adopt(sealed_by_another(home, f"adopted/{changed_in}", sealed))
    return "book.sqlite"


def newer_manifest(home: Home) -> str:
    name = f"store/{home.version.dataset_id}/{home.version.folder}/manifest"
    path = home.path / name
    label, keys = f"store/{home.version.dataset_id}/manifest", home.keys.store
    path.write_bytes(keys.seal(label, dumps(other(loads(keys.open(label, path.read_bytes())), 1))))
    return name


@pytest.fixture
def home(enterprise: Enterprise, tmp_path: Path) -> Iterator[Home]:
    """A copy of a department's home."""
    site = enterprise.sites[0].home
    shutil.copytree(site.path, tmp_path / "home")
    home = Home(tmp_path / "home", site.settings, site.keys, site.clock)
    yield home
    home.close()


@pytest.mark.parametrize("newer", [newer_keys, newer_book, newer_adopted, newer_manifest])
def test_a_home_that_a_newer_program_wrote_is_not_called_damaged(
    home: Home,
    tmp_path: Path,
    newer: Callable[[Home], str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    order, passphrase = tmp_path / "order", tmp_path / "passphrase"
    order.write_bytes(dumps(wires.SIGNED_ORDER.to_json()))
    passphrase.write_text(PASSPHRASE)
    passphrase.chmod(0o600)
    name = newer(home)
    said_of = say("version_other_file", "en", path=str(home.path / name))
    command = ["node", "preview", "--home", str(home.path), "--passphrase-file", str(passphrase), str(order)]
    assert main(command) == 2
    assert capsys.readouterr() == ("", said_of + "\n")


def test_a_department_does_not_take_what_another_version_adopted_for_nothing(home: Home) -> None:
    newer_adopted(home)
    wire = AskFrame(Hello(bytes(16))).encode()
    assert reason_of(wires.unseal(DataNode(home).answer(wire, None)).answer) == "version_other_file"


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
    "audit fsck FILE --trust FILE": ("file", 2),
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
