"""A timeline as inline SVG: one lane a writer, one mark an event, by the writers' own dates.

What is dated before the operator's first event of it (approvals, mostly) stands at the left edge. Marks that
fall on the same place are drawn once, so a picture stays small whatever the number of events.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from xinqiao_governance.messages import Language, say
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.markup import Markup, element

_WIDTH, _LEFT, _RIGHT, _TOP, _LANE = 720, 150, 700, 26, 26
_MOST_LANES = 40
_TICKS = 4
_DAY_S = 86_400
_NAME_LETTERS = 20
_SHAPES: Mapping[Kind, tuple[str, str]] = {
    Kind.ORDER: ("diamond", "m"),
    Kind.PUBLISH: ("diamond", "good"),
    Kind.STEP: ("tick", "m"),
    Kind.RELEASE: ("tick", "m"),
    Kind.DECISION: ("ring", "m open"),
    Kind.RESERVE: ("dot", "m"),
    Kind.OUTCOME: ("square", "m"),
    Kind.APPROVE: ("ring", "good open"),
}
_DRAWN = ("order", "approve", "decision", "reserve", "release", "step", "outcome", "publish")


def draw(events: Sequence[Event], names: Mapping[str, str], first: str, language: Language) -> Markup:
    """Return the picture of `events`, which are in the log's order; `first` is the writer of the top lane."""
    drawn = [event for event in events if event.kind in _SHAPES]
    if not drawn:
        return element("p", say("page_timeline_empty", language), class_="note")
    writers = sorted({event.node for event in drawn}, key=lambda node: (node != first, names.get(node, node)))
    lanes = {node: number for number, node in enumerate(writers[:_MOST_LANES])}
    scale = _Scale(drawn, first)
    height = _TOP + _LANE * len(lanes) + 30
    title = say("page_timeline", language)
    picture = element(
        "svg",
        element("title", title),
        element("desc", say("page_timeline_about", language, events=len(drawn), writers=len(writers))),
        [_lane(names.get(node, node[:12]), number) for node, number in lanes.items()],
        _axis(scale, height),
        _marks(drawn, lanes, scale),
        viewBox=f"0 0 {_WIDTH} {height}",
        role="img",
        aria_label=title,
    )
    about = say("page_timeline_note", language, start=scale.shown(scale.start), end=scale.shown(scale.end))
    return element(
        "figure",
        element("div", picture, class_="scroll"),
        _legend(language),
        element("p", about, class_="note"),
    )


class _Scale:
    """Where a second stands in the picture."""

    def __init__(self, events: Sequence[Event], first: str) -> None:
        self.start = next((event.time for event in events if event.node == first), events[0].time)
        self.end = max(self.start + 1, *(event.time for event in events))

    def place(self, second: float) -> int:
        """Return the place in units of the picture."""
        part = (max(second, self.start) - self.start) / (self.end - self.start)
        return round(_LEFT + part * (_RIGHT - _LEFT))

    def shown(self, second: float) -> str:
        """Return a moment as the picture needs it: with its day where it spans several."""
        form = "%H:%M:%S" if self.end - self.start < _DAY_S else "%m-%d %H:%M"
        try:
            return datetime.fromtimestamp(round(second)).astimezone().strftime(form)
        except (ValueError, OverflowError, OSError):
            return str(int(second))


def _middle(lane: int) -> float:
    return _TOP + _LANE * (lane + 0.5)


def _lane(name: str, lane: int) -> list[Markup]:
    short = name if len(name) <= _NAME_LETTERS else name[: _NAME_LETTERS - 1] + "…"
    middle = _middle(lane)
    return [
        element("text", short, x=_LEFT - 10, y=middle + 4, text_anchor="end"),
        element("line", x1=_LEFT, y1=middle, x2=_RIGHT, y2=middle, class_="lane"),
    ]


def _axis(scale: _Scale, height: float) -> list[Markup]:
    found = []
    for number in range(_TICKS + 1):
        second = scale.start + (scale.end - scale.start) * number / _TICKS
        x = scale.place(second)
        anchor = "start" if number == 0 else "end" if number == _TICKS else "middle"
        found.append(element("line", x1=x, y1=_TOP - 6, x2=x, y2=height - 24))
        found.append(
            element("text", scale.shown(second), x=x, y=height - 8, class_="axis", text_anchor=anchor)
        )
    return found


def _marks(events: Sequence[Event], lanes: Mapping[str, int], scale: _Scale) -> list[Markup]:
    places = {
        (_SHAPES[event.kind][0], _style(event), scale.place(event.time), lanes[event.node])
        for event in events
        if event.node in lanes
    }
    ticks_first = sorted(places, key=lambda place: (place[0] != "tick", place))
    return [_mark(shape, style, x, _middle(lane)) for shape, style, x, lane in ticks_first]


def _style(event: Event) -> str:
    refused = event.decision == "refuse" or (event.kind is Kind.STEP and event.reason != "good")
    return "bad" if refused else _SHAPES[event.kind][1]


def _mark(shape: str, style: str, x: float, y: float) -> Markup:
    match shape:
        case "tick":
            return element("line", x1=x, y1=y - 6, x2=x, y2=y + 6, class_=style)
        case "diamond":
            return element("path", d=f"M{x} {y - 7}L{x + 6} {y}L{x} {y + 7}L{x - 6} {y}Z", class_=style)
        case "square":
            return element("path", d=f"M{x - 4} {y - 4}h8v8h-8Z", class_=style)
        case "ring":
            return element("circle", cx=x, cy=y, r=5, class_=style)
    return element("circle", cx=x, cy=y, r=2.5, class_=style)


def _legend(language: Language) -> Markup:
    items = []
    for kind in map(Kind, _DRAWN):
        mark = _mark(*_SHAPES[kind], x=8, y=7)
        sample = element("svg", mark, viewBox="0 0 16 14", aria_hidden="true")
        items.append(element("li", sample, say(f"log_kind_{kind}", language)))
    return element("ul", items, class_="legend")
