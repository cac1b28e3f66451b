"""The verifier's report as one page for people: self-contained, to be read on a screen or printed on A4.

The page loads nothing and runs nothing. Whatever stands in the bundle is text of others: it enters as text
and never as markup.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources

from xinqiao_governance.errors import Field
from xinqiao_governance.messages import MESSAGES, Language, say, say_reason
from xinqiao_governance.order import Order
from xinqiao_ledger.bundle import Bundle, EventBundle, JobBundle, PeriodBundle
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.markup import Child, Markup, element
from xinqiao_ledger.report import Finding, Report, Status, Verdict, moment
from xinqiao_ledger.signing import fingerprint, grouped
from xinqiao_ledger.suite import tree_hash
from xinqiao_ledger.timeline import draw
from xinqiao_ledger.trust import Trust

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
START = "<!doctype html>\n<!-- xinqiao audit verify -->\n"
"""How every page begins: by this an earlier one is known again."""
_TAGS: Mapping[Language, str] = {"zh": "zh-CN", "en": "en"}
_LISTED = 200
_NARROW = 3  # so many columns fit on a phone
_LEFT_OUT: Mapping[str, int] = {"job": 5, "event": 4, "period": 4}
"""How many sentences say what the evidence of a scope does not prove."""


@dataclass(frozen=True)
class Page:
    """What a page is made of: the file's name and bytes, what came of it, and when (Unix seconds)."""

    name: str
    data: bytes
    bundle: Bundle | None
    report: Report
    trust: Trust | None
    language: Language
    now: int

    def render(self) -> str:
        """Return the whole page as HTML."""
        head = element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("title", f"{self.say('page_title')} · {self.report.verdict}"),
            element("style", Markup(_style())),
        )
        title = element(
            "header", element("p", self.say("page_product")), element("h1", self.say("page_title"))
        )
        main = element(
            "main", title, self._verdict(), self._checks(), self._shown(), self._keys(), self._limits()
        )
        return f"{START}{element('html', head, element('body', main), lang=_TAGS[self.language])}\n"

    def say(self, code: str, **fields: Field) -> str:
        """Return a sentence in the page's language."""
        return say(code, self.language, **fields)

    # ---- the verdict and the checks ----------------------------------------------------------------

    def _verdict(self) -> Markup:
        verdict = self.report.verdict
        trust = self.say("page_no_trust") if self.trust is None else _code(_digest(self.trust.encode()))
        facts: list[tuple[str, Child]] = [
            ("page_file", self.name),
            ("page_file_digest", _code(_digest(self.data))),
            *self._extent(),
            ("page_trust", trust),
            ("page_when", moment(self.now)),
        ]
        said = [element("p", self._scope())]
        if verdict is not Verdict.PASS and self.bundle is not None:
            said.append(element("p", self.say("page_said_only")))
        sentence = element("strong", self.say(f"audit_verdict_{verdict.name.lower()}"))
        return element(
            "section", sentence, said, self._facts(facts), class_=f"verdict {verdict.name.lower()}"
        )

    def _extent(self) -> list[tuple[str, Child]]:
        subject = self.report.subject
        if self.bundle is None:
            return []
        count = self.say("page_entries_of", entries=subject.entries, size=subject.size)
        return [("page_log", subject.origin), ("page_entries", count)]

    def _scope(self) -> str:
        match self.bundle:
            case JobBundle():
                return self.say("page_scope_job", job=self.bundle.job)
            case EventBundle():
                return self.say(
                    "page_scope_event", event=tree_hash(self.bundle.event, self.bundle.suite).hex()
                )
            case PeriodBundle():
                since, until = moment(self.bundle.since), moment(self.bundle.until)
                return self.say("page_scope_period", since=since, until=until)
        return self.say("page_scope_none")

    def _checks(self) -> Markup:
        head = element(
            "tr", *(element("th", self.say(f"page_check_{name}")) for name in ("number", "what", "result"))
        )
        rows = [self._check(finding) for finding in self.report.findings]
        table = element("table", element("thead", head), element("tbody", rows))
        broken = element("p", self.say("page_checks_broken")) if self.bundle is None else ""
        return self._section("page_checks", broken, table)

    def _check(self, finding: Finding) -> Markup:
        broken = finding.code == "audit_form_broken"
        detail = "" if broken else finding.detail(self.language)
        away = broken or finding.code in ("audit_not_of_event", "audit_not_of_period")
        what: list[Child] = [self.say(f"audit_check_{finding.number}")]
        what += [element("div", detail, class_="note")] if detail else []
        status = "" if finding.status is Status.NOT_CHECKED else finding.status.lower()
        return element(
            "tr",
            element("td", str(finding.number), class_="number"),
            element("td", what),
            element("td", finding.status.value, class_=f"status {status}"),
            class_="away" if away else "",
        )

    # ---- what the evidence shows -------------------------------------------------------------------

    def _shown(self) -> Child:
        match self.bundle:
            case JobBundle():
                return [self._order(self.bundle.order.body), self._departments(self.bundle), self._timeline()]
            case EventBundle():
                return self._section("page_event", self._event(self.bundle))
            case PeriodBundle():
                return [self._counts(self.bundle), self._timeline(), self._list(self.bundle)]
        return ""

    def _order(self, order: Order) -> Markup:
        facts: list[tuple[str, Child]] = [
            ("page_purpose", order.purpose),
            ("page_legal_basis", order.legal_basis),
            ("page_model", f"{order.model.name} ({order.model.family.value})"),
            ("page_columns", ", ".join(order.model.semantics)),
            ("page_privacy", f"ε = {order.epsilon_micro / 1e6:g}, δ = {order.delta_nano / 1e9:g}"),
            ("page_unit", self.say("page_unit_person", homes=order.homes)),
            ("page_collusion", str(order.collusion)),
            ("page_answers", str(order.answers)),
            ("page_people", f"{order.people:,}"),
            ("page_written", moment(order.created)),
        ]
        return self._section("page_order", self._facts(facts))

    def _departments(self, bundle: JobBundle) -> Markup:
        by_node: defaultdict[str, list[Event]] = defaultdict(list)
        for event in bundle.events:
            if event.job == bundle.job:
                by_node[event.node].append(event)
        signed = {receipt.body.node for receipt in bundle.receipts}
        rows = [
            self._department(
                node.hex(), by_node[node.hex()], self.say("page_yes" if node in signed else "page_no")
            )
            for node in bundle.order.body.nodes
        ]
        columns = ("department", "decided", "charged", "released", "ended", "signed")
        return self._section("page_departments", self._table(columns, rows))

    def _department(self, node: str, events: Sequence[Event], signed: str) -> list[Child]:
        spends = [event.spend for event in events if event.spend]
        return [
            self._who(node),
            self._last(events, Kind.DECISION),
            ", ".join(f"ε {spend.epsilon_micro / 1e6:g}" for spend in spends) or "—",
            str(sum(event.kind is Kind.RELEASE for event in events)),
            self._last(events, Kind.OUTCOME),
            signed,
        ]

    def _last(self, events: Sequence[Event], kind: Kind) -> str:
        reasons = [event.reason or event.decision or "" for event in events if event.kind is kind]
        return self._reason(reasons[-1]) if reasons else "—"

    def _reason(self, code: str) -> str:
        own = f"page_reason_{code}"
        return self.say(own) if own in MESSAGES else say_reason(code, self.language)

    def _event(self, bundle: EventBundle) -> Markup:
        (index,) = bundle.entries
        said = bundle.event.to_json()
        facts: list[tuple[str, Child]] = [
            ("page_index", str(index)),
            ("page_writer", self._who(bundle.event.node)),
            ("page_dated", moment(bundle.event.time)),
            ("page_kind", self._kind(bundle.event.kind)),
        ]
        rest = [(name, value) for name, value in said.items() if name not in ("v", "node", "time", "kind")]
        rows = [
            element("tr", element("th", element("code", name)), element("td", _plain(value)))
            for name, value in rest
        ]
        return element("table", element("tbody", self._rows(facts), rows), class_="facts")

    def _counts(self, bundle: PeriodBundle) -> Markup:
        inside = Counter(
            (event.node, event.kind) for event in bundle.events if bundle.since <= event.time < bundle.until
        )
        rows: list[list[Child]] = [
            [self._who(node), self._kind(kind), str(count)] for (node, kind), count in sorted(inside.items())
        ]
        note = self.say("page_period_note", inside=sum(inside.values()), all=len(bundle.entries))
        table = self._table(("writer", "kind", "count"), rows)
        return self._section("page_counts", element("p", note), table)

    def _list(self, bundle: PeriodBundle) -> Markup:
        rows: list[list[Child]] = [
            [
                str(index),
                moment(event.time),
                self._who(event.node),
                self._kind(event.kind),
                _code((event.job or "")[:16]),
            ]
            for index, event in sorted(bundle.entries.items())[:_LISTED]
        ]
        more = len(bundle.entries) - len(rows)
        note = element("p", self.say("page_more", count=more), class_="note") if more else ""
        return self._section(
            "page_list", self._table(("index", "dated", "writer", "kind", "job"), rows), note
        )

    def _timeline(self) -> Markup:
        bundle = self.bundle
        events = [] if bundle is None else bundle.events
        wanted = [event for event in events if not isinstance(bundle, JobBundle) or event.job == bundle.job]
        names = {node: self._name(node) for node in {event.node for event in wanted}}
        first = self._operator()
        return self._section("page_timeline", draw(wanted, names, first, self.language))

    # ---- keys, and what is not proven --------------------------------------------------------------

    def _keys(self) -> Markup:
        if self.bundle is None:
            return Markup("")
        told = [element("li", line) for line in self.report.keys.lines(self.language)]
        told += [element("li", name, " ", _code(grouped(key))) for name, key in self._trusted()]
        code = "page_keys_trusted" if self.trust else "page_keys_compare"
        return self._section("page_keys", element("p", self.say(code)), element("ul", told))

    def _trusted(self) -> list[tuple[str, bytes]]:
        if self.trust is None:
            return []
        trust = self.trust
        departments = [entry.key for entry in trust.departments]
        others = [witness for witness in trust.witnesses if witness.key not in departments]
        return [
            (self.say("page_key_log", name=trust.origin), trust.log_key),
            (self.say("page_key_operator"), fingerprint(trust.operator)),
            *((entry.name, fingerprint(entry.key)) for entry in trust.departments),
            *(
                (self.say("page_key_witness", name=witness.name), fingerprint(witness.key))
                for witness in others
            ),
        ]

    def _limits(self) -> Markup:
        if self.bundle is None:
            return self._section("page_advice", element("p", self.say("page_advice_broken")))
        scope = self.report.scope
        codes = [f"page_limit_{scope}_{number}" for number in range(1, _LEFT_OUT[scope] + 1)]
        return self._section("page_limits", element("ul", [element("li", self.say(code)) for code in codes]))

    # ---- pieces ------------------------------------------------------------------------------------

    def _section(self, title: str, *children: Child) -> Markup:
        return element("section", element("h2", self.say(title)), *children)

    def _table(self, columns: Sequence[str], rows: Iterable[Sequence[Child]]) -> Markup:
        head = element("tr", *(element("th", self.say(f"page_{column}")) for column in columns))
        body = [element("tr", *(element("td", cell) for cell in row)) for row in rows]
        table = element("table", element("thead", head), element("tbody", body))
        return element("div", table, class_="scroll" if len(columns) > _NARROW else "")

    def _facts(self, facts: Iterable[tuple[str, Child]]) -> Markup:
        return element("table", element("tbody", self._rows(facts)), class_="facts")

    def _rows(self, facts: Iterable[tuple[str, Child]]) -> list[Markup]:
        return [element("tr", element("th", self.say(code)), element("td", value)) for code, value in facts]

    def _kind(self, kind: Kind) -> str:
        return self.say(f"log_kind_{kind}") if f"log_kind_{kind}" in MESSAGES else str(kind)

    def _who(self, node: str) -> Child:
        name = self._name(node)
        return [name, " ", _code(node[:12])] if name != node[:12] else _code(name)

    def _name(self, node: str) -> str:
        if node == self._operator():
            return self.say("log_operator")
        known = None if self.trust is None else self.trust.department(bytes.fromhex(node))
        return known.name if known else node[:12]

    def _operator(self) -> str:
        if isinstance(self.bundle, JobBundle):
            return fingerprint(self.bundle.order.key).hex()
        return fingerprint(self.trust.operator).hex() if self.trust else ""


def _style() -> str:
    return resources.files("xinqiao_ledger").joinpath("page.css").read_text("utf-8")


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def _code(text: str) -> Markup:
    return element("code", text)


def _plain(value: object) -> str:
    match value:
        case list():
            return ", ".join(map(str, value))
        case dict():
            return ", ".join(f"{key} = {item}" for key, item in value.items())
    return str(value)
