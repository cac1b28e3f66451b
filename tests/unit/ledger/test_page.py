"""The printable report: self-contained, escaped, whole for every scope, verdict and language."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from simulators.ledger import Enterprise, edit, row
from xinqiao_governance.messages import LANGUAGES, MESSAGES, Language, say
from xinqiao_governance.order import Order
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.page import Page, moment
from xinqiao_ledger.report import Verdict
from xinqiao_ledger.signing import fingerprint
from xinqiao_ledger.trust import Trust
from xinqiao_ledger.verify import examine

HOSTILE = "</title></style><script>alert(1)</script><img src=x onerror=y>\"'&"


class Outline(HTMLParser):
    """Collects tags and texts, and insists that elements close in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta",):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.text += data


@pytest.fixture(scope="module")
def enterprise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enterprise]:
    enterprise = Enterprise(tmp_path_factory.mktemp("page"))
    enterprise.run()
    yield enterprise
    enterprise.close()


@pytest.fixture(scope="module")
def bundles(enterprise: Enterprise) -> dict[str, bytes]:
    return {
        "job": enterprise.bundle(),
        "event": enterprise.event_bundle(4),
        "period": enterprise.period_bundle(1, 1_900_000_000),
        "broken": b"not a bundle",
    }


def page(data: bytes, trust: Trust | None, language: Language, name: str = "evidence.bundle") -> str:
    bundle, report = examine(data, trust)
    return Page(name, data, bundle, report, trust, language, 1_800_000_500).render()


@pytest.mark.parametrize("scope", ["job", "event", "period", "broken"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("trusted", [True, False])
def test_a_page_is_whole_and_loads_nothing(
    enterprise: Enterprise, bundles: dict[str, bytes], scope: str, language: Any, trusted: bool
) -> None:
    made = page(bundles[scope], enterprise.trust() if trusted else None, language)
    outline = Outline(made)
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & set(outline.tags)
    assert not [
        name for name, _ in outline.attributes if name in ("src", "href", "style") or name[:2] == "on"
    ]
    assert "url(" not in made
    assert "@import" not in made
    assert [value for name, value in outline.attributes if value and value.startswith("default-src 'none'")]
    assert outline.tags.count("section") >= 3
    assert re.search("[一-鿿]" if language == "zh" else "[A-Za-z]{4}", outline.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_check_stands_on_the_page_as_in_the_report(
    enterprise: Enterprise, bundles: dict[str, bytes], language: Any
) -> None:
    for data in bundles.values():
        _, report = examine(data, enterprise.trust())
        text = Outline(page(data, enterprise.trust(), language)).text
        for finding in report.findings:
            if finding.code != "audit_form_broken":
                assert finding.detail(language) in text
        assert text.count("NOT CHECKED") >= sum(f.status.value == "NOT CHECKED" for f in report.findings)


def test_the_page_says_what_the_evidence_is_about(enterprise: Enterprise, bundles: dict[str, bytes]) -> None:
    trust = enterprise.trust()
    job = page(bundles["job"], trust, "en")
    assert enterprise.job in job
    for fact in ("career-development", "consent", "ε = 1, δ = 1e-05", "department 1", "completed"):
        assert fact in job
    assert job.count("<svg") > 1
    event = page(bundles["event"], trust, "en")
    assert "decision" in event
    assert "2027" in page(bundles["period"], trust, "en")


def test_without_a_trust_file_the_page_names_what_to_compare(
    enterprise: Enterprise, bundles: dict[str, bytes]
) -> None:
    shown = page(bundles["job"], None, "en")
    for node in (enterprise.operator, *enterprise.departments):
        assert node.key.fingerprint.hex(" ", 2) in shown
    assert "it is not proven" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_on_a_broken_file_says_so_once_and_what_to_do(language: Language) -> None:
    text = Outline(page(b"not a bundle", None, language)).text
    assert text.count(say("audit_form_broken", language)) == 0
    for code in ("page_checks_broken", "page_scope_none", "bundle_foreign", "page_advice_broken"):
        assert text.count(say(code, language)) == 1
    assert say("page_limit_job_1", language) not in text


def test_the_page_says_how_much_of_the_log_the_file_holds(
    enterprise: Enterprise, bundles: dict[str, bytes]
) -> None:
    for scope in ("job", "event", "period"):
        bundle, _ = examine(bundles[scope])
        assert bundle is not None
        size = bundle.checkpoint.checkpoint.size
        text = Outline(page(bundles[scope], enterprise.trust(), "en")).text
        assert f"{len(bundle.entries)} in the file, of {size} in the log" in text


def test_the_page_names_every_key_that_the_verdict_rests_on(
    enterprise: Enterprise, bundles: dict[str, bytes]
) -> None:
    trust = enterprise.trust()
    shown = page(bundles["job"], trust, "en")
    owners = [trust.operator, *(entry.key for entry in (*trust.departments, *trust.witnesses))]
    for key in (trust.log_key, *map(fingerprint, owners)):
        assert key.hex(" ", 2) in shown


def test_a_failed_page_says_so_before_anything_else(
    enterprise: Enterprise, bundles: dict[str, bytes]
) -> None:
    forged = edit(bundles["job"], lambda rows: row(rows, "entry", 4)[2].update(role="auditor"))
    text = Outline(page(forged, enterprise.trust(), "en")).text
    assert Verdict.FAIL in text
    assert text.index("FAIL, the evidence does not hold") < text.index("The checks")


def hostile_rows(rows: list[Any]) -> None:
    """Put markup wherever a bundle may hold a text of one's own, under a header that fits."""
    for line in rows:
        if line[0] == "entry":
            line[2].update(role=HOSTILE, action=HOSTILE, dataset=HOSTILE, purpose=HOSTILE, reason=HOSTILE)
            line[2]["columns"] = [HOSTILE]
    scope = rows[0][2]["scope"]
    if "event" in scope:
        scope["event"] = Event.from_json(row(rows, "entry")[2]).hash.hex()
    if "job" in scope:
        order = row(rows, "order")[1]["body"]
        order.update(purpose=HOSTILE, legal_basis=HOSTILE)
        order["model"]["name"] = HOSTILE
        scope["job"] = Order.from_json(order).digest.hex()
        row(rows, "card")[1].update(limits=[HOSTILE], model=HOSTILE)


@pytest.mark.parametrize("scope", ["job", "event", "period"])
def test_a_hostile_bundle_injects_no_markup(
    enterprise: Enterprise, bundles: dict[str, bytes], scope: str
) -> None:
    data = edit(bundles[scope], hostile_rows)
    trust = enterprise.trust()
    named = replace(trust, departments=tuple(replace(d, name=d.name + HOSTILE) for d in trust.departments))
    bundle, _ = examine(data, trust)
    assert bundle is not None
    for language in LANGUAGES:
        made = page(data, named, language, name=HOSTILE)
        outline = Outline(made)
        assert "<script" not in made
        assert not {"script", "img"} & set(outline.tags)
        assert "alert(1)" in outline.text


def test_what_the_page_needs_is_in_the_package() -> None:
    css = resources.files("xinqiao_ledger").joinpath("page.css").read_text("utf-8")
    assert "@page { size: A4" in css
    assert "@media print" in css


def test_a_moment_that_no_calendar_has_is_a_number() -> None:
    assert moment(10**17) == str(10**17)
    assert re.match(r"20\d\d-", moment(1_800_000_000))


def test_a_long_timeline_stays_small(tmp_path: Path) -> None:
    from simulators.ledger import Node, hexed
    from xinqiao_ledger.event import Kind
    from xinqiao_ledger.timeline import draw

    node = Node("n")
    fields = {"statement": hexed("s"), "output_digest": hexed("o"), "job": hexed("j")}
    events = [node.write(Kind.RELEASE, step=step, **fields) for step in range(3_000)]
    picture = draw(events, {node.id: "n"}, node.id, "en")
    assert picture.count("<line") < 700
    assert 'class="note"' in draw([], {}, "", "en")


def test_every_kind_of_event_has_a_word() -> None:
    assert {f"log_kind_{kind}" for kind in Kind} <= MESSAGES.keys()
