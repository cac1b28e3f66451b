"""The demo's report: one self-contained page in two languages, from `summary.json` alone.

The page loads nothing and runs nothing: style sheet and plots are inline, the language switch is two radio
buttons. A part whose figures are missing or unusable says so in a sentence.
"""

from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

from xinqiao_app import report_parts
from xinqiao_app.report_view import View
from xinqiao_governance.messages import LANGUAGES, Language, say
from xinqiao_ledger.markup import Markup, element

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_TAGS: Mapping[Language, str] = {"zh": "zh-CN", "en": "en"}
_OWN_NAMES: Mapping[Language, str] = {"zh": "中文", "en": "English"}


def render(summary: Mapping[str, Any]) -> str:
    """Return the whole page as HTML; Chinese shows first. Every text in `summary` is escaped."""
    return two_languages("report_title", [_page(View(summary, language)) for language in LANGUAGES])


def two_languages(title: str, pages: Sequence[Markup]) -> str:
    """Return a page that loads and runs nothing, with a `main` for each language; `title` is a code."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", _page_title(title)),
        element("style", Markup(_style())),
    )
    body = element("body", [_choice(language) for language in LANGUAGES], _switch(), pages)
    return f"<!doctype html>\n{element('html', head, body, lang=_TAGS['zh'])}\n"


def _page(view: View) -> Markup:
    header = element(
        "header", element("p", view.say("report_product")), element("h1", view.say("report_title"))
    )
    return element("main", header, [part(view) for part in _PARTS], lang=_TAGS[view.language])


_PARTS = (
    report_parts.headline,
    report_parts.accuracy,
    report_parts.by_department,
    report_parts.left,
    report_parts.budget,
    report_parts.refused,
    report_parts.ledger,
    report_parts.seconds,
    report_parts.limits,
)


def _choice(language: Language) -> Markup:
    checked = {"checked": ""} if language == "zh" else {}
    return element(
        "input",
        type="radio",
        name="language",
        id=f"lang-{language}",
        class_="choice",
        autocomplete="off",
        aria_label=_OWN_NAMES[language],
        **checked,
    )


def _switch() -> Markup:
    labels = [
        element("label", _OWN_NAMES[language], for_=f"lang-{language}", lang=_TAGS[language])
        for language in LANGUAGES
    ]
    return element("div", labels, class_="switch", role="group", aria_label=_both("report_switch"))


def _page_title(title: str) -> str:
    return f"{say('report_product', 'zh')} Xinqiao · {_both(title)}"


def _both(code: str) -> str:
    return " / ".join(say(code, language) for language in LANGUAGES)


def _style() -> str:
    return resources.files("xinqiao_app").joinpath("templates/report.css").read_text("utf-8")
