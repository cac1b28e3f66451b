"""What a command writes never takes the place of something else."""

import errno
import json
import os
from pathlib import Path

import pytest

from xinqiao_app.cli import main
from xinqiao_app.commands.arguments import deliver, put
from xinqiao_app.commands.audit_export import keep
from xinqiao_governance.errors import UsageInvalid


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    path = tmp_path / "evidence.bundle"
    path.write_bytes(b'["xinqiao-bundle",1,{}]\n')
    return path


def test_a_page_does_not_replace_the_evidence(evidence: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = evidence.read_bytes()
    assert main(["audit", "verify", str(evidence), "--html", str(evidence)]) == 2
    assert evidence.read_bytes() == before
    shown, said = capfd.readouterr()
    assert "Verdict: FAIL" in shown  # the verdict is said first
    assert str(evidence) in said


def test_a_page_does_not_replace_what_only_speaks_of_pages(evidence: Path, tmp_path: Path) -> None:
    page, named = tmp_path / "page.html", tmp_path / "named"
    assert main(["audit", "verify", str(evidence), "--html", str(page)]) == 1
    for before in (b'["xinqiao-bundle",1,{}]\n' + page.read_bytes(), b"xinqiao evidence, our notes"):
        named.write_bytes(before)
        assert main(["audit", "verify", str(evidence), "--html", str(named)]) == 2
        assert named.read_bytes() == before


def test_a_page_replaces_an_earlier_page_and_no_other(evidence: Path, tmp_path: Path) -> None:
    page, other = tmp_path / "page.html", tmp_path / "other.html"
    other.write_text("<!doctype html>\n<html><title>mine</title></html>")
    for _ in range(2):
        assert main(["audit", "verify", str(evidence), "--html", str(page)]) == 1
    assert main(["audit", "verify", str(evidence), "--html", str(other)]) == 2
    assert "mine" in other.read_text()


@pytest.mark.parametrize("there", [b"SQLite format 3\0", b"-----BEGIN PRIVATE KEY-----\n", b"name,pay\n"])
def test_what_is_of_another_kind_stays(tmp_path: Path, there: bytes) -> None:
    out = tmp_path / "out"
    out.write_bytes(there)
    with pytest.raises(UsageInvalid, match="out_taken"):
        deliver('{"body":{}}', out)
    assert out.read_bytes() == there


def test_what_is_of_the_same_kind_or_empty_is_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.touch()
    for text in ('{"body":{"key":"1"}}', '{"body":{"key":"2"}}'):
        deliver(text, out)
    assert out.read_text() == '{"body":{"key":"2"}}\n'


def test_no_link_device_or_folder_is_written_through(tmp_path: Path) -> None:
    kept, link, pipe = tmp_path / "kept", tmp_path / "link", tmp_path / "pipe"
    kept.write_bytes(b"data")
    link.symlink_to(kept)
    os.mkfifo(pipe)
    for out in (link, pipe, tmp_path, Path("/dev/null")):
        with pytest.raises(UsageInvalid, match="out_taken"):
            put(out, b"data")
    assert kept.read_bytes() == b"data"
    assert link.is_symlink()


def test_no_verdict_is_another_exit_code_than_a_bad_one(evidence: Path, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "none" / "page.html")
    assert main(["audit", "verify", str(evidence)]) == 1
    assert main(["audit", "verify", str(evidence), "--html", nowhere]) == 2
    assert main(["audit", "verify", str(tmp_path / "none")]) == 2
    assert main(["audit", "fsck", str(tmp_path / "none")]) == 2
    assert main(["audit", "fsck", str(evidence)]) == 2  # no log at all


def test_fsck_says_whether_signatures_were_checked(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from xinqiao_ledger.log import Log
    from xinqiao_ledger.signing import SigningKey

    Log(tmp_path / "log.sqlite", SigningKey.generate(), "xinqiao.test/log").close()
    assert main(["audit", "fsck", str(tmp_path / "log.sqlite"), "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["signatures_checked"] is False


def test_evidence_is_never_replaced_by_other_evidence(tmp_path: Path) -> None:
    out = tmp_path / "e.bundle"
    for _ in range(2):
        keep(out, b'["xinqiao-bundle",1,{}]\n')
    with pytest.raises(UsageInvalid, match="out_taken"):
        keep(out, b'["xinqiao-bundle",1,{"more":1}]\n')
    assert out.read_bytes() == b'["xinqiao-bundle",1,{}]\n'


def test_evidence_can_be_written_where_there_are_no_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    out = tmp_path / "e.bundle"
    for _ in range(2):
        keep(out, b"evidence")
    with pytest.raises(UsageInvalid, match="out_taken"):
        keep(out, b"other")
    assert out.read_bytes() == b"evidence"
    assert list(tmp_path.iterdir()) == [out]


def test_no_epoch_is_opened_whose_pointer_has_no_place(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "pointer.json"
    out.write_text("something else")
    call = ["audit", "epoch", "--centre", str(tmp_path / "none"), "--reason", "lost", "--out", str(out)]
    assert main(call) == 2
    assert f"something else at {out}" in capfd.readouterr().err
    assert out.read_text() == "something else"
