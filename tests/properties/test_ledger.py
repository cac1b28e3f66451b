import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.errors import XinqiaoError
from xinqiao_governance.order import Spend
from xinqiao_ledger.checkpoint import Checkpoint, SignatureLine, SignedCheckpoint
from xinqiao_ledger.event import GENESIS, Event, Kind, _matched, header
from xinqiao_ledger.tree import Tree, leaf_hash, verify_consistency, verify_inclusion, verify_subset

# a leading ff: `prev` is all zeros in a first event only
digests = st.binary(min_size=31, max_size=31).map(lambda raw: "ff" + raw.hex())
letters = st.characters(exclude_categories=("C", "Z"))
texts = st.text(letters, min_size=1, max_size=40)
names = st.text(letters.filter(lambda letter: letter != "+"), min_size=1, max_size=40)
spends = st.builds(Spend, st.integers(0, 1 << 40), st.integers(0, 1 << 40))
events = st.builds(
    Event,
    kind=st.sampled_from(Kind),
    node=digests,
    seq=st.integers(2, 1 << 40),
    prev=digests,
    time=st.integers(0, 1 << 40),
    actor=st.binary(min_size=1, max_size=32).map(bytes.hex),
    role=texts,
    action=texts,
    columns=st.none() | st.lists(texts, max_size=4).map(tuple),
    reason=st.none() | texts,
    job=digests,
    step=st.integers(0, 1000),
    statement=digests,
    decision=st.sampled_from(["allow", "refuse"]),
    spend=spends,
    output_digest=digests,
    sealed=st.none() | st.binary(min_size=1, max_size=120).map(bytes.hex),
)
trees = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


@given(events)
def test_events_survive_their_bytes(event: Event) -> None:
    assert Event.decode(event.leaf) == event


@given(events, st.binary(max_size=3), st.data())
def test_reading_at_once_and_the_long_way_agree(event: Event, put: bytes, data: st.DataObject) -> None:
    """Also on bytes that nobody should send: the quick way knows an event, or leaves it to the long one."""
    assert _matched(event.leaf) in (event, None)
    assert header(event.leaf) == event.header
    start = data.draw(st.integers(0, len(event.leaf)))
    end = data.draw(st.integers(start, min(start + 3, len(event.leaf))))
    changed = event.leaf[:start] + put + event.leaf[end:]
    try:
        slow = Event.from_json(loads(changed))
    except XinqiaoError:
        assert _matched(changed) is None
        with pytest.raises(XinqiaoError):
            header(changed)
    else:
        assert _matched(changed) in (slow, None)
        assert header(changed) == slow.header


# what the quick way must tell apart: kinds and what they need, first events, texts of every sort
loose = st.characters(exclude_categories=("Cs",))
shapes = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([*map(str, Kind), "other"]),
        "node": digests,
        "seq": st.sampled_from([0, 1, 2, 7, 10**18, (1 << 63) - 1]),
        "prev": st.sampled_from([GENESIS, "ff" * 32]),
        "time": st.sampled_from([0, 1_800_000_000, -1]),
        "actor": st.sampled_from(["ab", "", "a" * 64, "a" * 65, "AB"]),
        "role": st.text(loose, max_size=3),
        "action": st.text(loose, min_size=1, max_size=3),
        "v": st.sampled_from([1, 2]),
    },
    optional={
        "columns": st.lists(st.text(loose, max_size=3), max_size=3) | st.just(["a"] * 1_001),
        "purpose": st.sampled_from(["a" * 200, "a" * 201, "心", "\x7f", "\x85", "\u2028"]),
        "job": digests,
        "step": st.integers(-1, 3),
        "statement": digests,
        "decision": st.sampled_from(["allow", "refuse", "perhaps"]),
        "spend": st.fixed_dictionaries(
            {"delta_nano": st.integers(-1, 2), "epsilon_micro": st.integers(0, 2)}
        ),
        "output_digest": digests,
        "sealed": st.sampled_from(["ab", "abc", "", "AB"]),
        "unknown": st.just(1),
    },
)


@given(shapes)
def test_reading_at_once_takes_nothing_that_the_long_way_refuses(shape: dict[str, Json]) -> None:
    leaf = dumps(shape)
    try:
        slow = Event.from_json(shape)
    except XinqiaoError:
        assert _matched(leaf) is None
        with pytest.raises(XinqiaoError):
            header(leaf)
    else:
        assert _matched(leaf) in (slow, None)
        assert header(leaf) == slow.header


@given(trees, st.integers(0, 70))
def test_a_tree_grows_the_same_at_once_and_leaf_by_leaf(leaves: list[bytes], first: int) -> None:
    hashes = list(map(leaf_hash, leaves))
    tree, one_by_one = Tree(hashes[:first]), Tree()
    tree.extend(hashes[first:])
    for item in hashes:
        one_by_one.append(item)
    assert tree._levels == one_by_one._levels


@given(trees, st.data())
def test_all_proofs_of_any_tree_hold(leaves: list[bytes], data: st.DataObject) -> None:
    tree = Tree(map(leaf_hash, leaves))
    size = data.draw(st.integers(1, len(leaves)))
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    chosen = data.draw(st.sets(st.integers(0, size - 1), min_size=1))
    root = tree.root(size)
    assert root == Tree(map(leaf_hash, leaves[:size])).root()
    verify_inclusion(leaves[index], index, size, root, tree.inclusion(index, size))
    verify_consistency(old, tree.root(old), size, root, tree.consistency(old, size))
    verify_subset({n: leaves[n] for n in chosen}, size, root, tree.prove_subset(chosen, size))


lines = st.builds(SignatureLine, names, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80))
heads = st.builds(Checkpoint, names, st.integers(0, (1 << 63) - 1), st.binary(min_size=32, max_size=32))
notes = st.builds(SignedCheckpoint, heads, st.lists(lines, min_size=1, max_size=20).map(tuple))


@given(notes)
def test_notes_survive_their_text(note: SignedCheckpoint) -> None:
    assert SignedCheckpoint.parse(str(note)) == note
