"""Evidence of one event and of a period: what it proves, and what each change to it breaks."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from simulators.ledger import Enterprise, Node, Row, edit, hexed, row, rows_of
from xinqiao_governance.errors import NodeUnavailable, ProofError, WireInvalid
from xinqiao_ledger.anchor import AnchorRecord
from xinqiao_ledger.bundle import Bundle, EventBundle, JobBundle, PeriodBundle, export_period
from xinqiao_ledger.checkpoint import Checkpoint, SignedCheckpoint, sign
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.log import Log
from xinqiao_ledger.period import LATE_S, SKEW_S
from xinqiao_ledger.report import Report, Status, Verdict
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.tree import Tree, leaf_hash
from xinqiao_ledger.trust import Trust, TrustedChain
from xinqiao_ledger.verify import verify

DAY = 86_400
START = 1_700_000_000


def codes(report: Report, status: Status) -> dict[int, str]:
    return {finding.number: finding.code for finding in report.findings if finding.status is status}


def failed(report: Report) -> dict[int, str]:
    assert (report.verdict, report.exit_code) == (Verdict.FAIL, 1)
    return codes(report, Status.FAIL)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enterprise]:
    """Twenty days: the operator writes on every even one, departments on every odd one."""
    enterprise = Enterprise(tmp_path_factory.mktemp("year"))
    enterprise.now = START + 30 * DAY
    for day in range(20):
        writers = enterprise.departments if day % 2 else [enterprise.operator]
        kind = Kind.RESERVE if day % 2 else Kind.ORDER
        fields: dict[str, Any] = {"job": hexed("job", day // 2)}
        if kind is Kind.RESERVE:
            fields["spend"] = enterprise.plan.spend
        enterprise.append([node.write(kind, time=START + day * DAY, **fields) for node in writers])
    yield enterprise
    enterprise.close()


@pytest.fixture(scope="module")
def period(year: Enterprise) -> bytes:
    return year.period_bundle(START + 5 * DAY, START + 8 * DAY)


@pytest.fixture(scope="module")
def trust(year: Enterprise) -> Trust:
    return year.trust()


# ---- an event --------------------------------------------------------------------------------------


def test_every_event_of_a_log_has_its_proof(year: Enterprise, trust: Trust) -> None:
    for index in range(year.log.size):
        data = year.event_bundle(index)
        report = verify(data, trust)
        assert report.verdict is Verdict.PASS
        assert codes(report, Status.NOT_CHECKED) == {
            **dict.fromkeys((4, 5, 6, 7, 8, 11), "audit_not_of_event"),
            10: "audit_anchor_offline_operator",
        }
        bundle = Bundle.decode(data)
        assert isinstance(bundle, EventBundle)
        assert rows_of(data)[0][2]["scope"] == {"event": bundle.event.hash.hex()}
        assert [line[0] for line in rows_of(data)[1:]] == ["checkpoint", "entry", "proof", "anchor"]


def test_an_event_without_a_trust_file_names_the_keys_to_compare(year: Enterprise) -> None:
    report = verify(year.event_bundle(3))
    assert (report.verdict, report.exit_code) == (Verdict.NOT_PROVEN, 3)
    shown = "\n".join(report.lines("en"))
    writer = Event.decode(year.log.entries(3, 4)[0]).node
    assert bytes.fromhex(writer).hex(" ", 2) in shown
    assert year.log.origin in shown


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda rows: row(rows, "entry")[2].update(role="auditor"), None),
        (lambda rows: rows[0][2]["scope"].update(event="00" * 32), "bundle_not_canonical"),
        (lambda rows: rows[0][2].update(scope={}), "wire_field_invalid"),
        (lambda rows: rows[0].__delitem__(2), "bundle_not_canonical"),
        (lambda rows: rows.insert(3, ["entry", 9, row(rows, "entry")[2]]), "wire_field_invalid"),
        (lambda rows: rows.append(["card", {}]), "bundle_not_canonical"),
    ],
)
def test_a_changed_event_fails(
    year: Enterprise, trust: Trust, change: Callable[[list[Row]], object], code: str | None
) -> None:
    report = verify(edit(year.event_bundle(3), change), trust)
    assert failed(report).get(1) == (code or "bundle_not_canonical")


def test_an_event_of_another_place_or_another_log_fails(year: Enterprise, trust: Trust) -> None:
    bundle = Bundle.decode(year.event_bundle(3))
    moved = replace(bundle, entries={4: bundle.events[0]})
    assert failed(verify(moved.encode(), trust)) == {3: "proof_subset_failed"}
    forged = replace(bundle, entries={3: replace(bundle.events[0], role="auditor")})
    assert failed(verify(forged.encode(), trust)) == {3: "proof_subset_failed"}


def test_an_event_bundle_forged_whole_with_fresh_keys_fails(tmp_path: Path, trust: Trust) -> None:
    forger = Enterprise(tmp_path)
    forger.run()
    for data in (forger.event_bundle(2), forger.period_bundle(1, 1_900_000_000)):
        assert {2, 9} <= failed(verify(data, trust)).keys()
        assert verify(data).verdict is Verdict.NOT_PROVEN
    forger.close()


# ---- a period --------------------------------------------------------------------------------------


def test_a_period_takes_what_bounds_it_and_nothing_more(period: bytes, year: Enterprise) -> None:
    bundle = Bundle.decode(period)
    assert isinstance(bundle, PeriodBundle)
    assert (bundle.since, bundle.until) == (START + 5 * DAY, START + 8 * DAY)
    assert rows_of(period)[0][2]["scope"] == {"from": bundle.since, "to": bundle.until}
    days = sorted({(event.time - START) // DAY for event in bundle.events})
    assert days == list(range(4, 13))  # from the operator's day 4 to his first one three days after day 8
    assert bundle.events[0].node == bundle.events[-1].node == year.operator.id


def test_an_honest_period_passes(period: bytes, trust: Trust) -> None:
    report = verify(period, trust)
    assert report.verdict is Verdict.PASS
    assert codes(report, Status.NOT_CHECKED) == {
        **dict.fromkeys((5, 6, 7, 8), "audit_not_of_period"),
        10: "audit_anchor_offline_operator",
    }


def test_a_period_without_a_trust_file_is_not_proven(period: bytes) -> None:
    report = verify(period)
    assert report.verdict is Verdict.NOT_PROVEN
    assert {2, 4, 9, 11} <= codes(report, Status.NOT_CHECKED).keys()
    assert report.keys.fingerprints


def test_the_logs_beginning_and_a_head_cosigned_late_enough_bound_a_period_too(
    year: Enterprise, trust: Trust
) -> None:
    for since, until in ((1, 2), (START, START + 20 * DAY), (START + 30 * DAY, START + 31 * DAY)):
        data = year.period_bundle(since, until)
        assert verify(data, trust).verdict is Verdict.PASS


def of_head(enterprise: Enterprise, note: str, since: int, until: int) -> bytes:
    """The period's bundle under this head, which the operator picked."""
    return export_period(enterprise.log, since, until, operator=enterprise.operator.id, checkpoint=note)


def test_a_period_under_an_old_head_is_open(tmp_path: Path) -> None:
    """The operator picks a genuine head of the first day, to hide what was logged on the third."""
    enterprise = Enterprise(tmp_path)
    enterprise.now, until = START, START + 7 * DAY
    enterprise.append([enterprise.operator.write(Kind.CHECKPOINT, time=START)])
    early = enterprise.cosigned()
    enterprise.append([enterprise.departments[0].write(Kind.CONFIRM, time=START + 2 * DAY)])
    trust = enterprise.trust()
    for keys in (trust, replace(trust, witnesses=(), witness_threshold=0)):
        report = verify(of_head(enterprise, early, START, until), keys)
        assert report.verdict is Verdict.NOT_PROVEN
        assert codes(report, Status.NOT_CHECKED)[4] == "audit_period_open"
    enterprise.append([enterprise.operator.write(Kind.CHECKPOINT, time=until + LATE_S)])
    enterprise.now = until + LATE_S
    assert verify(of_head(enterprise, enterprise.cosigned(), START, until), trust).verdict is Verdict.PASS
    enterprise.close()


def test_only_enough_independent_witnesses_late_enough_close_a_period(tmp_path: Path) -> None:
    enterprise = Enterprise(tmp_path)
    until = START + DAY
    enterprise.append([enterprise.departments[0].write(Kind.CONFIRM, time=START)])
    trust, late = enterprise.trust(), []
    ours = tuple(replace(witness, kept_by="operator") for witness in trust.witnesses)
    note = enterprise.log.checkpoint()
    for moment in (until + LATE_S - 1, until + LATE_S):
        enterprise.now = moment
        late.append(
            [w.cosign(note, w.size, enterprise.log.consistency(w.size, 1)) for w in enterprise.witnesses]
        )
    (old, other), (new, _) = late[0], late[1]
    cases = [
        (note + "".join(late[0]), trust, "audit_period_open"),
        (note + new + other, trust, "audit_period_open"),
        (note + new + other, replace(trust, witness_threshold=1), None),
        (note + new + other, replace(trust, witness_threshold=0), None),
        (note + old + other, replace(trust, witness_threshold=1), "audit_period_open"),
        (note + "".join(late[1]), trust, None),
        (note + "".join(late[1]), replace(trust, witnesses=ours), "audit_period_open"),
        (note + new, trust, "audit_period_open"),
    ]
    for signed, keys, code in cases:
        report = verify(of_head(enterprise, signed, START, until), keys)
        assert codes(report, Status.NOT_CHECKED).get(4) == code
    enterprise.close()


def narrowed(year: Enterprise, period: bytes, kept: Callable[[int, Event], bool]) -> bytes:
    """The bundle without some entries, with a proof that holds for the rest."""
    bundle = Bundle.decode(period)
    entries = {index: event for index, event in bundle.entries.items() if kept(index, event)}
    proof = tuple(year.log.prove_subset(sorted(entries), bundle.checkpoint.checkpoint.size))
    return replace(bundle, entries=entries, proof=proof).encode()


def test_an_entry_left_out_of_a_period_fails(year: Enterprise, period: bytes, trust: Trust) -> None:
    indices = sorted(Bundle.decode(period).entries)
    for index in indices[1:-1]:
        found = failed(verify(narrowed(year, period, lambda i, _, out=index: i != out), trust))
        assert found == {4: "audit_period_gap"}
    cut = failed(verify(narrowed(year, period, lambda i, _: i > indices[0]), trust))
    assert cut == {4: "audit_period_start"}
    cut = failed(verify(narrowed(year, period, lambda i, _: i < indices[-1]), trust))
    assert cut == {4: "audit_period_end"}


def test_a_period_cannot_be_called_longer_than_its_marks(period: bytes, trust: Trust) -> None:
    bundle = Bundle.decode(period)
    assert isinstance(bundle, PeriodBundle)
    first, last = bundle.events[0].time, bundle.events[-1].time
    for since, code in ((first + SKEW_S + 1, None), (first + SKEW_S, "audit_period_start")):
        report = verify(replace(bundle, since=since).encode(), trust)
        assert codes(report, Status.FAIL).get(4) == code
    for until, code in ((last - LATE_S, None), (last - LATE_S + 1, "audit_period_end")):
        report = verify(replace(bundle, until=until).encode(), trust)
        assert codes(report, Status.FAIL).get(4) == code


def test_marks_must_be_the_operators_own(year: Enterprise, period: bytes, trust: Trust) -> None:
    clerk = SigningKey.generate().public
    found = failed(verify(period, replace(trust, operator=clerk)))
    assert found == {4: "audit_period_start"}


@pytest.mark.parametrize(("since", "until"), [(5, 5), (6, 5), (-1, 5)])
def test_a_period_that_is_none_is_refused(period: bytes, since: int, until: int) -> None:
    with pytest.raises(WireInvalid):
        replace(Bundle.decode(period), since=since, until=until)
    report = verify(edit(period, lambda rows: rows[0][2].update(scope={"from": since, "to": until})))
    assert failed(report) == {1: "wire_field_invalid"}


def test_an_event_that_the_log_dropped_shows_in_its_writers_journal(year: Enterprise, trust: Trust) -> None:
    """Whoever has the log's key can sign a tree without the entry: the writer's own numbers tell."""
    leaves = year.log.entries(0, year.log.size)
    del leaves[next(n for n, leaf in enumerate(leaves) if b'"reserve"' in leaf and b'"seq":2,' in leaf)]
    tree, key = Tree(map(leaf_hash, leaves)), SigningKey.generate()
    head = sign(Checkpoint(trust.origin, len(leaves), tree.root()), key)
    entries = {index: Event.decode(leaf) for index, leaf in enumerate(leaves)}
    proof = tuple(tree.prove_subset(range(len(leaves)), len(leaves)))
    signed = SignedCheckpoint.parse(head)
    forged = PeriodBundle(checkpoint=signed, entries=entries, proof=proof, since=1, until=2)
    found = codes(verify(forged.encode(), replace(trust, log_key=key.public)), Status.FAIL)
    assert found.pop(9) == "audit_witnesses_few"
    assert found == {4: "journal_gap"}


# ---- the anchor, asked ------------------------------------------------------------------------------


def agrees(record: AnchorRecord) -> None:
    """A chain that has every anchor."""


def denies(record: AnchorRecord) -> None:
    raise ProofError("anchor_root_differs", size=record.size)


def is_down(record: AnchorRecord) -> None:
    raise NodeUnavailable("io_failed", path="chain", reason="down")


def test_an_anchor_passes_only_on_a_chain_that_others_keep(year: Enterprise, trust: Trust) -> None:
    bundle = Bundle.decode(year.event_bundle(0))
    assert bundle.anchor is not None
    assert trust.chain is not None
    free = replace(bundle, anchor=replace(bundle.anchor, keeper="independent")).encode()
    independent = replace(trust, chain=replace(trust.chain, kept_by="independent"))
    nowhere = replace(trust, chain=None)
    cases = [
        (free, independent, agrees, Status.PASS, ""),
        (free, independent, denies, Status.FAIL, "anchor_root_differs"),
        (free, independent, is_down, Status.NOT_CHECKED, "io_failed"),
        (free, independent, None, Status.NOT_CHECKED, "audit_anchor_offline"),
        (free, trust, None, Status.NOT_CHECKED, "audit_anchor_offline_operator"),
        (bundle.encode(), independent, None, Status.NOT_CHECKED, "audit_anchor_offline_operator"),
        (free, None, None, Status.NOT_CHECKED, "audit_anchor_claimed"),
        (bundle.encode(), None, None, Status.NOT_CHECKED, "audit_anchor_claimed_operator"),
        (free, trust, agrees, Status.NOT_CHECKED, "audit_confirmed_kept_by_operator"),
        (free, trust, denies, Status.FAIL, "anchor_root_differs"),
        (bundle.encode(), independent, agrees, Status.NOT_CHECKED, "audit_confirmed_kept_by_operator"),
        (free, nowhere, agrees, Status.NOT_CHECKED, "audit_chain_unknown"),
        (free, None, agrees, Status.NOT_CHECKED, "audit_chain_unknown"),
    ]
    for data, keys, confirm, status, code in cases:
        finding = verify(data, keys, confirm).findings[9]
        assert (finding.number, finding.status, finding.code) == (10, status, code)


def test_an_anchor_of_another_head_is_no_proof_of_this_one(year: Enterprise, trust: Trust) -> None:
    """Replayed from an earlier head: it fails before anybody is asked."""
    bundle = Bundle.decode(year.event_bundle(0))
    assert bundle.anchor is not None
    earlier = replace(bundle.anchor, size=5, root=year.log.root(5))
    replayed = replace(bundle, anchor=earlier).encode()
    assert failed(verify(replayed, trust, agrees)) == {10: "audit_anchor_differs"}
    elsewhere = replace(trust, chain=TrustedChain(1, bundle.anchor.contract, "independent"))
    assert failed(verify(bundle.encode(), elsewhere, agrees)) == {10: "audit_chain_differs"}


# ---- older evidence --------------------------------------------------------------------------------


def test_a_job_bundle_has_the_bytes_it_always_had(tmp_path: Path) -> None:
    enterprise = Enterprise(tmp_path)
    data = enterprise.run()
    bundle = Bundle.decode(data)
    assert isinstance(bundle, JobBundle)
    head = {"suite": "sha256-ed25519", "origin": enterprise.log.origin, "scope": {"job": enterprise.job}}
    assert rows_of(data)[0] == ["xinqiao-bundle", 1, head]
    assert verify(data, enterprise.trust()).verdict is Verdict.PASS
    enterprise.close()


def test_marks_are_found_among_the_first_entries_only(year: Enterprise) -> None:
    log: Log = year.log
    whole = log.size
    assert log.last_before(year.operator.id, START + 1, whole) == 0
    assert log.last_before(year.operator.id, START, whole) is None
    assert log.first_from(year.operator.id, START + 19 * DAY, whole) is None
    last = log.first_from(year.operator.id, START + 18 * DAY, whole)
    assert last is not None
    assert log.first_from(year.operator.id, START + 18 * DAY, last) is None
    assert log.last_before(Node("stranger").id, START + 99 * DAY, whole) is None
