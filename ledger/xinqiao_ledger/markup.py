"""HTML and SVG as nested elements: text is escaped because it is text, not because someone remembered to."""

import html
from collections.abc import Iterable
from typing import TypeAlias

_UNSEEN = dict.fromkeys((*range(9), *range(11, 13), *range(14, 32), 127), "�")
_DIRECTION = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\N{REPLACEMENT CHARACTER}")
_EMPTY = frozenset({"meta", "input"})


class Markup(str):
    """Text that is a finished piece of HTML or SVG; every other text is escaped where it enters."""

    __slots__ = ()


Child: TypeAlias = "str | Iterable[Child]"
"""A text, a finished piece, or several of either."""


def element(name: str, /, *children: Child, **attributes: str | float) -> Markup:
    """Return `<name …>children</name>`; in attribute names `_` stands for `-`, a last one is dropped."""
    opening = "".join(f' {_attribute(key)}="{escape(str(value))}"' for key, value in attributes.items())
    if name in _EMPTY:
        return Markup(f"<{name}{opening}>")
    return Markup(f"<{name}{opening}>{join(children)}</{name}>")


def join(children: Iterable[Child]) -> Markup:
    """Return the pieces one after the other, escaping what is not yet finished."""
    return Markup("".join(escape(child) if isinstance(child, str) else join(child) for child in children))


def escape(text: str) -> Markup:
    """Return `text` safe inside an element or a quoted attribute.

    Control characters, marks that turn the writing direction, and unpaired surrogates become U+FFFD.
    """
    if isinstance(text, Markup):
        return text
    seen = text.translate(_UNSEEN | _DIRECTION).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Markup(html.escape(seen))


def _attribute(name: str) -> str:
    return name.rstrip("_").replace("_", "-")
