"""Attacks on a whole job: a lying centre, a killed node, a blocked network, planted sentinels."""

import base64
import json
import logging
import signal
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from numpy.typing import NDArray

from simulators import enterprise as simulator
from simulators.enterprise import (
    CAP,
    NOW,
    PASSPHRASE,
    DirectChannel,
    Enterprise,
    HandCentre,
    Site,
    found,
    reason_of,
    run_job,
    tell,
)
from xinqiao_clients.home import PERIOD
from xinqiao_clients.importer import import_frame
from xinqiao_clients.people import load_people
from xinqiao_governance.canonical import dumps
from xinqiao_governance.catalogue import Column, Dataset, Tier
from xinqiao_governance.contract import Contract
from xinqiao_governance.errors import DataInvalid
from xinqiao_governance.order import Output, Spend
from xinqiao_governance.signed import Signed
from xinqiao_governance.wire import AskFrame, JobKey, MaskedVector, Proposal, StepAsk, Verdict
from xinqiao_ledger.bundle import export
from xinqiao_ledger.event import Kind
from xinqiao_models.plans import plan_of
from xinqiao_models.sums import open_sum
from xinqiao_platform.channel import Ask

pytestmark = pytest.mark.flow
WIDE = Spend(1_000_000_000, 10_000_000)
STEPS = 40
TESTS = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def enterprise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enterprise]:
    enterprise = found(Path(tmp_path_factory.mktemp("enterprise")), 5, cap=WIDE)
    yield enterprise
    enterprise.close()


# ---- a centre that tells members different things ---------------------------------------------------

Vectors = list[NDArray[np.uint32]]


def answers_to(hand: HandCentre, camps: Sequence[tuple[Sequence[Site], dict[str, object]]]) -> list[Vectors]:
    """Ask each camp for all steps with the statement changed for it; per step, the vectors of all camps."""
    steps = []
    for step in range(1, STEPS + 1):
        vectors: Vectors = []
        for sites, changes in camps:
            parameters = changes.get("given", hand.zeros)
            named = {name: value for name, value in changes.items() if name != "given"}
            statement = hand.statement(step, parameters, **named)  # type: ignore[arg-type]
            vectors += [hand.vector(site, statement, parameters) for site in sites]  # type: ignore[arg-type]
        steps.append(vectors)
    return steps


def opened(steps: Sequence[Vectors], members: slice = slice(None)) -> NDArray[np.uint32]:
    """The sums mod 2^32 of some members' vectors, all steps and entries in one array."""
    return np.concatenate([np.sum(vectors[members], axis=0, dtype=np.uint32) for vectors in steps])


def chi_squared(words: NDArray[np.uint32]) -> float:
    """Over the sixteen values of the leading four bits: 15 degrees of freedom."""
    counts = np.bincount(words >> np.uint32(28), minlength=16)
    expected = len(words) / 16
    return float(np.sum((counts - expected) ** 2 / expected))


def looks_uniform(words: NDArray[np.uint32]) -> bool:
    """Fails by chance once in 10^9; a sum that opened stays near 0 mod 2^32 and gives more than 3,000."""
    return chi_squared(words) < 76.0


@pytest.fixture
def hand(enterprise: Enterprise) -> HandCentre:
    hand = HandCentre(enterprise, enterprise.order(answers=STEPS))
    assert set(hand.propose().values()) == {"allowed"}
    return hand


def test_told_the_same_the_sum_opens_near_the_truth(hand: HandCentre) -> None:
    plan, sites = plan_of(hand.order.body), hand.enterprise.sites
    steps = answers_to(hand, [(sites, {})])
    people = [load_people(site.home, hand.order.body.model) for site in sites]
    truth = np.sum([person.clipped_sum(hand.zeros, plan.clip) for person in people], axis=0)
    deviation = np.sqrt(5 / 4 * plan.variance) / plan.scale  # five shares of σ²/(5 - 1)
    errors = np.array([open_sum(vectors, plan) - truth for vectors in steps])
    assert np.abs(errors).max() < 7 * deviation
    assert 0.8 * deviation < errors.std() < 1.2 * deviation
    assert not looks_uniform(opened(steps))
    for left_out in range(5):  # and no fewer than all of them open
        some = [vectors[:left_out] + vectors[left_out + 1 :] for vectors in steps]
        assert looks_uniform(opened(some))


def test_told_different_parameters_nothing_opens(hand: HandCentre) -> None:
    sites = hand.enterprise.sites
    ones = np.full_like(hand.zeros, 1.0)
    steps = answers_to(hand, [(sites[:2], {}), (sites[2:], {"given": ones})])
    for members in (slice(None), slice(0, 2), slice(2, 5), slice(0, 1), slice(1, 4)):
        assert looks_uniform(opened(steps, members))


def test_told_the_least_different_parameters_nothing_opens(hand: HandCentre) -> None:
    sites = hand.enterprise.sites
    nearly = hand.zeros
    nearly[0] = 5e-324
    steps = answers_to(hand, [(sites[:4], {}), (sites[4:], {"given": nearly})])
    for members in (slice(None), slice(0, 4)):
        assert looks_uniform(opened(steps, members))


def test_told_different_rosters_nothing_opens(hand: HandCentre) -> None:
    """Two rosters of four that share three: neither the four, nor the three, nor all of them open."""
    sites = hand.enterprise.sites
    first = sorted((hand.keys[site.id] for site in sites[:4]), key=lambda entry: entry.body.node)
    second = sorted((hand.keys[site.id] for site in sites[1:]), key=lambda entry: entry.body.node)
    steps = answers_to(hand, [(sites[:2], {"roster": first}), (sites[2:], {"roster": second})])
    for members in (slice(None), slice(0, 4), slice(1, 5), slice(1, 4), slice(2, 5)):
        assert looks_uniform(opened(steps, members))


def test_vectors_of_two_steps_do_not_open_together(hand: HandCentre) -> None:
    steps = answers_to(hand, [(hand.enterprise.sites, {})])
    mixed = [[*early[:3], *late[3:]] for early, late in pairwise(steps)]
    assert looks_uniform(opened(mixed))


def roster_of(hand: HandCentre, sites: Sequence[Site]) -> list[Signed[JobKey]]:
    return sorted((hand.keys[site.id] for site in sites), key=lambda entry: entry.body.node)


def test_of_all_that_was_ever_sent_only_whole_rosters_open(hand: HandCentre) -> None:
    """Steps of five and of four in turn, at the same parameters: every choice among the nine vectors of a
    pair is added up, whatever was held back or left out, and only whole steps are not uniform noise.
    """
    sites = hand.enterprise.sites
    pairs: list[Vectors] = []
    for step in range(1, STEPS + 1, 2):
        five, four = hand.statement(step), hand.statement(step + 1, roster=roster_of(hand, sites[1:]))
        answers = [hand.vector(site, five) for site in sites]
        pairs.append(answers + [hand.vector(site, four) for site in sites[1:]])
    whole = {0b000011111, 0b111100000, 0b111111111}
    for choice in range(1, 1 << 9):
        places = [place for place in range(9) if choice >> place & 1]
        words = np.concatenate([np.sum([v[p] for p in places], axis=0, dtype=np.uint32) for v in pairs])
        assert looks_uniform(words) == (choice not in whole), f"{choice:09b}"


def test_a_message_held_back_opens_nothing_later(hand: HandCentre) -> None:
    """The centre calls a step void, goes on without one member, and adds its old message to later sums."""
    sites, gone = hand.enterprise.sites, hand.enterprise.sites[0]
    rest = roster_of(hand, sites[1:])
    steps: list[Vectors] = []
    for step in range(1, STEPS + 1, 2):
        statement, later = hand.statement(step), hand.statement(step + 1, roster=rest)
        held = hand.vector(gone, statement)
        for site in sites[1:]:
            hand.vector(site, statement)
        steps.append([held, *(hand.vector(site, later) for site in sites[1:])])
    assert looks_uniform(opened(steps))  # with the message that was held back
    assert not looks_uniform(opened(steps, slice(1, None)))  # the sum of the four is what it was


def test_a_message_added_twice_or_taken_out_opens_nothing(hand: HandCentre) -> None:
    steps = answers_to(hand, [(hand.enterprise.sites, {})])
    assert looks_uniform(opened([[*vectors, vectors[0]] for vectors in steps]))
    assert looks_uniform(opened([[*vectors, -vectors[0], -vectors[0]] for vectors in steps]))


def test_two_sums_that_differ_by_one_member_differ_by_two_full_noises(hand: HandCentre) -> None:
    """Leaving a member out of every other step isolates it under twice the order's variance, not less."""
    plan, sites = plan_of(hand.order.body), hand.enterprise.sites
    alone = load_people(sites[0].home, hand.order.body.model).clipped_sum(hand.zeros, plan.clip)
    rest = roster_of(hand, sites[1:])
    errors = []
    for step in range(1, STEPS + 1, 2):
        five, four = hand.statement(step), hand.statement(step + 1, roster=rest)
        with_it = open_sum([hand.vector(site, five) for site in sites], plan)
        without = open_sum([hand.vector(site, four) for site in sites[1:]], plan)
        errors.append(with_it - without - alone)
    least = np.sqrt(2 * plan.variance) / plan.scale
    assert np.std(errors) > 0.85 * least  # 140 values: 0.06 is one deviation of this estimate


def test_a_step_called_void_was_an_answer_of_each_member(enterprise: Enterprise) -> None:
    """All answered, the centre says void and asks on: what it holds is one of the T sums it was sold."""
    hand = HandCentre(enterprise, enterprise.order(answers=4))
    hand.propose()
    site = enterprise.sites[0]
    for step in range(1, 5):
        assert isinstance(hand.ask(site, hand.statement(step)), MaskedVector)
    assert reason_of(hand.ask(site, hand.statement(5))) == "answers_used_up"


def test_a_returner_is_asked_for_no_step_that_it_missed(hand: HandCentre) -> None:
    """Late, again, or out of order: each step number is one message under one statement, or none."""
    sites, late = hand.enterprise.sites, hand.enterprise.sites[0]
    missed = hand.statement(1)
    others = [hand.vector(site, missed) for site in sites[1:]]
    small = hand.statement(2, roster=roster_of(hand, sites[1:]))
    for site in sites[1:]:
        hand.vector(site, small)
    assert reason_of(hand.ask(late, small)) == "statement_roster_invalid"
    back = hand.statement(3)
    first = hand.vector(late, back)
    assert reason_of(hand.ask(late, missed)) == "step_burned"
    assert reason_of(hand.ask(late, hand.statement(2))) == "step_burned"
    np.testing.assert_array_equal(hand.vector(late, back), first)  # the very same bytes again
    again = [hand.vector(site, back) for site in sites[1:]]
    del others
    assert open_sum([first, *again], plan_of(hand.order.body)).shape == hand.zeros.shape


def test_a_job_key_that_the_centre_made_for_a_confirmed_member_is_refused(hand: HandCentre) -> None:
    """With a key of its own in a member's name, the centre could take that member's masks off all others."""
    site, victim = hand.enterprise.sites[0], hand.enterprise.sites[1]
    real = hand.keys[victim.id]
    own = replace(real.body, x25519=X25519PrivateKey.generate().public_key().public_bytes_raw())
    forgeries = (hand.enterprise.centre.operator.seal(own), replace(real, body=own))
    for forged in forgeries:
        roster = sorted(
            [*(key for node, key in hand.keys.items() if node != victim.id), forged],
            key=lambda entry: entry.body.node,
        )
        assert reason_of(hand.ask(site, hand.statement(1, roster=roster))) == "job_key_unsigned"
    assert isinstance(hand.ask(site, hand.statement(1)), MaskedVector)  # and nothing was burned


# ---- a node that is killed --------------------------------------------------------------------------

_KILLED = """
import os, signal, sys
from pathlib import Path
import numpy as np
from xinqiao_clients.door import Door
from xinqiao_clients.home import Home
from xinqiao_clients.node import DataNode
from xinqiao_clients.store import Store

def die():
    os.kill(os.getpid(), signal.SIGKILL)

class DyingStore(Store):
    def read(self, version, names):
        die()

class DyingDoor(Door):
    def release(self, frame, ask, identity):
        die()

home_path, passphrase, now, where, wire, parameters = sys.argv[1:]
home = Home.open(Path(home_path), passphrase, clock=lambda: int(now))
node = DataNode(home)
if where == "before_send":
    node.door = DyingDoor(home.book.add_tally)
else:
    home.store = DyingStore(home.path / "store", home.keys)
flat = np.frombuffer(bytes.fromhex(parameters)) if parameters else None
sys.stdout.buffer.write(node.answer(bytes.fromhex(wire), flat))
"""


def kill_while_answering(site: Site, where: str, wire: bytes, parameters: NDArray[np.float64] | None) -> None:
    """Let a real process answer from the site's home and die by SIGKILL on the way."""
    flat = "" if parameters is None else parameters.tobytes().hex()
    arguments = [str(site.home.path), PASSPHRASE, str(NOW), where, wire.hex(), flat]
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, *arguments], capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, b""), done.stderr


def restart(enterprise: Enterprise, number: int) -> Site:
    enterprise.sites[number] = enterprise.reopen(enterprise.sites[number])
    return enterprise.sites[number]


def releases(site: Site, hand: HandCentre) -> list[int | None]:
    job = hand.order.body.digest.hex()
    return [e.step for e in site.home.book.events() if e.job == job and e.kind is Kind.RELEASE]


def test_killed_between_burn_and_vector_it_never_makes_one_for_that_step(hand: HandCentre) -> None:
    site, statement = restart(hand.enterprise, 0), hand.statement(1)
    kill_while_answering(site, "after_burn", AskFrame(StepAsk(statement)).encode(), hand.zeros)
    site = restart(hand.enterprise, 0)
    burn = site.home.book.burn(hand.order.body.digest, 1)
    assert burn is not None
    assert (burn.statement, burn.vector) == (statement.body.digest, None)
    ones = np.full_like(hand.zeros, 1.0)
    for attempt, parameters in ((statement, hand.zeros), (hand.statement(1, ones), ones)):
        assert reason_of(hand.ask(site, attempt, parameters)) == "step_burned"
    assert releases(site, hand) == []
    assert isinstance(hand.ask(site, hand.statement(2)), MaskedVector)


def test_killed_between_vector_and_send_it_sends_the_stored_bytes_or_nothing(hand: HandCentre) -> None:
    site, statement = restart(hand.enterprise, 1), hand.statement(1)
    kill_while_answering(site, "before_send", AskFrame(StepAsk(statement)).encode(), hand.zeros)
    site = restart(hand.enterprise, 1)
    burn = site.home.book.burn(hand.order.body.digest, 1)
    assert burn is not None
    ones = np.full_like(hand.zeros, 1.0)
    assert reason_of(hand.ask(site, hand.statement(1, ones), ones)) == "step_burned"
    answer = hand.ask(site, statement)
    assert answer == MaskedVector(statement.body.digest, burn.vector or b"")
    assert releases(site, hand) == [1]


def test_killed_after_the_reservation_the_spend_stays_and_is_charged_once(enterprise: Enterprise) -> None:
    order = enterprise.order(answers=4)
    site = restart(enterprise, 2)
    before = site.home.book.spent("staff", PERIOD)
    kill_while_answering(site, "before_send", AskFrame(Proposal(order)).encode(), None)
    site = restart(enterprise, 2)
    assert site.home.book.spent("staff", PERIOD) == before + order.body.spend
    verdict = tell(site, Proposal(order))
    assert isinstance(verdict, Verdict)
    assert verdict.reason == "allowed"
    assert site.home.book.spent("staff", PERIOD) == before + order.body.spend
    job = order.body.digest.hex()
    kinds = [event.kind for event in site.home.book.events() if event.job == job]
    assert kinds == [Kind.APPROVE, Kind.DECISION, Kind.RESERVE, Kind.INTENT]


# ---- the network is blocked -------------------------------------------------------------------------

_BLOCKED = """
import socket, sys, traceback
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from simulators.enterprise import Silent, found
from xinqiao_app.grid import run_embedded
from xinqiao_clients.door import guard_process
from xinqiao_clients.flower import client_app
from xinqiao_platform.departments import Departments
from xinqiao_platform.flower import server_app
from xinqiao_platform.jobs import Job

opened = []

class Recorded(socket.socket):
    def __init__(self, *args, **kwargs):
        opened.append(traceback.format_stack())
        super().__init__(*args, **kwargs)

socket.socket = Recorded
guard_process()
enterprise = found(Path(sys.argv[2]), 3)
order = enterprise.order(answers=4)

def conversation(channel):
    departments = Departments(enterprise.centre, channel, order.body.nodes, timeout_s=30.0)
    job = Job(enterprise.centre, departments, order, Silent())
    assert job.propose() == ()
    result = job.train()
    print(result.steps, result.void_steps, len(result.receipts))

clients = {number: client_app(site.node) for number, site in enumerate(enterprise.sites, 1)}
run_embedded(server_app(conversation), clients)
enterprise.close()
print("sockets", opened)
"""


@pytest.mark.slow
def test_a_whole_job_runs_without_any_network(tmp_path: Path) -> None:
    """Real Flower apps in one guarded process: no socket is even made, so none is needed."""
    done = subprocess.run(
        [sys.executable, "-c", _BLOCKED, str(TESTS), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-2:] == ["4 0 3", "sockets []"]


# ---- sentinels --------------------------------------------------------------------------------------

NUMBER = 73_123.456_789
SENTINELS = ("SENTINEL-ID-7f3a91", "哨兵身份证号码", "SENTINEL free text 困难职工", "哨兵绩效")


def person_ids(number: int, people: int) -> list[str]:
    return [f"{SENTINELS[0]}-{number}-{row}" for row in range(people - 1)] + [f"{SENTINELS[1]}{number}"]


SENTINEL_TABLE = Dataset(
    dataset_id="staff",
    title="SENTINEL free text 困难职工",
    columns=(
        Column("id", "person", "identifier", Tier.CORE, confirmed_by="steward"),
        Column("age", "age", "number", Tier.CORE, bins=simulator.MODEL.features[0], confirmed_by="steward"),
        Column("grade", "grade", "text", Tier.CORE, bins=simulator.MODEL.features[1], confirmed_by="steward"),
        Column("pay", "pay", "number", Tier.CORE, confirmed_by="steward"),
        Column("story", "story", "text", Tier.CORE, confirmed_by="steward"),
    ),
    person="id",
    purposes=(simulator.PURPOSE,),
    owner="steward",
)
CONTRACT = Contract.from_mapping(
    {
        "dataset": "staff",
        "person": "id",
        "columns": {
            "id": {"type": "text", "missing": "forbidden", "unique": True},
            "age": {"type": "number", "min": 0, "max": 120},
            "grade": {"type": "text", "missing": "allowed"},
            "pay": {"type": "number", "min": 0},
            "story": {"type": "text", "missing": "allowed"},
        },
    }
)


def sentinel_frame(number: int, people: int = 60) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "id": person_ids(number, people),
            "age": np.linspace(20, 60, people),
            "grade": ["A", "B", SENTINELS[3]] * (people // 3),
            "pay": np.linspace(60, 140, people),
            "story": [f"{SENTINELS[2]} {row}" for row in range(people)],
        }
    )
    frame.loc[3, "pay"] = NUMBER
    return frame


def forms_of_text(text: str) -> set[bytes]:
    raw = [text.encode("utf-8"), text.encode("utf-16-le"), text.encode("utf-16-be"), text.encode("gb18030")]
    escaped = json.dumps(text)[1:-1].encode()
    return {form for data in raw for form in (data, *spelled(data))} | {escaped}


def spelled(data: bytes) -> set[bytes]:
    """Hexadecimal both ways, and base64 at each of its three alignments without the uncertain edges."""
    shifted = {base64.b64encode(bytes(shift) + data)[4 if shift else 0 : -4] for shift in range(3)}
    return {data.hex().encode(), data.hex().upper().encode()} | shifted


def forms_of_number(number: float) -> set[bytes]:
    packed = [struct.pack(form, number) for form in ("<d", ">d", "<f", ">f")]
    scaled = [round(number * scale) for scale in (1, 100, 1_000_000)]
    packed += [struct.pack(form, value) for value in scaled[1:] for form in ("<q", ">q")]
    texts = [
        repr(number).encode(),
        b"73123.45",
        b"73,123.45",
        str(scaled[1]).encode(),
        str(scaled[2]).encode(),
    ]
    return {*texts, *packed, *(form for data in packed for form in spelled(data) if len(data) == 8)}


FORMS = set().union(*map(forms_of_text, SENTINELS), forms_of_number(NUMBER))


@dataclass
class Outside:
    """Everything that exists of a job outside the encrypted stores, by where it was found."""

    places: dict[str, bytes]

    def found(self) -> list[tuple[str, bytes]]:
        return [(place, form) for place, data in self.places.items() for form in FORMS if form in data]


def import_sentinels(site: Site, number: int) -> list[str]:
    """Import the table; before that let imports fail, and return what the errors say."""
    wrong = sentinel_frame(number)
    said = []
    doubled = wrong.assign(id=[*wrong["id"][:-1], wrong["id"][0]])
    for frame in (
        wrong.assign(pay=wrong["story"]),
        wrong.assign(age=-NUMBER),
        doubled,
        wrong.rename(columns={"id": SENTINELS[0]}),
    ):
        with pytest.raises(DataInvalid) as caught:
            import_frame(
                frame, dataset=SENTINEL_TABLE, contract=CONTRACT, store=site.home.store, today=site.home.today
            )
        said.append(str(caught.value))
    version = import_frame(
        sentinel_frame(number),
        dataset=SENTINEL_TABLE,
        contract=CONTRACT,
        store=site.home.store,
        today=site.home.today,
    )
    site.home.adopt(SENTINEL_TABLE, simulator.CONTRACT, version, CAP, "steward")
    return said


def files_below(*folders: Path, without: str = "store") -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and without not in path.relative_to(folder).parts
    }


def trouble(enterprise: Enterprise, channel: DirectChannel) -> None:
    """Orders that are refused, an ask that is garbage, and a job whose data is damaged on the way."""
    refused = [
        enterprise.order(answers=4, purpose="performance_appraisal"),
        enterprise.order(answers=4, output=Output.RAW_EXPORT),
        enterprise.order(answers=4, approve=False),
    ]
    for order in refused:
        asks = {address: Ask(AskFrame(Proposal(order)).encode()) for address in channel.members()}
        channel.ask(asks, timeout_s=1.0)
    hand = HandCentre(enterprise, enterprise.order(answers=4))
    hand.propose()
    victim = enterprise.sites[1]
    columns = sorted((victim.home.path / "store").rglob("*.xqc"))
    kept = [column.read_bytes() for column in columns]
    for column, data in zip(columns, kept, strict=True):
        column.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    wire = AskFrame(StepAsk(hand.statement())).encode()
    channel.ask({"2": Ask(wire, hand.zeros), "1": Ask(b"{}\n")}, timeout_s=1.0)
    for column, data in zip(columns, kept, strict=True):
        column.write_bytes(data)
    for site in enterprise.sites:
        tell(site, hand.closing("too_few_members"))


@pytest.mark.slow
def test_sentinels_are_found_nowhere_outside_the_stores(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    enterprise = found(tmp_path, 4)
    said = [text for number in (0, 1) for text in import_sentinels(enterprise.sites[number], number)]
    first = enterprise.channel()
    trouble(enterprise, first)

    lost = {"4": 0}

    def lose_one_answer(address: str, answer: bytes) -> bytes | None:
        lost[address] = lost.get(address, 0) + 1
        return None if (address, lost[address]) == ("4", 4) else answer

    order = enterprise.order(answers=6)
    second = enterprise.channel(change=lose_one_answer)
    result, watcher, refused = run_job(enterprise, order, second)
    over = enterprise.order(answers=4)
    first.ask({address: Ask(AskFrame(Proposal(over)).encode()) for address in first.members()}, timeout_s=1.0)
    assert (result.void_steps, watcher.voids, refused) == (1, [2], ())
    reasons = {event.reason for site in enterprise.sites for event in site.home.book.events()}
    assert {"budget_exceeded", "purpose_forbidden", "raw_export_forbidden", "approval_missing"} <= reasons

    note = enterprise.centre.log.checkpoint()
    bundle = export(
        enterprise.centre.log, checkpoint=note, order=order, receipts=result.receipts, card=result.card
    )
    captured = capfd.readouterr()
    wires = [
        part
        for channel in (first, second)
        for _, ask, answer in channel.transcript
        for part in (ask.wire, answer)
    ]
    flats = [ask.parameters for channel in (first, second) for _, ask, _ in channel.transcript]
    outside = Outside(
        {
            "wires": b"\n".join(wires),
            "parameters": b"".join(flat.tobytes() for flat in flats if flat is not None),
            "logs": caplog.text.encode(),
            "stdout": captured.out.encode(),
            "stderr": captured.err.encode(),
            "errors": "\n".join(said).encode(),
            "events": b"\n".join(e.leaf for site in enterprise.sites for e in site.home.book.events()),
            "bundle": bundle,
            "model": result.model.encode(),
            "card": dumps(result.card),
            **files_below(enterprise.centre.path),
            **files_below(*(site.home.path for site in enterprise.sites)),
        }
    )
    assert any(name.endswith("book.sqlite") for name in outside.places)
    assert any(name.endswith("log.sqlite") for name in outside.places)
    assert outside.found() == []
    in_stores = Outside(
        {p: d for s in enterprise.sites for p, d in files_below(s.home.path, without="-").items()}
    )
    assert in_stores.found() == []  # columns are encrypted, and the catalogue, whose title holds one, too
    enterprise.close()


@pytest.mark.parametrize(
    "leak",
    [
        lambda: f"row: {SENTINELS[0]}-0-12".encode(),
        lambda: dumps({"note": SENTINELS[1]}),
        lambda: json.dumps({"note": SENTINELS[3]}).encode(),
        lambda: sentinel_frame(0)["story"][5].encode("utf-16-le"),
        lambda: base64.b64encode(b"x" + SENTINELS[2].encode() + b"yz"),
        lambda: sentinel_frame(0).to_csv().encode(),
        lambda: np.array([1.0, NUMBER]).tobytes(),
        lambda: np.array([NUMBER]).tobytes().hex().encode(),
        lambda: str(round(NUMBER * 1_000_000)).encode(),
    ],
)
def test_the_search_finds_what_it_looks_for(leak: Callable[[], bytes]) -> None:
    assert Outside({"here": leak()}).found() != []


# ---- a member that vanishes -------------------------------------------------------------------------


def test_shares_grow_when_the_roster_shrinks(hand: HandCentre) -> None:
    """The sum of any allowed roster carries the order's noise without any t of its members."""
    plan = plan_of(hand.order.body)
    for members in range(plan.smallest_roster, plan.members + 1):
        assert (members - plan.collusion) * plan.share_variance(members) >= plan.variance
    fewer = [hand.keys[node] for node in sorted(hand.keys)][:4]
    site = next(site for site in hand.enterprise.sites if site.id == fewer[0].body.node)
    honest = hand.statement(roster=fewer)
    lean = replace(honest.body, share_variance=plan.share_variance(5))
    sealed = hand.enterprise.centre.operator.seal(lean)
    assert reason_of(hand.ask(site, sealed)) == "statement_noise_changed"
    assert isinstance(hand.ask(site, honest), MaskedVector)
