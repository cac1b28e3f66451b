"""An enterprise on one machine: a centre and departments, each with its own home, keys, table and steward.

Only here does one process hold several homes, because the demo and the rehearsal play every role. Nothing of
this is known to centre or node code. The demo's people are real and public (see `public_data`).
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from xinqiao_app.commands.cards import card_of
from xinqiao_app.directory import remember
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
from xinqiao_governance.canonical import Json
from xinqiao_governance.catalogue import Column, Dataset, Tier
from xinqiao_governance.contract import Contract
from xinqiao_governance.messages import Language
from xinqiao_governance.model_spec import CategoryFeature
from xinqiao_governance.order import Order, Spend
from xinqiao_governance.signed import Signed
from xinqiao_platform.centre import Centre
from xinqiao_platform.ordering import nominal
from xinqiao_platform.tls import authority_pem

if TYPE_CHECKING:
    import pandas as pd

DATASET = "staff"
CAP = Spend(epsilon_micro=2_000_000, delta_nano=20_000)
PURPOSE = "career_development"
LEGAL_BASIS = "staff_consent"
_STEWARD = "steward"
_TIERS: Mapping[str, Tier] = {
    PERSON_COLUMN: Tier.CORE,
    INCOME_COLUMN: Tier.CORE,
    "maritalcat": Tier.CORE,
    "year": Tier.PUBLIC,
}  # every other column is business-sensitive
_UNITS = {"age": "years", INCOME_COLUMN: "constant US dollars", "year": "calendar year"}


@dataclass(frozen=True)
class Table:
    """What a department brings: rows under a catalogue and a contract (YAML), and how many people they are.

    `checked` rows were found to hold the contract before, as part of a larger table.
    """

    department: str
    frame: "pd.DataFrame"
    dataset: Dataset
    contract: str
    people: int
    checked: bool = False


@dataclass(frozen=True)
class Site:
    """One department: its home and the passphrase that opens it, which is kept nowhere.

    An empty passphrase stands for keys that live in memory alone.
    """

    id: str
    home: Home
    passphrase: str

    @property
    def node(self) -> bytes:
        """The department's fingerprint."""
        return self.home.identity.fingerprint

    def name(self, language: Language) -> str:
        """The name of a department of the demo, as a reader knows it."""
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
        """Make the demo's centre and departments under `root`; see `found_enterprise`."""
        parts = {department.id: training.of(department.id) for department in DEPARTMENTS}
        tables = [
            Table(name, part.frame, catalogue(name), contract_text(name), len(part))
            for name, part in parts.items()
        ]
        enterprise = found_enterprise(root, tables, cap=CAP, minimum_members=4)
        remember(enterprise.centre.path, [card_of(site.home) for site in enterprise.sites])
        return enterprise

    def approve(self, order: Signed[Order]) -> None:
        """Let every steward approve an order for core data, as each would after reading it."""
        for site in self.sites:
            site.home.approve(order, _STEWARD)

    def close(self) -> None:
        """Close every file; nothing is pending."""
        for site in self.sites:
            site.home.close()
        self.centre.close()


def found_enterprise(
    root: Path,
    tables: Sequence[Table],
    *,
    cap: Spend,
    minimum_members: int,
    keep_keys: bool = True,
    founded: Callable[[int], None] = lambda _count: None,
) -> Enterprise:
    """Make a centre and departments under `root`, import each one's table, and confirm all peers.

    Without `keep_keys` the homes' keys live in memory alone. `founded` hears how many departments are ready.

    Raises:
        DataInvalid: a table is not what its contract says.
        StoreDamaged: the disk fails or is full.
    """
    sites: list[Site] = []
    with ExitStack() as undo:
        centre = Centre(root / "centre")
        undo.callback(centre.close)
        for table in tables:
            passphrase = secrets.token_urlsafe(24) if keep_keys else ""
            site = _site(root, table.department, centre, passphrase, minimum_members)
            undo.callback(site.home.close)
            _import(site, table, cap)
            sites.append(site)
            founded(len(sites))
        _confirm_each_other(sites)
        undo.pop_all()
    people = {site.node: nominal(table.people) for site, table in zip(sites, tables, strict=True)}
    return Enterprise(centre, tuple(sites), people)


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


def _site(root: Path, department: str, centre: Centre, passphrase: str, minimum_members: int) -> Site:
    settings = Settings(
        name=department,
        operator=centre.operator.fingerprint,
        log_key=centre.log_key.public,
        log_origin=centre.log.origin,
        minimum_members=minimum_members,
        authority=authority_pem(centre.operator),
        log_sm2=centre.log_sm2,
    )
    home = Home.create(root / "departments" / department, settings, passphrase or None)
    return Site(department, home, passphrase)


@lru_cache(maxsize=1)
def _contract(text: str) -> Contract:
    """Departments often share a contract; reading YAML takes as long as writing a small table."""
    return Contract.from_mapping(yaml.safe_load(text))


def _import(site: Site, table: Table, cap: Spend) -> None:
    from xinqiao_clients.importer import check_frame, write_checked  # brings pandas; a job needs none

    contract = _contract(table.contract)
    if not table.checked:
        check_frame(table.frame, dataset=table.dataset, contract=contract, today=site.home.today)
    with site.home.importing():
        version = write_checked(table.frame, dataset=table.dataset, contract=contract, store=site.home.store)
        site.home.adopt(table.dataset, table.contract, version, cap, _STEWARD)


def _confirm_each_other(sites: Sequence[Site]) -> None:
    """Play the stewards' one meeting, where each compares the others' fingerprints."""
    for site in sites:
        site.home.confirm_all({peer.node: peer.id for peer in sites if peer is not site}, _STEWARD)
