"""Who is drawn: the exact chance, a fresh draw every time, from the operating system alone."""

import ast
import itertools
import os
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom, chi2

from simulators import rows
from xinqiao_governance.model_spec import MICRO, Family
from xinqiao_governance.order import Spend
from xinqiao_models import sampling
from xinqiao_models.defaults import plan_for
from xinqiao_models.families import person_sums, sampled_sum
from xinqiao_models.sampling import draw_people

FALSE_ALARM = 1e-9
SOURCE = Path(sampling.__file__).read_text("utf-8")


@pytest.mark.parametrize("rate", [1, 1_000, 250_000, 999_000, MICRO])
def test_each_person_is_drawn_with_the_ordered_chance(rate: int) -> None:
    count = 2_000_000
    drawn = int(draw_people(count, rate).sum())
    assert binom.cdf(drawn, count, rate / MICRO) > FALSE_ALARM
    assert binom.sf(drawn - 1, count, rate / MICRO) > FALSE_ALARM


def test_the_number_behind_a_draw_is_even_over_a_million() -> None:
    """The remainder of 2^32 by a million would favour small numbers, by less than one can count."""
    assert sampling._END % MICRO == 0
    assert (1 << 32) - sampling._END < MICRO
    numbers = sampling._below_a_million(1_000_000)
    observed = np.bincount(numbers // 10_000, minlength=100)
    assert float(((observed - 10_000) ** 2 / 10_000).sum()) < chi2.isf(FALSE_ALARM, 99)


def test_a_word_past_the_last_whole_million_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    given = iter([[sampling._END, 5, 0xFFFF_FFFF], [0xFFFF_FFFF, 7], [MICRO + 3]])
    monkeypatch.setattr(sampling, "_words", lambda count: np.array(next(given), dtype=np.uint32))
    assert sampling._below_a_million(3).tolist() == [3, 5, 7]


def test_people_are_drawn_independently() -> None:
    """All eight outcomes of three people come as often as they should, in each of many draws."""
    draws = np.array([draw_people(3, 300_000) for _ in range(20_000)])
    seen = Counter(map(tuple, draws.tolist()))
    statistic = 0.0
    for outcome in itertools.product((False, True), repeat=3):
        expected = len(draws) * 0.3 ** sum(outcome) * 0.7 ** (3 - sum(outcome))
        statistic += (seen[outcome] - expected) ** 2 / expected
    assert statistic < chi2.isf(FALSE_ALARM, 7)


def test_nothing_seeds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    for _ in range(2):
        np.random.seed(7)
        random.seed(7)
        monkeypatch.setenv("PYTHONHASHSEED", "7")
        seen.append(draw_people(256, 500_000))
    assert not np.array_equal(*seen)


def test_a_fork_shares_no_draw() -> None:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, draw_people(256, 500_000).tobytes())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        theirs = np.frombuffer(pipe.read(), dtype=np.bool_)
    os.waitpid(child, 0)
    assert len(theirs) == 256
    assert not np.array_equal(theirs, draw_people(256, 500_000))


def test_the_source_knows_the_operating_system_and_no_generator() -> None:
    tree = ast.parse(SOURCE)
    imported = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
    }
    assert imported == {"os", "numpy", "numpy.typing", "xinqiao_governance.model_spec"}
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert "urandom" in used
    assert not used & {"random", "default_rng", "Generator", "seed", "environ", "getenv"}


# ---- the sum over who was drawn ------------------------------------------------------------------------


def plan(family: Family, sampling_micro: int):
    model = rows.spec("yes", family)
    spend = Spend(4 * MICRO, 10_000)
    return plan_for(model, spend=spend, members=4, people=40, answers=5, sampling_micro=sampling_micro)


@pytest.mark.parametrize("family", [Family.LINEAR, Family.NETWORK])
def test_a_sum_is_over_whole_people_and_over_others_each_time(family: Family) -> None:
    """With five people of a panel: each sum is that of one of the 32 groups, all of a person's rows in it."""
    model = rows.spec("yes", family)
    everyone = rows.people(model, 40, panel=True)
    everyone = everyone.some(np.arange(len(everyone)) < 5)
    sums, public = person_sums(everyone, model), plan(family, 500_000)
    theta = rows.parameters(model, 0.3)
    people = range(len(sums))
    groups = {
        tuple(group): person_sums(everyone.some(np.isin(people, group)), model).clipped_sum(
            theta, public.clip
        )
        for size in range(len(sums) + 1)
        for group in itertools.combinations(people, size)
    }
    totals = [sampled_sum(sums, theta, public) for _ in range(60)]
    met = [group for total in totals for group, known in groups.items() if np.array_equal(total, known)]
    assert (len(groups), len(met)) == (32, 60)
    assert len(set(met)) > 10


@pytest.mark.parametrize("family", rows.PREDICTING)
def test_where_all_are_in_the_sum_is_the_full_one(family: Family) -> None:
    model = rows.spec("yes", family)
    everyone = rows.people(model, 40, panel=True)
    sums, public = person_sums(everyone, model), plan(family, MICRO)
    theta = np.zeros(model.parameters)
    assert np.array_equal(sampled_sum(sums, theta, public), sums.clipped_sum(theta, public.clip))


@pytest.mark.parametrize("family", [Family.LINEAR, Family.NETWORK])
@pytest.mark.parametrize("panel", [False, True])
def test_a_draw_of_nobody_is_a_sum_of_zeros(family: Family, *, panel: bool) -> None:
    model = rows.spec("class", family)
    sums = person_sums(rows.people(model, 30, panel=panel), model)
    nobody = sums.some(np.zeros(len(sums), dtype=np.bool_))
    assert len(nobody) == 0
    assert not nobody.clipped_sum(rows.parameters(model, 0.3), 1.0).any()


@pytest.mark.parametrize("family", rows.PREDICTING)
def test_some_people_are_who_was_chosen_with_all_of_their_rows(family: Family) -> None:
    model = rows.spec("class", family)
    everyone = rows.people(model, 60, panel=True)
    chosen = np.arange(len(everyone)) % 3 == 1
    theta = np.zeros(model.parameters) if family is Family.MOMENTS else rows.parameters(model, 0.3)
    known = person_sums(rows.only(everyone, np.flatnonzero(chosen).tolist()), model)
    found = person_sums(everyone, model).some(chosen)
    assert len(found) == chosen.sum()
    assert np.array_equal(found.clipped_sum(theta, 0.7), known.clipped_sum(theta, 0.7))
