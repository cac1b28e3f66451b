"""The main job, whole: eight departments, one model, one proof.

The demo plays every role on one machine, one after another, through the same code that the roles run apart:
the centre writes and signs orders, stewards approve them, nodes decide and answer over Flower, the log is
cosigned and anchored, an auditor verifies the bundle. Yardsticks are scored by a process of their own that
reads the public source file.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from xinqiao_app.enterprise import LEGAL_BASIS, PURPOSE, Enterprise
from xinqiao_app.evidence import evidence_of, trust_of, write_model
from xinqiao_app.progress import Progress
from xinqiao_app.public_data import career_spec, load_people, split
from xinqiao_app.report import render
from xinqiao_app.summary import Outcome, summarise
from xinqiao_governance.errors import JobFailed, NodeUnavailable, UsageInvalid
from xinqiao_governance.order import Order, Output, Spend
from xinqiao_governance.signed import Signed
from xinqiao_ledger.anchor import AnchorRecord
from xinqiao_ledger.files import io_errors, replace_file
from xinqiao_ledger.outbox import open_outbox
from xinqiao_ledger.report import Report
from xinqiao_ledger.trust import Trust
from xinqiao_ledger.verify import verify
from xinqiao_platform.channel import Channel
from xinqiao_platform.departments import Departments
from xinqiao_platform.jobs import ALLOWED, Job, JobResult
from xinqiao_platform.ordering import write_order

SPEND = Spend(epsilon_micro=1_000_000, delta_nano=10_000)
"""What the main job costs each department: ε = 1, δ = 1e-5."""
OVER_BUDGET = Spend(epsilon_micro=1_500_000, delta_nano=5_000)
"""More than the main job leaves of the demo's cap."""
_SMALL = Spend(epsilon_micro=100_000, delta_nano=1_000)

EXPECTED: Mapping[str, str] = {
    "over_budget": "budget_exceeded",
    "appraisal": "purpose_forbidden",
    "raw_income": "raw_export_forbidden",
}
"""The reason with which every department must refuse each forbidden request."""

_CONNECT_S = 60.0
_YARDSTICKS_S = 300
_MARKER = "made-by-xinqiao-demo"

Carry = Callable[[Enterprise, Callable[[Channel], None]], None]
"""Carries a conversation between centre and departments over Flower: in process, or as real processes."""


@dataclass(frozen=True)
class Requests:
    """What the operator asks: the main order, and three that departments must refuse."""

    main: Signed[Order]
    forbidden: Mapping[str, Signed[Order]]

    @classmethod
    def write(cls, enterprise: Enterprise) -> "Requests":
        """Write and sign the orders; every steward approves every one, so only the gate stands in the way."""

        def order(spend: Spend, purpose: str = PURPOSE, output: Output = Output.MASKED_SUM) -> Signed[Order]:
            signed = write_order(
                enterprise.centre,
                model=career_spec(),
                people=enterprise.people,
                spend=spend,
                purpose=purpose,
                legal_basis=LEGAL_BASIS,
                output=output,
            )
            enterprise.approve(signed)
            return signed

        return cls(
            main=order(SPEND),
            forbidden={
                "over_budget": order(OVER_BUDGET),
                "appraisal": order(_SMALL, purpose="performance_appraisal"),
                "raw_income": order(_SMALL, output=Output.RAW_EXPORT),
            },
        )


def run_demo(out: Path, carry: Carry, engine: str, progress: Progress) -> int:
    """Run the demo into the folder `out` and return its exit code: that of the proof.

    It is 1, whatever was proven, where a department did not refuse what it must refuse. What an earlier run
    left in `out` moves to "<out>.previous".

    Raises:
        UsageInvalid: `out` holds something that no demo made.
        XinqiaoError: whatever stopped it; events and budget records up to then stay in `out`.
    """
    _make_room(out)
    with progress.stage("people"):
        training, held_out = split(load_people())
        progress.tell("demo_people", training=len(training), held_out=len(held_out))
    with progress.stage("departments"):
        enterprise = Enterprise.found(out, training)
    try:
        progress.names = {site.node: site.name(progress.language) for site in enterprise.sites}
        with progress.stage("orders"):
            requests = Requests.write(enterprise)
        conversation = _Conversation(enterprise, requests, out, progress)
        carry(enterprise, conversation)
        outcome = conversation.outcome()
        with progress.stage("proof"):
            report = verify(outcome.bundle, outcome.trust)
        with progress.stage("yardsticks"):
            scores = _yardsticks(outcome.result, out)
        with progress.stage("summary"):
            summary = summarise(enterprise, outcome, report, scores, engine=engine, people=len(training))
        summary["seconds"] = {name: round(value, 2) for name, value in progress.seconds.items()}
        _write(out / "summary.json", json.dumps(summary, ensure_ascii=False, indent=1).encode())
        _write(out / "report.html", render(summary).encode())
        progress.conclude(summary, report, out)
        return _exit_code(report, outcome.refused, progress)
    finally:
        enterprise.close()


def _exit_code(report: Report, refused: Mapping[str, Mapping[str, str]], progress: Progress) -> int:
    """Name what was not refused; return the proof's exit code, or 1 where only that went wrong."""
    overlooked = not_refused(refused)
    for department, request in overlooked:
        progress.tell("demo_not_refused", department=department, request=request)
    return report.exit_code or int(bool(overlooked))


def not_refused(refused: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    """Return (department, request) wherever a forbidden request did not meet the refusal that it must meet.

    `refused` holds, by request, each department's reason code.
    """
    return [
        (department, request)
        for request, expected in EXPECTED.items()
        for department, reason in refused[request].items()
        if reason != expected
    ]


class _Conversation:
    """The centre's side, for as long as the departments are reachable."""

    def __init__(self, enterprise: Enterprise, requests: Requests, out: Path, progress: Progress) -> None:
        self._enterprise = enterprise
        self._requests = requests
        self._out = out
        self._progress = progress
        self._outcome: Outcome | None = None

    def outcome(self) -> Outcome:
        """Return what came of it."""
        if self._outcome is None:
            raise NodeUnavailable("conversation_lost")
        return self._outcome

    def __call__(self, channel: Channel) -> None:
        """Run the main job, ask for what must be refused, and have the log cosigned and anchored."""
        with self._progress.stage("connect"):
            self._wait_for(channel)
        with self._progress.stage("job"):
            result = self._main_job(channel)
        with self._progress.stage("refusals"):
            refused = {
                name: self._refused(channel, order) for name, order in self._requests.forbidden.items()
            }
        with self._progress.stage("evidence"):
            bundle, trust, anchor = self._evidence(channel, result)
        self._outcome = Outcome(result, refused, bundle, trust, anchor)

    def _main_job(self, channel: Channel) -> JobResult:
        job = Job(self._enterprise.centre, self._meet(channel), self._requests.main, self._progress)
        for refusal in job.propose():
            raise JobFailed("job_refused", department=self._name(refusal.node), reason=refusal.reason)
        result = job.train()
        write_model(self._out, result)
        return result

    def _refused(self, channel: Channel, order: Signed[Order]) -> dict[str, str]:
        """Return each department's reason code, ALLOWED for one that allows what it must refuse."""
        job = Job(self._enterprise.centre, self._meet(channel), order, self._progress)
        refusals = {self._name(refusal.node): refusal.reason for refusal in job.propose()}
        return {site.id: refusals.get(site.id, ALLOWED) for site in self._enterprise.sites}

    def _evidence(self, channel: Channel, result: JobResult) -> tuple[bytes, Trust, AnchorRecord]:
        centre = self._enterprise.centre
        with closing(open_outbox(centre.path, centre.log)) as outbox:
            bundle, record = evidence_of(centre, channel, result, outbox.publish)
        keys = {site.id: site.home.identity.public for site in self._enterprise.sites}
        trust = trust_of(centre, keys, record)
        _write(self._out / "evidence.bundle", bundle)
        _write(self._out / "trust.json", trust.encode())
        return bundle, trust, record

    def _meet(self, channel: Channel) -> Departments:
        nodes = tuple(self._enterprise.people)
        return Departments(self._enterprise.centre, channel, nodes, timeout_s=_CONNECT_S)

    def _wait_for(self, channel: Channel) -> None:
        deadline = time.monotonic() + _CONNECT_S
        while len(channel.members()) < len(self._enterprise.sites):
            if time.monotonic() > deadline:
                raise NodeUnavailable("departments_missing", present=len(channel.members()))
            time.sleep(0.1)

    def _name(self, node: bytes) -> str:
        return next(site.id for site in self._enterprise.sites if site.node == node)


def _make_room(out: Path) -> None:
    with io_errors(out):
        if out.exists() and any(out.iterdir()):
            _require_ours(out)
            previous = out.with_name(out.name + ".previous")
            if previous.exists():
                _require_ours(previous)
            shutil.rmtree(previous, ignore_errors=True)
            out.rename(previous)
        out.mkdir(parents=True, exist_ok=True)
        replace_file(out / _MARKER, b"")


def _require_ours(folder: Path) -> None:
    """Refuse to move or delete what no demo made."""
    if not (folder / _MARKER).exists():
        raise UsageInvalid("demo_folder_taken", path=str(folder))


def _write(path: Path, data: bytes) -> None:
    with io_errors(path):
        replace_file(path, data)


def _yardsticks(result: JobResult, out: Path) -> dict[str, Any]:
    """Score the model in a process of its own: it sees the public source file and published parameters."""
    snapshots = out / "snapshots.npz"
    data = io.BytesIO()
    np.savez(
        data,
        steps=np.array([step for step, _ in result.snapshots]),
        parameters=np.array([parameters for _, parameters in result.snapshots]),
    )
    _write(snapshots, data.getvalue())
    scores: dict[str, Any] = json.loads(_scored(snapshots))
    return scores


def _scored(snapshots: Path) -> bytes:
    """Return what the scoring process printed; where it fails, its last complaint goes on to stderr."""
    command = [sys.executable, "-m", "xinqiao_app.yardsticks", str(snapshots)]
    its_end, ours = os.pipe()  # nothing is written: it closes when this process is gone, and scoring ends
    try:
        done = subprocess.run(
            command, stdin=its_end, capture_output=True, env=os.environ, check=False, timeout=_YARDSTICKS_S
        )
    except subprocess.TimeoutExpired as error:
        _pass_on(error.stderr or b"")
        raise JobFailed("yardsticks_failed", status="timeout") from error
    finally:
        os.close(its_end)
        os.close(ours)
    if done.returncode:
        _pass_on(done.stderr)
        raise JobFailed("yardsticks_failed", status=done.returncode)
    return done.stdout


def _pass_on(complaints: bytes) -> None:
    lines = complaints.decode(errors="replace").splitlines()
    if lines:
        print(lines[-1], file=sys.stderr, flush=True)
