"""The demo's enterprise: a centre and eight departments, each with its own home, keys, table and steward.

The people are real and public (see `public_data`); only here does one process hold several homes, because
the demo plays every role on one machine. Nothing of this is known to centre or node code.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from xinqiao_app.public_data import (
    DEPARTMENT_COLUMN,
    DEPARTMENTS,
    INCOME_COLUMN,
    PERSON_COLUMN,
    SEMANTICS,
    People,
    career_spec,
)
from xinqiao_clients.home import Home, Settings
from xinqiao_clients.importer import import_frame
from xinqiao_governance.canonical import Json
from xinqiao_governance.catalogue import Column, Dataset, Tier
from xinqiao_governance.contract import Contract
from xinqiao_governance.messages import Language
from xinqiao_governance.model_spec import CategoryFeature
from xinqiao_governance.order import Order, Spend
from xinqiao_governance.signed import Signed
from xinqiao_platform.centre import LOG_ORIGIN, Centre
from xinqiao_platform.ordering import nominal

DATASET = "staff"
CAP = Spend(epsilon_micro=2_000_000, delta_nano=20_000)
PURPOSE = "career_development"
LEGAL_BASIS = "staff_consent"
_STEWARD = "steward"
_TIERS: Mapping[str, Tier] = {
    PERSON_COLUMN: Tier.CORE,
    INCOME_COLUMN: Tier.CORE,
    DEPARTMENT_COLUMN: Tier.PUBLIC,
    "year": Tier.PUBLIC,
}  # every other column is business-sensitive
_UNITS = {"age": "years", INCOME_COLUMN: "constant US dollars", "year": "calendar year"}


@dataclass(frozen=True)
class Site:
    """One department of the demo: its home and the passphrase that opens it, which is kept nowhere."""

    id: str
    home: Home
    passphrase: str

    @property
    def node(self) -> bytes:
        """The department's fingerprint."""
        return self.home.identity.fingerprint

    def name(self, language: Language) -> str:
        """The department's name as a reader knows it."""
        department = next(entry for entry in DEPARTMENTS if entry.id == self.id)
        return department.zh if language == "zh" else department.en


@dataclass(frozen=True)
class Enterprise:
    """A centre and its departments."""

    centre: Centre
    sites: tuple[Site, ...]
    people: Mapping[bytes, int]

    @classmethod
    def found(cls, root: Path, training: People) -> "Enterprise":
        """Make the centre and the departments under `root`, import each one's people, and confirm all peers.

        Raises:
            DataInvalid: the public table is not what the contracts say.
            StoreDamaged: the disk fails or is full.
        """
        centre = Centre(root / "centre")
        sites = tuple(_site(root, department.id, centre) for department in DEPARTMENTS)
        for site in sites:
            _import(site, training.of(site.id))
        _confirm_each_other(sites)
        people = {site.node: nominal(len(training.of(site.id))) for site in sites}
        return cls(centre, sites, people)

    def approve(self, order: Signed[Order]) -> None:
        """Let every steward approve an order for core data, as each would after reading it."""
        for site in self.sites:
            site.home.approve(order, _STEWARD)

    def close(self) -> None:
        """Close every file; nothing is pending."""
        for site in self.sites:
            site.home.close()
        self.centre.close()


def catalogue(department: str) -> Dataset:
    """Return the catalogue of a department's table; the demo's steward confirmed every column."""
    semantics = {PERSON_COLUMN: "person", DEPARTMENT_COLUMN: "department", **SEMANTICS}
    return Dataset(
        dataset_id=DATASET,
        title="Public survey of working people (GSS)",
        columns=tuple(_column(name, semantic) for name, semantic in semantics.items()),
        person=PERSON_COLUMN,
        purposes=(PURPOSE, "needs_analysis"),
        owner=department,
    )


def contract_text(department: str) -> str:
    """Return the YAML contract of a department's table: public facts only, nothing read from the data."""
    rules: dict[str, Json] = {
        PERSON_COLUMN: {"type": "text", "missing": "forbidden", "unique": True},
        DEPARTMENT_COLUMN: {"type": "text", "missing": "forbidden"},
        INCOME_COLUMN: {"type": "number", "missing": "forbidden", "min": 0},
        "year": {"type": "integer", "missing": "forbidden", "min": 1972, "max": 2030},
        "age": {"type": "number", "missing": "allowed", "min": 16, "max": 120},
        "prestg10": {"type": "number", "missing": "allowed", "min": 0, "max": 100},
        "childs": {"type": "number", "missing": "allowed", "min": 0, "max": 30},
    }
    for name in SEMANTICS:
        rules.setdefault(name, {"type": "text", "missing": "allowed"})
    contract: dict[str, Json] = {
        "dataset": DATASET,
        "person": PERSON_COLUMN,
        "department": {"column": DEPARTMENT_COLUMN, "equals": department},
        "rows": {"min": 100},
        "columns": rules,
    }
    return yaml.safe_dump(contract, allow_unicode=True, sort_keys=False)


def _column(name: str, semantic: str) -> Column:
    bins = {feature.semantic: feature for feature in career_spec().features}.get(semantic)
    if name == PERSON_COLUMN:
        return Column(name, semantic, "identifier", Tier.CORE, confirmed_by=_STEWARD)
    is_text = name == DEPARTMENT_COLUMN or isinstance(bins, CategoryFeature)
    return Column(
        name=name,
        semantic=semantic,
        kind="text" if is_text else "number",
        tier=_TIERS.get(name, Tier.SENSITIVE),
        unit=_UNITS.get(name, ""),
        bins=bins,
        confirmed_by=_STEWARD,
    )


def _site(root: Path, department: str, centre: Centre) -> Site:
    settings = Settings(
        name=department,
        operator=centre.operator.fingerprint,
        log_key=centre.log_key.public,
        log_origin=LOG_ORIGIN,
        minimum_members=4,
    )
    passphrase = secrets.token_urlsafe(24)
    home = Home.create(root / "departments" / department, settings, passphrase)
    return Site(department, home, passphrase)


def _import(site: Site, people: People) -> None:
    dataset, text = catalogue(site.id), contract_text(site.id)
    contract = Contract.from_mapping(yaml.safe_load(text))
    with site.home.importing():
        version = import_frame(people.frame, dataset=dataset, contract=contract, store=site.home.store)
        site.home.adopt(dataset, text, version, CAP, _STEWARD)


def _confirm_each_other(sites: Sequence[Site]) -> None:
    """Play the stewards' one meeting, where each compares the others' fingerprints."""
    for site in sites:
        for peer in sites:
            if peer is not site:
                site.home.confirm(peer.node, peer.id, _STEWARD)
