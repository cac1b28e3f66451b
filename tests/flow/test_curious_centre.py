"""The curious centre: it keeps every byte of a job and tries to learn of one department beyond the sums.

Three things are shown on the whole transcript of a job. Messages, their differences from step to step, and
the sums of any part of the members are uniform: a test without knowledge of the keys sees nothing else. With
half of one department's people moved to another, every frame keeps its size and every event its fields. What
opens is the sum with the whole noise. Each test raises a false alarm less than once in 10^9 runs, and each
has a control that it catches.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chi2

from simulators import wires
from simulators.enterprise import MODEL, Enterprise, found, run_job, table
from xinqiao_clients.people import load_people
from xinqiao_governance.canonical import Json
from xinqiao_governance.model_spec import MICRO, ModelSpec, NumericFeature
from xinqiao_governance.order import Spend
from xinqiao_governance.wire import AnswerFrame, AskFrame, MaskedVector, StepAsk, StepStatement
from xinqiao_models.families import PersonSums
from xinqiao_models.plans import plan_of
from xinqiao_models.sums import SumPlan, masked_share

pytestmark = [pytest.mark.flow, pytest.mark.slow]
ALARM = 1e-9
DEPARTMENTS, STEPS, PEOPLE = 5, 64, 600
LITTLE_NOISE = Spend(20_000_000, 10_000)  # ε = 20: masks alone must hide what noise hardly does
WIDE = ModelSpec(
    "synthetic-wide",
    (NumericFeature("age", tuple(range(20 * MICRO, 60 * MICRO, MICRO // 2))), *MODEL.features[1:]),
    MODEL.label,
)
Words = NDArray[np.uint32]
Table = dict[str, NDArray]


@dataclass(frozen=True)
class Message:
    """A department's masked vector, whether the centre got it, and what it answers."""

    address: str
    statement: StepStatement
    parameters: NDArray[np.float64]
    words: Words


@dataclass(frozen=True)
class Transcript:
    """What the centre saw of one job: every ask and every answer, in order."""

    enterprise: Enterprise
    plan: SumPlan
    frames: tuple[tuple[str, AskFrame, int, AnswerFrame, int], ...]  # with the bytes of ask and answer
    messages: tuple[Message, ...]
    steps: int
    void_steps: int

    @cached_property
    def people(self) -> dict[str, PersonSums]:
        """Each department's people: nobody but the test sees them together."""
        sites = self.enterprise.sites
        return {str(number): load_people(site.home, WIDE) for number, site in enumerate(sites, 1)}

    @property
    def addresses(self) -> list[str]:
        return sorted({message.address for message in self.messages})

    def of(self, address: str) -> Words:
        """One department's messages, shape (steps, dimension)."""
        return np.array([message.words for message in self.messages if message.address == address])

    def by_step(self) -> list[list[Message]]:
        """The messages of each step, ascending."""
        found: dict[int, list[Message]] = {}
        for message in self.messages:
            found.setdefault(message.statement.step, []).append(message)
        return [found[step] for step in sorted(found)]

    def units(self, message: Message) -> NDArray[np.int64]:
        """What the department's sum is in integer units, before noise and mask: nobody else knows it."""
        total = self.people[message.address].clipped_sum(message.parameters, self.plan.clip)
        return np.rint(total * self.plan.scale).astype(np.int64)

    def unmasked(self, address: str) -> Words:
        """The control: what one department would have sent without masks."""
        bare = np.zeros(self.plan.dimension, dtype=np.uint32)
        return np.array(
            [
                masked_share(self.units(m) / self.plan.scale, self.plan, len(m.statement.roster), bare)
                for m in self.messages
                if m.address == address
            ]
        )


def tables(*, moved: bool) -> list[Table]:
    """Five tables; with `moved`, all but ten people of the first, the oldest, are the second's instead."""
    parts = [table(seed, PEOPLE) for seed in range(DEPARTMENTS)]
    if moved:
        order = np.argsort(parts[0]["age"])
        going = {name: column[order[10:]] for name, column in parts[0].items()}
        parts[0] = {name: column[order[:10]] for name, column in parts[0].items()}
        parts[1] = {name: np.concatenate([column, going[name]]) for name, column in parts[1].items()}
    return parts


def recorded(root: Path, *, moved: bool = False, losses: int = 0) -> Transcript:
    """Run a job and keep all that passed; the first `losses` departments lose one vector each on the way."""
    enterprise = found(root, DEPARTMENTS, cap=LITTLE_NOISE, model=WIDE, tables=tables(moved=moved))
    counted: dict[str, int] = {}

    def change(address: str, answer: bytes) -> bytes | None:
        if isinstance(AnswerFrame.decode(answer).answer, MaskedVector):
            counted[address] = counted.get(address, 0) + 1
            if int(address) <= losses and counted[address] == 8 * int(address):
                return None
        return answer

    channel, order = enterprise.channel(change=change), enterprise.order(answers=STEPS, spend=LITTLE_NOISE)
    result, _, refused = run_job(enterprise, order, channel)
    assert refused == ()
    messages, frames = [], []
    for address, asked, answered in channel.transcript:
        ask, answer = AskFrame.decode(asked.wire), wires.unseal(answered)
        frames.append((address, ask, len(asked.wire), answer, len(answered)))
        if isinstance(ask.ask, StepAsk) and isinstance(answer.answer, MaskedVector):
            assert asked.parameters is not None
            words = np.frombuffer(answer.answer.words, dtype="<u4").astype(np.uint32)
            messages.append(Message(address, ask.ask.statement.body, asked.parameters, words))
    plan = plan_of(order.body)
    return Transcript(enterprise, plan, tuple(frames), tuple(messages), result.steps, result.void_steps)


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Transcript]:
    made = recorded(Path(tmp_path_factory.mktemp("plain")))
    yield made
    made.enterprise.close()


@pytest.fixture(scope="module")
def swapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Transcript]:
    made = recorded(Path(tmp_path_factory.mktemp("swapped")), moved=True)
    yield made
    made.enterprise.close()


@pytest.fixture(scope="module")
def lossy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Transcript]:
    made = recorded(Path(tmp_path_factory.mktemp("lossy")), losses=4)
    yield made
    made.enterprise.close()


# ---- tests of randomness, each a list of probabilities ----------------------------------------------


def cells(words: Words) -> list[NDArray[np.int64]]:
    """Counts of what should be equally likely: all bytes (256), and each half byte by its place (16)."""
    flat = words.ravel()
    nibbles = [(flat >> np.uint32(4 * place)) & np.uint32(15) for place in range(8)]
    bytes_ = np.bincount(flat.view(np.uint8), minlength=256)
    return [bytes_, *(np.bincount(nibble, minlength=16) for nibble in nibbles)]


def uniform(words: Words) -> list[float]:
    """How likely uniform words are to be this uneven: bytes, half bytes from low to high, single bits."""
    found = []
    for counts in cells(words):
        expected = counts.sum() / len(counts)
        found.append(float(chi2.sf(np.sum((counts - expected) ** 2) / expected, len(counts) - 1)))
    ones = np.array([np.sum((words >> np.uint32(bit)) & np.uint32(1), dtype=np.int64) for bit in range(32)])
    found.append(float(chi2.sf(np.sum((2 * ones - words.size) ** 2) / words.size, 32)))
    return found


def alike(left: Words, right: Words) -> list[float]:
    """How likely two sets of words of one law are to differ so much."""
    found = []
    for a, b in zip(cells(left), cells(right), strict=True):
        both = a + b
        share = a.sum() / both.sum()
        seen, rest = a[both > 0] - share * both[both > 0], both[both > 0]
        statistic = np.sum(seen**2 / (share * (1 - share) * rest))
        found.append(float(chi2.sf(statistic, len(rest) - 1)))
    return found


def alarm(probabilities: Sequence[float]) -> bool:
    """Say whether the least of them would come by chance less than once in 10^9 (Bonferroni)."""
    return min(probabilities) * len(probabilities) < ALARM


def steps_apart(words: Words) -> Words:
    """The differences from each message to the next; of independent uniform words they are just that."""
    return words[1:] - words[:-1]


# ---- what single messages tell ----------------------------------------------------------------------


def test_each_departments_messages_and_their_differences_are_uniform(transcript: Transcript) -> None:
    assert transcript.addresses == [str(number) for number in range(1, DEPARTMENTS + 1)]
    found = []
    for address in transcript.addresses:
        words = transcript.of(address)
        assert words.shape == (STEPS, transcript.plan.dimension)
        found += uniform(words) + uniform(steps_apart(words))
    assert not alarm(found)


def test_the_sum_of_any_part_of_the_members_is_uniform(transcript: Transcript) -> None:
    words = {address: transcript.of(address) for address in transcript.addresses}
    found = []
    for size in range(2, DEPARTMENTS):
        for part in combinations(transcript.addresses, size):
            total = np.sum([words[address] for address in part], axis=0, dtype=np.uint32)
            found += uniform(total)
    assert not alarm(found)


def test_without_its_mask_every_message_would_be_seen_through(transcript: Transcript) -> None:
    """The control of the two tests above, department by department, and for the whole sum."""
    for address in transcript.addresses:
        bare = transcript.unmasked(address)
        assert alarm(uniform(bare))
        assert alarm(uniform(steps_apart(bare)))
    everyone = [transcript.of(address) for address in transcript.addresses]
    assert alarm(uniform(np.sum(everyone, axis=0, dtype=np.uint32)))


def test_one_mask_used_twice_would_be_seen_in_the_differences(transcript: Transcript) -> None:
    """Each message by itself would still look uniform: this is what the differences are there for."""
    generator = np.random.default_rng()
    pad = generator.integers(0, 1 << 32, (STEPS // 2, transcript.plan.dimension), dtype=np.uint32)
    twice = transcript.unmasked("1") + np.repeat(pad, 2, axis=0)
    assert not alarm(uniform(twice[::2]))
    assert alarm(uniform(steps_apart(twice)[::2]))


# ---- what it tells that the data is another ------------------------------------------------------------


def test_other_data_behind_the_same_total_leaves_each_message_as_likely(
    transcript: Transcript, swapped: Transcript
) -> None:
    found = []
    for address in transcript.addresses:
        before, after = transcript.of(address), swapped.of(address)
        found += alike(before, after) + alike(steps_apart(before), steps_apart(after))
        found += uniform(after) + uniform(steps_apart(after))
    assert not alarm(found)


def test_without_masks_the_moved_people_would_be_seen(transcript: Transcript, swapped: Transcript) -> None:
    """The control: both departments that the people moved between, by the same test."""
    for address in ("1", "2"):
        assert alarm(alike(transcript.unmasked(address), swapped.unmasked(address)))


def test_frames_keep_their_size_and_events_their_fields(transcript: Transcript, swapped: Transcript) -> None:
    """Of one department, ask by ask, as it saw the job; only digests, keys and names of nodes differ."""
    for address in transcript.addresses:
        one, other = (
            [frame[1:] for frame in world.frames if frame[0] == address] for world in (transcript, swapped)
        )
        assert len(one) == len(other)
        for (ask, _, answer, size), (ask_too, _, answer_too, size_too) in zip(one, other, strict=True):
            assert ask.ask.KIND == ask_too.ask.KIND
            assert answer.answer.KIND == answer_too.answer.KIND
            assert size == size_too
            assert len(answer.events) == len(answer_too.events)
            for event, event_too in zip(answer.events, answer_too.events, strict=True):
                assert faceless(event) == faceless(event_too)


def faceless(value: Json) -> Json:
    """An event with every digest (and so every key and node) replaced by its length."""
    if isinstance(value, str) and len(value) >= 32 and set(value) <= set("0123456789abcdef"):
        return f"<{len(value)}>"
    if isinstance(value, dict):
        return {name: faceless(entry) for name, entry in value.items()}
    return value


# ---- what opens -----------------------------------------------------------------------------------


def residuals(step: Sequence[Message], transcript: Transcript) -> NDArray[np.float64]:
    """What a step's whole sum differs from the truth by, in integer units, shape (dimension,)."""
    truth = np.sum([transcript.units(message) for message in step], axis=0)
    opened = np.sum([message.words for message in step], axis=0, dtype=np.uint32)
    return (opened - truth.astype(np.uint32)).view(np.int32).astype(np.float64)


def noise(left: NDArray[np.float64], variance: int) -> list[float]:
    """How likely centred noise of this variance is to be so large, so small or so far off zero."""
    energy = float(np.sum(left**2)) / variance
    drift = float(np.sum(left)) ** 2 / (variance * left.size)
    law = chi2(left.size)
    return [2 * float(law.sf(energy)), 2 * float(law.cdf(energy)), float(chi2.sf(drift, 1))]


def test_what_opens_is_the_sum_with_the_whole_noise(transcript: Transcript) -> None:
    plan = transcript.plan
    left = np.concatenate([residuals(step, transcript) for step in transcript.by_step()])
    assert left.size == STEPS * plan.dimension
    stated = DEPARTMENTS * plan.share_variance(DEPARTMENTS)
    assert not alarm(noise(left, stated))
    assert alarm(noise(left * 0.9, stated))  # a tenth less would be noticed
    assert alarm(noise(left * 1.1, stated))


def test_a_step_that_misses_a_member_opens_nothing_and_the_next_has_no_less_noise(lossy: Transcript) -> None:
    assert (lossy.steps, lossy.void_steps) == (STEPS - 4, 4)
    plan, found = lossy.plan, []
    lost = {f"{number}": 8 * number for number in range(1, 5)}  # which of its vectors never came
    seen: dict[str, int] = {}
    void: list[Words] = []
    whole: dict[int, list[NDArray[np.float64]]] = {}
    for step in lossy.by_step():
        for message in step:
            seen[message.address] = seen.get(message.address, 0) + 1
        came = [message for message in step if seen[message.address] != lost.get(message.address)]
        members = len(step[0].statement.roster)
        if len(came) < members:
            void.append(np.sum([message.words for message in came], axis=0, dtype=np.uint32))
        else:
            whole.setdefault(members, []).append(residuals(step, lossy))
    assert len(void) == 4
    found += uniform(np.array(void))
    assert set(whole) == {DEPARTMENTS - 1, DEPARTMENTS}
    for members, left in whole.items():
        share = plan.share_variance(members)
        assert (members - plan.collusion) * share >= plan.variance
        found += noise(np.concatenate(left), members * share)
    assert not alarm(found)
