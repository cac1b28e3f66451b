"""The data node: what it answers, what it never answers twice, and in which order it acts."""

import inspect
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from simulators import wires
from simulators.enterprise import (
    CAP,
    CONTRACT,
    PASSPHRASE,
    Enterprise,
    HandCentre,
    Site,
    dataset,
    found,
    reason_of,
    table,
    tell,
)
from xinqiao_clients import node as node_module
from xinqiao_clients import policies
from xinqiao_clients.chunks import ColumnData
from xinqiao_clients.confirming import confirm_column
from xinqiao_clients.gate import decide
from xinqiao_clients.home import PERIOD, Home
from xinqiao_clients.node import DataNode
from xinqiao_clients.store import Store, Version
from xinqiao_governance.canonical import dumps
from xinqiao_governance.catalogue import Dataset, Tier
from xinqiao_governance.decision import Decision
from xinqiao_governance.order import Order, Output, Spend
from xinqiao_governance.signed import Signed
from xinqiao_governance.wire import (
    AskFrame,
    Closing,
    ClosingAsk,
    CosignAsk,
    Hello,
    Introduction,
    MaskedVector,
    Proposal,
    ReceiptAnswer,
    StepAsk,
    Verdict,
)
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.receipt import LogReceipt
from xinqiao_ledger.signing import SigningKey
from xinqiao_models import gradients, masks, moments, network, noise, sums
from xinqiao_platform.channel import Ask, Proven

WIDE = Spend(1_000_000_000, 10_000_000)
COST = Spend(1_000_000, 10_000)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enterprise]:
    enterprise = found(Path(tmp_path_factory.mktemp("enterprise")), 3, cap=WIDE)
    yield enterprise
    enterprise.close()


@pytest.fixture
def enterprise(shared: Enterprise) -> Enterprise:
    return shared  # its clock goes on: no test sets it back for the next


@pytest.fixture
def hand(enterprise: Enterprise) -> HandCentre:
    """A job of four answers that everybody allowed."""
    hand = HandCentre(enterprise, enterprise.order(answers=4))
    assert set(hand.propose().values()) == {"allowed"}
    return hand


@pytest.fixture
def site(enterprise: Enterprise) -> Site:
    return enterprise.sites[0]


def events_of(site: Site, order: Signed[Order]) -> list[Event]:
    return [event for event in site.home.book.events() if event.job == order.body.digest.hex()]


def kinds_of(site: Site, order: Signed[Order]) -> list[Kind]:
    return [event.kind for event in events_of(site, order)]


def spent(site: Site) -> Spend:
    return site.home.book.spent("staff", PERIOD)


# ---- asks that are none -----------------------------------------------------------------------------


@pytest.mark.parametrize("wire", [b"", b"\n", b"{}\n", b"\xff", b'{"ask":"rows","body":{},"receipts":[]}\n'])
def test_garbage_is_refused_by_a_code(site: Site, wire: bytes) -> None:
    proven = Proven(site.node.answer(wire, None), Ask(wire))
    assert proven.node == site.id  # signed for the very bytes, though they say nothing
    assert reason_of(proven.answer).startswith("wire_")


def test_hello_is_answered_with_what_may_be_published(site: Site) -> None:
    answer = tell(site, Hello(bytes(16)))
    assert isinstance(answer, Introduction)
    assert answer.catalogue == dataset().published()
    data = dumps(answer.to_json())
    assert b"p0-" not in data
    assert b"dept" not in data


def test_a_checkpoint_that_is_none_is_not_witnessed(site: Site) -> None:
    assert reason_of(tell(site, CosignAsk("note", 0, ()))) == "checkpoint_malformed"


# ---- the gate, at the node --------------------------------------------------------------------------


def refuse(enterprise: Enterprise, order: Signed[Order]) -> str:
    """Propose to one department; whatever the reason, nothing was spent and the refusal is in the journal."""
    site = enterprise.sites[0]
    before = spent(site)
    verdict = tell(site, Proposal(order))
    assert isinstance(verdict, Verdict)
    assert verdict.job_key is None
    assert spent(site) == before
    event = events_of(site, order)[-1]
    assert (event.kind, event.decision, event.reason) == (Kind.DECISION, "refuse", verdict.reason)
    return verdict.reason


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"approve": False}, "approval_missing"),
        ({"purpose": "performance_appraisal"}, "purpose_forbidden"),
        ({"purpose": "staff_care"}, "purpose_undeclared"),
        ({"output": Output.RAW_EXPORT}, "raw_export_forbidden"),
        ({"people": 100}, "group_too_small"),
    ],
)
def test_refused_orders_are_logged_and_spend_nothing(
    enterprise: Enterprise, fields: dict[str, object], reason: str
) -> None:
    assert refuse(enterprise, enterprise.order(answers=4, **fields)) == reason


def test_over_budget_is_refused_and_nothing_is_reserved(tmp_path: Path) -> None:
    enterprise = found(tmp_path, 3, cap=Spend(1_500_000, 30_000))
    try:
        first = HandCentre(enterprise, enterprise.order(answers=4))
        assert set(first.propose().values()) == {"allowed"}
        site = enterprise.sites[0]
        assert refuse(enterprise, enterprise.order(answers=4)) == "budget_exceeded"
        assert spent(site) == COST
        exact = enterprise.order(answers=4, spend=Spend(500_000, 20_000))
        assert set(HandCentre(enterprise, exact).propose().values()) == {"allowed"}  # to the last micro-unit
        assert spent(site) == Spend(1_500_000, 30_000)
        least = enterprise.order(answers=1, spend=Spend(100_000, 1))
        assert refuse(enterprise, least) == "budget_exceeded"
    finally:
        enterprise.close()


def test_the_same_order_twice_is_charged_once(hand: HandCentre, site: Site) -> None:
    before, kinds, key = spent(site), kinds_of(site, hand.order), hand.keys[site.id]
    assert set(hand.propose().values()) == {"allowed"}
    assert spent(site) == before
    assert kinds_of(site, hand.order) == kinds
    assert hand.keys[site.id] == key


def test_a_refused_order_is_decided_anew_when_approval_came(enterprise: Enterprise, site: Site) -> None:
    order = enterprise.order(answers=4, approve=False)
    assert refuse(enterprise, order) == "approval_missing"
    site.home.approve(order, "steward")
    verdict = tell(site, Proposal(order))
    assert isinstance(verdict, Verdict)
    assert verdict.reason == "allowed"


def test_a_forgery_proposed_first_does_not_put_its_signer_in_the_operators_place(
    enterprise: Enterprise, site: Site
) -> None:
    """The book keeps refused orders too: the signature kept must be the one that was allowed."""
    order = enterprise.order(answers=4)
    forger = SigningKey.generate()
    assert reason_of(tell(site, Proposal(forger.seal(order.body)))) == "order_unsigned"
    hand = HandCentre(enterprise, order)
    assert set(hand.propose().values()) == {"allowed"}
    forged = forger.seal(hand.statement().body)
    assert reason_of(hand.ask(site, forged)) == "statement_unsigned"
    assert isinstance(hand.ask(site, hand.statement()), MaskedVector)


def test_orders_that_the_operator_did_not_sign_leave_no_trace(enterprise: Enterprise, site: Site) -> None:
    """Anybody can make them, without end: each in the journal would drown it, and the log."""
    order, before = enterprise.order(answers=4, approve=False), site.home.book.count_events()
    stranger = SigningKey.generate()
    forgeries = [stranger.seal(order.body), replace(order, signature=bytes(64))]
    forgeries.append(replace(order, body=replace(order.body, answers=5)))
    for forged in forgeries:
        assert reason_of(tell(site, Proposal(forged))) == "order_unsigned"
        assert site.home.book.job(forged.body.digest) is None
    assert site.home.book.count_events() == before


def test_the_same_refusal_again_is_in_the_journal_once(enterprise: Enterprise, site: Site) -> None:
    """Whoever carries messages can say an order again and again; it was signed by the operator once."""
    order = enterprise.order(answers=4, approve=False)
    for _ in range(3):
        assert refuse(enterprise, order) == "approval_missing"
    assert kinds_of(site, order) == [Kind.DECISION]
    enterprise.now[0] = order.body.expires
    for _ in range(2):  # another reason is another decision
        assert refuse(enterprise, order) == "order_expired"
    assert kinds_of(site, order) == [Kind.DECISION] * 2
    enterprise.now[0] -= 100  # a clock that is set back revives no order
    assert refuse(enterprise, order) == "order_expired"
    assert kinds_of(site, order) == [Kind.DECISION] * 2
    enterprise.now[0] += 100


def test_the_same_refusal_on_other_data_is_another(tmp_path: Path) -> None:
    enterprise = found(tmp_path, 3)
    try:
        site, order = enterprise.sites[0], enterprise.order(answers=4, approve=False)
        refuse(enterprise, order)
        import_again(site)
        for _ in range(2):
            assert refuse(enterprise, order) == "approval_missing"
        versions = [event.dataset_digest for event in events_of(site, order)]
        assert len(versions) == len(set(versions)) == 2
    finally:
        enterprise.close()


def test_a_refusal_is_logged_before_anything_was_imported(enterprise: Enterprise, tmp_path: Path) -> None:
    home = Home.create(
        tmp_path / "new", enterprise.sites[0].home.settings, PASSPHRASE, lambda: enterprise.now[0]
    )
    try:
        new, order = Site(home, DataNode(home)), enterprise.order(answers=4)
        hello = tell(new, Hello(bytes(16)))
        assert isinstance(hello, Introduction)
        assert hello.catalogue == {"v": 1, "columns": []}
        assert reason_of(tell(new, Proposal(SigningKey.generate().seal(order.body)))) == "order_unsigned"
        assert home.book.count_events() == 0
        for _ in range(2):
            assert tell(new, Proposal(order)) == Verdict(order.body.digest, "dataset_missing", None)
        (event,) = events_of(new, order)
        assert (event.kind, event.decision, event.reason) == (Kind.DECISION, "refuse", "dataset_missing")
        assert (event.dataset, event.dataset_digest, event.tier) == (None, None, None)
        assert event.purpose == order.body.purpose
        home.adopt(dataset(), CONTRACT, home.store.write(dataset(), table(7)), WIDE, "steward")
        assert tell(new, Proposal(order)) == Verdict(order.body.digest, "order_not_for_us", None)
    finally:
        home.close()


def test_an_order_that_is_over_is_not_opened_again(hand: HandCentre, site: Site) -> None:
    before = spent(site)
    assert isinstance(tell(site, hand.closing()), ReceiptAnswer)
    verdict = tell(site, Proposal(hand.order))
    assert isinstance(verdict, Verdict)
    assert (verdict.reason, verdict.job_key) == ("job_over", None)
    assert reason_of(hand.ask(site, hand.statement())) == "job_unknown"
    assert spent(site) == before


def test_a_lowered_tier_is_not_obeyed_until_the_table_is_imported_again(tmp_path: Path) -> None:
    """Another catalogue over a version that was imported under the old one must not open core data."""
    enterprise = found(tmp_path, 3)
    try:
        site = enterprise.sites[0]
        home = site.home
        lowered = replace(
            home.dataset, columns=tuple(replace(c, tier=Tier.PUBLIC) for c in home.dataset.columns)
        )
        home.adopt(lowered, CONTRACT, home.version, CAP, "steward")
        assert refuse(enterprise, enterprise.order(answers=4, approve=False)) == "contract_failed_gate"
    finally:
        enterprise.close()


def test_data_that_was_never_found_to_hold_its_contract_is_not_used(tmp_path: Path) -> None:
    enterprise = found(tmp_path, 3)
    try:
        home = enterprise.sites[0].home
        with home.book.transaction() as book:
            home.swap_version(book, home.version, home.service, "erase", holds=False)
        assert refuse(enterprise, enterprise.order(answers=4)) == "contract_failed_gate"
    finally:
        enterprise.close()


# ---- the order of things ----------------------------------------------------------------------------


class WatchedStore(Store):
    """A store that notes what the journal said when columns were read."""

    def __init__(self, site: Site) -> None:
        super().__init__(site.home.path / "store", site.home.keys)
        self._book = site.home.book
        self.reads: list[list[Kind]] = []

    def read(self, version: Version, names: Sequence[str]) -> dict[str, ColumnData]:
        self.reads.append([event.kind for event in self._book.events()])
        return super().read(version, names)


def test_nothing_is_read_before_it_is_decided_reserved_and_recorded(
    enterprise: Enterprise, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = WatchedStore(site)
    monkeypatch.setattr(site.home, "store", store)
    refuse(enterprise, enterprise.order(answers=4, approve=False))
    before = spent(site)
    hand = HandCentre(enterprise, enterprise.order(answers=4))
    hand.propose()
    assert store.reads == []
    assert reason_of(hand.ask(site, hand.statement(variance=1))) == "statement_noise_changed"
    assert store.reads == []
    assert isinstance(hand.ask(site, hand.statement()), MaskedVector)
    assert isinstance(hand.ask(site, hand.statement(2)), MaskedVector)
    (journal,) = store.reads  # once a job
    assert journal[-3:] == [Kind.DECISION, Kind.RESERVE, Kind.INTENT]
    assert spent(site) == before + COST
    assert kinds_of(site, hand.order)[-2:] == [Kind.RELEASE, Kind.RELEASE]


def test_a_step_is_burned_before_a_keystream_is_drawn(
    hand: HandCentre, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    burned: list[object] = []

    class Watched(masks.MaskMaker):
        def mask(
            self, peers: Mapping[bytes, bytes], statement_digest: bytes, dimension: int
        ) -> NDArray[np.uint32]:
            other = Home.open(site.home.path, PASSPHRASE)  # what another process sees is on the disk
            burned.append(other.book.burn(hand.order.body.digest, 1))
            other.close()
            return super().mask(peers, statement_digest, dimension)

    monkeypatch.setattr(node_module, "MaskMaker", Watched)
    statement = hand.statement()
    assert isinstance(hand.ask(site, statement), MaskedVector)
    (burn,) = burned
    assert (burn.statement, burn.vector) == (statement.body.digest, None)  # type: ignore[attr-defined]


def test_a_release_is_in_the_journal_with_the_digest_of_what_left(hand: HandCentre, site: Site) -> None:
    statement = hand.statement()
    answer = hand.ask(site, statement)
    assert isinstance(answer, MaskedVector)
    event = events_of(site, hand.order)[-1]
    assert (event.kind, event.step, event.statement) == (Kind.RELEASE, 1, statement.body.digest.hex())
    assert event.output_digest == node_module.digest("masked-vector", answer.words).hex()


# ---- steps ------------------------------------------------------------------------------------------


def test_asked_again_it_sends_the_same_bytes_and_nothing_else_ever(hand: HandCentre, site: Site) -> None:
    statement, ones = hand.statement(), np.ones_like(hand.zeros)
    first = hand.vector(site, statement)
    assert np.array_equal(hand.vector(site, statement), first)
    assert reason_of(hand.ask(site, hand.statement(1, ones), ones)) == "step_burned"
    fewer = [hand.keys[node] for node in sorted(hand.keys)][:3]
    assert isinstance(hand.ask(site, hand.statement(2, roster=fewer)), MaskedVector)
    assert reason_of(hand.ask(site, statement)) == "step_burned"  # its bytes were let go
    assert [kind for kind in kinds_of(site, hand.order) if kind is Kind.RELEASE] == [Kind.RELEASE] * 2


def test_a_step_number_never_goes_back(hand: HandCentre, site: Site) -> None:
    assert isinstance(hand.ask(site, hand.statement(3)), MaskedVector)
    for step in (1, 2):
        assert reason_of(hand.ask(site, hand.statement(step))) == "step_burned"
    assert isinstance(hand.ask(site, hand.statement(4)), MaskedVector)


def test_one_answer_more_than_ordered_is_refused(hand: HandCentre, site: Site) -> None:
    for step in (1, 5, 9, 13):
        assert isinstance(hand.ask(site, hand.statement(step)), MaskedVector)
    assert reason_of(hand.ask(site, hand.statement(14))) == "answers_used_up"
    again = DataNode(site.home)  # nor after a restart
    ask = AskFrame(StepAsk(hand.statement(15))).encode()
    assert reason_of(wires.unseal(again.answer(ask, hand.zeros)).answer) == "answers_used_up"


def test_a_burned_step_counts_even_if_nothing_was_sent(hand: HandCentre, site: Site) -> None:
    huge = np.full_like(hand.zeros, 1e300)
    for step in (1, 2, 3, 4):
        refusal = reason_of(hand.ask(site, hand.statement(step, huge), huge))
        assert refusal not in ("step_burned", "answers_used_up")
    assert reason_of(hand.ask(site, hand.statement(5))) == "answers_used_up"
    assert Kind.RELEASE not in kinds_of(site, hand.order)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300])
def test_parameters_without_a_finite_gradient_send_nothing(hand: HandCentre, site: Site, bad: float) -> None:
    parameters = hand.zeros
    parameters[2] = bad
    refusal = reason_of(hand.ask(site, hand.statement(1, parameters), parameters))
    assert refusal == "parameters_invalid"


def test_statements_that_are_refused_burn_nothing(hand: HandCentre, site: Site) -> None:
    statement = hand.statement()
    other = HandCentre(hand.enterprise, hand.enterprise.order(answers=4, approve=False))
    stranger = SigningKey.generate()
    roster = list(statement.body.roster)
    attempts = {
        "statement_unsigned": stranger.seal(statement.body),
        "statement_noise_changed": hand.statement(share_variance=statement.body.share_variance - 1),
        "statement_roster_invalid": hand.statement(roster=roster[::-1]),
        "members_too_few": hand.statement(roster=sorted([hand.keys[site.id], roster[-1]], key=_node)[:2]),
        "statement_parameters_differ": hand.statement(parameters=np.ones_like(hand.zeros)),
        "job_unknown": replace(statement, body=replace(statement.body, order=other.order.body.digest)),
    }
    if hand.keys[site.id] == roster[-1]:
        attempts["members_too_few"] = hand.statement(roster=roster[1:])
    for reason, attempt in attempts.items():
        assert reason_of(hand.ask(site, attempt)) == reason
    assert site.home.book.burn(hand.order.body.digest, 1) is None
    assert isinstance(hand.ask(site, statement), MaskedVector)


def _node(entry: object) -> bytes:
    return entry.body.node  # type: ignore[attr-defined,no-any-return]


def test_a_statement_without_parameters_is_refused(hand: HandCentre, site: Site) -> None:
    assert reason_of(tell(site, StepAsk(hand.statement()), None)) == "statement_parameters_differ"


def test_seven_invented_members_in_the_step_roster_are_refused(hand: HandCentre, site: Site) -> None:
    invented = [SigningKey.generate() for _ in range(7)]
    keys = [key.seal(replace(hand.keys[site.id].body, node=key.fingerprint)) for key in invented]
    roster = sorted([hand.keys[site.id], *keys], key=_node)
    assert reason_of(hand.ask(site, hand.statement(roster=roster))) == "statement_roster_invalid"
    named = [replace(hand.keys[node], key=invented[0].public) for node in hand.keys if node != site.id]
    roster = sorted([hand.keys[site.id], *named], key=_node)
    assert reason_of(hand.ask(site, hand.statement(roster=roster))) == "job_key_unsigned"


def test_an_old_statement_cannot_be_replayed_in_a_new_job(hand: HandCentre, site: Site) -> None:
    old = hand.statement()
    assert isinstance(hand.ask(site, old), MaskedVector)
    tell(site, hand.closing())
    new = HandCentre(hand.enterprise, hand.enterprise.order(answers=4))
    new.propose()
    assert reason_of(new.ask(site, old)) == "job_unknown"
    moved = replace(old, body=replace(old.body, order=new.order.body.digest))
    assert reason_of(new.ask(site, moved)) == "statement_unsigned"
    signed = new.statement(roster=old.body.roster)
    assert reason_of(new.ask(site, signed)) == "job_key_unsigned"  # the job keys are the old job's


def test_an_order_that_expires_during_the_job_gets_no_more_answers(hand: HandCentre, site: Site) -> None:
    assert isinstance(hand.ask(site, hand.statement(1)), MaskedVector)
    hand.enterprise.now[0] = hand.order.body.expires - 1
    assert isinstance(hand.ask(site, hand.statement(2)), MaskedVector)
    hand.enterprise.now[0] = hand.order.body.expires
    assert reason_of(hand.ask(site, hand.statement(3))) == "order_expired"
    assert reason_of(hand.ask(site, hand.statement(2))) == "order_expired"


def import_again(site: Site, catalogue: Dataset | None = None, steward: str = "steward") -> None:
    home = site.home
    catalogue = catalogue or home.dataset
    version = home.store.write(catalogue, table(99))
    home.adopt(catalogue, CONTRACT, version, CAP, steward)


def test_data_that_changed_since_the_decision_is_not_computed_on(tmp_path: Path) -> None:
    enterprise = found(tmp_path, 3)
    try:
        hand, site = HandCentre(enterprise, enterprise.order(answers=4)), enterprise.sites[0]
        hand.propose()
        import_again(site)
        assert reason_of(hand.ask(site, hand.statement(1))) == "data_changed"
        assert reason_of(hand.ask(site, hand.statement(1))) == "data_changed"  # and nothing was burned
        site = enterprise.sites[1]
        assert isinstance(hand.ask(site, hand.statement(1)), MaskedVector)
        import_again(site)
        for node in (site, Site(site.home, DataNode(site.home))):  # the agent that ran on, and a new one
            assert reason_of(hand.ask(node, hand.statement(2))) == "data_changed"
    finally:
        enterprise.close()


def meaning_changed(home: Home) -> None:
    confirm_column(home, home.dataset.dataset_id, "grade", "Li", semantic="job_level")


def operator_forbidden(home: Home) -> None:
    rule = (
        '@id("forbid-operator")\n@reason("purpose_forbidden")\n'
        'forbid (principal == Role::"operator", action, resource);\n'
    )
    proposed = policies.propose(home, f"{home.policy.text}\n{rule}", "Li")
    policies.approve(home, proposed.digest.hex(), "Wang")


@pytest.mark.parametrize(
    ("change", "reason"),
    [(meaning_changed, "catalogue_semantic_unknown"), (operator_forbidden, "purpose_forbidden")],
)
@pytest.mark.parametrize("restarted", [False, True])
def test_a_job_is_decided_again_when_columns_or_policy_change(
    tmp_path: Path, change: Callable[[Home], None], reason: str, restarted: bool
) -> None:
    enterprise = found(tmp_path, 3)
    try:
        hand, site = HandCentre(enterprise, enterprise.order(answers=4)), enterprise.sites[0]
        hand.propose()
        assert isinstance(hand.ask(site, hand.statement(1)), MaskedVector)
        change(site.home)
        site = Site(site.home, DataNode(site.home)) if restarted else site
        assert reason_of(hand.ask(site, hand.statement(2))) == reason
        assert site.home.book.burn(hand.order.body.digest, 2) is None
        assert reason_of(hand.ask(site, hand.statement(2))) == reason  # the job is over here
        outcome = site.home.book.events()[-1]
        assert (outcome.kind, outcome.reason) == (Kind.OUTCOME, reason)
    finally:
        enterprise.close()


class OvertakenNode(DataNode):
    """A node beside which others adopt a policy, right after it decided."""

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self.meanwhile: list[Callable[[Home], None]] = []

    def _decision(self, signed: Signed[Order]) -> Decision:
        decision = super()._decision(signed)
        if self.meanwhile:
            self.meanwhile.pop()(self._home)
        return decision


@pytest.mark.parametrize(
    ("change", "reason"),
    [(meaning_changed, "catalogue_semantic_unknown"), (operator_forbidden, "purpose_forbidden")],
)
def test_no_order_is_admitted_on_a_ground_that_is_gone(
    tmp_path: Path, change: Callable[[Home], None], reason: str
) -> None:
    enterprise = found(tmp_path, 3)
    try:
        site, order = enterprise.sites[0], enterprise.order()
        node = OvertakenNode(site.home)
        node.meanwhile.append(change)
        verdict = tell(Site(site.home, node, site.log), Proposal(order))
        assert isinstance(verdict, Verdict)
        assert verdict.reason == reason
        decision = site.home.book.events()[-1]
        assert (decision.decision, decision.reason) == ("refuse", reason)
        assert decision.policy_digest == site.home.policy.digest.hex()
    finally:
        enterprise.close()


@pytest.mark.parametrize(
    ("change", "reason"),
    [(meaning_changed, "catalogue_semantic_unknown"), (operator_forbidden, "purpose_forbidden")],
)
def test_no_step_is_burned_on_a_ground_that_is_gone(
    tmp_path: Path, change: Callable[[Home], None], reason: str
) -> None:
    enterprise = found(tmp_path, 3)
    try:
        hand, site = HandCentre(enterprise, enterprise.order(answers=4)), enterprise.sites[0]
        hand.propose()
        node = OvertakenNode(site.home)
        site = Site(site.home, node, site.log)
        node.meanwhile.append(change)  # the first step of a started node is decided again
        assert reason_of(hand.ask(site, hand.statement(1))) == reason
        assert site.home.book.burn(hand.order.body.digest, 1) is None
    finally:
        enterprise.close()


def alarmed(site: Site) -> Callable[[], None]:
    home = site.home
    with home.book.transaction() as book:
        book.raise_alarm(home.witness.origin, "history_rewritten", 0, None, b"{}", None)

    def acknowledge() -> None:
        with home.book.transaction() as book:
            assert book.acknowledge(home.book.alarms()[0].id, "Li")

    return acknowledge


def contract_broken(site: Site) -> Callable[[], None]:
    adopted = site.home.adopted
    with site.home.book.transaction() as book:
        site.home.swap_version(book, adopted.version, site.home.service, "erase", holds=False)

    def mend() -> None:
        with site.home.book.transaction() as book:
            site.home.swap_version(book, adopted.version, site.home.service, "erase", holds=True)

    return mend


def column_away(site: Site) -> Callable[[], None]:
    file = site.home.store.folder(site.home.version) / "001.xqc"
    away = file.with_suffix(".away")
    file.rename(away)

    def put_back() -> None:
        away.rename(file)

    return put_back


@pytest.mark.parametrize(
    ("fault", "reason", "restarted"),
    [
        (alarmed, "log_alarm", False),
        (alarmed, "log_alarm", True),
        (contract_broken, "contract_failed_gate", False),
        (contract_broken, "contract_failed_gate", True),
        (column_away, "contract_failed_gate", True),  # a running node has the people in memory
    ],
)
def test_what_passes_refuses_a_step_and_keeps_the_job(
    tmp_path: Path, fault: Callable[[Site], Callable[[], None]], reason: str, restarted: bool
) -> None:
    enterprise = found(tmp_path, 3)
    try:
        hand, site = HandCentre(enterprise, enterprise.order(answers=4)), enterprise.sites[0]
        hand.propose()
        assert isinstance(hand.ask(site, hand.statement(1)), MaskedVector)
        mend = fault(site)
        site = Site(site.home, DataNode(site.home), site.log) if restarted else site
        assert reason_of(hand.ask(site, hand.statement(2))) == reason
        mend()
        assert isinstance(hand.ask(site, hand.statement(3)), MaskedVector)
    finally:
        enterprise.close()


def test_the_end_of_a_job_says_what_it_was_decided_on(tmp_path: Path) -> None:
    """Also where the table and its tiers changed meanwhile."""
    enterprise = found(tmp_path, 3)
    try:
        hand, site = HandCentre(enterprise, enterprise.order(answers=4)), enterprise.sites[0]
        hand.propose()
        columns = [replace(column, tier=Tier.PUBLIC) for column in site.home.dataset.columns]
        lowered = replace(site.home.dataset, columns=tuple(columns))
        import_again(site, lowered)
        import_again(site, lowered, "second")
        assert isinstance(tell(site, hand.closing()), ReceiptAnswer)
        (intent,) = [event for event in site.home.book.events() if event.kind is Kind.INTENT]
        (outcome,) = [event for event in site.home.book.events() if event.kind is Kind.OUTCOME]
        assert site.home.dataset.tier is Tier.PUBLIC
        assert (outcome.dataset_digest, outcome.tier) == (intent.dataset_digest, intent.tier)
        assert intent.tier == Tier.CORE.value
    finally:
        enterprise.close()


def test_an_import_waits_while_the_gate_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    enterprise = found(tmp_path, 3)
    try:
        hand, site = HandCentre(enterprise, enterprise.order(answers=4)), enterprise.sites[0]
        deciding, adopted = threading.Event(), threading.Event()

        def slowly(*given: object, **more: object) -> Decision:
            deciding.set()
            assert not adopted.wait(0.5)
            return decide(*given, **more)  # type: ignore[arg-type]

        def bring_in_another() -> None:
            deciding.wait(30)
            import_again(site)
            adopted.set()

        monkeypatch.setattr(node_module, "decide", slowly)
        importing = threading.Thread(target=bring_in_another)
        importing.start()
        assert isinstance(tell(site, Proposal(hand.order)), Verdict)
        importing.join(30)
        assert adopted.is_set()
    finally:
        enterprise.close()


def test_a_damaged_store_gives_a_code_and_no_vector(tmp_path: Path) -> None:
    enterprise = found(tmp_path, 3)
    try:
        hand, site = HandCentre(enterprise, enterprise.order(answers=4)), enterprise.sites[0]
        hand.propose()
        for column in (site.home.path / "store").rglob("*.xqc"):
            column.write_bytes(column.read_bytes()[:-1] + b"x")
        assert reason_of(hand.ask(site, hand.statement(1))) == "store_column_damaged"
        assert reason_of(hand.ask(site, hand.statement(1))) == "step_burned"
    finally:
        enterprise.close()


def test_a_member_key_of_small_order_gives_no_mask(hand: HandCentre, site: Site) -> None:
    """Its holder signed it, so only the arithmetic can refuse it."""
    liar = hand.enterprise.sites[1]
    weak = liar.home.identity.seal(replace(hand.keys[liar.id].body, x25519=bytes(32)))
    hand.keys[liar.id] = weak
    assert reason_of(hand.ask(site, hand.statement())) == "mask_key_invalid"


# ---- the end of a job -------------------------------------------------------------------------------


def test_closing_twice_gives_the_first_receipt(enterprise: Enterprise, hand: HandCentre, site: Site) -> None:
    digest = hand.order.body.digest
    hand.ask(site, hand.statement())
    first = tell(site, enterprise.closing(digest, bytes([1] * 32), ""))
    again = tell(site, enterprise.closing(digest, bytes(32), "too_few_members"))
    assert isinstance(first, ReceiptAnswer)
    assert again == first
    assert [event.reason for event in events_of(site, hand.order) if event.kind is Kind.OUTCOME] == [
        "completed"
    ]
    job = site.home.book.job(digest)
    assert job is not None
    assert (job.state, job.sealed_key) == ("closed", None)  # no mask of the job can be made again
    body = first.receipt.body
    journal = {event.seq: event for event in site.home.book.events()}
    assert journal[body.journal_seq].hash == body.journal_head
    assert journal[body.journal_first].job == digest.hex()
    assert all(event.seq >= body.journal_first for event in events_of(site, hand.order))


def test_only_the_operator_closes_a_job(hand: HandCentre, site: Site) -> None:
    """Whoever carries messages could otherwise end a job, and make us sign for a model nobody trained."""
    body = Closing(hand.order.body.digest, bytes([9] * 32), bytes([8] * 32), "")
    stranger = ClosingAsk(SigningKey.generate().seal(body))
    borrowed = ClosingAsk(replace(hand.closing().closing, body=body))
    for ask in (stranger, borrowed):
        assert reason_of(tell(site, ask)) == "closing_unsigned"
    job = site.home.book.job(hand.order.body.digest)
    assert job is not None
    assert (job.state, job.receipt) == ("open", None)
    assert len(hand.vector(site, hand.statement())) == hand.order.body.model.dimension


def test_the_last_vector_goes_with_the_job(hand: HandCentre, site: Site) -> None:
    hand.ask(site, hand.statement())
    tell(site, hand.closing())
    burned = site.home.book.burn(hand.order.body.digest, 1)
    assert burned is not None
    assert burned.vector is None


def test_a_job_that_was_never_open_is_not_closed(enterprise: Enterprise, site: Site) -> None:
    assert reason_of(tell(site, enterprise.closing(bytes(32), bytes(32), ""))) == "job_unknown"
    order = enterprise.order(answers=4, approve=False)
    refuse(enterprise, order)
    assert reason_of(tell(site, enterprise.closing(order.body.digest, bytes(32), ""))) == "job_unknown"


# ---- two processes on one home ------------------------------------------------------------------------


def propose(node: DataNode, order: Signed[Order]) -> Verdict:
    answer = wires.unseal(node.answer(AskFrame(Proposal(order)).encode(), None)).answer
    assert isinstance(answer, Verdict), answer
    return answer


@pytest.mark.parametrize("holds", [True, False])
def test_what_another_process_admitted_meanwhile_stands(
    enterprise: Enterprise, site: Site, monkeypatch: pytest.MonkeyPatch, holds: bool
) -> None:
    """The slower process would allow it too, or refuse it: there is one key and one decision."""
    order, slow, standing = enterprise.order(answers=4), DataNode(site.home), site.node._standing
    first: list[Verdict] = []

    def overtaken() -> object:
        first.append(propose(site.node, order))
        return replace(standing(), contract_holds=holds)

    monkeypatch.setattr(slow, "_standing", overtaken)
    assert propose(slow, order) == first[0]
    assert first[0].job_key is not None
    assert kinds_of(site, order)[-3:] == [Kind.DECISION, Kind.RESERVE, Kind.INTENT]
    assert kinds_of(site, order).count(Kind.DECISION) == 1
    job = site.home.book.job(order.body.digest)
    assert job is not None
    assert job.state == "open"


@pytest.mark.parametrize("holds", [True, False])
def test_what_another_process_closed_meanwhile_stays_closed(
    enterprise: Enterprise, site: Site, monkeypatch: pytest.MonkeyPatch, holds: bool
) -> None:
    order, slow, standing = enterprise.order(answers=4), DataNode(site.home), site.node._standing

    def overtaken() -> object:
        propose(site.node, order)
        tell(site, enterprise.closing(order.body.digest, bytes(32), ""))
        return replace(standing(), contract_holds=holds)

    monkeypatch.setattr(slow, "_standing", overtaken)
    assert propose(slow, order) == Verdict(order.body.digest, "job_over", None)
    job = site.home.book.job(order.body.digest)
    assert job is not None
    assert (job.state, job.sealed_key) == ("closed", None)


@pytest.mark.parametrize("moment", ["_opened", "_people"])
def test_no_step_of_a_job_that_another_process_closed(
    hand: HandCentre, site: Site, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Closed before the burn, or between the burn and the vector."""
    slow = DataNode(site.home)
    honest = getattr(slow, moment)

    def overtaken(about: object) -> object:
        found_ = honest(about)
        tell(site, hand.closing())
        return found_

    monkeypatch.setattr(slow, moment, overtaken)
    assert reason_of(hand.ask(Site(site.home, slow), hand.statement())) == "job_unknown"
    assert Kind.RELEASE not in kinds_of(site, hand.order)
    burned = site.home.book.burn(hand.order.body.digest, 1)
    assert (burned is None) if moment == "_opened" else (burned is not None and burned.vector is None)


def test_a_job_is_closed_once_by_two_processes(
    hand: HandCentre, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, receipts, check = DataNode(site.home), [], node_module.signed_by

    def overtaken(*arguments: object) -> None:
        monkeypatch.setattr(node_module, "signed_by", check)
        receipts.append(tell(site, hand.closing("too_few_members")))

    monkeypatch.setattr(node_module, "signed_by", overtaken)
    assert tell(Site(site.home, slow), hand.closing()) == receipts[0]
    assert kinds_of(site, hand.order).count(Kind.OUTCOME) == 1


# ---- jobs that nobody closes --------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["step", "proposal", "restart"])
def test_an_expired_job_is_ended_by_the_department_itself(hand: HandCentre, site: Site, way: str) -> None:
    digest = hand.order.body.digest
    assert isinstance(hand.ask(site, hand.statement()), MaskedVector)
    hand.enterprise.now[0] = hand.order.body.expires
    if way == "step":
        assert reason_of(hand.ask(site, hand.statement(2))) == "order_expired"
    elif way == "proposal":
        assert propose(site.node, hand.order).reason == "job_over"
    else:
        DataNode(site.home)
    job, burned = site.home.book.job(digest), site.home.book.burn(digest, 1)
    assert job is not None
    assert burned is not None
    assert (job.state, job.sealed_key, burned.vector) == ("failed", None, None)
    outcome = events_of(site, hand.order)[-1]
    assert (outcome.kind, outcome.reason) == (Kind.OUTCOME, "order_expired")
    assert digest not in site.node._open or way == "restart"


def test_a_late_closing_of_an_expired_job_gets_a_receipt_without_a_model(
    hand: HandCentre, site: Site
) -> None:
    digest = hand.order.body.digest
    hand.enterprise.now[0] = hand.order.body.expires
    assert reason_of(hand.ask(site, hand.statement())) == "order_expired"
    outcome = events_of(site, hand.order)[-1]
    answer = tell(site, hand.enterprise.closing(digest, bytes([1] * 32), ""))
    assert isinstance(answer, ReceiptAnswer)
    body = answer.receipt.body
    assert (body.model_digest, body.card_digest) == (bytes(32), bytes(32))
    assert (body.journal_seq, body.journal_head) == (outcome.seq, outcome.hash)
    assert events_of(site, hand.order)[-1] == outcome
    job = site.home.book.job(digest)
    assert job is not None
    assert job.state == "failed"
    assert tell(site, hand.closing()) == answer


def test_a_closed_job_s_key_and_vector_are_in_no_file_of_the_book(hand: HandCentre, site: Site) -> None:
    digest = hand.order.body.digest
    hand.ask(site, hand.statement())
    job, burned = site.home.book.job(digest), site.home.book.burn(digest, 1)
    assert job is not None
    assert burned is not None
    secrets = [job.sealed_key or b"", burned.vector or b""]
    assert all(secrets)

    def kept() -> list[bool]:
        data = b"".join(path.read_bytes() for path in site.home.path.glob("book.sqlite*"))
        return [secret in data for secret in secrets]

    assert kept() == [True, True]
    tell(site, hand.closing())
    assert kept() == [False, False]


# ---- the log's receipts -----------------------------------------------------------------------------


def test_a_forged_log_receipt_is_refused_and_the_events_stay_pending(site: Site) -> None:
    site.home.confirm(bytes([1] * 32), "pending", "steward")
    pending = site.home.book.pending()
    entries = tuple((number, event.hash) for number, event in enumerate(pending))
    origin = site.home.settings.log_origin
    forged = SigningKey.generate().seal(LogReceipt(origin, entries)).to_json()
    answer = wires.unseal(site.node.answer(AskFrame(Hello(bytes(16)), (forged,)).encode(), None))
    assert reason_of(answer.answer) == "signer_differs"
    assert site.home.book.pending() == pending


def test_a_receipt_for_other_events_is_an_old_repeat(enterprise: Enterprise, site: Site) -> None:
    site.home.confirm(bytes([2] * 32), "pending", "steward")
    pending = site.home.book.pending()
    other = LogReceipt(site.home.settings.log_origin, ((0, bytes(32)),))
    receipt = enterprise.centre.log_key.seal(other).to_json()
    site.node.answer(AskFrame(Hello(bytes(16)), (receipt,)).encode(), None)
    assert site.home.book.pending() == pending


# ---- nobody can ask for less noise ------------------------------------------------------------------


def test_no_argument_on_the_way_to_the_noise_could_seed_or_shrink_it() -> None:
    ways = [
        DataNode.__init__,
        DataNode.answer,
        noise.DiscreteGaussian.__init__,
        noise.DiscreteGaussian.draw,
        sums.masked_share,
        sums.share,
        masks.MaskMaker.__init__,
        masks.MaskMaker.mask,
        gradients.LinearGradients.clipped_sum,
        network.NetworkGradients.clipped_sum,
        moments.Moments.clipped_sum,
    ]
    names = {name for way in ways for name in inspect.signature(way).parameters}
    assert names == {
        "self", "home", "wire", "parameters", "variance", "count", "total", "plan", "roster_size", "mask",
        "private", "own", "peers", "statement_digest", "dimension", "clip",
    }  # fmt: skip


@pytest.mark.parametrize("package", ["xinqiao_clients", "xinqiao_models", "xinqiao_governance"])
def test_no_module_reads_an_environment_variable_or_has_a_seeded_generator(package: str) -> None:
    folder = Path(__import__(package).__file__ or "").parent
    for path in folder.rglob("*.py"):
        source = path.read_text("utf-8")
        for word in ("getenv", "default_rng", "RandomState", "np.random", "import random", "random.seed"):
            assert word not in source, (path.name, word)
        if path.name != "contracts.py":  # it switches Great Expectations' reporting off
            assert "environ" not in source.replace("environment", ""), path.name


def test_the_same_sum_never_gets_the_same_noise(hand: HandCentre, site: Site) -> None:
    """Two nodes over one home, one statement each: the masks are known here, so only the noise is left."""
    plan = node_module.plan_of(hand.order.body)
    zero = np.zeros(plan.dimension, dtype=np.uint32)
    draws = {sums.masked_share(hand.zeros, plan, 3, zero).tobytes() for _ in range(20)}
    assert len(draws) == 20
