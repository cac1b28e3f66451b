"""`xinqiao keys` on a real home, and that no value of anybody's is ever in a file, an output or an error."""

import json
import os
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest

from simulators.cards import give_centre_card
from simulators.enterprise import dataset
from simulators.softhsm import LABEL, PIN, new_token
from xinqiao_app.cli import main
from xinqiao_clients.home import Home
from xinqiao_governance.canonical import dumps

CONTRACT = """
dataset: staff
person: id
columns:
  id: {type: text, missing: forbidden}
  age: {type: number, missing: forbidden}
  grade: {type: text, missing: allowed}
  pay: {type: number, missing: forbidden}
"""
PAY = "7204411.125"
ROWS = [f"SENTINEL-{row},3{row},绝密SENTINEL,{PAY}" for row in range(5)]
TABLE = "\n".join(["id,age,grade,pay", *ROWS, "SENTINEL-3,40,B,1"]) + "\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home with a table of sentinels; all temporary files go where the test looks."""
    (tmp_path / "tmp").mkdir()
    (tmp_path / "outside").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    give_centre_card(Path("outside/centre.json"))
    for name in ("passphrase", "other"):
        Path("outside", name).write_text(f"SENTINEL {name}")
    Path("outside/catalogue.json").write_bytes(dumps(dataset().to_json()))
    Path("outside/contract.yaml").write_text(CONTRACT)
    Path("outside/staff.csv").write_text(TABLE)
    assert node("init", "--name", "north", "--centre", "outside/centre.json") == 0
    yield tmp_path
    monkeypatch.setattr(tempfile, "tempdir", None)


def node(command: str, *more: str) -> int:
    return main(["node", command, "--home", "home", "--passphrase-file", "outside/passphrase", *more])


def keys(command: str, *more: str, file: str = "passphrase") -> int:
    return main(["keys", command, "--home", "home", "--passphrase-file", f"outside/{file}", *more])


def delete(person: str, *more: str) -> int:
    Path("outside/person").write_text(person)
    return keys("delete-person", "--person-file", "outside/person", *more)


def load() -> int:
    tables = [f"--{name}=outside/{file}" for name, file in FILES.items()]
    return node("import", *tables, "--epsilon-cap", "2", "--delta-cap", "2e-5")


FILES = {"data": "staff.csv", "catalogue": "catalogue.json", "contract": "contract.yaml"}


def told(capsys: pytest.CaptureFixture[str], command: str, *more: str, code: int = 0) -> dict[str, object]:
    capsys.readouterr()
    assert keys(command, *more, "--json") == code
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_stewards_come_and_go(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = ("王芳", "--new-passphrase-file", "outside/other")
    assert told(capsys, "add-steward", *new) == {"stewards": 2, "stewards_missing": []}
    found = told(capsys, "show")
    assert found["stewards"] == [
        {"name": "steward", "kind": "passphrase"},
        {"name": "王芳", "kind": "passphrase"},
    ]
    assert keys("rotate", "--steward", "王芳", file="other") == 0
    assert keys("rotate", "--steward", "王芳") == 1  # by the first steward's passphrase
    assert told(capsys, "remove-steward", "王芳") == {"behind": []}
    assert keys("rotate", file="other") == 1
    assert keys("remove-steward", "steward") == 2
    assert told(capsys, "show")["epoch"] != found["epoch"]


@pytest.mark.parametrize("place", ["C", "zh_CN.UTF-8"])
def test_what_people_read_is_in_their_language(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    assert load() == 0
    monkeypatch.setenv("LC_ALL", place)
    capsys.readouterr()
    assert keys("backup", "--out", "backup", "--keys", "safe") == 0
    Path("backup").rename("away")
    codes = [keys("show"), keys("rotate"), keys("show")]
    Path("safe").unlink()
    codes.append(keys("backup", "--destroyed", "backup"))
    codes += [keys("restore", "--from", "away"), delete("SENTINEL-9"), keys("backup")]
    assert codes == [0, 1, 0, 0, 1, 2, 2]
    said = capsys.readouterr()
    lines = (said.out + said.err).replace(str(folder), "").splitlines()
    assert len(lines) == 11
    for line in lines:
        assert bool(re.search(r"[一-鿿]", line)) == (place != "C"), line
    assert "SENTINEL" not in said.out + said.err


def test_a_steward_opens_the_home_by_a_token(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = new_token(folder / "outside" / "token", monkeypatch)
    Path("outside/pin").write_text(PIN)
    new = ("王芳", "--new-pkcs11", str(module), "--token", LABEL, "--new-passphrase-file", "outside/pin")
    assert in_a_process("add-steward", *new) == 0
    token = ("--pkcs11", str(module), "--steward", "王芳")
    assert in_a_process("rotate", *token, file="pin") == 0
    assert in_a_process("rotate", *token) == 1  # a passphrase is no PIN
    assert keys("rotate", "--steward", "王芳") == 1  # and a passphrase opens no token's slot


def in_a_process(command: str, *more: str, file: str = "passphrase") -> int:
    """The same command in a process of its own: SoftHSM reads where its tokens are once."""
    opening = ("--home", "home", "--passphrase-file", f"outside/{file}")
    return subprocess.run([sys.executable, "-m", "xinqiao_app", "keys", command, *opening, *more]).returncode


def test_a_person_is_deleted_and_the_table_goes_on(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert load() == 0
    capsys.readouterr()
    assert delete("SENTINEL-3", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "rows": 2,
        "contract_holds": True,
        "forgotten": False,
        "pages_gone": True,
        "behind": [],
    }
    home = Home.open(Path("home"), "SENTINEL passphrase")
    assert home.version.rows == 4
    home.close()


def people() -> list[str]:
    with closing(Home.open(Path("home"), "SENTINEL passphrase")) as home:
        return list(home.store.read(home.version, ["id"])["id"])


TYPED = [
    ["SENTINEL-3"],
    ["SENTINEL-3", "SENTINEL-4"],
    ["--person-file", "outside/nobody", "SENTINEL-3"],
    ["--person", "SENTINEL-3"],
    ["--person-file", "SENTINEL-3"],
    ["--person-file=SENTINEL-3"],
    ["--id=SENTINEL-3"],
    ["--json=SENTINEL-3"],
    ["--json", "SENTINEL-3"],
    ["-SENTINEL-3"],
]


@pytest.mark.parametrize("place", ["C", "zh_CN.UTF-8"])
def test_an_id_on_the_command_line_deletes_nobody_and_is_not_repeated(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    assert load() == 0
    monkeypatch.setenv("LC_ALL", place)
    capsys.readouterr()
    monkeypatch.setattr(sys, "stdin", StringIO("SENTINEL-4\n"))
    opening = ("--home", "home", "--passphrase-file", "outside/passphrase")
    for words in ([*line, *opening] if first else [*opening, *line] for line in TYPED for first in (0, 1)):
        assert main(["keys", "delete-person", *words]) == 2
        said = capsys.readouterr()
        assert "SENTINEL" not in said.out + said.err
        assert said.err.count("\n") == 1
    assert len(people()) == 6


BOTH = b"SENTINEL-3\nSENTINEL-4\n"


def test_what_is_not_one_id_deletes_nobody(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert load() == 0
    capsys.readouterr()
    for content in (b"", b"\n", b" \n", b"\xef\xbb\xbf", b"\nSENTINEL-3", b"\xff\xfeS", BOTH):
        Path("outside/person").write_bytes(content)
        assert keys("delete-person", "--person-file", "outside/person") == 2
        said = capsys.readouterr()
        assert "Nobody was deleted." in said.err
        assert "SENTINEL" not in said.out + said.err
    assert len(people()) == 6


@pytest.mark.parametrize("piped", [b"SENTINEL-3", b"SENTINEL-3\r\n", b"SENTINEL passphrase\nSENTINEL-3\n"])
def test_an_id_comes_by_a_pipe_after_the_passphrase(folder: Path, piped: bytes) -> None:
    assert load() == 0
    command = [sys.executable, "-m", "xinqiao_app", "keys", "delete-person", "--home", "home"]
    command += [] if b"passphrase" in piped else ["--passphrase-file", "outside/passphrase"]
    for code in (0, 2):
        done = subprocess.run(command, input=piped, capture_output=True)
        assert done.returncode == code, done.stderr
        assert b"SENTINEL" not in done.stdout + done.stderr
    assert "SENTINEL-3" not in people()


def test_a_passphrase_that_others_can_read_is_said_each_time(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = "Take care: others on this machine may read or replace outside/passphrase"
    for mode, open_ in ((0o600, False), (0o640, True), (0o604, True), (0o620, True), (0o400, False)):
        Path("outside/passphrase").chmod(mode)
        capsys.readouterr()
        told = keys("show", "--json"), capsys.readouterr()
        assert told[0] == 0
        assert json.loads(told[1].out)["stewards"]
        assert told[1].err.startswith(said) == open_
        assert bool(told[1].err) == open_
    new = ("--new-passphrase-file", "outside/other")
    Path("outside/other").chmod(0o644)
    assert keys("add-steward", "王芳", *new) == 0
    assert "outside/other" in capsys.readouterr().err


def test_a_lost_register_of_backups_is_begun_anew_on_purpose(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load() == 0
    assert keys("backup", "--out", "backup", "--keys", "safe") == 0
    with closing(sqlite3.connect("home/book.sqlite")) as db, db:
        db.execute("DELETE FROM backup_register")
    assert [keys("rotate"), keys("show"), keys("backup", "--new-register", "--out", "x")] == [1, 1, 2]
    assert told(capsys, "backup", "--new-register", code=1) == {"behind": []}
    assert told(capsys, "show")["register_begun"] != 0
    assert keys("rotate") == delete("SENTINEL-3") == 1  # a backup that it does not list may hold somebody
    assert "begun anew" in capsys.readouterr().out
    assert told(capsys, "backup", "--others-destroyed") == {"others_destroyed": True}
    assert told(capsys, "show")["register_begun"] == 0


def test_a_copy_that_does_not_know_who_was_added_is_told_until_it_is_renewed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load() == 0
    assert keys("backup", "--out", "backup", "--keys", "safe") == 0
    Path("safe").rename("away")
    new = ("add-steward", "王芳", "--new-passphrase-file", "outside/other")
    assert told(capsys, *new, code=1) == {"stewards": 2, "stewards_missing": [str(folder / "backup")]}
    (copy,) = told(capsys, "show")["backups"]
    assert (copy["behind"], copy["stewards_missing"]) == (False, True)
    capsys.readouterr()
    assert keys("show") == 0
    assert "was written before a steward was added" in capsys.readouterr().out
    Path("away").rename("safe")
    assert keys("backup", "--out", "backup", "--keys", "safe") == 0
    (copy,) = told(capsys, "show")["backups"]
    assert not copy["stewards_missing"]


def test_who_adds_a_steward_reads_which_backup_is_behind(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load() == 0
    assert keys("backup", "--out", "backup", "--keys", "safe") == 0
    Path("safe").rename("away")
    assert keys("rotate") == 1
    capsys.readouterr()
    assert keys("add-steward", "王芳", "--new-passphrase-file", "outside/other") == 1
    assert "is under an older key" in capsys.readouterr().out


def test_who_alone_can_open_the_keys_after_a_restore_reads_so(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load() == 0
    assert keys("backup", "--out", "backup", "--keys", "safe") == 0
    Path("home/keys.json").unlink()
    capsys.readouterr()
    assert keys("restore", "--keys", "safe") == 0
    assert "Now steward alone can open the keys" in capsys.readouterr().out


def test_a_lost_key_file_comes_back_without_the_backups_folder(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load() == 0
    assert keys("backup", "--out", "backup", "--keys", "safe") == 0
    assert load() == 0
    Path("home/keys.json").unlink()
    found = told(capsys, "restore", "--keys", "safe")
    assert found == {"rows": 6, "stewards": ["steward"], "unregistered": [], "behind": []}
    assert keys("restore") == 2


def test_nobody_types_a_passphrase_for_what_cannot_be_put_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def asked(*_: object) -> str:
        raise AssertionError("asked for a passphrase")

    monkeypatch.setattr("xinqiao_app.commands.keys.opener", asked)
    for more in ([], ["--from", "backup", "--home", "nowhere"], ["--keys", "safe"]):
        assert keys("restore", *more) == 2
    Path("home/book.sqlite").unlink()
    assert keys("restore", "--from", "backup") == 2


def test_keys_alone_come_back_to_a_home_without_a_table(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("home/keys.json").rename("safe")
    found = told(capsys, "restore", "--keys", "safe", code=1)
    assert (found["rows"], found["unregistered"]) == (0, ["safe"])


def test_a_copy_that_is_not_registered_is_told_when_it_is_put_back(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load() == 0
    assert keys("backup", "--out", "backup", "--keys", "safe") == 0
    shutil.copytree("backup", "copy")
    shutil.rmtree("home/store")
    found = told(capsys, "restore", "--from", "copy", code=1)
    assert (found["unregistered"], found["behind"]) == (["copy"], [])
    found = told(capsys, "restore", "--from", "backup")
    assert (found["unregistered"], found["behind"]) == ([], [])
    Path("safe").write_text("mine")
    found = told(capsys, "restore", "--from", "backup", code=1)
    assert found["behind"] == [str(folder / "backup")]


def test_a_table_under_sm4_is_imported_and_read(folder: Path) -> None:
    more = ("--name", "south", "--centre", "outside/centre.json", "--suite", "sm4-gcm", "--steward", "王芳")
    assert main(["node", "init", "--home", "sm4", "--passphrase-file", "outside/passphrase", *more]) == 0
    tables = [f"--{name}=outside/{file}" for name, file in FILES.items()]
    opening = ["--home", "sm4", "--passphrase-file", "outside/passphrase"]
    assert main(["node", "import", *opening, *tables, "--epsilon-cap", "2", "--delta-cap", "2e-5"]) == 0
    home = Home.open(Path("sm4"), "SENTINEL passphrase", steward="王芳")
    assert home.store.read(home.version, ["pay"])["pay"][0] == float(PAY)
    assert {path.read_bytes()[:4] for path in Path("sm4/store").rglob("*.xqc")} == {b"XQC\2"}
    home.close()


def test_no_value_and_no_secret_is_in_any_file_output_or_error(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A table is imported, read, rotated, backed up, lost, restored and has a person deleted.

    The memory of the running process is not looked at: it holds what it works on.
    """
    assert load() == 0
    steps = [
        keys("add-steward", "王芳", "--new-passphrase-file", "outside/other"),
        keys("backup", "--out", "backup", "--keys", "safe"),
        keys("rotate"),
        delete("SENTINEL-3"),
        keys("restore", "--from", "backup"),
        delete("SENTINEL-3"),
        keys("rotate", file="contract.yaml"),
        main(["node", "status", "--home", "home"]),
    ]
    assert steps == [0, 0, 0, 0, 0, 2, 1, 0]
    home = Home.open(Path("home"), "SENTINEL passphrase")
    assert home.store.read(home.version, ["pay"])["pay"].tolist() == [float(PAY)] * 4
    secrets = [home.keys.derive("wrap"), *dict(home.key_file._secrets.epochs).values()]
    with home.reading() as adopted:
        manifest = home.store._manifest(adopted.version)
        assert manifest is not None
        secrets += [column.keys for column in manifest.columns]
    home.close()
    needles = [b"SENTINEL", *(word.encode() for word in ("绝密", "王芳", PAY)), struct.pack("<d", float(PAY))]
    needles += [*secrets, *(secret.hex().encode() for secret in secrets)]
    files = [path for path in folder.rglob("*") if path.is_file() and "outside" not in path.parts]
    assert len(files) > 15
    for path in files:
        data = path.read_bytes()
        assert not [needle for needle in needles if needle in data], path
        assert "SENTINEL" not in str(path.relative_to(folder))
    said = capsys.readouterr()
    assert "SENTINEL" not in (said.out + said.err).replace(str(folder), "")
    assert PAY not in said.out + said.err
    assert os.environ["TMPDIR"] == str(folder / "tmp")
