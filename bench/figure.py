"""A plot as a file of its own: the page's inline SVG with a style sheet and a legend that is seen."""

from collections.abc import Sequence

from xinqiao_app.svg import WIDTH
from xinqiao_ledger.markup import Markup, element

_ROW, _COLUMNS, _MARGIN = 16, 2, 10


def standalone(picture: Markup, style: str, entries: Sequence[tuple[str, str]]) -> str:
    """Return an SVG file of `picture`, its classes drawn as `style` says, with (class, text) lines below."""
    height = float(picture.split('viewBox="', 1)[1].split('"', 1)[0].split()[3])
    rows = -(-len(entries) // _COLUMNS)
    drawn = [_entry(index, height, *entry) for index, entry in enumerate(entries)]
    whole = element(
        "svg",
        element("style", Markup(style)),
        Markup(picture.replace("<svg ", f'<svg width="{WIDTH}" height="{height:g}" ', 1)),
        drawn,
        viewBox=f"0 0 {WIDTH} {height + rows * _ROW + _MARGIN:g}",
    )
    return whole.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) + "\n"


def _entry(index: int, top: float, style: str, text: str) -> list[Markup]:
    x = _MARGIN + (index % _COLUMNS) * WIDTH / _COLUMNS
    y = top + (index // _COLUMNS + 0.5) * _ROW
    return [
        element("polyline", points=f"{x:g},{y:g} {x + 24:g},{y:g}", class_=f"line {style}"),
        element("text", text, x=f"{x + 30:g}", y=f"{y + 4:g}"),
    ]
