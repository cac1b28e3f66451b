"""The steward's page of a contract check: numbers for each promise, in two languages, and no cell."""

from typing import TYPE_CHECKING

from xinqiao_app.report import two_languages
from xinqiao_governance.messages import LANGUAGES, Language, say
from xinqiao_ledger.markup import Markup, element

if TYPE_CHECKING:
    from xinqiao_clients.contracts import CheckResult, ContractReport


def render(report: "ContractReport") -> str:
    """Return the whole page as HTML; Chinese shows first. Column names are escaped."""
    return two_languages("contract_page_title", [_page(report, language) for language in LANGUAGES])


def verdict(report: "ContractReport", language: Language) -> str:
    """Return one sentence: whether the contract is kept, and how many checks failed."""
    counts = {"checks": len(report.checks), "failed": len(report.failed)}
    return say("contract_kept" if report.passed else "contract_not_kept", language, **counts)


def finding(check: "CheckResult", language: Language) -> str:
    """Return what a check found, in numbers."""
    if check.unexpected is None:
        return say("contract_found_broken", language)
    if check.id == "rows":
        return say("contract_found_rows", language, rows=check.rows)
    if check.id == "newest":
        return say("contract_found_fresh" if check.passed else "contract_found_old", language)
    code = "contract_found_allowed" if check.allowed else "contract_found"
    return say(code, language, failing=check.unexpected, rows=check.rows, allowed=check.allowed)


def _page(report: "ContractReport", language: Language) -> Markup:
    header = element(
        "header",
        element("p", say("report_product", language)),
        element("h1", say("contract_page_title", language)),
    )
    lead = element("p", verdict(report, language), class_="lead")
    note = element("p", say("contract_page_note", language), class_="note")
    names = ("contract_column", "contract_promise", "contract_result", "contract_found_title")
    head = element("tr", [element("th", say(name, language), scope="col") for name in names])
    rows = [_row(check, language) for check in (*report.failed, *(c for c in report.checks if c.passed))]
    table = element("table", element("thead", head), element("tbody", rows))
    section = element("section", lead, note, element("div", table, class_="scroll"))
    return element("main", header, section, lang="zh-CN" if language == "zh" else "en")


def _row(check: "CheckResult", language: Language) -> Markup:
    word = "contract_passed" if check.passed else "contract_failed_word"
    return element(
        "tr",
        element(
            "th", ", ".join(check.columns) or say("contract_whole", language), scope="row", class_="text"
        ),
        element("td", say(f"contract_check_{check.id}", language)),
        element("td", say(word, language), class_="PASS" if check.passed else "FAIL"),
        element("td", finding(check, language)),
    )
