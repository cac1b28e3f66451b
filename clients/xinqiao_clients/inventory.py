"""The catalogue as the department's own people read it: what each column is, who confirmed it, what waits."""

from dataclasses import dataclass

from xinqiao_clients.adopted import Adopted
from xinqiao_clients.home import Home
from xinqiao_clients.refreshing import Schedule, schedule_of
from xinqiao_clients.today import local_time
from xinqiao_governance.canonical import Json
from xinqiao_governance.catalogue import Column
from xinqiao_governance.classify import UNKNOWN
from xinqiao_governance.errors import StoreDamaged, VersionOther
from xinqiao_governance.grading import Grade, Request
from xinqiao_governance.messages import MESSAGES, Language, say, say_reason
from xinqiao_governance.model_spec import MICRO, Feature, NumericFeature
from xinqiao_governance.publication import Publication
from xinqiao_governance.semantics import SEMANTICS
from xinqiao_governance.signed import Signed


@dataclass(frozen=True)
class Inventory:
    """A home's dataset, nothing before the first import; and its schedule, if it has one that can be read."""

    adopted: Adopted | None
    schedule: Schedule | None
    schedule_unreadable: bool = False

    def to_json(self) -> dict[str, Json]:
        """Return plain data, for the department's own eyes."""
        datasets = [] if self.adopted is None else [_dataset_json(self.adopted)]
        return {"datasets": datasets, "schedule": self._schedule_json()}

    def lines(self, language: Language) -> list[str]:
        """Return lines for a person."""
        if self.adopted is None:
            return [say("catalogue_empty", language)]
        dataset, version = self.adopted.dataset, self.adopted.version
        head = say(
            "catalogue_dataset",
            language,
            dataset=dataset.dataset_id,
            number=self.adopted.number,
            digest=version.digest.hex()[:16],
            rows=version.rows,
            tier=_tier(dataset.tier.value, language),
        )
        columns = zip(dataset.columns, self.adopted.grades, strict=True)
        lines = [f"  {line}" for pair in columns for line in _column_lines(*pair, language)]
        return [head, *lines, *self._schedule_lines(language)]

    @property
    def _overtaken(self) -> bool:
        return (
            self.adopted is not None
            and self.schedule is not None
            and self.schedule.is_overtaken(self.adopted)
        )

    def _schedule_json(self) -> Json:
        schedule = self.schedule
        if schedule is None:
            return {"unreadable": True} if self.schedule_unreadable else None
        return {
            "source": schedule.source.shown,
            "hours": schedule.hours,
            "looked": schedule.looked,
            "due": schedule.due,
            "failed": schedule.failed or None,
            "overtaken": self._overtaken,
        }

    def _schedule_lines(self, language: Language) -> list[str]:
        schedule = self.schedule
        if schedule is None:
            return [say("catalogue_schedule_unreadable", language)] if self.schedule_unreadable else []
        source = schedule.source.shown
        if self._overtaken:
            return [say("catalogue_schedule_overtaken", language, source=source)]
        due = local_time(schedule.due)
        line = say("catalogue_schedule", language, source=source, hours=schedule.hours, due=due)
        if not schedule.failed:
            return [line]
        return [line, say("catalogue_schedule_failed", language, when=local_time(schedule.looked))]


def inventory(home: Home) -> Inventory:
    """Return the catalogue of a home. StoreDamaged where the book is damaged."""
    adopted = home.adopted if home.book.adopted() else None
    try:
        return Inventory(adopted, schedule_of(home))
    except (StoreDamaged, VersionOther):  # the catalogue is whole all the same
        return Inventory(adopted, None, schedule_unreadable=True)


def publish(home: Home) -> Signed[Publication]:
    """Return what may leave of the catalogue, signed by the department.

    Raises:
        UsageInvalid: nothing was imported yet.
    """
    own = home.identity
    return own.seal(Publication(own.fingerprint, home.clock(), home.dataset.published()))


def grade_json(column: Column, grade: Grade) -> dict[str, Json]:
    """Return one column as plain data: `tier` is the one that counts now."""
    proposal, request = grade.proposal, grade.request
    return {
        "column": column.name,
        "semantic": column.semantic,
        "kind": column.kind,
        "tier": column.effective_tier.value,
        "national_grade": column.national_grade,
        "unit": column.unit,
        "bins": None if column.bins is None else column.bins.to_json(),
        "confirmed_by": list(grade.confirmed_by),
        "waits": _waits(grade),
        "proposal": None
        if proposal is None
        else {
            "semantic": proposal.semantic,
            "tier": proposal.tier.value,
            "state": proposal.state,
            "confidence": proposal.confidence,
            "reason": proposal.reason,
        },
        "request": None if request is None else request.to_json(),
    }


def meaning(semantic: str, language: Language) -> str:
    """Return a semantic with what it is called in the reader's language, where the vocabulary has it."""
    if semantic == UNKNOWN:
        return say("meaning_unknown", language)
    known = SEMANTICS.get(semantic)
    called = semantic if known is None else known.zh if language == "zh" else known.en
    return semantic if called == semantic else f"{semantic} ({called})"


def bins_line(bins: Feature | None, language: Language) -> str:
    """Return public bins for a person."""
    if bins is None:
        return say("bins_none", language)
    if isinstance(bins, NumericFeature):
        edges = ", ".join(f"{edge / MICRO:g}" for edge in bins.edges_micro)
        return say("bins_edges", language, edges=edges)
    return say("bins_values", language, values=", ".join(bins.values))


def _dataset_json(adopted: Adopted) -> dict[str, Json]:
    dataset = adopted.dataset
    return {
        "dataset": dataset.dataset_id,
        "title": dataset.title,
        "number": adopted.number,
        "digest": adopted.version.digest.hex(),
        "rows": adopted.version.rows,
        "period": adopted.period,
        "tier": dataset.tier.value,
        "person": dataset.person,
        "purposes": list(dataset.purposes),
        "owner": dataset.owner,
        "columns": [
            grade_json(column, grade) for column, grade in zip(dataset.columns, adopted.grades, strict=True)
        ],
    }


def _waits(grade: Grade) -> str | None:
    if grade.request is not None:
        return "second_person"
    return None if grade.confirmed_by else "confirm"


def _column_lines(column: Column, grade: Grade, language: Language) -> list[str]:
    lines = [
        say(
            "catalogue_column",
            language,
            column=column.name,
            semantic=meaning(column.semantic, language),
            kind=say(f"catalogue_kind_{column.kind}", language),
            tier=_tier(column.effective_tier.value, language),
            grade=say(f"catalogue_grade_{_GRADES[column.national_grade]}", language),
            by=say("catalogue_confirmed", language, names=", ".join(grade.confirmed_by))
            if grade.confirmed_by
            else say("catalogue_unconfirmed", language),
        )
    ]
    if column.bins is not None:
        lines.append(f"  {bins_line(column.bins, language)}")
    if grade.proposal is not None and not grade.confirmed_by:
        lines.append(f"  {_proposal_line(grade, language)}")
    if grade.request is not None:
        lines += [f"  {line}" for line in request_lines(grade.request, language)]
    return lines


_GRADES = {"一般数据": "general", "重要数据": "important", "核心数据": "core"}


def request_lines(request: Request, language: Language) -> list[str]:
    """Return a lowering that waits, for a person."""
    said = request.said
    line = say(
        "catalogue_request",
        language,
        name=request.by,
        semantic=meaning(said.semantic, language),
        tier=_tier(said.tier.value, language),
    )
    return [line] if said.bins is None else [line, f"  {bins_line(said.bins, language)}"]


def _proposal_line(grade: Grade, language: Language) -> str:
    proposal = grade.proposal
    if proposal is None:
        return ""
    reason = (
        say(proposal.reason, language)
        if proposal.reason in MESSAGES
        else say_reason(proposal.reason, language)
    )
    return say(
        "catalogue_proposal",
        language,
        semantic=meaning(proposal.semantic, language),
        tier=_tier(proposal.tier.value, language),
        confidence=proposal.confidence // 10,
        reason=reason,
    )


def _tier(tier: str, language: Language) -> str:
    return say(f"grade_tier_{tier}", language)
