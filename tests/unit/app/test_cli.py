"""The command line itself: language, help, mistakes, exit codes, and what it sets before anything loads."""

import argparse
import ast
import errno
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from xinqiao_app import cli
from xinqiao_app.cli import build_parser, main
from xinqiao_app.offline import OFFLINE
from xinqiao_governance.errors import DataInvalid, UsageInvalid
from xinqiao_governance.messages import LANGUAGES, Language, gaps

ROOT = Path(__file__).parents[3]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH_OF_ARGPARSE = re.compile("usage:|positional|optional|options:|show this|required|invalid|expected")
PLACES = {"zh": "zh_CN.UTF-8", "en": "C.UTF-8"}


@pytest.fixture(autouse=True)
def _no_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", *OFFLINE):
        monkeypatch.delenv(name, raising=False)


def parsers(parser: argparse.ArgumentParser, name: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield every command with its name, at any depth."""
    yield name, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below, sub in action.choices.items():
                yield from parsers(sub, f"{name} {below}".strip())


COMMANDS = [name for name, _ in parsers(build_parser("en"))]


def test_every_promised_command_is_there() -> None:
    assert {
        "demo",
        "doctor",
        "node init",
        "node import",
        "node identity",
        "node confirm",
        "node approve",
        "node status",
        "node run",
        "job init",
        "job cost",
        "job order",
        "job superlink",
        "job run",
        "audit verify",
        "audit trust",
    } <= set(COMMANDS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_help_in_both_languages(
    command: str, language: Language, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANG", PLACES[language])
    assert main([*command.split(), "--help"]) == 0
    shown, complaint = capsys.readouterr()
    assert complaint == ""
    if language == "zh":
        assert not ENGLISH_OF_ARGPARSE.search(shown)
        assert CHINESE.search(shown)
    else:
        assert not CHINESE.search(shown)
        assert shown.startswith("usage: xinqiao")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_explained(command: str, language: Language) -> None:
    parser = dict(parsers(build_parser(language)))[command]
    options = [a for a in parser._actions if not isinstance(a, argparse._SubParsersAction)]
    assert all(action.help for action in options)


MISTAKES = {
    "nothing": ([], "xinqiao --help"),
    "unknown command": (["fly"], "demo"),
    "unknown sub-command": (["node", "fly"], "approve"),
    "missing": (["node", "status"], "--home"),
    "unknown option": (["doctor", "--fast"], "--fast"),
    "no value": (["node", "status", "--home"], "--home"),
    "no whole number": (["demo", "--port", "http"], ""),
    "a port of no computer": (["demo", "--port", "70000"], "65535"),
    "an abbreviation": (["demo", "--deploy"], "--deploy"),
    "too few values": (["audit", "trust", "--centre", "c", "--department", "d"], "--department"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_sentence(
    mistake: str, language: Language, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANG", PLACES[language])
    arguments, named = MISTAKES[mistake]
    assert main(arguments) == 2
    shown, complaint = capsys.readouterr()
    assert shown == ""
    assert complaint.count("\n") == 1
    assert named in complaint
    assert bool(CHINESE.search(complaint)) == (language == "zh")
    assert not ENGLISH_OF_ARGPARSE.search(complaint)


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN", "LC_ALL": ""}, "zh"),
    ],
)
def test_the_language_is_the_locale_s(
    variables: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cli.chosen_language() == language


def raising(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `xinqiao doctor` end in `error`."""

    def run(_options: argparse.Namespace, _language: Language) -> int:
        raise error

    parser = argparse.ArgumentParser()
    parser.set_defaults(run=run)
    monkeypatch.setattr(cli, "build_parser", lambda _language: parser)


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (UsageInvalid("count_invalid"), 2, "A whole number"),
        (DataInvalid("csv_column_missing", column="pay"), 1, "The column pay is missing."),
        (KeyboardInterrupt(), 130, "Interrupted."),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "The disk is full."),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), 1, "The disk is full."),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), 1, "/x: permission denied"),
        (ModuleNotFoundError("no", name="great_expectations.core"), 2, "needs the extra node"),
        (ModuleNotFoundError("no", name="web3"), 2, "needs the extra platform"),
    ],
    ids=["usage", "data", "ctrl-c", "full disk", "full quota", "permission", "node extra", "platform extra"],
)
def test_an_expected_end_is_one_sentence(
    error: BaseException,
    status: int,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    raising(error, monkeypatch)
    assert main([]) == status
    complaint = capsys.readouterr().err
    assert sentence in complaint
    assert complaint.count("\n") == 1


@pytest.mark.parametrize("error", [KeyError("a"), ModuleNotFoundError("no", name="left_pad"), ValueError()])
def test_a_mistake_in_the_program_is_not_hidden(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    raising(error, monkeypatch)
    with pytest.raises(type(error)):
        main([])


@pytest.mark.parametrize(("language", "text"), [("en", "trying again"), ("zh", "将继续尝试")])
def test_what_is_logged_is_said_in_the_reader_s_language(
    language: Language, text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", PLACES[language])
    for _ in range(2):  # a second command in one process does not say everything twice
        assert main(["--help"]) == 0
    capsys.readouterr()
    agent = logging.getLogger("xinqiao_clients.flower")
    agent.warning("superlink_lost", {"address": "127.0.0.1:1", "reason": "ConnectError"})
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert all(part in said for part in (text, "127.0.0.1:1", "ConnectError"))


def test_every_code_that_is_logged_has_its_sentence_and_fields() -> None:
    logged = [use for path in sorted(ROOT.glob("*/xinqiao_*/**/*.py")) for use in logged_in(path)]
    assert len(logged) >= 4
    for code, fields in logged:
        assert fields == gaps(code)[0], code


def logged_in(path: Path) -> Iterator[tuple[str, set[str]]]:
    """Yield the code and the names of the fields of each `_log` call that names its code."""
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(call, ast.Call) or not ast.unparse(call.func).startswith("_log."):
            continue
        if isinstance(call.args[0], ast.Constant):
            fields = call.args[1] if len(call.args) > 1 else ast.Dict([], [])
            assert isinstance(fields, ast.Dict), f"{path}:{call.lineno}"
            yield str(call.args[0].value), {ast.literal_eval(key) for key in fields.keys if key is not None}


def test_reporting_home_is_off_whatever_the_reader_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OFFLINE:
        monkeypatch.setenv(name, "1")
    assert main(["--help"]) == 0
    assert os.environ["FLWR_TELEMETRY_ENABLED"] == "0"
    assert os.environ["FLWR_DISABLE_UPDATE_CHECK"] == "1"
    assert os.environ["GX_ANALYTICS_ENABLED"] == "False"


def test_it_is_off_before_the_libraries_load() -> None:
    """In a new process: what Flower and Great Expectations read when they are imported."""
    code = (
        "from xinqiao_app.cli import main; import sys; main(['--help']);"
        "heavy = {'flwr', 'torch', 'web3', 'numpy', 'pandas', 'great_expectations', 'cryptography'};"
        "assert not heavy & sys.modules.keys(), heavy & sys.modules.keys();"
        "from flwr.supercore import telemetry; assert telemetry.FLWR_TELEMETRY_ENABLED == '0'"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_terminal_without_chinese_gets_question_marks_instead_of_a_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "xinqiao_app", "--help"],
        env=os.environ | {"LANG": "zh_CN.UTF-8", "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "xinqiao" in done.stdout
