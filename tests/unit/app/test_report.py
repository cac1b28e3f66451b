"""The report's page: self-contained, escaped, in two languages, whole even when figures are missing."""

import copy
import itertools
import math
import re
from html.parser import HTMLParser
from importlib import resources

import pytest

from xinqiao_app import svg
from xinqiao_app.report import render
from xinqiao_app.report_view import number, short
from xinqiao_governance.messages import MESSAGES, gaps, say
from xinqiao_ledger.markup import Markup, element, escape

HOSTILE = "</text></style><script>alert(1)</script><img src=x onerror=y>\"'&\x00\x1b[2J\u202e\ud800"

NAMES = {"sales": {"zh": "销售部", "en": "Sales"}, "office": {"zh": "行政办公部", "en": "Office"}}

SUMMARY = {
    "departments": 2,
    "people": 30_312,
    "epsilon": 1.0,
    "delta": 1e-5,
    "unit": "person",
    "t": 1,
    "answers": 200,
    "steps": 199,
    "void_steps": 1,
    "department_names": NAMES,
    "auc": {
        "federated": 0.851,
        "pooled_non_private": 0.852,
        "pooled_boosting": 0.864,
        "best_single_department": 0.845,
        "by_department": {
            "sales": {"alone": 0.861, "federated": 0.872, "with_local_layer": 0.876, "people": 721},
            "office": {"alone": 0.775, "federated": 0.773, "people": 1124},
        },
    },
    "auc_by_step": [[0, 0.5], [100, 0.84], [200, 0.851]],
    "roc": {"federated": [[0, 0], [0.2, 0.7], [1, 1]], "pooled_non_private": [[0, 0], [0.1, 0.6], [1, 1]]},
    "calibration": {"federated": [[0.1, 0.12, 900], [0.8, 0.79, 500]]},
    "budget": {
        "sales": {"epsilon_cap": 2.0, "epsilon_spent": 1.0, "delta_cap": 2e-5, "delta_spent": 1e-5},
        "office": {"epsilon_cap": 2.0, "epsilon_spent": 1.0, "delta_cap": 2e-5, "delta_spent": 1e-5},
    },
    "refused": [
        {
            "request": "over_budget",
            "reason_code": "budget_exceeded",
            "department": "sales, office",
            "zh": "预算不足",
            "en": "over budget",
        }
    ],
    "left": {"sales": {"masked_vector": 70_000, "events": 9_000}, "office": {"masked_vector": 70_100}},
    "kept": {
        "sales": {"rows": 2887, "columns": 12, "encrypted_bytes": 400_000},
        "office": {"rows": None, "columns": 12, "encrypted_bytes": 500_000},
    },
    "ledger": {
        "events": 1843,
        "root": "9f" * 32,
        "anchored_size": 1843,
        "chain_id": "131277322940537",
        "verified": True,
        "verdict": "PASS",
        "checks": [
            {
                "number": 10,
                "name_zh": "链上锚定",
                "name_en": "Anchor",
                "status": "NOT CHECKED",
                "detail_zh": "由运营方保管",
                "detail_en": "kept by the operator",
            }
        ],
    },
    "reference": {"epsilon_prv": 0.93, "epsilon_gaussian": None},
    "seconds": {"job": 31.4, "odd_stage": 2.0},
    "engine": "embedded",
    "data_source": "gss_wages",
}


class _Outline(HTMLParser):
    """Collects tags, attributes and texts, and insists that elements close in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags, self.attributes, self.texts = [], [], []
        self._open = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in ("meta", "input"):
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def values(self, name):
        return [value for _, key, value in self.attributes if key == name]

    @property
    def vocabulary(self):
        return set(self.tags), {(tag, name) for tag, name, _ in self.attributes}


def _halves(page: str) -> tuple[str, str]:
    zh, en = page.split('<main lang="en">')
    return zh, en


def _poisoned(value):
    if isinstance(value, dict):
        return {
            f"{key}{HOSTILE}" if key in _FREE_KEYS else key: _poisoned(item) for key, item in value.items()
        }
    if isinstance(value, list):
        return [_poisoned(item) for item in value]
    return HOSTILE if isinstance(value, str) else value


_FREE_KEYS = {"sales", "office", "masked_vector", "events", "job", "odd_stage"}


def test_page_is_whole_and_brings_everything_with_it():
    outline = _Outline(render(SUMMARY))
    assert "script" not in outline.tags
    assert not {"src", "href", "action", "onload", "onerror"} & {name for _, name, _ in outline.attributes}
    assert any("default-src 'none'" in value for value in outline.values("content"))
    assert not re.search(r"url\(|@import|https?://", render(SUMMARY))
    assert len(outline.values("id")) == len(set(outline.values("id")))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_result_stands_there_in_plain_words(language):
    zh, en = _halves(render(SUMMARY))
    page = zh if language == "zh" else en
    department = {"sales": NAMES["sales"][language], "office": NAMES["office"][language]}
    for sentence in (
        say("report_headline", language, departments="2", people="30,312"),
        say("report_headline_accuracy", language, federated="0.851", pooled="0.852", points="0.10"),
        say("report_headline_others", language, boosting="0.864", single="0.845"),
        say("report_gain", language, count=1, names=department["sales"]),
        say("report_no_gain", language, count=1, names=department["office"]),
        say("report_gain_spread", language, mean="+0.65", least="−0.20", most="+1.50"),
        say("report_engine_embedded", language),
        say("report_limit_collusion", language, t="1"),
        say("report_budget_reference", language, prv="0.930", gaussian="—"),
        say("report_rows_private", language),
        say("report_verdict_NOT CHECKED", language),
    ):
        assert escape(sentence) in page
    for figure in (
        "1e-5",
        "79,000",
        "budget_exceeded",
        "131277322940537",
        "9f" * 32,
        "0.8760",
        "+1.50",
        "−0.20",
        "odd_stage",
    ):
        assert figure in page


def test_both_languages_have_the_same_parts():
    zh, en = (re.findall(r"<(\w+)", half.split("<main", 1)[-1]) for half in _halves(render(SUMMARY)))
    assert zh == en


def test_chinese_page_has_no_english_sentence():
    zh, _ = _halves(render(SUMMARY))
    assert not [
        text
        for text in MESSAGES
        if text.startswith("report_")
        and len(MESSAGES[text][1]) > 12
        and "{" not in MESSAGES[text][1]
        and escape(MESSAGES[text][1]) in zh.split("<main")[1]
    ]


def test_hostile_texts_stay_texts():
    page = render(_poisoned(SUMMARY))
    page.encode("utf-8")
    outline, honest = _Outline(page), _Outline(render(SUMMARY))
    assert outline.vocabulary[0] <= honest.vocabulary[0]
    assert outline.vocabulary[1] <= honest.vocabulary[1]
    assert sum("alert(1)" in text for text in outline.texts) > 10
    assert not re.search("[\x00\x1b\u202e\ud800]", page)


def test_language_switch_needs_no_script():
    outline = _Outline(render(SUMMARY))
    assert outline.values("type") == ["radio", "radio"]
    assert [value for tag, name, value in outline.attributes if (tag, name) == ("label", "for")] == [
        "lang-zh",
        "lang-en",
    ]
    style = re.search(r"<style>(.*)</style>", render(SUMMARY), re.DOTALL).group(1)
    assert '#lang-zh:checked ~ main[lang="en"]' in style
    assert (
        outline.attributes[[a[:2] for a in outline.attributes].index(("input", "checked")) - 5][0] == "input"
    )
    assert ("html", "lang", "zh-CN") in outline.attributes


def test_empty_summary_is_a_page_that_claims_nothing():
    zh, en = _halves(render({}))
    assert zh.count(escape(say("report_missing", "zh"))) == en.count(escape(say("report_missing", "en"))) == 8
    assert say("report_limits", "en") in en
    assert "trained one model" not in en
    assert "<svg" not in zh + en


@pytest.mark.parametrize("name", SUMMARY)
def test_each_part_may_be_missing(name):
    _Outline(render({key: value for key, value in SUMMARY.items() if key != name}))


def test_no_refusals_is_said_and_is_not_the_same_as_no_data():
    assert say("report_refused_none", "en") in render({**SUMMARY, "refused": []})
    assert say("report_refused_none", "en") not in render({**SUMMARY, "refused": None})


def _paths(value, path=()):
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from _paths(value[key], (*path, key))


def _replaced(path, wrong):
    summary = copy.deepcopy(SUMMARY)
    place = summary
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = wrong
    return summary


@pytest.mark.slow
@pytest.mark.parametrize("wrong", [None, "x", -1, 0, 10**12, math.nan, 1e-300, [], {"x": {}}], ids=repr)
def test_any_value_may_be_wrong(wrong):
    for path in _paths(SUMMARY):
        if path and "office" not in path and 1 not in path:
            page = render(_replaced(path, wrong))
            assert not re.search(r'"[^"<>]*\b(nan|inf)\b[^"<>]*"', page), path


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("auc_by_step",), [[5, 0.8]]),
        (("auc_by_step",), [[5, 0.8], [5, 0.9]]),
        (("left",), {"sales": {"events": 0}, "office": {}}),
        (("budget",), {"sales": {"epsilon_cap": 0.0, "epsilon_spent": 0.0}}),
        (("people",), 10**400),
        (("refused",), 7),
    ],
    ids=["one step", "same step", "nothing left", "no cap", "beyond any figure", "no list"],
)
def test_figures_that_cannot_be_drawn_are_left_out(path, wrong):
    _Outline(render(_replaced(path, wrong)))


def test_plots_have_names_and_axes():
    page = render(SUMMARY)
    plots = [plot for plot in re.findall(r"<svg.*?</svg>", page) if 'role="img"' in plot]
    assert len(plots) == 2 * 6
    for plot in plots:
        assert re.match(r"<svg [^>]*aria-label=\"[^\"]{8,}\"><title>[^<]+</title><desc>[^<]+</desc>", plot)
        assert plot.count("<text") >= 5


@pytest.mark.parametrize(
    ("low", "high"), [(0, 1), (0.79, 0.86), (0, 232.6), (0, 1e-5), (0.8212, 0.8672), (3, 4e6)]
)
def test_ticks_are_few_round_and_inside(low, high):
    found = svg.ticks(low, high)
    assert 2 <= len(found) <= 8
    assert all(low - 1e-9 * high <= tick <= high * (1 + 1e-9) for tick in found)
    steps = [b - a for a, b in itertools.pairwise(found)]
    assert steps == pytest.approx([steps[0]] * len(steps))
    assert f"{steps[0]:.6e}"[0] in "125"


def test_points_off_the_axes_are_left_out():
    axis = svg.Axis("x", 0.0, 1.0)
    plot = svg.lines("t", "d", axis, axis, [svg.Series("s", [(0, 0), (0.5, -2), (1, 1), (9, 0)], "first")])
    assert re.search(r'<polyline points="([^"]*)"', plot).group(1) == "46.0,212.0 348.0,10.0"


def test_bars_are_as_long_as_their_values():
    axis = svg.Axis("x", 0.0, 10.0)
    plot = svg.bars("t", "d", [svg.Bar("row", [(2.5, "first"), (5.0, "pale")], "7.5")], axis)
    assert re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', plot) == [
        ("16.0", "68.5"),
        ("84.5", "137.0"),
    ]


def test_elements_escape_what_is_not_markup():
    made = element("p", "<b>", element("i", "&"), ["a", ["<"]], class_="x", data_label='"><script>')
    assert made == ('<p class="x" data-label="&quot;&gt;&lt;script&gt;">&lt;b&gt;<i>&amp;</i>a&lt;</p>')
    assert escape(Markup("<b>")) == "<b>"
    assert escape("a\x07b\u2066c\ud800d\ne") == "a\ufffdb\ufffdc\ufffdd\ne"
    assert escape("心桥 😀") == "心桥 😀"


@pytest.mark.parametrize(
    ("value", "text"), [(None, "—"), (1.0, "1"), (0.25, "0.25"), (0, "0"), (1e-5, "1e-5"), (2e-4, "2e-4")]
)
def test_small_numbers_are_printed_briefly(value, text):
    assert short(value) == text


@pytest.mark.parametrize("value", [None, True, "1", math.nan, math.inf, -math.inf, []])
def test_what_is_no_figure_is_none(value):
    assert number(value) is None


def _palette(css: str) -> dict[str, str]:
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", css))


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_can_be_read(scheme):
    """WCAG 2.2: 4.5 for text, 3 for lines and marks."""
    css = resources.files("xinqiao_app").joinpath("templates/report.css").read_text("utf-8")
    light, dark = css.split("@media screen", 1)
    palette = _palette(light if scheme == "light" else dark)
    for name in ("ink", "soft", "brand", "good", "bad", "open"):
        assert _contrast(palette[name], palette["paper"]) >= 4.5, name
        assert _contrast(palette[name], palette["page"]) >= 4.5, name
    for name in ("first", "second", "third", "fourth", "fifth", "sixth", "seventh"):
        assert _contrast(palette[name], palette["paper"]) >= 3, name


def test_every_sentence_of_the_report_has_the_same_gaps_in_both_languages():
    for code in MESSAGES:
        if code.startswith("report_"):
            zh, en = gaps(code)
            assert zh == en, code
