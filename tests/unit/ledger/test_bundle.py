from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from simulators.ledger import Enterprise, close_rows, edit, row, rows_of
from xinqiao_governance.canonical import dumps
from xinqiao_governance.errors import ProofError, WireInvalid
from xinqiao_ledger.bundle import Bundle, export
from xinqiao_ledger.event import Kind


@pytest.fixture(scope="module")
def enterprise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enterprise]:
    enterprise = Enterprise(tmp_path_factory.mktemp("enterprise"))
    enterprise.run()
    yield enterprise
    enterprise.close()


@pytest.fixture(scope="module")
def bundle(enterprise: Enterprise) -> bytes:
    return enterprise.bundle()


def refused(data: bytes) -> str:
    with pytest.raises(WireInvalid) as caught:
        Bundle.decode(data)
    return caught.value.code


def test_a_bundle_survives_its_bytes(bundle: bytes) -> None:
    assert Bundle.decode(bundle).encode() == bundle
    assert close_rows(rows_of(bundle)) == bundle


def test_the_lines_stand_in_their_order(bundle: bytes, enterprise: Enterprise) -> None:
    tags = [row[0] for row in rows_of(bundle)]
    entries = ["entry"] * tags.count("entry")
    receipts = ["receipt"] * 3
    assert tags == [
        *("xinqiao-bundle", "checkpoint", "order"),
        *(*entries, "proof", *receipts, "card", "anchor"),
    ]
    # order, three steps, publish; of each department: decision, reserve, intent, three releases, outcome
    assert len(entries) == 5 + 3 * 7
    head = {"suite": "sha256-ed25519", "origin": enterprise.log.origin, "scope": {"job": enterprise.job}}
    assert rows_of(bundle)[0] == ["xinqiao-bundle", 1, head]


def test_the_order_of_receipts_given_does_not_matter(bundle: bytes, enterprise: Enterprise) -> None:
    assert enterprise.bundle(receipts=enterprise.receipts()[::-1]) == bundle


def test_what_a_department_did_meanwhile_comes_along(tmp_path: Path) -> None:
    enterprise = Enterprise(tmp_path)
    node = enterprise.departments[0]
    decided = node.write(Kind.DECISION, job=enterprise.job, decision="refuse")
    imported = node.write(Kind.IMPORT)
    enterprise.append([decided, imported])
    receipts = [enterprise.receipt(node)]
    note = enterprise.log.checkpoint()
    made = export(enterprise.log, checkpoint=note, order=enterprise.order, receipts=receipts, card={})
    bundle = Bundle.decode(made)
    assert list(bundle.entries.values()) == [decided, imported]
    enterprise.close()


def test_an_event_past_the_checkpoint_is_not_left_out_quietly(tmp_path: Path) -> None:
    enterprise = Enterprise(tmp_path)
    enterprise.run()
    early = enterprise.note
    enterprise.publish()
    with pytest.raises(ProofError, match="bundle_past_checkpoint"):
        enterprise.bundle(checkpoint=early)
    enterprise.close()


def test_a_changed_byte_breaks_the_closing_digest(bundle: bytes) -> None:
    for position in (100, len(bundle) // 2, len(bundle) - 4, len(bundle) - 1):
        changed = bytearray(bundle)
        changed[position] ^= 1
        assert refused(bytes(changed)) == "bundle_changed"


def test_a_cut_or_a_longer_file_is_refused(bundle: bytes) -> None:
    for data in (bundle[:-1], bundle + b"\n", bundle[:50]):
        assert refused(data) == "bundle_cut"
    for data in (b"", bundle[1:], b"\n" + bundle):
        assert refused(data) == "bundle_foreign"
    assert refused(bundle + bundle) == "bundle_changed"


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.clear(),
        lambda rows: rows.reverse(),
        lambda rows: rows.insert(0, rows.pop()),
        lambda rows: rows.append(["note", "slack"]),
        lambda rows: rows.append({}),
        lambda rows: rows.append([]),
        lambda rows: rows.append([1]),
        lambda rows: rows.append(rows[3]),
        lambda rows: rows.append(row(rows, "anchor")),
        lambda rows: rows.append(["end", "0" * 64]),
        lambda rows: rows[0].append(1),
        lambda rows: rows[0].__setitem__(1, 2),
        lambda rows: rows[0][2].update(suite="none"),
        lambda rows: rows[0][2].update(origin="log.example/other"),
        lambda rows: rows[0][2].update(scope={"job": "00" * 32}),
        lambda rows: rows.remove(row(rows, "checkpoint")),
        lambda rows: rows.remove(row(rows, "order")),
        lambda rows: rows.remove(row(rows, "proof")),
        lambda rows: rows.remove(row(rows, "card")),
        lambda rows: row(rows, "order").append(1),
        lambda rows: row(rows, "order")[1].update(extra=1),
        lambda rows: row(rows, "order")[1]["body"].update(answers="3"),
        lambda rows: row(rows, "entry").__setitem__(1, -1),
        lambda rows: row(rows, "entry").__setitem__(1, "5"),
        lambda rows: row(rows, "entry").append(1),
        lambda rows: row(rows, "entry").pop(),
        lambda rows: row(rows, "card").pop(),
        lambda rows: row(rows, "receipt").pop(),
        lambda rows: row(rows, "entry")[2].update(extra=1),
        lambda rows: row(rows, "proof")[1].append("00"),
        lambda rows: row(rows, "proof").__setitem__(1, "00"),
        lambda rows: row(rows, "receipt")[1].pop("signature"),
        lambda rows: row(rows, "receipt").append(1),
        lambda rows: row(rows, "card").__setitem__(1, []),
        lambda rows: row(rows, "anchor").__setitem__(1, {}),
        lambda rows: row(rows, "checkpoint").__setitem__(1, 1),
        lambda rows: row(rows, "checkpoint").__setitem__(1, row(rows, "checkpoint")[1] + "\n"),
    ],
)
def test_other_forms_are_refused_even_under_a_right_digest(bundle: bytes, change: object) -> None:
    refused(edit(bundle, change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"\n", b"\r\n"), (b'["card",', b'["card", '), (b'["order"', b' ["order"'), (b'"v":1', b'"v":1.0')],
)
def test_other_spellings_are_refused_even_under_a_right_digest(bundle: bytes, old: bytes, new: bytes) -> None:
    end = bundle.rindex(b'["end"')
    body = bundle[:end].replace(old, new)
    refused(body + dumps(["end", sha256(body).hexdigest()]) + b"\n")


def test_deep_nesting_is_refused_and_does_not_crash(bundle: bytes) -> None:
    for depth in (900, 980, 100_000):
        body = b'["card",' + b"[" * depth + b"]" * depth + b"]\n"
        refused(body + dumps(["end", sha256(body).hexdigest()]) + b"\n")
