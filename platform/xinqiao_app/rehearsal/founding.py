"""What departments import in a rehearsal: catalogue, contract and rows, made of the drafted columns."""

import time

import pandas as pd
import yaml

from xinqiao_app.enterprise import PURPOSE, Table
from xinqiao_app.rehearsal.parts import Parts, Rows
from xinqiao_app.rehearsal.source import Source
from xinqiao_clients.importer import check_frame
from xinqiao_clients.today import local_day
from xinqiao_governance.catalogue import Column, Dataset, Tier
from xinqiao_governance.contract import ColumnRule, Contract
from xinqiao_governance.model_spec import CategoryFeature, ClassLabel, ColumnKind, Feature, Label
from xinqiao_governance.semantics import SEMANTICS

_DATASET = "rehearsal"
_STEWARD = "rehearsal"
_PERSON = "person"


class Imports:
    """The imports of all departments; `person` names the column of ids, None where every row is its own."""

    def __init__(self, source: Source, parts: Parts, person: str | None) -> None:
        self._source = source
        self._parts = parts
        self._person = person or _unused(_PERSON, source.spec.semantics)
        rules = [ColumnRule(self._person, "text"), *source.draft.rules.values()]
        self._text = _yaml(self._person, rules)
        self._contract = Contract.from_mapping(yaml.safe_load(self._text))

    def check(self) -> None:
        """Check all rows at once against catalogue and contract.

        What the contract promises is about single cells, or about cells that stand once; so what the whole
        table holds, each department's part of it holds.

        Raises:
            DataInvalid: a check fails.
        """
        everybody = self._frame(slice(None))
        today = local_day(int(time.time()))
        check_frame(everybody, dataset=self._catalogue("all"), contract=self._contract, today=today)

    def tables(self) -> list[Table]:
        """Return each department's import, for after `check`."""
        return [
            Table(
                department=f"d{number:04}",
                frame=self._frame(home),
                dataset=self._catalogue(f"d{number:04}"),
                contract=self._text,
                people=self._parts.people(home),
                checked=True,
            )
            for number, home in enumerate(self._parts.homes, start=1)
        ]

    def _frame(self, rows: Rows | slice) -> pd.DataFrame:
        cells = {self._person: self._parts.person, **self._source.columns}
        return pd.DataFrame(
            {
                rule.name: pd.Series(cells[rule.name][rows], dtype="str" if rule.type == "text" else None)
                for rule in self._contract.columns
            }
        )

    def _catalogue(self, owner: str) -> Dataset:
        spec = self._source.spec
        features = (_column(feature.semantic, feature.kind, feature) for feature in spec.features)
        person = Column(self._person, self._person, "identifier", Tier.CORE, confirmed_by=_STEWARD)
        return Dataset(
            dataset_id=_DATASET,
            title="Rehearsal",
            columns=(person, *features, _column(spec.label.semantic, spec.label.kind, _classes(spec.label))),
            person=self._person,
            purposes=(PURPOSE,),
            owner=owner,
        )


def _classes(label: Label) -> CategoryFeature | None:
    """Return what a catalogue publishes of a label: its classes, if it has any."""
    return CategoryFeature(label.semantic, label.values) if isinstance(label, ClassLabel) else None


def _column(name: str, kind: ColumnKind, bins: Feature | None = None) -> Column:
    own = SEMANTICS[name].tier if name in SEMANTICS else Tier.SENSITIVE
    return Column(name, name, kind, max(own, Tier.SENSITIVE), bins=bins, confirmed_by=_STEWARD)


def _unused(name: str, taken: tuple[str, ...]) -> str:
    while name in taken:
        name += "_"
    return name


def _yaml(person: str, rules: list[ColumnRule]) -> str:
    columns = {rule.name: _rule(rule) for rule in rules}
    contract = {"dataset": _DATASET, "person": person, "columns": columns}
    return yaml.safe_dump(contract, allow_unicode=True, sort_keys=False)


def _rule(rule: ColumnRule) -> dict[str, object]:
    """Return a rule as a contract's YAML has it."""
    lengths = {"min": rule.min_length, "max": rule.max_length}
    given: dict[str, object] = {
        "min": rule.minimum,
        "max": rule.maximum,
        "values": None if rule.values is None else list(rule.values),
        "pattern": rule.pattern,
        "length": {key: bound for key, bound in lengths.items() if bound is not None} or None,
        "check": rule.check,
        "unique": {"share": rule.distinct_share} if rule.distinct_share < 1 else rule.unique or None,
    }
    missing: object = "allowed" if rule.missing_allowed else "forbidden"
    if rule.missing_share < 1:
        missing = {"share": rule.missing_share}
    stated = {key: value for key, value in given.items() if value is not None}
    return {"type": rule.type, "missing": missing, **stated}
