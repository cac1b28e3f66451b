"""What a home knows when its gate decides, for the decision itself and for a steward's preview of it."""

from xinqiao_clients.gate import Standing
from xinqiao_clients.home import Home


def standing_of(home: Home) -> Standing:
    """Return the standing of a home's department, as it is now.

    Raises:
        UsageInvalid: nothing was imported yet.
        StoreDamaged: book or store are damaged.
    """
    own, adopted = home.identity.fingerprint, home.adopted
    return Standing(
        node=own,
        operator=home.settings.operator,
        peers=frozenset(home.book.peers()) | {own},
        dataset=adopted.dataset,
        contract=adopted.contract,
        policy=home.policy,
        contract_holds=home.contract_holds(),
        minimum_members=home.settings.minimum_members,
        alarmed=home.book.alarmed(),
    )
