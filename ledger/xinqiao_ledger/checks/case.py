"""What every check is given: a bundle, the keys to judge it by, and the word of a chain, if there is one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from xinqiao_governance.errors import Field, ProofError
from xinqiao_ledger.anchor import AnchorRecord
from xinqiao_ledger.bundle import Bundle
from xinqiao_ledger.event import Event
from xinqiao_ledger.signing import fingerprint
from xinqiao_ledger.trust import Trust

Confirm: TypeAlias = Callable[[AnchorRecord], None]
"""Asks a chain, or a block that the auditor brought, for an anchor: ProofError where it is not there."""


class NotChecked(Exception):
    """Raised by a check that cannot be made with what there is."""

    def __init__(self, code: str, **fields: Field) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields


@dataclass(frozen=True)
class Case:
    """A bundle and what it is judged by."""

    bundle: Bundle
    trust: Trust | None
    confirm: Confirm | None

    @property
    def trusted(self) -> Trust:
        """The trust file; without one the check cannot be made."""
        if self.trust is None:
            raise NotChecked("audit_no_trust")
        return self.trust

    @property
    def operator(self) -> str:
        """The operator's fingerprint in hex, by which his own events are known."""
        return fingerprint(self.trusted.operator).hex()


def check_chain(journal: Sequence[Event]) -> None:
    """Require that each event of a journal follows the one before.

    Raises:
        ProofError: one does not.
    """
    for before, after in pairwise(journal):
        if after.seq != before.seq + 1 or after.prev != before.hash.hex():
            raise ProofError("journal_gap", node=after.node, seq=after.seq)
