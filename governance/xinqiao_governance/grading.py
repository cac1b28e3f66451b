"""Grading: how a column's meaning and tier come to count. The classifier proposes, people decide.

Whoever confirms what was proposed, or more, decides alone. Less than what was proposed or confirmed, or than
the shared vocabulary gives that meaning, takes two people: the first one's word waits until another says the
very same. That holds for a word that is typed and for a catalogue brought by hand. Nothing here knows a cell.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from xinqiao_governance.canonical import Json
from xinqiao_governance.catalogue import Column, Dataset, NationalGrade, Tier, national_grade, tier_of
from xinqiao_governance.classify import UNKNOWN, Proposal
from xinqiao_governance.classify.shape import is_alike
from xinqiao_governance.errors import DataInvalid, Denied, WireInvalid
from xinqiao_governance.model_spec import Feature, feature_from_json
from xinqiao_governance.parse import fields_of, integer, label, mapping, text, texts
from xinqiao_governance.semantics import SEMANTICS

State = Literal["auto", "review"]


@dataclass(frozen=True)
class Statement:
    """What is said of a column: its shared meaning, our tier, its grade of GB/T 43697-2024, its public bins.

    Without bins no model may see the column. People state them, or the shared vocabulary does; they are never
    read from data.
    """

    semantic: str
    tier: Tier
    national_grade: NationalGrade = "一般数据"
    bins: Feature | None = None

    def is_below(self, floor: "Statement") -> bool:
        """Say whether tier or grade are less strict than those of `floor`."""
        return self.tier < floor.tier or _rank(self.national_grade) < _rank(floor.national_grade)

    @classmethod
    def of(cls, column: Column) -> "Statement":
        """Return what a catalogue says of a column."""
        return cls(column.semantic, column.tier, column.national_grade, column.bins)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "semantic": self.semantic,
            "tier": self.tier.value,
            "national_grade": self.national_grade,
            "bins": None if self.bins is None else self.bins.to_json(),
        }

    @classmethod
    def from_json(cls, value: Json) -> "Statement":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = fields_of(value, "semantic", "tier", "national_grade", "bins")
        return cls(
            label(body, "semantic"),
            tier_of(text(body, "tier")),
            national_grade(text(body, "national_grade")),
            None if body["bins"] is None else feature_from_json(body["bins"]),
        )


@dataclass(frozen=True)
class Request:
    """One person's word for less, which waits for another's."""

    said: Statement
    by: str

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {"said": self.said.to_json(), "by": self.by}

    @classmethod
    def from_json(cls, value: Json) -> "Request":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = fields_of(value, "said", "by")
        return cls(Statement.from_json(body["said"]), text(body, "by"))


@dataclass(frozen=True)
class Grade:
    """How one column stands.

    Attributes:
        said: what counts once it is confirmed; until then the column is handled as core, and by nobody used.
        confirmed_by: who confirmed it: nobody, one person, or the two of a lowering.
        proposal: what the classifier made of the data in use, if it was asked.
        request: a lowering that waits for a second person.
    """

    column: str
    said: Statement
    confirmed_by: tuple[str, ...] = ()
    proposal: Proposal | None = None
    request: Request | None = None

    @property
    def floor(self) -> Statement:
        """What one person alone may not go below."""
        if self.confirmed_by or self.proposal is None:
            return self.said
        return replace(self.said, tier=max(self.said.tier, self.proposal.tier))

    @property
    def is_proposed(self) -> bool:
        """Say whether the classifier is sure, nobody has decided yet, and nobody wants less."""
        sure = self.proposal is not None and self.proposal.state == "auto"
        return sure and self.said.semantic != UNKNOWN and not self.confirmed_by and self.request is None

    def applied(self, column: Column) -> Column:
        """Return the catalogue's `column` as it stands after all that was decided.

        Public bins are of a meaning and a kind; under another there are none.
        """
        bare = replace(
            column,
            bins=None,
            semantic=self.said.semantic,
            tier=self.said.tier,
            national_grade=self.said.national_grade,
            confirmed_by=", ".join(self.confirmed_by) or None,
        )
        bins = self.said.bins
        return replace(bare, bins=bins) if bins is not None and bare.fits(bins) else bare

    @classmethod
    def of(cls, column: Column) -> "Grade":
        """Return how a column stands by what its catalogue says alone."""
        by = () if column.confirmed_by is None else (column.confirmed_by,)
        return cls(column.name, Statement.of(column), by)

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form, for the department's own disk only."""
        return {
            "column": self.column,
            "said": self.said.to_json(),
            "confirmed_by": list(self.confirmed_by),
            "proposal": None if self.proposal is None else _proposal_json(self.proposal),
            "request": None if self.request is None else self.request.to_json(),
        }

    @classmethod
    def from_json(cls, value: Json) -> "Grade":
        """Parse the canonical form; WireInvalid where it is not one."""
        body = fields_of(value, "column", "said", "confirmed_by", "proposal", "request")
        name = text(body, "column")
        return cls(
            column=name,
            said=Statement.from_json(body["said"]),
            confirmed_by=texts(body, "confirmed_by"),
            proposal=None if body["proposal"] is None else _proposal(name, body["proposal"]),
            request=None if body["request"] is None else Request.from_json(body["request"]),
        )


def confirm(grade: Grade, said: Statement, by: str) -> Grade:
    """Return `grade` after the person `by` said what the column is; a word for less may have to wait.

    Raises:
        DataInvalid: nothing is said: the meaning is the classifier's "unknown".
        Denied: the second word for less comes from the first one's own mouth.
    """
    if said.semantic == UNKNOWN:
        raise DataInvalid("grade_unknown", column=grade.column)
    if said == grade.said and grade.confirmed_by:
        return replace(grade, request=None)
    return _settled(grade, said, by)


def regrade(
    catalogue: Dataset,
    last: Sequence[Grade],
    proposals: Sequence[Proposal],
    *,
    stated_by: str | None,
) -> tuple[Grade, ...]:
    """Return how the columns of an import stand, after what was decided before it.

    A decision stands unless the classifier now proposes more than it, and not what was decided against then.
    `stated_by` is who brought `catalogue` by hand: the columns that it calls confirmed are confirmed by that
    person, whatever name stands there, and by the rule of two where it says less.
    """
    before = {grade.column: grade for grade in last}
    proposed = {proposal.column: proposal for proposal in proposals}
    return tuple(
        _stated(column, before.get(column.name), proposed.get(column.name), stated_by)
        if stated_by is not None
        else _carried(column, before.get(column.name), proposed.get(column.name))
        for column in catalogue.columns
    )


def is_same_person(one: str, other: str) -> bool:
    """Say whether two names are one but for letter case, width, spaces and invisible characters."""
    return _folded(one) == _folded(other)


def _carried(column: Column, before: Grade | None, proposal: Proposal | None) -> Grade:
    """Return how a column stands if nobody says anything.

    What people decided is held against what they decided on: where the data stays alike, the shape that is
    kept is the first one, so that it cannot change step by step.
    """
    if before is None:
        return Grade(column.name, Statement.of(column), (), proposal)
    if proposal is None:
        return before
    last = before.proposal
    same = last is not None and _words(last) == _words(proposal)
    alike = last is None or _is_alike(last, proposal)
    if last is not None and same and alike:
        proposal = replace(proposal, shape=last.shape or proposal.shape)
    new = not same and (last is not None or proposal.state == "auto")
    fallen = (new and proposal.tier > before.said.tier) or (
        not alike and _is_judgement(before.said, proposal)
    )
    return replace(
        before,
        said=before.said if same or before.confirmed_by else _proposed(before, proposal),
        confirmed_by=() if fallen else before.confirmed_by,
        proposal=proposal,
        request=before.request if same and alike else None,
    )


def _is_alike(one: Proposal, other: Proposal) -> bool:
    """Say whether two proposals can be of the same data; one whose shape nobody noted can be of any."""
    return not one.shape or is_alike(one.shape, other.shape)


def _is_judgement(said: Statement, proposal: Proposal) -> bool:
    """Say whether people's own eyes, and not the classifier, are why a column stands below core."""
    return said.tier < proposal.tier or (said.tier < Tier.CORE and proposal.state == "review")


def _proposed(before: Grade, proposal: Proposal) -> Statement:
    """Nobody decided: what is proposed now counts, but a tier once known never sinks by itself."""
    known = proposal.semantic if proposal.semantic != UNKNOWN else before.said.semantic
    tier = max(before.said.tier, proposal.tier)
    bins = before.said.bins if known == before.said.semantic else None
    return replace(before.said, semantic=known, tier=tier, bins=bins)


def _stated(column: Column, before: Grade | None, proposal: Proposal | None, by: str) -> Grade:
    """Return how a column stands that a person brought in a catalogue of their own."""
    grade = _carried(column, before, proposal)
    said = Statement.of(column)
    if before is None:
        grade = replace(grade, said=_stricter(said, _floor(grade, said)))
    if column.confirmed_by is None or said.semantic == UNKNOWN:
        strict = replace(_stricter(said, _floor(grade, said)), semantic=said.semantic, bins=said.bins)
        return replace(grade, said=strict, confirmed_by=(), request=None)
    if said == grade.said and grade.confirmed_by:
        return grade
    waits = grade.request is not None and grade.request.said == said and is_same_person(grade.request.by, by)
    if waits and said.is_below(_floor(grade, said)):
        return grade
    return _settled(grade, said, by)


def _settled(grade: Grade, said: Statement, by: str) -> Grade:
    if not said.is_below(_floor(grade, said)):
        return replace(grade, said=said, confirmed_by=(by,), request=None)
    request = grade.request
    if request is None or request.said != said:
        return replace(grade, request=Request(said, by))
    if is_same_person(request.by, by):
        raise Denied("lowering_same_person", column=grade.column)
    return replace(grade, said=said, confirmed_by=(request.by, by), request=None)


def _floor(grade: Grade, said: Statement) -> Statement:
    """Return what one person may not go below by saying this: the shared vocabulary has its say, too."""
    own = SEMANTICS.get(said.semantic)
    return grade.floor if own is None else replace(grade.floor, tier=max(grade.floor.tier, own.tier))


def _stricter(one: Statement, other: Statement) -> Statement:
    """Return `one` with the stricter tier and the stricter grade of the two."""
    grade = max(one.national_grade, other.national_grade, key=_rank)
    return replace(one, tier=max(one.tier, other.tier), national_grade=grade)


def _words(proposal: Proposal) -> tuple[str, Tier]:
    return proposal.semantic, proposal.tier


def _rank(grade: NationalGrade) -> int:
    return get_args(NationalGrade).index(grade)


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(letter for letter in plain if unicodedata.category(letter)[0] not in "ZC")


def _proposal_json(proposal: Proposal) -> dict[str, Json]:
    return {
        "semantic": proposal.semantic,
        "tier": proposal.tier.value,
        "state": proposal.state,
        "confidence": proposal.confidence,
        "reason": proposal.reason,
        "shape": dict(proposal.shape),
    }


def _proposal(column: str, value: Json) -> Proposal:
    body = fields_of(value, "semantic", "tier", "state", "confidence", "reason", "shape")
    shape: Mapping[str, Json] = mapping(body["shape"])
    return Proposal(
        column,
        label(body, "semantic"),
        tier_of(text(body, "tier")),
        _state(text(body, "state")),
        integer(body, "confidence", at_least=0),
        text(body, "reason"),
        {name: integer(shape, name) for name in shape},
    )


def _state(value: str) -> State:
    for state in get_args(State):
        if value == state:
            return state  # type: ignore[no-any-return]  # one of State's own members
    raise WireInvalid("wire_field_invalid", field="state")
