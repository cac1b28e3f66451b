from hypothesis import given
from hypothesis import strategies as st

from xinqiao_governance.order import Spend
from xinqiao_ledger.checkpoint import Checkpoint, SignatureLine, SignedCheckpoint
from xinqiao_ledger.event import Event, Kind
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
)
trees = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


@given(events)
def test_events_survive_their_bytes(event: Event) -> None:
    assert Event.decode(event.leaf) == event


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
