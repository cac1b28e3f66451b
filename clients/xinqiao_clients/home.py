"""A department's home: the one folder that holds its keys, book and store.

node.json      settings: name, whom it obeys, whose log it believes      store/          encrypted columns
keys.json      the key file that each steward opens                      witness.sqlite  checkpoints seen
identity       the Ed25519 identity, sealed under the keys               agent.lock      one agent at a time
witness-sm2    the witness's SM2 key, sealed, where the log is under SM3 and SM2
import.lock    one import at a time                            refresh.lock    one refresh or import by hand
book.sqlite    journal, budgets, policy and grants, where backups are, and which
               version of the table is adopted, with catalogue, contract, period

The book alone says which version is adopted. An import writes a version into the store, adopts it in one
transaction of the book, then sweeps what was before; killed anywhere, it leaves the old one or the new.
"""

import fcntl
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP384R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from xinqiao_clients import intake, subjects
from xinqiao_clients.adopted import Adopted
from xinqiao_clients.book import Book, Transaction
from xinqiao_clients.contract_text import parse_contract
from xinqiao_clients.freshness import dated_columns, fresh_until
from xinqiao_clients.graded import record_grades
from xinqiao_clients.key_ages import note_newest, require_one_age
from xinqiao_clients.key_file import FIRST_STEWARD, KeyFile, discard_draft
from xinqiao_clients.keys import Keys
from xinqiao_clients.policy_files import check, default_policy
from xinqiao_clients.providers import KeyProvider
from xinqiao_clients.store import Store, Version
from xinqiao_clients.subjects import Actor
from xinqiao_clients.suites import AES_256_GCM, chosen_suite
from xinqiao_clients.today import local_day
from xinqiao_governance.budget import LIFETIME, require_not_raised, require_period
from xinqiao_governance.canonical import Json, digest, dumps, loads
from xinqiao_governance.catalogue import Dataset
from xinqiao_governance.classify import Proposal
from xinqiao_governance.errors import (
    DataInvalid,
    StoreDamaged,
    UsageInvalid,
    VersionOther,
    WireInvalid,
    XinqiaoError,
)
from xinqiao_governance.grading import Grade, regrade
from xinqiao_governance.order import Order, Spend
from xinqiao_governance.parse import hex_bytes, integer, mapping, note_key, text, versioned_fields
from xinqiao_governance.policy import Policy
from xinqiao_governance.signed import Signed
from xinqiao_ledger.event import Kind
from xinqiao_ledger.files import create_file, io_errors, locked, version_errors
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.sm2 import Sm2Key
from xinqiao_ledger.suite import Suite, suite_of
from xinqiao_ledger.witness import Witness

PERIOD = LIFETIME  # where the steward never cut the data into periods
SUPERNODE_KEYS = "supernode/keys"  # in the clear, only while Flower's SuperNode starts
KEY_FILE = "keys.json"
_ADOPTED = "adopted"
_WITNESS_SM2 = "witness-sm2"
_AGENT_LOCK = "agent.lock"
_IMPORT_LOCK = "import.lock"
REFRESH_LOCK = "refresh.lock"


@dataclass(frozen=True)
class Settings:
    """What the steward confirmed about the world outside.

    Attributes:
        name: how the department is called.
        operator: fingerprint of the operator whose orders it considers.
        log_key, log_origin: public key (32 bytes) and name of the log that it believes and witnesses.
        minimum_members: it takes part only among at least so many confirmed departments.
        authority: certificate (PEM) of whom the centre's SuperLink must show; without one it joins none.
        log_sm2: the key (64 bytes) of the log's checkpoints, if the log is under SM3 and SM2.
        store_suite: name of the cipher under which tables are written.
    """

    name: str
    operator: bytes
    log_key: bytes
    log_origin: str
    minimum_members: int
    authority: str = ""
    log_sm2: bytes = b""
    store_suite: str = AES_256_GCM.name

    @property
    def note_key(self) -> bytes:
        """The key of the log's checkpoints, which declares its suite: 32 bytes, or 64 under SM2."""
        return self.log_sm2 or self.log_key

    def to_json(self) -> dict[str, Json]:
        """Return the canonical form."""
        return {
            "v": 1,
            "name": self.name,
            "operator": self.operator.hex(),
            "log_key": self.log_key.hex(),
            "log_origin": self.log_origin,
            "minimum_members": self.minimum_members,
            "authority": self.authority,
            "log_sm2": self.log_sm2.hex(),
            "store_suite": self.store_suite,
        }

    @classmethod
    def from_json(cls, value: Json) -> "Settings":
        """Parse the canonical form; WireInvalid where it is not one."""
        # homes made before these know none
        given = {"authority": "", "log_sm2": "", "store_suite": AES_256_GCM.name, **mapping(value)}
        body = versioned_fields(given, 1, *_SETTINGS)
        return cls(
            name=text(body, "name"),
            operator=hex_bytes(body, "operator", length=32),
            log_key=hex_bytes(body, "log_key", length=32),
            log_origin=text(body, "log_origin"),
            minimum_members=integer(body, "minimum_members", at_least=3),
            authority=text(body, "authority"),
            log_sm2=note_key(body, "log_sm2") if text(body, "log_sm2") else b"",
            store_suite=text(body, "store_suite"),
        )


_SETTINGS = (
    "v",
    "name",
    "operator",
    "log_key",
    "log_origin",
    "minimum_members",
    "authority",
    "log_sm2",
    "store_suite",
)


class Home:
    """An open home. Whoever holds it holds the department's keys."""

    def __init__(
        self,
        path: Path,
        settings: Settings,
        keys: Keys,
        clock: Callable[[], int],
        *,
        create: bool = False,
        read_only: bool = False,
    ) -> None:
        if not create:
            require_databases(path)
        self.path = path
        self.settings = settings
        self.keys = keys
        self.clock = clock
        self.identity = _open_identity(path, keys)
        book = path / "book.sqlite"
        self.book = Book(book, self.identity.fingerprint, clock, create=create, read_only=read_only)
        self.store = Store(path / "store", keys, chosen_suite(settings.store_suite))
        self._last_adopted: tuple[tuple[bytes, int], Adopted] | None = None  # as sealed, and what it says
        self._last_policy: tuple[tuple[bytes, int], Policy] | None = None  # as sealed, and what it says
        self.witness = Witness(
            path / "witness.sqlite",
            key=_open_witness_key(path, keys) if settings.log_sm2 else self.identity,
            name=settings.name,
            log_key=settings.note_key,
            origin=settings.log_origin,
            clock=clock,
        )

    @classmethod
    def create(
        cls,
        path: Path,
        settings: Settings,
        passphrase: str | None,
        clock: Callable[[], int] | None = None,
        *,
        steward: str = FIRST_STEWARD,
    ) -> "Home":
        """Make a new home with a new identity, the default policy and nothing in it.

        The passphrase is its first steward's. Without one its keys stay in memory: with this process they are
        gone, and all that is sealed.

        Raises:
            UsageInvalid: there is a home already.
            StoreDamaged: the folder cannot be written.
        """
        if (path / "node.json").exists():
            raise UsageInvalid("home_exists", path=str(path))
        with io_errors(path):
            path.mkdir(parents=True, exist_ok=True)
            path.chmod(0o700)
            keys = Keys.draw() if passphrase is None else _new_keys(path, passphrase, steward)
            private = Ed25519PrivateKey.generate().private_bytes_raw()
            create_file(path / "identity", keys.wrap("identity", private))
            if settings.log_sm2:
                create_file(path / _WITNESS_SM2, keys.wrap(_WITNESS_SM2, Sm2Key.generate().to_bytes()))
            for name in (_AGENT_LOCK, _IMPORT_LOCK, REFRESH_LOCK):
                (path / name).touch(mode=0o600)
        with ExitStack() as undo:
            home = cls(path, settings, keys, clock or _now, create=True)
            undo.callback(home.close)
            with home.book.transaction() as book:
                home.use_policy(book, default_policy(), adopted_in=0)
                note_newest(keys, book)
            with io_errors(path):  # last: where it stands, a book was made
                create_file(path / "node.json", dumps(settings.to_json()))
            undo.pop_all()
        return home

    @classmethod
    def open(
        cls,
        path: Path,
        opener: str | KeyProvider,
        clock: Callable[[], int] | None = None,
        *,
        steward: str | None = None,
    ) -> "Home":
        """Open an existing home by a passphrase, or by whoever else keeps a steward's private key.

        With `steward` that person's slot must open; without a name any may.

        Raises:
            UsageInvalid: there is none at `path`.
            Denied: no slot of that person's, or the passphrase or PIN does not open it.
            NodeUnavailable: a token is not there.
            StoreDamaged: a file is missing or damaged; or key file and book are of two moments.
            VersionOther: another version wrote its settings, its key file or its book.
        """
        settings = read_settings(path)
        known = None if steward is None else subjects.known_as(steward)
        with ExitStack() as undo:
            home = cls(path, settings, KeyFile.open(path / KEY_FILE, opener, known), clock or _now)
            undo.callback(home.close)
            home.require_one_age()
            if home.book.key_epochs() is None:  # of an earlier program
                home.note_newest_key()
            undo.pop_all()
        return home

    def close(self) -> None:
        """Close the files; nothing is pending."""
        self.book.close()
        self.witness.close()

    @property
    def steward(self) -> str | None:
        """Whose slot opened the keys; None where no file holds them."""
        return None if self.keys.file is None else self.keys.file.steward

    def is_steward(self, name: str) -> bool:
        """Say whether the person of this name can open the keys. Raises as `key_file` and `known_as`."""
        return subjects.known_as(name) in (one.name for one in self.key_file.stewards)

    @property
    def key_file(self) -> KeyFile:
        """The open key file; UsageInvalid where these keys are in memory alone."""
        if self.keys.file is None:
            raise UsageInvalid("keys_in_memory")
        return self.keys.file

    @property
    def log_suite(self) -> Suite:
        """The suite of the log that this department believes."""
        return suite_of(self.settings.note_key)

    @property
    def dataset(self) -> Dataset:
        """The catalogue of the department's table.

        Raises:
            UsageInvalid: nothing was imported yet.
        """
        return self.adopted.dataset

    @property
    def version(self) -> Version:
        """The adopted version of the table.

        Raises:
            UsageInvalid: nothing was imported yet.
        """
        return self.adopted.version

    @property
    def policy(self) -> Policy:
        """The policy in use, as it was adopted last.

        The journal's newest adoption says under which label it opens: one that only was proposed, or that was
        in use before, is none.

        Raises:
            UsageInvalid: none was adopted, or this version would not adopt it: everything is refused.
            StoreDamaged: the book is damaged, or these keys did not seal it in that adoption.
        """
        kept = self.book.policy()
        if kept is None:
            raise UsageInvalid("policy_unadopted")
        if self._last_policy is None or self._last_policy[0] != kept:
            sealed, adopted_in = kept
            text_ = self.keys.unwrap(_policy_label(adopted_in), sealed).decode()
            self._last_policy = kept, check(text_)
        return self._last_policy[1]

    @property
    def policy_digest(self) -> str | None:
        """The digest of the policy in use, in hex; None where `policy` has none to give."""
        try:
            return self.policy.digest.hex()
        except (UsageInvalid, StoreDamaged):
            return None

    def use_policy(self, book: Transaction, policy: Policy, adopted_in: int) -> None:
        """Put a policy in use that the event `adopted_in` adopted; 0 is the first one, which none did."""
        book.use_policy(self.keys.wrap(_policy_label(adopted_in), policy.text.encode()))

    @property
    def period(self) -> str:
        """The period whose people jobs use, and whose budget an order is charged to.

        Raises:
            UsageInvalid: nothing was imported yet.
        """
        return self.adopted.period

    @property
    def adopted(self) -> Adopted:
        """What jobs use: version, catalogue and contract, as they were adopted together.

        Raises:
            UsageInvalid: nothing was imported yet.
            StoreDamaged: the book is damaged, or says what these keys did not seal.
            VersionOther: another version adopted it.
        """
        found = self._adopted(self.book)
        if found is None:
            raise UsageInvalid("dataset_missing", path=str(self.path))
        return found

    @contextmanager
    def reading(self) -> Iterator[Adopted]:
        """Keep what is adopted now on the disk while the block reads it. Raises as `adopted`."""
        with self.store.shared():
            yield self.adopted

    @contextmanager
    def importing(self, *, older_keys: bool = False) -> Iterator[None]:
        """Wait for other imports, and keep them out from writing to adopting.

        Raises:
            StoreDamaged: the home cannot be locked; or as `require_one_age`, of an older key file only
                without `older_keys`.
        """
        with ExitStack() as held:
            with io_errors(self.path):
                held.enter_context(locked(self.path / _IMPORT_LOCK, fcntl.LOCK_EX))
                discard_draft(self.path / KEY_FILE)  # it may hold a key that must go
            self.store.refresh()  # the keys may have been rotated while this waited
            try:
                self.require_one_age()
            except StoreDamaged as error:
                if error.code != "key_file_older" or not older_keys:
                    raise
            yield

    def require_table(self) -> None:
        """Refuse where the adopted version is not in its place; where nothing was adopted, none is missed.

        Raises:
            StoreDamaged: `table_missing`; or book or manifest are damaged.
        """
        adopted = self._adopted(self.book)
        if adopted is not None and not self.store.holds(adopted.version):
            raise StoreDamaged("table_missing")

    def require_one_age(self) -> None:
        """Refuse a key file and a book that are of two moments, whoever put the older one back.

        Raises:
            StoreDamaged: `key_file_older` or `book_older`.
        """
        try:
            require_one_age(self.keys, self.book)
        except StoreDamaged:
            if not self.store.is_there:
                raise
            with self.store.shared():  # after a rotation that ended while this looked
                require_one_age(self.keys, self.book)

    def note_newest_key(self) -> None:
        """Let the book know the newest key of the store by name, before anything is sealed under it alone."""
        with self.book.transaction() as book:
            note_newest(self.keys, book)

    def require_budget(
        self, dataset_id: str, cap: Spend, *, period: str | None = None, year_cap: Spend | None = None
    ) -> None:
        """Refuse an import that would give people who were looked at before a fresh or a larger budget.

        Whether a new period holds none of them is seen when it is adopted.

        Raises:
            UsageInvalid: the home holds another dataset, a cap is above the one that stands, or `period` is
                no name.
        """
        _require_budget(self.book, dataset_id, cap, period, year_cap)

    def adopt(
        self,
        dataset: Dataset,
        contract_text: str,
        version: Version,
        cap: Spend,
        steward: str,
        *,
        period: str | None = None,
        year_cap: Spend | None = None,
        proposals: Sequence[Proposal] = (),
        stated: bool = True,
    ) -> int:
        """Make a written version the one that jobs use, with its budget, and sweep all others.

        `period` is the one its people belong to: by default the one that is open, else "lifetime". `cap` is
        that period's own; `year_cap` holds for all periods together, and one that stands stays without it.
        `proposals` are the classifier's, on this very data. `stated` says that `steward` brought `dataset` by
        hand and stands for the columns that it calls confirmed; else its columns stand as they stood before.
        Catalogue, contract, version, period, caps and the record of the import change in one transaction.
        Returns the number of the import, which counts from 1.

        Raises:
            UsageInvalid: as `require_budget`; an earlier period does not know all its people; or the declared
                purposes stand on another side of the wall than before.
            DataInvalid: a person belongs to another period; two confirmed columns mean the same; the
                contract's text is none; or another import swept this version before it was adopted.
            StoreDamaged: the disk fails or is full.
        """
        by_hand = steward if stated else None
        with self.store.alone():
            try:
                number = self._adopt(
                    dataset, contract_text, version, cap, steward, period, year_cap, proposals, by_hand
                )
            except XinqiaoError as error:
                # A commit whose flush failed may turn out to stand after a restart: keep both versions.
                if error.code != "book_unusable" and not self._uses(version):
                    self.store.discard(version)
                raise
            self.store.sweep(keep=version)
        return number

    def tidy(self) -> None:
        """Clear away what killed commands left; call it under `one_agent`.

        The sweep of an import is finished (one that is at work now sweeps by itself), and so is a rotation; a
        SuperNode's keys are removed, and so are pages of the book that a destroyed key stood on.

        Raises:
            StoreDamaged: the disk fails.
        """
        with io_errors(self.path), suppress(FileNotFoundError):
            shutil.rmtree(self.path / SUPERNODE_KEYS)
        self.book.scrub()
        with (
            io_errors(self.path),
            suppress(BlockingIOError),
            locked(self.path / _IMPORT_LOCK, fcntl.LOCK_EX | fcntl.LOCK_NB),
            self.store.alone(),
        ):
            self._sweep()
            self.finish_rotation()

    def finish_rotation(self) -> bool:
        """Finish a rotation that was begun; say whether there was one.

        What is not adopted is swept, the rest sealed under the new key, and only then the old one destroyed.
        Where the adopted version is in its place nothing else is sealed, so what could not be removed is
        lost with the old key. Call it while importing, with the store alone.

        Raises:
            StoreDamaged: a manifest is damaged or the disk fails; the old key stays.
        """
        file = self.keys.file
        if file is None or not file.rotating:
            return False
        self.store.refresh()
        with self.book.transaction() as book:
            self.tell_of_key(book)
        self.store.reseal(only=self._sweep())
        file.end_rotation()
        self.store.refresh()
        return True

    def tell_of_key(self, book: Transaction) -> None:
        """Note the newest key of the store; where nobody had, the journal does not know of its rotation."""
        if not note_newest(self.keys, book):
            return
        begun = None if self.keys.file is None else self.keys.file.begun
        by = self.service if begun is None else self.acting(book, begun.by)
        book.record(kind=Kind.KEYS, by=by, action="rotate" if begun is None else begun.action)

    def note(self, steward: str, action: str) -> None:
        """Write into the journal what is done to keys or backups."""
        with self.book.transaction() as book:
            book.record(kind=Kind.KEYS, by=self.acting(book, steward), action=action)

    def verified(self, adopted: Adopted) -> bool:
        """Say whether an adopted version was found to hold its contract."""
        if adopted.holds is not None:
            return adopted.holds
        return self.book.verified(adopted.version.digest, digest("contract", adopted.contract.encode()))

    def swap_version(
        self, book: Transaction, version: Version, by: Actor, action: str, *, holds: bool
    ) -> None:
        """Put a version without somebody's rows in the place of the adopted one, with the event.

        Import, period and budget stay the same. `holds` says that it was found to hold its contract; else
        the gate refuses until the next import.
        """
        adopted = self.adopted
        fresh = self._fresh_until(adopted.contract, version)
        facts = {"dataset": version.dataset_id, "dataset_digest": version.digest.hex()}
        book.record(kind=Kind.ERASE, by=by, action=action, **facts)
        self._put_adopted(book, replace(adopted, version=version, fresh_until=fresh, holds=holds))

    def confirm(self, node: bytes, name: str, steward: str) -> None:
        """Note that the steward compared a department's fingerprint with the one that it gave by itself."""
        self.confirm_all({node: name}, steward)

    def confirm_all(self, peers: Mapping[bytes, str], steward: str) -> None:
        """Note it of several departments, fingerprint → name, met at one time: all of them or none."""
        with self.book.transaction() as book:
            by = self.acting(book, steward)
            for node, name in peers.items():
                book.confirm_peer(node, name)
                book.record(kind=Kind.CONFIRM, by=by, action="confirm", output_digest=node.hex())

    def regrade(self, change: Callable[[Adopted], Sequence[Grade]], steward: str) -> Adopted:
        """Put the grades that `change` makes of what is adopted in their place; each change is an event.

        Raises:
            UsageInvalid: nothing was imported yet.
            DataInvalid: two confirmed columns would mean the same.
            XinqiaoError: whatever `change` refuses; nothing is changed then.
        """
        with self.book.transaction() as book:
            adopted = self._adopted(book)
            if adopted is None:
                raise UsageInvalid("dataset_missing", path=str(self.path))
            changed = adopted.graded(change(adopted))
            by = self.acting(book, steward)
            record_grades(book, adopted.grades, changed, by, self.service, imported=False)
            self._put_adopted(book, changed)
        return changed

    def approve(self, order: Signed[Order], steward: str) -> None:
        """Note that the steward read this very order and approved it for core data."""
        with self.book.transaction() as book:
            approved = book.record(
                kind=Kind.APPROVE,
                by=self.acting(book, steward),
                action="approve",
                job=order.body.digest.hex(),
                purpose=order.body.purpose,
                decision="allow",
            )
            sealed = self.keys.wrap(_approval_label(order.body.digest), approved.actor.encode())
            book.approve(order.body.digest, approved.actor, sealed)

    def approved(self, order: bytes) -> bool:
        """Say whether a steward approved the order of this digest.

        Raises:
            StoreDamaged: the book says so, but these keys did not seal it.
        """
        sealed = self.book.approval(order)
        if sealed is not None:
            self.keys.unwrap(_approval_label(order), sealed)
        return sealed is not None

    def contract_holds(self) -> bool:
        """Say whether the adopted version is in its place, under the catalogue and contract of its import.

        What a day changes is asked again with today's: whether its newest rows are still new enough.

        Raises:
            UsageInvalid: nothing was imported yet.
            StoreDamaged: book or store are damaged.
        """
        with self.reading() as adopted:
            version = adopted.version
            return (
                version.catalogue_digest == adopted.catalogue.digest
                and self.verified(adopted)
                and self.store.holds(version)
                and (adopted.fresh_until is None or self.today <= adopted.fresh_until)
            )

    @property
    def today(self) -> int:
        """The day of the node's clock, in this machine's zone and in days since 1970-01-01."""
        return local_day(self.book.time())

    @property
    def transport_key(self) -> EllipticCurvePrivateKey:
        """The key by which a SuperLink knows this node: P-384, as Flower asks; it proves nothing else."""
        secret = int.from_bytes(self.keys.derive("transport"), "big")
        return derive_private_key(secret, SECP384R1())

    @property
    def service(self) -> Actor:
        """The node itself, as events name it where no person acts."""
        return subjects.service(self.keys)

    def acting(self, book: Transaction, name: str) -> Actor:
        """Return a person as events name them; at first use their key is drawn and kept, in this transaction.

        Raises:
            UsageInvalid: `name` is empty, too long or not printable.
            StoreDamaged: these keys did not seal the person's.
        """
        name = subjects.known_as(name)
        tag = subjects.tag(self.keys, name)
        sealed = book.subject(tag)
        if sealed is not None:
            return subjects.unseal(self.keys, tag, sealed)
        actor, key = subjects.person(subjects.new_name(name))
        book.put_subject(tag, subjects.seal(self.keys, tag, actor, key))
        return actor

    def subjects(self) -> tuple[Actor, ...]:
        """Return everybody whose key the book still holds. Raises as `acting`."""
        return tuple(subjects.unseal(self.keys, tag, row) for tag, row in self.book.subjects().items())

    def forget(self, name: str, steward: str) -> bool:
        """Destroy a person's key: no old event's name opens again, and nobody links the pseudonyms.

        The event says that `steward` did it, and nothing of whom; people who forget themselves sign it with
        the key that goes. False where another process still keeps old pages of the book, until it ends or
        the next call.

        Raises:
            UsageInvalid: nobody is known by this name.
            StoreDamaged: the disk fails.
        """
        tag = subjects.tag(self.keys, subjects.known_as(name))
        with self.book.transaction() as book:
            known = book.subject(tag) is not None
            if known:
                by = self.acting(book, steward)
                book.remove_subject(tag)
                book.record(kind=Kind.ERASE, by=by, action="erase")
        gone = self.book.scrub()
        if not known:
            raise UsageInvalid("subject_unknown")
        return gone

    def _adopt(
        self,
        dataset: Dataset,
        contract_text: str,
        version: Version,
        cap: Spend,
        steward: str,
        period: str | None,
        year_cap: Spend | None,
        proposals: Sequence[Proposal],
        stated_by: str | None,
    ) -> int:
        _ = dataset.wall  # purposes of both sides, or that nobody knows, are no catalogue
        self.require_budget(dataset.dataset_id, cap, period=period, year_cap=year_cap)
        people = self._people(dataset, version)
        fresh = self._fresh_until(contract_text, version)
        with self.book.transaction() as book:
            period = _require_budget(book, dataset.dataset_id, cap, period, year_cap)
            last = self._adopted(book)
            if last is not None and last.dataset.person != dataset.person:
                raise UsageInvalid("person_column_differs", column=last.dataset.person)
            if last is not None:
                _require_wall(last.catalogue, dataset)
            self._admit(book, dataset.dataset_id, period, people)
            before = (*last.grades, *last.past) if last else ()
            grades = regrade(dataset, before, proposals, stated_by=stated_by)
            past = tuple(grade for grade in before if grade.column not in {new.column for new in grades})
            number = last.number + 1 if last else 1
            adopted = Adopted(
                number, dataset, contract_text, version, period, past=past, fresh_until=fresh
            ).graded(grades)
            book.enter_period(dataset.dataset_id, period)
            book.set_cap(dataset.dataset_id, period, cap)
            if year_cap is not None:
                book.set_year_cap(dataset.dataset_id, year_cap)
            self.tell_of_key(book)  # the table is sealed under that key alone from now on
            book.record(
                kind=Kind.IMPORT,
                by=self.acting(book, steward),
                action="import",
                dataset=dataset.dataset_id,
                dataset_digest=version.digest.hex(),
                tier=adopted.dataset.tier.value,
                spend=cap,
                reason=None if period == LIFETIME else period,
            )
            record_grades(book, before, adopted, self.acting(book, steward), self.service, imported=True)
            self._put_adopted(book, adopted)
        return number

    def _put_adopted(self, book: Transaction, adopted: Adopted) -> None:
        """Keep what is adopted, sealed to the event that made it so: an earlier row does not open."""
        adopted = replace(adopted, holds=self.verified(adopted))
        book.adopt(self.keys.wrap(_adopted_label(book.adopted_in()), adopted.encode()))
        unconfirmed = sum(not grade.confirmed_by for grade in adopted.grades)
        book.count_grading(unconfirmed, sum(grade.request is not None for grade in adopted.grades))

    def _people(self, dataset: Dataset, version: Version) -> intake.Tags:
        if not self.store.holds(version):
            raise DataInvalid("import_overtaken")
        return intake.tags_of(self.keys, self.store.read(version, [dataset.person])[dataset.person])

    def _fresh_until(self, contract_text: str, version: Version) -> int | None:
        contract = parse_contract(contract_text)
        columns = self.store.read(version, dated_columns(contract))
        days = (fresh_until(contract, name, cells, self.today) for name, cells in columns.items())
        return min(days, default=None)

    def _admit(self, book: Transaction, dataset: str, period: str, people: intake.Tags) -> None:
        """Prove that no other period ever held one of these people, and note them in this one's intake.

        A period that was begun by an earlier program has no intake: what its swept versions held is unknown.
        """
        known = {
            name: intake.unseal(self.keys, dataset, name, sealed)
            for name, sealed in book.intakes(dataset).items()
        }
        begun = book.periods(dataset)
        others = {name: tags for name, tags in known.items() if name != period}
        intake.require_known(frozenset(begun) - {period}, others)
        intake.require_disjoint(people, period, others)
        if period in known or period not in begun:
            everyone = people | known.get(period, frozenset())
            book.put_intake(dataset, period, intake.seal(self.keys, dataset, period, everyone))

    def _adopted(self, book: Book | Transaction) -> Adopted | None:
        row = book.adopted()
        if row is None:
            return None
        if self._last_adopted is None or self._last_adopted[0] != row:
            with version_errors(self.path / "book.sqlite"):
                self._last_adopted = row, self._opened(book, *row)
        return self._last_adopted[1]

    def _opened(self, book: Book | Transaction, sealed: bytes, changed_in: int) -> Adopted:
        try:
            return Adopted.decode(self.keys.unwrap(_adopted_label(changed_in), sealed))
        except StoreDamaged:
            # Earlier programs sealed it to no event: such a row stands for the table of the last one.
            adopted = Adopted.decode(self.keys.unwrap(_ADOPTED, sealed))
            if adopted.version.digest.hex() != book.table_digest(changed_in):
                raise
            return adopted

    def _sweep(self) -> Version | None:
        """Sweep what is not adopted; return what is, or None where it is not in its place."""
        adopted = self._adopted(self.book)
        if adopted is None or not self.store.holds(adopted.version):
            return None
        self.store.sweep(keep=adopted.version)
        return adopted.version

    def _uses(self, version: Version) -> bool:
        adopted = self._adopted(self.book)
        return adopted is not None and adopted.version == version


@contextmanager
def one_agent(path: Path) -> Iterator[None]:
    """Be the only agent of the home at `path` while the block runs.

    The lock goes with the process, however that ends. Everything but a second agent still works beside it.

    Raises:
        UsageInvalid: another agent of this home is running.
        StoreDamaged: the home cannot be locked.
    """
    with ExitStack() as held:
        with io_errors(path):
            try:
                held.enter_context(locked(path / _AGENT_LOCK, fcntl.LOCK_EX | fcntl.LOCK_NB))
            except BlockingIOError as error:
                raise UsageInvalid("agent_running", path=str(path)) from error
        yield


def agent_runs(path: Path) -> bool:
    """Say whether an agent of the home at `path` is running. Raises StoreDamaged as `one_agent`."""
    if not (path / _AGENT_LOCK).exists():  # who only asks makes no file
        return False
    with io_errors(path):
        try:
            with locked(path / _AGENT_LOCK, fcntl.LOCK_SH | fcntl.LOCK_NB):
                return False
        except BlockingIOError:
            return True


def read_settings(path: Path) -> Settings:
    """Return a home's settings; they need no passphrase.

    Raises:
        UsageInvalid: there is no home at `path`, or its settings are not readable.
        VersionOther: another version wrote them.
    """
    file = path / "node.json"
    if not file.exists():
        raise UsageInvalid("home_missing", path=str(path))
    try:
        with version_errors(file):
            return Settings.from_json(loads(_read(file).encode()))
    except VersionOther:
        raise
    except WireInvalid as error:
        raise UsageInvalid("home_damaged", path=str(path)) from error


def require_databases(path: Path) -> None:
    """Refuse a home whose book or witness is gone: an empty one would be a fresh budget, or a lost memory.

    Raises:
        StoreDamaged: a file is missing or empty.
    """
    for name in ("book.sqlite", "witness.sqlite"):
        file = path / name
        if not file.is_file() or file.stat().st_size == 0:
            raise StoreDamaged("home_damaged", path=str(file))


def _require_budget(
    book: Book | Transaction, dataset_id: str, cap: Spend, period: str | None, year_cap: Spend | None
) -> str:
    """Return the period that the import belongs to."""
    held = book.capped_dataset()
    if held is not None and held != dataset_id:
        raise UsageInvalid("dataset_differs", dataset=held)
    period = book.open_period(dataset_id) if period is None else period
    require_period(period)
    require_not_raised(dataset_id, book.cap(dataset_id, period), cap)
    if year_cap is not None:
        require_not_raised(dataset_id, book.year_cap(dataset_id), year_cap)
    return period


def _require_wall(before: Dataset, after: Dataset) -> None:
    """Refuse another side of the wall: rows stay what they were collected for, whatever one steward says."""
    try:
        stood = before.wall
    except DataInvalid:  # it was adopted by a program that knew no wall
        return
    if after.wall is not stood:
        raise UsageInvalid("catalogue_wall_moved", dataset=after.dataset_id)


def _new_keys(path: Path, passphrase: str, steward: str) -> Keys:
    return KeyFile.create(path / KEY_FILE, passphrase, subjects.new_name(steward))


def _open_identity(path: Path, keys: Keys) -> SigningKey:
    with io_errors(path / "identity"):
        sealed = (path / "identity").read_bytes()
    return SigningKey(Ed25519PrivateKey.from_private_bytes(keys.unwrap("identity", sealed)))


def _open_witness_key(path: Path, keys: Keys) -> Sm2Key:
    with io_errors(path / _WITNESS_SM2):
        sealed = (path / _WITNESS_SM2).read_bytes()
    return Sm2Key.from_bytes(keys.unwrap(_WITNESS_SM2, sealed))


def _approval_label(order: bytes) -> str:
    return f"approval/{order.hex()}"


def _adopted_label(changed_in: int) -> str:
    return f"{_ADOPTED}/{changed_in}"


def _policy_label(adopted_in: int) -> str:
    return f"policy/{adopted_in}" if adopted_in else "policy/initial"


def _read(path: Path) -> str:
    with io_errors(path):
        data = path.read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:  # the error would hold the bytes
        raise StoreDamaged("home_damaged", path=str(path)) from None


def _now() -> int:
    return int(time.time())
