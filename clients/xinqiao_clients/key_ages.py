"""Key file and book, of which one may be an older copy put back: the book has the name of each key there was.

Whoever puts the home back from a backup of the machine may bring the two from two moments. An older key file
opens nothing that was written since; an older book has forgotten what was spent. A key's name is noted before
anything is sealed under it alone, so whatever ends a rotation, one of the
file's keys is the last in the book.
"""

from xinqiao_clients.book import Book, Transaction
from xinqiao_clients.keys import EPOCH_BYTES, Keys
from xinqiao_governance.errors import StoreDamaged

_LABEL = "key-epochs"


def require_one_age(keys: Keys, book: Book) -> None:
    """Refuse a key file and a book of two moments.

    Raises:
        StoreDamaged: `key_file_older` or `book_older`; or the keys did not seal what the book says.
    """
    known, ours = _known(keys, book), keys.store.epochs
    if not known or known[-1] in ours:
        return
    if keys.file is not None and keys.file.is_put_back and not set(known).isdisjoint(ours):
        return  # an older one on purpose: the book hears of its new key when the rotation ends
    raise StoreDamaged("key_file_older" if ours[-1] in known else "book_older")


def is_newest(keys: Keys, book: Transaction) -> bool:
    """Say whether these keys are those of the last rotation that the book knows of."""
    return keys.store.epoch in _known(keys, book)[-1:]


def note_newest(keys: Keys, book: Transaction) -> bool:
    """Note the name of the newest key, where nobody noted it before; say whether this did.

    Who sees the keys as they were before somebody else's rotation notes nothing.
    """
    known, newest = _known(keys, book), keys.store.epoch
    if newest in known:
        return False
    book.put_key_epochs(keys.wrap(_LABEL, b"".join((*known, newest))))
    return True


def _known(keys: Keys, book: Book | Transaction) -> tuple[bytes, ...]:
    sealed = book.key_epochs()
    names = b"" if sealed is None else keys.unwrap(_LABEL, sealed)
    return tuple(names[start : start + EPOCH_BYTES] for start in range(0, len(names), EPOCH_BYTES))
