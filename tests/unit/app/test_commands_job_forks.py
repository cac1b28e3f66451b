"""`xinqiao job forks`: evidence that nobody can read is none."""

from pathlib import Path

import pytest

from simulators.ledger import Node
from xinqiao_app.cli import main
from xinqiao_governance.errors import ProofError
from xinqiao_ledger.event import Kind
from xinqiao_platform.centre import Centre


def test_the_operator_reads_what_contradicts_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    node, centre = Node("a"), Centre(tmp_path / "centre")
    centre.log.append([node.write(Kind.CONFIRM).leaf])
    node.journal.pop()
    forked = node.write(Kind.IMPORT)
    with pytest.raises(ProofError, match="journal_forked"):
        centre.log.append([forked.leaf])
    centre.close()
    assert main(["job", "forks", "--centre", str(tmp_path / "centre")]) == 1
    shown = capsys.readouterr()
    assert shown.out == forked.leaf.decode() + "\n"
    assert shown.err == "Events that contradict the log: 1.\n"


def test_an_honest_log_has_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Centre(tmp_path / "centre").close()
    assert main(["job", "forks", "--centre", str(tmp_path / "centre")]) == 0
    assert capsys.readouterr().out == ""


def test_a_mistyped_name_makes_no_centre(tmp_path: Path) -> None:
    assert main(["job", "forks", "--centre", str(tmp_path / "none")]) == 2
    assert not (tmp_path / "none").exists()
