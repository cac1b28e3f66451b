"""Who belongs to a period, without a name: keyed hashes of person ids, to prove that periods share nobody.

A person whom two periods hold would be looked at on two budgets. So each period keeps a tag of everyone who
was ever in one of its versions, people who were taken out since included: what was spent on them stays
spent. A tag is HMAC-SHA256 of the id under a key that only this home derives, cut to 128 bits; a chance
collision could only refuse an import. The tags themselves are kept sealed; what that shows is how many.
"""

import hmac
import unicodedata
from collections.abc import Iterable, Mapping
from hashlib import sha256

from xinqiao_clients.keys import Keys
from xinqiao_governance.errors import DataInvalid, StoreDamaged, UsageInvalid

_TAG_BYTES = 16

Tags = frozenset[bytes]


def tags_of(keys: Keys, ids: Iterable[object]) -> Tags:
    """Return a tag for each person; one id in upper and lower case is one person, as an import has it."""
    key = keys.derive("intake")
    return frozenset(
        hmac.digest(key, folded(str(id_)).encode(), sha256)[:_TAG_BYTES] for id_ in frozenset(ids)
    )


def require_disjoint(people: Tags, period: str, others: Mapping[str, Tags]) -> None:
    """Refuse people whom another period holds.

    Raises:
        DataInvalid: there are some; the error says how many, not who.
    """
    for other, tags in others.items():
        if people & tags:
            raise DataInvalid("people_in_two_periods", period=period, other=other, count=len(people & tags))


def require_known(periods: Iterable[str], known: Iterable[str]) -> None:
    """Refuse a second period where an earlier one does not know all its people.

    Raises:
        UsageInvalid: a period was begun before periods were kept apart.
    """
    for period in sorted(frozenset(periods) - frozenset(known)):
        raise UsageInvalid("period_unproven", other=period)


def seal(keys: Keys, dataset: str, period: str, people: Tags) -> bytes:
    """Return the tags of a period, sealed; they open for this dataset and period only."""
    return keys.wrap(_label(dataset, period), b"".join(sorted(people)))


def unseal(keys: Keys, dataset: str, period: str, sealed: bytes) -> Tags:
    """Open what `seal` made.

    Raises:
        StoreDamaged: other keys, another period or changed bytes.
    """
    data = keys.unwrap(_label(dataset, period), sealed)
    if len(data) % _TAG_BYTES:
        raise StoreDamaged("key_unwrap_failed", label=_label(dataset, period))
    return frozenset(data[place : place + _TAG_BYTES] for place in range(0, len(data), _TAG_BYTES))


def folded(id_: str) -> str:
    """Return what all ways to write one person's id have in common: letter case, width, stray spaces."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", id_).casefold()).strip()


def _label(dataset: str, period: str) -> str:
    return f"intake/{dataset}/{period}"
