"""`xinqiao doctor`: it finds what is missing, and knows every extra."""

import os
import sys
import tomllib
from pathlib import Path

import pytest

from xinqiao_app.border import EXTRAS
from xinqiao_app.cli import main
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
    "psycopg[binary]": "psycopg",
    "gmssl-pyx": "gmssl_pyx",
    "python-pkcs11": "pkcs11",
}


def requirements(extra: str) -> set[str]:
    listed = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]["optional-dependencies"][extra]
    names = (line.replace("==", " ").replace(">=", " ").split()[0] for line in listed)
    return {IMPORT_NAMES.get(name, name) for name in names}


ALL = doctor._MODULES | doctor._OPTIONAL


@pytest.mark.parametrize("extra", ALL)
def test_it_looks_for_everything_that_an_extra_installs(extra: str) -> None:
    assert set(ALL[extra]) == requirements(extra)


def test_it_knows_every_extra() -> None:
    extras = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]["optional-dependencies"]
    assert ALL.keys() == extras.keys() - {"dev"}


def test_every_module_that_may_be_missing_names_an_extra() -> None:
    assert set(EXTRAS) == set().union(*(requirements(extra) for extra in doctor._MODULES))
    assert all(module in requirements(extra) for module, extra in EXTRAS.items())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_machine_that_has_all(
    language: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8" if language == "zh" else "C")
    assert main(["doctor"]) == 0
    assert "✗" not in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_a_missing_module_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setitem(sys.modules, "web3", None)  # Python's own way to say that there is none
    assert main(["doctor"]) == 1
    shown = capsys.readouterr().out
    assert "✗ the extra platform is not installed; missing: web3" in shown
    assert "✓ the extra audit is installed" in shown


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "- the optional extra hsm is not installed, and need not be; it is for stewards' keys in a "),
        ("zh", "- 可选组件 hsm 未安装，不影响使用；仅用于：用智能卡或加密机保管管理员的密钥"),
    ],
)
def test_an_optional_extra_that_is_missing_is_no_failure(
    language: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8" if language == "zh" else "C")
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    assert main(["doctor"]) == 0
    shown = capsys.readouterr().out
    assert said in shown
    assert "✗" not in shown


def test_a_folder_without_room_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`/proc` has no free byte and takes no file."""
    monkeypatch.chdir("/proc")
    monkeypatch.setenv("LC_ALL", "C")
    assert main(["doctor"]) == 1
    shown = capsys.readouterr().out
    assert "✗ 0 MB of disk left" in shown
    assert "✗ files here cannot be flushed to the disk: there is no such file or folder" in shown


def test_a_disk_that_does_not_flush_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No real folder takes a file and then fails to flush it."""

    def no_flush(_handle: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setattr(os, "fsync", no_flush)
    assert main(["doctor"]) == 1
    assert "✗ files here cannot be flushed to the disk: the disk failed" in capsys.readouterr().out
