"""What figures depend on: cores, processor, versions, load; and the shared form of result files."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results"


_LIBRARIES = ("numpy", "flwr", "cryptography", "pycryptodome", "pandas")


def machine(*more: str) -> dict[str, Any]:
    """Return cores, processor, Python, the versions of our libraries and `more`, and the one-minute load."""
    return {
        "cores": os.cpu_count(),
        "cpu": _cpu_model(),
        "python": platform.python_version(),
        **{name: _version(name) for name in (*_LIBRARIES, *more)},
        "load": round(os.getloadavg()[0], 2),
    }


def machine_line(told: Mapping[str, Any]) -> str:
    """Return the machine in one line for a page of Markdown."""
    versions = ", ".join(
        f"{name} {told[name]}" for name in told if name not in ("cores", "cpu", "python", "load")
    )
    return (
        f"{told['cores']} cores, {told['cpu']}; Python {told['python']}, {versions}; "
        f"load {told['load']} before the first run."
    )


def spread(values: Sequence[float], digits: int) -> str:
    """Return "median (least – most)"."""
    middle, least, most = (f"{value:,.{digits}f}" for value in (median(values), min(values), max(values)))
    return f"{middle} ({least} – {most})"


def write(out: Path, name: str, figures: Mapping[str, Any], table: str) -> None:
    """Print the table and write figures and table to `out`."""
    print(table)
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{name}.json").write_text(json.dumps(figures, indent=1) + "\n")
    (out / f"{name}.md").write_text(table)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()
