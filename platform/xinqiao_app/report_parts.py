"""The parts of the report, one function each: a view of the summary in, a finished section out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xinqiao_app import svg
from xinqiao_app.report_view import (
    View,
    fixed,
    mapping,
    number,
    numbers,
    objects,
    points,
    short,
    signed_points,
    whole,
)
from xinqiao_ledger.markup import Child, Markup, element, join

_MODELS = {
    "federated": "first",
    "pooled_non_private": "second",
    "pooled_boosting": "third",
    "best_single_department": "fourth",
}
_KIND_STYLES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
_DIAGONAL = ((0.0, 0.0), (1.0, 1.0))
_BELOW_WORST_END = 0.02


def headline(view: View) -> Markup:
    """The result in plain words and its key figures; a sentence whose figures are missing is left out."""
    auc = numbers(view.part("auc"))
    sentences = []
    if _known(view, "departments", "people"):
        sentences.append(element("p", view.say("report_headline", **_counts(view)), class_="lead"))
    if _known(view, "epsilon", "delta", "t"):
        sentences.append(_plain(view.say("report_headline_privacy", **_guarantee(view))))
    if {"federated", "pooled_non_private"} <= auc.keys():
        sentences.append(_plain(_accuracy_sentence(view, auc)))
    return element("section", sentences or _missing(view), _tiles(view))


def accuracy(view: View) -> Markup:
    """AUC beside the yardsticks, by step; ROC and calibration."""
    auc = numbers(view.part("auc"))
    plots = [*_by_step(view, auc), *_roc(view), *_calibration(view)]
    if not auc and not plots:
        return _section(view, "report_accuracy")
    return _section(
        view,
        "report_accuracy",
        _note(view, "report_accuracy_note"),
        _auc_table(view, auc),
        element("div", plots, class_="figures"),
    )


def by_department(view: View) -> Markup:
    """Each department's own model beside the federated one and its local layer, on its own people."""
    results = {
        name: figures
        for name, result in mapping(view.part("auc").get("by_department")).items()
        if {"alone", "federated"} <= (figures := numbers(mapping(result))).keys()
    }
    if not results:
        return _section(view, "report_by_department")
    return _section(
        view,
        "report_by_department",
        _note(view, "report_by_department_note"),
        _gains(view, results),
        element("div", _dumbbells(view, results), _department_table(view, results), class_="figures"),
    )


def left(view: View) -> Markup:
    """What each department kept and which kinds of message left it, in bytes."""
    sent = {name: numbers(mapping(kinds)) for name, kinds in view.part("left").items()}
    kept = view.part("kept")
    names = list(dict.fromkeys([*kept, *sent]))
    if not names:
        return _section(view, "report_left")
    kinds = list(dict.fromkeys(kind for by_kind in sent.values() for kind in by_kind))
    rows = [_left_row(view, name, mapping(kept.get(name)), sent.get(name, {}), kinds) for name in names]
    heads = ("report_kept_rows", "report_kept_columns", "report_kept_bytes")
    header = [
        view.say("report_department"),
        *(view.say(head) for head in heads),
        *(view.word("report_kind", kind) for kind in kinds),
        view.say("report_left_total"),
    ]
    return _section(
        view,
        "report_left",
        _note(view, "report_left_note"),
        element("div", _left_plot(view, sent, kinds), class_="figures"),
        _table(header, rows),
    )


def budget(view: View) -> Markup:
    """What each department's budget was, what is spent and what is left."""
    accounts = {name: numbers(mapping(account)) for name, account in view.part("budget").items()}
    if not accounts:
        return _section(view, "report_budget")
    columns = [f"{unit}_{what}" for unit in ("epsilon", "delta") for what in ("cap", "spent", "left")]
    header = [view.say("report_department"), *(view.say(f"report_{column}") for column in columns)]
    rows = [[view.department(name), *_account_row(account)] for name, account in accounts.items()]
    return _section(
        view,
        "report_budget",
        _note(view, "report_budget_note"),
        _reference(view),
        element("div", _budget_plot(view, accounts), _table(header, rows), class_="figures"),
    )


def refused(view: View) -> Markup:
    """The requests that were refused, by whom and why."""
    if not isinstance(view.summary.get("refused"), list | tuple):
        return _section(view, "report_refused")
    requests = objects(view.summary["refused"])
    if not requests:
        return _section(view, "report_refused", element("p", view.say("report_refused_none")))
    header = [view.say(f"report_{name}") for name in ("request", "department", "reason", "reason_code")]
    rows = [
        [
            view.word("demo_request", _text(request, "request")),
            view.listed(_text(request, "department").split(", ")),
            view.either(request) or "—",
            element("code", _text(request, "reason_code")),
        ]
        for request in requests
    ]
    return _section(view, "report_refused", _table(header, rows, numeric=False))


def ledger(view: View) -> Markup:
    """The log, its anchor, and what the offline verifier found."""
    facts = view.part("ledger")
    if not facts:
        return _section(view, "report_ledger")
    entries = [
        _fact(view, "report_verdict", _status(view, facts.get("verdict"))),
        _fact(view, "report_events", whole(number(facts.get("events")))),
        _fact(view, "report_anchored_size", whole(number(facts.get("anchored_size")))),
        _fact(view, "report_chain", element("code", _text(facts, "chain_id"))),
        _fact(view, "report_root", element("code", _text(facts, "root"))),
    ]
    checks = objects(facts.get("checks"))
    header = [view.say(f"report_{name}") for name in ("number", "check", "status", "detail")]
    table = _table(header, [_check_row(view, check) for check in checks], numeric=False) if checks else ""
    return _section(view, "report_ledger", element("dl", entries, class_="facts"), table)


def seconds(view: View) -> Markup:
    """How long each stage took, how it ran, on which data."""
    stages = numbers(view.part("seconds"))
    notes = [_plain(view.say(code)) for code in _engine(view)]
    if view.summary.get("data_source"):
        notes.append(_plain(view.say("report_source", source=str(view.summary["data_source"]))))
    if not stages and not notes:
        return _section(view, "report_seconds")
    header = [view.say("report_stage"), view.say("report_seconds_column")]
    rows = [[view.word("demo_stage", stage), fixed(value, 1)] for stage, value in stages.items()]
    return _section(view, "report_seconds", notes, _table(header, rows) if rows else _missing(view))


def limits(view: View) -> Markup:
    """What all this does not protect against."""
    fields = {"t": short(view.number("t")) if _known(view, "t") else "t"}
    names = ("poison", "collusion", "machine", "group", "denial", "traffic", "one_machine", "yardstick")
    entries = [element("li", view.say(f"report_limit_{name}", **fields)) for name in names]
    return _section(view, "report_limits", element("ul", entries))


# Headline


def _known(view: View, *names: str) -> bool:
    return all(view.number(name) is not None for name in names)


def _counts(view: View) -> dict[str, str]:
    return {name: whole(view.number(name)) for name in ("departments", "people")}


def _guarantee(view: View) -> dict[str, str]:
    figures = {name: short(view.number(name)) for name in ("epsilon", "delta", "t")}
    return {**figures, "unit": view.word("report_unit", view.summary.get("unit") or "—")}


def _accuracy_sentence(view: View, auc: Mapping[str, float]) -> str:
    federated, pooled = auc["federated"], auc["pooled_non_private"]
    sentence = view.say(
        "report_headline_accuracy",
        federated=fixed(federated),
        pooled=fixed(pooled),
        points=f"{abs(100 * (federated - pooled)):.2f}",
    )
    others = view.say(
        "report_headline_others",
        boosting=fixed(auc.get("pooled_boosting")),
        single=fixed(auc.get("best_single_department")),
    )
    return sentence + (" " if view.language == "en" else "") + others


def _tiles(view: View) -> Markup:
    steps = view.say(
        "report_tile_steps_note", answers=whole(view.number("answers")), void=whole(view.number("void_steps"))
    )
    tiles = [
        _tile(view, "departments", whole(view.number("departments"))),
        _tile(view, "people", whole(view.number("people"))),
        _tile(view, "epsilon", short(view.number("epsilon"))),
        _tile(view, "auc", fixed(number(view.part("auc").get("federated")))),
        _tile(view, "steps", whole(view.number("steps")), element("small", steps)),
        _tile(view, "proof", _status(view, view.part("ledger").get("verdict"))),
    ]
    return element("dl", tiles, class_="tiles")


def _tile(view: View, name: str, *value: Child) -> Markup:
    return element("div", element("dt", view.say(f"report_tile_{name}")), element("dd", *value))


# Accuracy


def _auc_table(view: View, auc: Mapping[str, float]) -> Markup:
    federated = auc.get("federated")
    rows = [
        [
            view.say(f"report_{model}"),
            fixed(auc[model], 4),
            "" if federated is None or model == "federated" else signed_points(auc[model] - federated),
        ]
        for model in _MODELS
        if model in auc
    ]
    header = [view.say(f"report_{name}") for name in ("model", "axis_auc", "difference")]
    return _table(header, rows)


def _by_step(view: View, auc: Mapping[str, float]) -> Iterable[Markup]:
    path = sorted(points(view.summary.get("auc_by_step")))
    if not path or path[0][0] == path[-1][0]:
        return
    levels = [(model, auc[model]) for model in _MODELS if model in auc and model != "federated"]
    ends = (path[0][0], path[-1][0])
    flat = [svg.Series(model, [(end, value) for end in ends], _MODELS[model]) for model, value in levels]
    series = [*flat, svg.Series("federated", path, _MODELS["federated"])]
    title = view.say("report_by_step")
    plot = svg.lines(title, _path_in_words(view, path), *_step_axes(view, series), series)
    shown = [("federated", auc.get("federated", path[-1][1])), *levels]
    entries = [
        ("line", _MODELS[model], f"{view.say(f'report_{model}')} {fixed(value)}") for model, value in shown
    ]
    yield _figure(title, plot, entries, view.say("report_by_step_note"))


def _path_in_words(view: View, path: Sequence[svg.Point]) -> str:
    (first, low), (last, high) = path[0], path[-1]
    ends = {"first": whole(first), "last": whole(last), "low": fixed(low), "high": fixed(high)}
    return view.say("report_by_step_description", **ends)


def _step_axes(view: View, series: Sequence[svg.Series]) -> tuple[svg.Axis, svg.Axis]:
    """Return axes that show where every series ends and a little below: small differences show."""
    values = [value for one in series for _, value in one.points]
    worst_end = min(one.points[-1][1] for one in series)
    low = max(min(values), worst_end - _BELOW_WORST_END)
    first, last = series[0].points[0][0], series[0].points[-1][0]
    x = svg.Axis(view.say("report_axis_step"), first, last)
    return x, svg.Axis(view.say("report_axis_auc"), low - 0.003, max(values) + 0.003, "{:.2f}".format)


def _roc(view: View) -> Iterable[Markup]:
    axes = view.say("report_axis_false"), view.say("report_axis_true")
    return _unit_square(view, "roc", axes, "report_guessing", marked=False)


def _calibration(view: View) -> Iterable[Markup]:
    axes = view.say("report_axis_predicted"), view.say("report_axis_observed")
    return _unit_square(view, "calibration", axes, "report_exact", marked=True)


def _unit_square(
    view: View, part: str, axes: tuple[str, str], diagonal: str, *, marked: bool
) -> Iterable[Markup]:
    curves = {name: points(curve) for name, curve in view.part(part).items() if name in _MODELS}
    series = [svg.Series(name, curve, _MODELS[name], marked) for name, curve in curves.items() if curve]
    if not series:
        return
    x, y = (svg.Axis(label, 0.0, 1.0) for label in axes)
    title = view.say(f"report_{part}")
    drawn = [svg.Series("diagonal", _DIAGONAL, "seventh"), *series]
    plot = svg.lines(title, view.say(f"report_{part}_description"), x, y, drawn)
    entries = [("line", one.style, view.say(f"report_{one.name}")) for one in series]
    yield _figure(title, plot, [*entries, ("line", "seventh", view.say(diagonal))])


# By department


def _joined(result: Mapping[str, float]) -> float:
    """What a department has by joining: the shared model under its local layer, where one was fitted."""
    return result.get("with_local_layer", result["federated"])


def _gain(result: Mapping[str, float]) -> float:
    return _joined(result) - result["alone"]


def _gains(view: View, results: Mapping[str, Mapping[str, float]]) -> list[Markup]:
    """Say plainly for whom joining pays, for whom it does not, and by how much on average."""
    gaining = [name for name, result in results.items() if _gain(result) > 0]
    groups = {"report_gain": gaining, "report_no_gain": [name for name in results if name not in gaining]}
    sentences = [
        element("p", view.say(code, count=len(names), names=view.listed(names)))
        for code, names in groups.items()
        if names
    ]
    gains = [_gain(result) for result in results.values()]
    figures = {"mean": sum(gains) / len(gains), "least": min(gains), "most": max(gains)}
    spread = {name: signed_points(value) for name, value in figures.items()}
    return [*sentences, element("p", view.say("report_gain_spread", **spread))]


def _dumbbells(view: View, results: Mapping[str, Mapping[str, float]]) -> Markup:
    rows = [
        svg.Pair(
            view.department(name),
            result["alone"],
            _joined(result),
            signed_points(_gain(result)),
        )
        for name, result in results.items()
    ]
    values = [value for row in rows for value in (row.first, row.second)]
    axis = svg.Axis(view.say("report_axis_auc"), min(values) - 0.01, max(values) + 0.01, "{:.2f}".format)
    title = view.say("report_by_department")
    plot = svg.dumbbells(title, view.say("report_dumbbell_description"), rows, axis)
    entries = [("ring", "second", view.say("report_alone")), ("disc", "first", view.say("report_joined"))]
    return _figure(title, plot, entries, view.say("report_dumbbell_note"))


def _department_table(view: View, results: Mapping[str, Mapping[str, float]]) -> Markup:
    names = ("department", "people", "alone", "together", "with_local_layer", "change")
    header = [view.say(f"report_{name}") for name in names]
    rows = [
        [
            view.department(name),
            whole(result.get("people")),
            fixed(result["alone"], 4),
            fixed(result["federated"], 4),
            fixed(result.get("with_local_layer"), 4),
            signed_points(_gain(result)),
        ]
        for name, result in results.items()
    ]
    return _table(header, rows)


# What stayed and what left


def _left_row(
    view: View, name: str, kept: Mapping[str, Any], sent: Mapping[str, float], kinds: Sequence[str]
) -> list[str]:
    rows = number(kept.get("rows"))
    return [
        view.department(name),
        view.say("report_rows_private") if rows is None else whole(rows),
        whole(number(kept.get("columns"))),
        whole(number(kept.get("encrypted_bytes"))),
        *(whole(sent.get(kind, 0)) for kind in kinds),
        whole(sum(sent.values())),
    ]


def _left_plot(view: View, sent: Mapping[str, Mapping[str, float]], kinds: Sequence[str]) -> list[Markup]:
    largest = max((sum(by_kind.values()) for by_kind in sent.values()), default=0.0)
    if largest <= 0:
        return []
    styles = {kind: _KIND_STYLES[index % len(_KIND_STYLES)] for index, kind in enumerate(kinds)}
    scale, unit = (1024.0, "KiB") if largest < 1024**2 else (1024.0**2, "MiB")
    rows = [
        svg.Bar(
            view.department(name),
            [(by_kind[kind] / scale, styles[kind]) for kind in kinds if by_kind.get(kind, 0) > 0],
            f"{sum(by_kind.values()) / scale:.1f}",
        )
        for name, by_kind in sent.items()
    ]
    axis = svg.Axis(view.say("report_axis_bytes", unit=unit), 0.0, largest / scale)
    title = view.say("report_left_plot")
    plot = svg.bars(title, view.say("report_left_description"), rows, axis)
    return [_figure(title, plot, [("box", styles[kind], view.word("report_kind", kind)) for kind in kinds])]


# Budget


def _account_row(account: Mapping[str, float]) -> list[str]:
    row = []
    for unit in ("epsilon", "delta"):
        cap, spent = account.get(f"{unit}_cap"), account.get(f"{unit}_spent")
        rest = None if cap is None or spent is None else cap - spent
        row += [short(cap), short(spent), short(rest)]
    return row


def _reference(view: View) -> Markup | str:
    reference = numbers(view.part("reference"))
    if not reference:
        return ""
    prv, gaussian = (fixed(reference.get(f"epsilon_{name}")) for name in ("prv", "gaussian"))
    return element("p", view.say("report_budget_reference", prv=prv, gaussian=gaussian), class_="note")


def _budget_plot(view: View, accounts: Mapping[str, Mapping[str, float]]) -> Markup | str:
    rows = [
        _budget_bar(view.department(name), account["epsilon_cap"], account["epsilon_spent"])
        for name, account in accounts.items()
        if {"epsilon_cap", "epsilon_spent"} <= account.keys()
    ]
    largest = max((sum(value for value, _ in row.segments) for row in rows), default=0.0)
    if largest <= 0:
        return ""
    title = view.say("report_budget_plot")
    plot = svg.bars(title, view.say("report_budget_description"), rows, svg.Axis("ε", 0.0, largest))
    entries = [("box", "first", view.say("report_spent")), ("box", "pale", view.say("report_rest"))]
    return _figure(title, plot, entries)


def _budget_bar(name: str, cap: float, spent: float) -> svg.Bar:
    segments = [(max(spent, 0.0), "first"), (max(cap - spent, 0.0), "pale")]
    return svg.Bar(name, segments, f"{short(spent)} / {short(cap)}")


# Ledger


def _check_row(view: View, check: Mapping[str, Any]) -> list[str]:
    return [
        _text(check, "number"),
        view.either(check, "name_"),
        _status(view, check.get("status")),
        view.either(check, "detail_"),
    ]


def _status(view: View, status: object) -> Markup:
    style = status if status in ("PASS", "FAIL") else "OPEN"
    word = view.word("report_verdict", status) if status else "—"
    return element("span", word, class_=f"status {style}")


def _fact(view: View, code: str, value: str) -> Markup:
    return join([element("dt", view.say(code)), element("dd", value)])


def _engine(view: View) -> list[str]:
    engine = view.summary.get("engine")
    return [f"report_engine_{engine}"] if engine in ("embedded", "deployed") else []


# Pieces


def _section(view: View, code: str, *children: Child) -> Markup:
    return element("section", element("h2", view.say(code)), *(children or (_missing(view),)))


def _missing(view: View) -> Markup:
    return element("p", view.say("report_missing"), class_="missing")


def _note(view: View, code: str) -> Markup:
    return element("p", view.say(code), class_="note")


def _plain(text: str) -> Markup:
    return element("p", text)


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return "—" if value is None else str(value)


def _figure(title: str, plot: Markup, entries: Sequence[tuple[str, str, str]], note: str = "") -> Markup:
    below = element("small", note) if note else ""
    return element("figure", element("figcaption", title), plot, svg.legend(entries), below)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], *, numeric: bool = True) -> Markup:
    """Return a table whose first column heads its row; `numeric` sets the other columns to the right."""
    style = "number" if numeric else "text"
    head = [
        element("th", name, scope="col", class_=style if place else "text")
        for place, name in enumerate(header)
    ]
    body = [element("tr", _cells(header, row, style)) for row in rows]
    table = element(
        "table", element("thead", element("tr", head)), element("tbody", body), class_=f"{style}s"
    )
    return element("div", table, class_="scroll narrow" if len(header) <= 3 else "scroll", tabindex="0")


def _cells(header: Sequence[str], row: Sequence[str], style: str) -> Iterable[Markup]:
    """Return a row's cells, each with its column's name for narrow screens, where text tables stack."""
    yield element("th", row[0], scope="row", data_label=header[0])
    for name, cell in zip(header[1:], row[1:], strict=True):
        yield element("td", cell, class_=style, data_label=name)
