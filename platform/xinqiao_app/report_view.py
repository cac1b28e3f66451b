"""How the report reads `summary.json`: a figure that is missing or unusable is None, never an error."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from xinqiao_governance.errors import Field
from xinqiao_governance.messages import MESSAGES, Language, say

_LARGEST = 10**12


@dataclass(frozen=True)
class View:
    """A summary in one language."""

    summary: Mapping[str, Any]
    language: Language

    def say(self, code: str, **fields: Field) -> str:
        """Return the sentence for `code`; see `xinqiao_governance.messages.say`."""
        return say(code, self.language, **fields)

    def word(self, prefix: str, value: object) -> str:
        """Return the sentence for `prefix_value` if there is one, else the value itself."""
        code = f"{prefix}_{value}"
        return self.say(code) if code in MESSAGES else str(value)

    def part(self, name: str) -> dict[str, Any]:
        """Return an object of the summary; empty if it is missing."""
        return mapping(self.summary.get(name))

    def number(self, name: str) -> float | None:
        """Return a number of the summary."""
        return number(self.summary.get(name))

    def department(self, name: str) -> str:
        """Return a department's name for the reader."""
        names = mapping(self.part("department_names").get(name))
        return str(names.get(self.language) or name)

    def listed(self, names: Iterable[str]) -> str:
        """Return several departments' names as a list."""
        return ("、" if self.language == "zh" else ", ").join(self.department(name) for name in names)

    def either(self, item: Mapping[str, Any], prefix: str = "") -> str:
        """Return the text of `item` in the reader's language, stored under `{prefix}zh` and `{prefix}en`."""
        return str(item.get(f"{prefix}{self.language}") or "")


def mapping(value: object) -> dict[str, Any]:
    """Return `value` as an object; empty if it is something else."""
    return {str(key): item for key, item in value.items()} if isinstance(value, Mapping) else {}


def items(value: object) -> list[Any]:
    """Return `value` as a list; empty if it is something else."""
    return list(value) if isinstance(value, list | tuple) else []


def objects(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list."""
    return [mapping(item) for item in items(value) if isinstance(item, Mapping)]


def number(value: object) -> float | None:
    """Return a number as it is; None for anything else, or beyond any real figure."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) <= _LARGEST else None


def numbers(value: Mapping[str, Any]) -> dict[str, float]:
    """Return the entries that are numbers."""
    return {key: figure for key, item in value.items() if (figure := number(item)) is not None}


def points(value: object) -> list[tuple[float, float]]:
    """Return the first two numbers of each entry, leaving out entries without them."""
    found = []
    for entry in items(value):
        first_two = [figure for item in items(entry)[:2] if (figure := number(item)) is not None]
        if len(first_two) == 2:
            found.append((first_two[0], first_two[1]))
    return found


def fixed(value: float | None, digits: int = 3) -> str:
    """Print with a fixed number of decimals."""
    return "—" if value is None else f"{value:.{digits}f}"


def whole(value: float | None) -> str:
    """Print a count with thousands marked."""
    return "—" if value is None else f"{value:,.0f}"


def short(value: float | None) -> str:
    """Print a number briefly: 1, 0.25, 1e-5."""
    if value is None:
        return "—"
    if value == 0 or abs(value) >= 1e-3:
        return f"{value:.4g}"
    mantissa, exponent = f"{value:.3e}".split("e")
    return f"{float(mantissa):g}e{int(exponent)}"


def signed_points(difference: float) -> str:
    """Print a difference of two AUCs in points, hundredths of the scale, with its sign."""
    return f"{100 * difference:+.2f}".replace("-", "\N{MINUS SIGN}")
