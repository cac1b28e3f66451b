"""`xinqiao audit verify, export, log, lineage` as people type them, over a real job of a small enterprise."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from simulators import ledger
from simulators.enterprise import Enterprise, HandCentre, Silent, found, run_job, tell, trust_of
from simulators.nodes import node_that_answers
from xinqiao_app.cli import main
from xinqiao_app.commands.arguments import moment
from xinqiao_app.commands.audit_log import fitted
from xinqiao_app.commands.cards import card_of
from xinqiao_app.directory import remember
from xinqiao_clients import local_layer
from xinqiao_governance.errors import UsageInvalid
from xinqiao_ledger.anchor import AnchorRecord
from xinqiao_ledger.block_proof import ANCHORED
from xinqiao_ledger.bundle import Bundle
from xinqiao_ledger.chain import open_embedded
from xinqiao_ledger.event import Kind
from xinqiao_ledger.trust import TrustedChain
from xinqiao_platform.centre import Centre
from xinqiao_platform.departments import Departments
from xinqiao_platform.jobs import Job

BLOCKER = """
import sys
allowed = {"cryptography", "cffi", "_cffi_backend", "pycparser"}
class Blocker:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or top.startswith("xinqiao_") or top in allowed:
            return None
        raise ModuleNotFoundError(f"blocked: {name}", name=name)
sys.meta_path.insert(0, Blocker())
from xinqiao_app.cli import main
sys.exit(main(sys.argv[1:]))
"""
"""Runs the command as where nothing is installed but the extra `audit`."""


@pytest.fixture(scope="module")
def enterprise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enterprise]:
    """A finished job; then a department fits a local layer on the model, and tells with its next answer."""
    enterprise = found(tmp_path_factory.mktemp("evidence"))
    order = enterprise.order(answers=4)
    result, _, _ = run_job(enterprise, order)
    local_layer.fit(enterprise.sites[0].home, order.body.digest, result.model.encode(), "steward")
    centre = enterprise.centre
    Departments(centre, enterprise.channel(), order.body.nodes, timeout_s=1.0)
    centre.log.keep_cosigned(centre.log.checkpoint())
    (enterprise.root / "trust.json").write_bytes(trust_of(enterprise).encode())
    yield enterprise
    enterprise.close()


@pytest.fixture
def folder(enterprise: Enterprise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    return tmp_path


def audit(enterprise: Enterprise, command: str, *more: str) -> int:
    return main(["audit", command, "--centre", str(enterprise.centre.path), *more])


def job_of(enterprise: Enterprise) -> str:
    return next((enterprise.centre.path / "jobs").iterdir()).name


def lines_of(
    enterprise: Enterprise, capsys: pytest.CaptureFixture[str], *filters: str
) -> list[dict[str, object]]:
    assert audit(enterprise, "log", "--json", *filters) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


# ---- export and verify -------------------------------------------------------------------------------


def test_from_the_log_to_a_verdict_on_an_event(
    enterprise: Enterprise, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (line,) = lines_of(enterprise, capsys, "--kind", "publish")
    assert audit(enterprise, "export", "--event", str(line["hash"])[:12], "--out", "e.bundle", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["scope"] == {"event": line["hash"]}
    assert (said["entries"], said["anchored"]) == (1, False)
    trust = str(enterprise.root / "trust.json")
    assert main(["audit", "verify", "e.bundle", "--trust", trust, "--html", "e.html"]) == 0
    assert "does not apply to an event" in capsys.readouterr().out
    assert "<svg" not in (folder / "e.html").read_text("utf-8")
    assert main(["audit", "verify", "e.bundle"]) == 3


def test_a_job_is_proven_and_a_period_that_is_not_over_is_open(
    enterprise: Enterprise, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trust = str(enterprise.root / "trust.json")
    scopes = (["--job", job_of(enterprise)[:8]], ["--from", "2020-01-01", "--to", "2040-01-01"])
    for scope, code in zip(scopes, (0, 3), strict=True):
        (folder / "x.bundle").unlink(missing_ok=True)
        assert audit(enterprise, "export", *scope, "--out", "x.bundle") == 0
        assert "Written to x.bundle" in capsys.readouterr().out
        assert main(["audit", "verify", "x.bundle", "--trust", trust, "--html", "x.html"]) == code
        assert ("export again under a newer head" in capsys.readouterr().out) is (code == 3)
        assert "<svg" in (folder / "x.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ((), "exactly one of these"),
        (("--job", "ab", "--event", "cd"), "exactly one of these"),
        (("--from", "2026-01-01"), "both --from and --to"),
        (("--from", "2026-01-01", "--to", "2026-01-01"), "does not end after"),
        (("--from", "yesterday", "--to", "2026-01-01"), "is no date"),
        (("--job", "xyz"), "hexadecimal"),
        (("--event", "0" * 64), "no id that begins"),
        (("--event", "1" * 65), "one to sixty-four"),
    ],
)
def test_what_cannot_be_exported_is_said_in_one_sentence(
    enterprise: Enterprise,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    more: tuple[str, ...],
    sentence: str,
) -> None:
    assert audit(enterprise, "export", *more, "--out", "x.bundle") == 2
    complaint = capsys.readouterr().err
    assert sentence in complaint
    assert complaint.count("\n") == 1
    assert not (folder / "x.bundle").exists()


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Enterprise, dict[str, str]]]:
    """Three jobs without a result: refused, stopped and failed; ids by state. One department is named."""
    enterprise = found(tmp_path_factory.mktemp("ended"))
    jobs = {state: enterprise.order(answers=4, approve=state != "refused") for state in STATES}
    for state, order in jobs.items():
        departments = Departments(enterprise.centre, enterprise.channel(), order.body.nodes, timeout_s=1.0)
        job = Job(enterprise.centre, departments, order, Silent())
        assert bool(job.propose()) is (state == "refused")
        if state == "stopped":
            job.stop()
        if state == "failed":
            hand = HandCentre(enterprise, order)
            for site in enterprise.sites:
                assert tell(site, hand.closing("too_few_steps")).KIND == "job_receipt"
    Departments(enterprise.centre, enterprise.channel(), order.body.nodes, timeout_s=1.0)
    enterprise.centre.log.keep_cosigned(enterprise.centre.log.checkpoint())
    home = enterprise.sites[0].home
    remember(enterprise.centre.path, [card_of(home)])
    yield enterprise, {state: order.body.digest.hex() for state, order in jobs.items()}
    enterprise.close()


STATES = ("refused", "stopped", "failed")


@pytest.mark.parametrize("state", STATES)
def test_what_became_of_a_job_without_a_result_is_said(
    ended: tuple[Enterprise, dict[str, str]], folder: Path, capsys: pytest.CaptureFixture[str], state: str
) -> None:
    """By the log: the state, whose word it is, and commands that give evidence of it."""
    enterprise, jobs = ended
    command = ["export", "--job", jobs[state], "--out", "x.bundle"]
    assert audit(enterprise, *command, "--json") == 2
    told = json.loads(capsys.readouterr().out)
    assert (told["job"], told["state"]) == (jobs[state], state)
    said = told["refused"] if state == "refused" else told["ended"]
    assert {one["node"] for one in said} == {site.id.hex() for site in enterprise.sites}
    assert audit(enterprise, *command) == 2
    shown = capsys.readouterr().err
    assert enterprise.sites[0].home.settings.name in shown
    assert not (folder / "x.bundle").exists()
    event = re.findall(r"--event ([0-9a-f]+)", shown)[0]
    assert audit(enterprise, "export", "--event", event, "--out", "e.bundle") == 0
    since, until = re.findall(r"--from (\S+) --to (\S+)", shown)[0]
    assert audit(enterprise, "export", "--from", since, "--to", until, "--out", "p.bundle") == 0
    kinds = {event.kind for event in Bundle.decode((folder / "p.bundle").read_bytes()).events}
    assert Kind.ORDER in kinds


@pytest.mark.parametrize("command", ["export", "log", "lineage"])
def test_no_centre_is_made_out_of_a_mistyped_name(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    more = {"export": ["--job", "ab", "--out", "x"], "log": [], "lineage": ["--job", "ab"]}[command]
    assert main(["audit", command, "--centre", "nowhere", *more]) == 2
    assert "nowhere" in capsys.readouterr().err
    assert list(folder.iterdir()) == []


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bundles of every scope with witnesses and an anchor, and a trust file."""
    folder = tmp_path_factory.mktemp("bundles")
    small = ledger.Enterprise(folder)
    (folder / "job.bundle").write_bytes(small.run())
    (folder / "event.bundle").write_bytes(small.event_bundle(4))
    (folder / "period.bundle").write_bytes(small.period_bundle(1, 1_900_000_000))
    (folder / "trust.json").write_bytes(small.trust().encode())
    small.close()
    return folder


@pytest.mark.parametrize("scope", ["job", "event", "period"])
def test_the_verifier_runs_where_nothing_else_is_installed(
    evidence: Path, tmp_path: Path, scope: str
) -> None:
    command = [sys.executable, "-c", BLOCKER, "audit", "verify", str(evidence / f"{scope}.bundle")]
    command += ["--trust", str(evidence / "trust.json"), "--html", str(tmp_path / "report.html")]
    command += ["--block-hash", "0x" + "0" * 64, "--rpc", "http://127.0.0.1:1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "PASS" in (tmp_path / "report.html").read_text("utf-8")


def test_a_node_that_is_not_there_contradicts_nothing(
    evidence: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    bundle, trust = str(evidence / "event.bundle"), str(evidence / "trust.json")
    for more in (["--rpc", "http://127.0.0.1:1"], ["--block-hash", "0x" + "0" * 64]):
        assert main(["audit", "verify", bundle, "--trust", trust, *more, "--json"]) == 0
        tenth = json.loads(capsys.readouterr().out)["checks"][9]
        assert tenth["status"] == "NOT CHECKED"
        assert "operator" not in tenth["detail"]


@pytest.fixture(scope="module")
def anchored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, AnchorRecord]:
    """An event whose head stands in a real block, on a chain that is said to be kept by others."""
    folder = tmp_path_factory.mktemp("anchored")
    small = ledger.Enterprise(folder)
    small.run()
    with closing(open_embedded(folder / "chain")) as chain:
        record = replace(chain.publish(small.log.size, small.log.root()), keeper="independent")
    bundle = replace(Bundle.decode(small.event_bundle(4)), anchor=record)
    trusted = replace(small.trust(), chain=TrustedChain(record.chain_id, record.contract, "independent"))
    (folder / "event.bundle").write_bytes(bundle.encode())
    (folder / "trust.json").write_bytes(trusted.encode())
    small.close()
    return folder, record


def tenth_of(folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[str, str]:
    """What check 10 reads, and the verdict."""
    main(
        [
            "audit",
            "verify",
            str(folder / "event.bundle"),
            "--trust",
            str(folder / "trust.json"),
            *more,
            "--json",
        ]
    )
    report = json.loads(capsys.readouterr().out)
    return report["checks"][9]["status"], report["verdict"]


def test_a_block_that_the_auditor_brings_proves_the_anchor_offline(
    anchored: tuple[Path, AnchorRecord], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, record = anchored
    assert tenth_of(folder, capsys) == ("NOT CHECKED", "PASS")
    assert tenth_of(folder, capsys, "--block-hash", record.block_hash) == ("PASS", "PASS")
    assert tenth_of(folder, capsys, "--block-hash", "0x" + "ab" * 32) == ("FAIL", "FAIL")


def test_a_node_that_the_auditor_trusts_confirms_the_anchor(
    anchored: tuple[Path, AnchorRecord], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, record = anchored
    log = {
        "address": record.contract,
        "topics": ["0x" + ANCHORED.hex(), "0x" + "00" * 32, f"0x{record.size:064x}"],
        "data": "0x" + record.root.hex(),
    }
    place = {"blockHash": record.block_hash, "blockNumber": hex(record.block_number), "status": "0x1"}
    answers = {
        "eth_chainId": hex(record.chain_id),
        "eth_getTransactionReceipt": {**place, "transactionHash": record.tx_hash, "logs": [log]},
        "eth_getBlockByNumber": {"hash": record.block_hash, "timestamp": hex(record.block_time)},
    }
    with node_that_answers(answers) as url:
        assert tenth_of(folder, capsys, "--rpc", url) == ("PASS", "PASS")
        both = ("--rpc", url, "--block-hash", record.block_hash)
        assert tenth_of(folder, capsys, *both) == ("PASS", "PASS")
    with node_that_answers({**answers, "eth_chainId": "0x1"}) as url:
        assert tenth_of(folder, capsys, "--rpc", url) == ("FAIL", "FAIL")


@pytest.mark.parametrize("more", [["--block-hash", "12"], ["--rpc", "ftp://127.0.0.1"]])
def test_a_mistyped_block_or_node_is_no_failed_evidence(
    evidence: Path, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    assert main(["audit", "verify", str(evidence / "event.bundle"), *more]) == 2
    assert capsys.readouterr().out == ""


# ---- the log -----------------------------------------------------------------------------------------


def test_the_log_is_filtered(enterprise: Enterprise, capsys: pytest.CaptureFixture[str]) -> None:
    whole = lines_of(enterprise, capsys)
    assert [line["index"] for line in whole] == list(range(enterprise.centre.log.size))
    job, node = job_of(enterprise), enterprise.sites[0].id.hex()

    def count(*filters: str) -> int:
        return len(lines_of(enterprise, capsys, *filters))

    assert count("--kind", "reserve") == 4
    assert count("--kind", "reserve", "--node", node[:10]) == 1
    assert count("--kind", "reserve", "--job", job[:10], "--dataset", "staff") == 4
    assert count("--purpose", "career_development", "--decision", "allow") > 0
    assert count("--decision", "refuse") == 0
    assert count("--tail", "3") == count("--limit", "3") == 3
    assert lines_of(enterprise, capsys, "--tail", "3") == whole[-3:]
    assert count("--from", "2020-01-01", "--to", "2020-01-02") == 0
    assert count("--from", "2020-01-01") == len(whole)


@pytest.mark.parametrize("language", ["C", "zh_CN.UTF-8"])
def test_the_table_names_writers_and_cuts_nothing_of_what_is_said(
    enterprise: Enterprise, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    assert audit(enterprise, "log", "--trust", str(enterprise.root / "trust.json")) == 0
    shown = capsys.readouterr()
    events = [line["event"] for line in lines_of(enterprise, capsys)]
    purposes = {event["purpose"] for event in events if "purpose" in event}  # type: ignore[index,operator]
    assert all(purpose in shown.out for purpose in purposes)
    heads = [line[:85] for line in shown.out.splitlines() if line.isascii()]
    assert all(head[-1] == " " for head in heads if len(head) == 85)
    assert "dept-0" in shown.out
    assert ("订单" if language.startswith("zh") else "order") in shown.out
    assert shown.err.count("\n") == 1


def test_the_time_of_a_row_is_what_a_filter_takes(
    enterprise: Enterprise, capsys: pytest.CaptureFixture[str], local_time: None
) -> None:
    assert audit(enterprise, "log", "--tail", "1") == 0
    row = capsys.readouterr().out.splitlines()[-1]
    told = row[22:47]
    assert told.endswith("+08:00")
    (last,) = lines_of(enterprise, capsys, "--tail", "1")
    assert moment(told) == last["event"]["time"]  # type: ignore[index]
    assert last in lines_of(enterprise, capsys, "--from", told)
    assert last not in lines_of(enterprise, capsys, "--to", told)


def test_a_centres_log_is_read_without_any_secret(
    enterprise: Enterprise,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither the operator's key nor the log's; the operator is still named."""
    monkeypatch.setenv("LC_ALL", "C")
    for name in ("log.sqlite", "log.sqlite-wal", "journal"):
        path = enterprise.centre.path / name
        if path.exists():
            (tmp_path / name).write_bytes(path.read_bytes())
    for command in (["log", "--tail", "3"], ["log", "--node", "operator"], ["lineage", "--column", "age"]):
        assert main(["audit", *command, "--centre", str(tmp_path)]) == 0
    assert "operator" in capsys.readouterr().out
    assert not (tmp_path / "operator.pem").exists()
    assert not (tmp_path / "log.pem").exists()


@pytest.fixture
def local_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """China's."""
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_log_file_is_read_without_its_key(
    enterprise: Enterprise, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    log = str(enterprise.centre.path / "log.sqlite")
    assert main(["audit", "log", log, "--tail", "1", "--trust", str(enterprise.root / "trust.json")]) == 0
    assert capsys.readouterr().out.count("\n") == 2
    for wrong in (["audit", "log"], ["audit", "log", log, "--centre", str(enterprise.centre.path)]):
        assert main(wrong) == 2
        assert "exactly one log" in capsys.readouterr().err
    assert main(["audit", "log", log, "--tail", "1", "--limit", "1"]) == 2
    assert main(["audit", "log", "none.sqlite"]) == 2
    assert main(["audit", "log", log, "--kind", "rumour"]) == 2
    assert "must be one of: order" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "shown"),
    [("abc", "abc     "), ("心桥心桥心桥", "心桥心… "), ("a\x1b[2Jb", "a[2Jb   "), ("x" * 9, "xxxxxxx…")],
)
def test_a_cell_has_its_width(text: str, shown: str) -> None:
    assert fitted(text, 8) == shown


# ---- lineage -----------------------------------------------------------------------------------------


def test_a_column_leads_to_the_model_and_the_model_back(
    enterprise: Enterprise, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit(enterprise, "lineage", "--column", "age", "--json", "--out", "age.json") == 0
    graph = json.loads((folder / "age.json").read_text("utf-8"))
    (output,) = [node for node in graph["nodes"] if node["kind"] == "output"]
    assert len([node for node in graph["nodes"] if node["kind"] == "column"]) == 4
    (local,) = [node for node in graph["nodes"] if node["kind"] == "local"]
    assert local["department"] == enterprise.sites[0].id.hex()
    assert audit(enterprise, "lineage", "--output", output["digest"][:12]) == 0
    shown = capsys.readouterr().out
    for word in ("approval", "decision allow", "spend ε 1", "steps 4 good, 0 void", "columns age, grade"):
        assert word in shown
    for edge in graph["edges"]:
        assert audit(enterprise, "export", "--event", edge["hash"], "--out", f"{edge['entry']}.bundle") == 0
        assert list(Bundle.decode((folder / f"{edge['entry']}.bundle").read_bytes()).entries) == [
            edge["entry"]
        ]


def test_the_tree_speaks_chinese_and_names_departments(
    enterprise: Enterprise, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    trust = str(enterprise.root / "trust.json")
    assert audit(enterprise, "lineage", "--job", job_of(enterprise)[:8], "--trust", trust) == 0
    shown = capsys.readouterr().out
    assert re.search(r"^任务 .*\n  部门 dept-\d", shown)
    assert "预算 ε 1" in shown
    assert "部门内部使用 dept-0" in shown
    assert "模型卡" in shown


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ((), "exactly one of these"),
        (("--column", "age", "--job", "ab"), "exactly one of these"),
        (("--column", "nothing"), "no event about that"),
        (("--output", "0" * 64), "no id that begins"),
    ],
)
def test_a_lineage_of_nothing_is_said(
    enterprise: Enterprise,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    more: tuple[str, ...],
    sentence: str,
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    assert audit(enterprise, "lineage", *more) == 2
    assert sentence in capsys.readouterr().err


def test_a_log_in_the_middle_of_a_job_is_read_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    centre = Centre(tmp_path / "centre")
    centre.record(kind=Kind.ORDER, action="propose", job="ab" * 32)
    assert main(["audit", "log", "--centre", str(centre.path), "--json"]) == 0
    assert capsys.readouterr().out.count("\n") == 1
    centre.close()


# ---- dates -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "second"),
    [("1970-01-02T00:00:00+00:00", 86_400), ("1970-01-02T08:00:00+08:00", 86_400)],
)
def test_a_moment_is_read_with_its_offset(text: str, second: int) -> None:
    assert moment(text) == second


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-13-01", "2026-11-22T08:00:00", "1950-01-01", "22.11.2026", "9" * 99]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(UsageInvalid, match="date_invalid"):
        moment(text)


def test_a_day_begins_at_local_midnight() -> None:
    assert moment("2026-11-23") - moment("2026-11-22") in range(82_800, 90_001, 3_600)
