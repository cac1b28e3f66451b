"""The split that a rehearsal's seed sets, and departments that vanish."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from xinqiao_app.rehearsal import run
from xinqiao_app.rehearsal.outages import LossyChannel, Outages, how_many
from xinqiao_app.rehearsal.parts import Parts, cut, require_members
from xinqiao_app.rehearsal.tables import Table
from xinqiao_governance.errors import DataInvalid, UsageInvalid
from xinqiao_platform.channel import Ask

ROWS = 30


def table(**columns: Sequence[object]) -> Table:
    return Table({name: np.array(list(cells), dtype=np.object_) for name, cells in columns.items()})


PANEL = table(who=[f"p{place // 3}" for place in range(ROWS)], where=["b"] * 15 + ["a"] * 15)


def members(parts: Parts) -> list[set[str]]:
    return [set(parts.person[home]) for home in parts.homes]


def every_row_once(parts: Parts) -> bool:
    return sorted(np.concatenate(parts.homes).tolist()) == list(range(ROWS))


def test_records_are_dealt_evenly() -> None:
    parts = cut(PANEL, None, None, 4, seed=1)
    assert sorted(len(home) for home in parts.homes) == [7, 7, 8, 8]
    assert every_row_once(parts)
    assert parts.unit == "record"
    assert len(set(parts.person)) == ROWS


def test_a_person_s_rows_stay_together() -> None:
    parts = cut(PANEL, "who", None, 3, seed=1)
    assert every_row_once(parts)
    assert parts.unit == "person"
    homes = members(parts)
    assert sum(map(len, homes)) == len(set.union(*homes)) == 10
    assert [parts.people(home) for home in parts.homes] == [len(home) for home in homes]


def test_the_seed_sets_the_split_and_nothing_else_does() -> None:
    first, again, other = (cut(PANEL, "who", None, 3, seed) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(first.homes, again.homes, strict=True))
    assert members(first) != members(other)


def test_a_column_names_the_departments() -> None:
    parts = cut(PANEL, "who", "where", 0, seed=1)
    assert [set(PANEL.columns["where"][home]) for home in parts.homes] == [{"a"}, {"b"}]
    assert every_row_once(parts)


def test_a_department_may_have_a_single_row() -> None:
    few = table(where=["a"] * 28 + ["b", "c"])
    assert [len(home) for home in cut(few, None, "where", 0, seed=0).homes] == [28, 1, 1]


@pytest.mark.parametrize(
    ("person", "departments", "code"),
    [("twice", 0, "person_in_two_departments"), ("gap", 0, "person_id_missing")],
)
def test_people_who_are_nobody_s_are_refused(person: str, departments: int, code: str) -> None:
    bad = table(
        twice=["p", *range(ROWS - 2), "p"], gap=[None, *range(ROWS - 1)], where=PANEL.columns["where"]
    )
    bad.columns["twice"][:] = [str(cell) for cell in bad.columns["twice"]]
    bad.columns["gap"][1:] = [str(cell) for cell in bad.columns["gap"][1:]]
    with pytest.raises(DataInvalid) as caught:
        cut(bad, person, "where", departments, seed=0)
    assert caught.value.code == code


def test_fewer_people_than_departments_are_refused() -> None:
    with pytest.raises(DataInvalid) as caught:
        cut(PANEL, "who", None, 11, seed=0)
    assert caught.value.code == "rehearse_people_few"


@pytest.mark.parametrize(
    ("departments", "collusion", "away", "code"),
    [
        (2, 1, 0, "rehearse_departments_few"),
        (4, 3, 0, "rehearse_departments_few"),
        (4, 1, 2, "rehearse_drop_many"),
    ],
)
def test_too_few_members(departments: int, collusion: int, away: int, code: str) -> None:
    with pytest.raises(UsageInvalid) as caught:
        require_members(departments, collusion, away)
    assert caught.value.code == code


def test_enough_members() -> None:
    require_members(3, 1, 0)
    require_members(4, 1, 1)


@pytest.mark.parametrize(
    ("fraction", "departments", "away"), [(0.0, 60, 0), (0.1, 60, 6), (0.1, 4, 1), (0.01, 8, 1), (0.5, 9, 4)]
)
def test_how_many_vanish(fraction: float, departments: int, away: int) -> None:
    assert how_many(fraction, departments) == away


class Echo:
    """A channel whose departments answer with their own address."""

    addresses = ("1", "2", "3", "4", "5")

    def members(self) -> Sequence[str]:
        return self.addresses

    def ask(self, asks: Mapping[str, Ask], *, timeout_s: float) -> dict[str, bytes]:
        return {address: address.encode() for address in asks}


class TestOutages:
    @pytest.mark.parametrize("answers", [1, 7, 200])
    def test_each_vanishes_once_for_a_while_and_comes_back(self, answers: int) -> None:
        for _ in range(20):
            outages = Outages(2, answers)
            channel = LossyChannel(Echo(), outages)
            asks = dict.fromkeys(Echo.addresses, Ask(b""))
            assert channel.members() == list(Echo.addresses)
            outages.begin()
            missing: list[set[str]] = []
            for step in range(1, answers + 1):
                heard = set(channel.ask(asks, timeout_s=1.0))
                assert heard == set(channel.members())
                missing.append(set(Echo.addresses) - heard)
                outages.stepped(step)
            assert len(set.union(*missing)) == 2
            for address in set.union(*missing):
                away = [step for step, gone in enumerate(missing) if address in gone]
                assert away == list(range(away[0], away[-1] + 1))
                assert len(away) <= max(1, answers // 10)
            assert channel.members() == list(Echo.addresses)

    def test_nobody_vanishes_unasked(self) -> None:
        outages = Outages(0, 5)
        channel = LossyChannel(Echo(), outages)
        for step in range(5):
            outages.stepped(step)
            assert len(channel.members()) == 5

    def test_the_moment_follows_no_seed(self) -> None:
        spans = set()
        for _ in range(10):
            random.seed(1)
            np.random.seed(1)
            outages = Outages(2, 1_000_000)
            LossyChannel(Echo(), outages)
            spans.add(str(outages._spans))
        assert len(spans) == 10


class TestInMemory:
    def test_a_folder_in_memory_is_used_where_there_is_room(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("TMPDIR", raising=False)
        monkeypatch.setattr(run, "_MEMORY", tmp_path)
        assert run.in_memory(1) == tmp_path
        assert run.in_memory(1 << 40) is None

    def test_who_names_a_folder_gets_it(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(run, "_MEMORY", tmp_path)
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        assert run.in_memory(1) is None

    def test_a_system_without_one_does_without(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("TMPDIR", raising=False)
        monkeypatch.setattr(run, "_MEMORY", tmp_path / "none")
        assert run.in_memory(1) is None
