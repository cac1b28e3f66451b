"""A small enterprise on a real clock, whose roles then run as real processes: the tables are synthetic."""

import shutil
from pathlib import Path

import pandas as pd

from simulators.enterprise import CAP, CONTRACT, MODEL, PURPOSE, SPEND, dataset, table
from xinqiao_app.enterprise import Enterprise, Table, found_enterprise
from xinqiao_governance.order import Order
from xinqiao_governance.signed import Signed
from xinqiao_ledger.anchor import AnchorRecord
from xinqiao_ledger.trust import Trust, TrustedChain, TrustedKey, TrustedWitness
from xinqiao_platform.centre import LOG_ORIGIN
from xinqiao_platform.ordering import write_order

NOMINAL = 1_000
"""What the operator takes a department's head-count for; policy wants 500 people together."""
DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL", "--") if shutil.which("setpriv") else ()
"""Put before a command: the kernel kills it when we are gone, however we went, also if it is stopped."""


def found_departments(root: Path, names: tuple[str, ...], people: int = 60) -> Enterprise:
    """Make a centre at `root`/centre and homes at `root`/departments that have all confirmed each other."""
    tables = [
        Table(name, pd.DataFrame(table(seed, people)), dataset(name), CONTRACT, people)
        for seed, name in enumerate(names)
    ]
    return found_enterprise(root, tables, cap=CAP, minimum_members=3)


def ordered(enterprise: Enterprise, answers: int) -> Signed[Order]:
    """An order of so many answers for all departments, approved by every steward."""
    order = write_order(
        enterprise.centre,
        model=MODEL,
        people={site.node: NOMINAL for site in enterprise.sites},
        spend=SPEND,
        purpose=PURPOSE,
        legal_basis="staff_consent",
        answers=answers,
    )
    enterprise.approve(order)
    return order


def trust_in(enterprise: Enterprise, anchor: AnchorRecord) -> Trust:
    """The trust file of an auditor to whom departments are independent witnesses of each other."""
    keys = tuple(TrustedKey(site.id, site.home.identity.public) for site in enterprise.sites)
    return Trust(
        origin=LOG_ORIGIN,
        log_key=enterprise.centre.log_key.public,
        operator=enterprise.centre.operator.public,
        departments=keys,
        witnesses=tuple(TrustedWitness(key.name, key.key, "independent") for key in keys),
        witness_threshold=2,
        chain=TrustedChain(anchor.chain_id, anchor.contract, "operator"),
    )
