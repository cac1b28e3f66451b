"""The departments that the operator knows: those on the cards that he wrote orders from.

A name is for the eye only. Whatever decides goes by the fingerprint, so it is always shown beside the name.
The transport key tells a SuperLink whom to let in, and nothing more.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from xinqiao_app.commands.arguments import read_as
from xinqiao_app.commands.cards import DepartmentCard
from xinqiao_app.progress import short
from xinqiao_governance.canonical import Json
from xinqiao_governance.parse import objects
from xinqiao_ledger.files import io_errors, replace_file

_FILE = "directory.json"
_LONGEST = 60


def remember(centre: Path, cards: Iterable[DepartmentCard]) -> None:
    """Keep cards in the centre's folder, beside those it knows; the newest card of a department counts.

    Raises:
        StoreDamaged: the folder cannot be written.
    """
    kept = {card.fingerprint: card for card in (*known(centre), *cards)}
    path = centre / _FILE
    with io_errors(path):
        rows = [card.to_json() for card in kept.values()]
        replace_file(path, json.dumps(rows, ensure_ascii=False, indent=1).encode())


def known(centre: Path) -> list[DepartmentCard]:
    """Return the cards of the departments that the centre knows.

    Raises:
        UsageInvalid: the directory is damaged.
    """
    path = centre / _FILE
    return read_as(path, _parse) if path.exists() else []


def shown_names(centre: Path) -> dict[bytes, str]:
    """Return how to show each department that the centre knows: "name (fingerprint…)".

    Raises:
        UsageInvalid: the directory is damaged.
    """
    return {card.fingerprint: f"{_clean(card.name)} ({short(card.fingerprint)})" for card in known(centre)}


def _parse(value: Json) -> list[DepartmentCard]:
    return [DepartmentCard.from_json(row) for row in objects({"cards": value}, "cards")]


def _clean(name: str) -> str:
    """Return what no terminal obeys: the name came with another's card."""
    return "".join(letter for letter in name[:_LONGEST] if letter.isprintable())
