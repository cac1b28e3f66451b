"""The names by which the operator knows departments: those on the cards that he wrote orders from.

A name is for the eye only. Whatever decides goes by the fingerprint, so it is always shown beside the name.
"""

import json
from pathlib import Path

from xinqiao_app.commands.arguments import read_as
from xinqiao_app.progress import short
from xinqiao_clients.files import io_errors, replace_file
from xinqiao_governance.canonical import Json
from xinqiao_governance.parse import hex_bytes, objects, text

_FILE = "names.json"
_LONGEST = 60
_NODE_BYTES = 32


def remember(centre: Path, names: dict[bytes, str]) -> None:
    """Keep names by fingerprint in the centre's folder, beside those it knows; the newest card counts.

    Raises:
        StoreDamaged: the folder cannot be written.
    """
    kept = _read(centre) | names
    rows = [{"node": node.hex(), "name": name} for node, name in kept.items()]
    path = centre / _FILE
    with io_errors(path):
        replace_file(path, json.dumps(rows, ensure_ascii=False, indent=1).encode())


def shown_names(centre: Path) -> dict[bytes, str]:
    """Return how to show each department that the centre knows by name: "name (fingerprint…)".

    Raises:
        UsageInvalid: the file of names is damaged.
    """
    return {node: f"{_clean(name)} ({short(node)})" for node, name in _read(centre).items()}


def _read(centre: Path) -> dict[bytes, str]:
    path = centre / _FILE
    return read_as(path, _parse) if path.exists() else {}


def _parse(value: Json) -> dict[bytes, str]:
    rows = objects({"names": value}, "names")
    return {hex_bytes(row, "node", length=_NODE_BYTES): text(row, "name") for row in rows}


def _clean(name: str) -> str:
    """Return what no terminal obeys: the name came with another's card."""
    return "".join(letter for letter in name[:_LONGEST] if letter.isprintable())
