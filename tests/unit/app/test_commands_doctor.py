"""`xinqiao doctor`: it finds what is missing, and knows every extra."""

import importlib.util
import os
import shutil
import tomllib
from collections import namedtuple
from pathlib import Path

import pytest

from xinqiao_app.cli import _EXTRAS, main
from xinqiao_app.commands import doctor
from xinqiao_governance.messages import LANGUAGES, Language

PYPROJECT = Path(__file__).parents[3] / "pyproject.toml"
IMPORT_NAMES = {
    "pycryptodome": "Crypto",
    "pyyaml": "yaml",
    "great-expectations": "great_expectations",
    "eth-tester": "eth_tester",
    "py-evm": "eth",
    "scikit-learn": "sklearn",
}


def requirements(extra: str) -> set[str]:
    listed = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]["optional-dependencies"][extra]
    names = (line.replace("==", " ").replace(">=", " ").split()[0] for line in listed)
    return {IMPORT_NAMES.get(name, name) for name in names}


@pytest.mark.parametrize("extra", doctor._MODULES)
def test_it_looks_for_everything_that_an_extra_installs(extra: str) -> None:
    assert set(doctor._MODULES[extra]) == requirements(extra)


def test_every_module_that_may_be_missing_names_an_extra() -> None:
    assert set(_EXTRAS) == set().union(*(requirements(extra) for extra in doctor._MODULES))
    assert all(module in requirements(extra) for module, extra in _EXTRAS.items())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_machine_that_has_all(
    language: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8" if language == "zh" else "C")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: _Usage(free=10**12))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: object())
    assert main(["doctor"]) == 0
    assert "✗" not in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


_Usage = namedtuple("_Usage", "free")


def test_what_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_flush(_handle: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: _Usage(free=1_000_000))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "web3" else object())
    monkeypatch.setattr(os, "fsync", no_flush)
    assert main(["doctor"]) == 1
    shown = capsys.readouterr().out
    assert "✗ 1 MB of disk left" in shown
    assert "✗ files here cannot be flushed to the disk: Input/output error" in shown
    assert "✗ the extra platform is not installed; missing: web3" in shown
    assert "✓ the extra audit is installed" in shown
