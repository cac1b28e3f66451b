"""Departments of a rehearsal: homes that nobody can open afterwards, one check of all rows for all parts."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from xinqiao_app.enterprise import found_enterprise
from xinqiao_app.rehearsal.founding import Imports
from xinqiao_app.rehearsal.parts import Parts, cut
from xinqiao_app.rehearsal.source import Files, Source, load
from xinqiao_clients.home import Home
from xinqiao_governance.contract import ColumnRule
from xinqiao_governance.errors import DataInvalid, StoreDamaged, UsageInvalid
from xinqiao_governance.order import Spend

CAP = Spend(1_000_000, 10_000)
ROWS = [f"p{row},{row % 5},{'ab'[row % 2]},{int(row % 5 > 2)}" for row in range(60)]


def loaded(folder: Path, rows: Sequence[str] = ROWS, test: Sequence[str] = ROWS) -> Source:
    for name, lines in (("train.csv", rows), ("test.csv", test)):
        (folder / name).write_text("\n".join(["who,x,g,y", *lines]) + "\n", "utf-8")
    files = Files(folder / "train.csv", folder / "test.csv", "y", "who", None)
    return load(files, None, "linear")


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return loaded(tmp_path)


@pytest.fixture
def parts(source: Source) -> Parts:
    return cut(source.table, "who", None, 3, seed=0)


def test_homes_hold_their_own_people_and_nobody_opens_them_again(
    source: Source, parts: Parts, tmp_path: Path
) -> None:
    tables = Imports(source, parts, "who").tables()
    told: list[int] = []
    enterprise = found_enterprise(
        tmp_path / "all", tables, cap=CAP, minimum_members=3, keep_keys=False, founded=told.append
    )
    try:
        assert told == [1, 2, 3]
        held = []
        for site in enterprise.sites:
            with site.home.reading() as adopted:
                held += site.home.store.read(adopted.version, ["who"])["who"].tolist()
            assert len(site.home.book.peers()) == 2
            assert site.home.contract_holds()
            assert not (site.home.path / "keys.json").exists()
        assert sorted(held) == sorted(f"p{row}" for row in range(60))
        assert list(enterprise.people.values()) == [20, 20, 20]
    finally:
        enterprise.close()
    with pytest.raises(StoreDamaged):
        Home.open(enterprise.sites[0].home.path, "any")


def test_the_check_of_the_whole_can_fail(source: Source, parts: Parts) -> None:
    Imports(source, parts, "who").check()
    rules = {**source.draft.rules, "x": ColumnRule("x", "number", maximum=3.0)}
    strict = replace(source, draft=replace(source.draft, rules=rules))
    with pytest.raises(DataInvalid) as caught:
        Imports(strict, parts, "who").check()
    assert (caught.value.code, caught.value.fields["checks"]) == ("contract_failed", "x:range")


def test_a_column_called_person_stays_a_feature(source: Source) -> None:
    records = cut(source.table, None, None, 3, seed=0)
    renamed = {**source.columns, "person": source.columns["x"]}
    spec = source.spec
    features = tuple(
        replace(each, semantic="person") if each.semantic == "x" else each for each in spec.features
    )
    rules = {"person": ColumnRule("person", "number", missing_allowed=True), **source.draft.rules}
    rules.pop("x")
    draft = replace(source.draft, spec=replace(spec, features=features), rules=rules)
    tables = Imports(replace(source, columns=renamed, draft=draft), records, None).tables()
    assert tables[0].dataset.person == "person_"
    assert "person" in tables[0].frame


class TestLoad:
    def test_rows_without_a_label_are_left_out_and_counted(self, tmp_path: Path) -> None:
        source = loaded(tmp_path, [*ROWS, "p99,1,a,", "p98,1,a,NA"], [*ROWS, "p97,1,a,"])
        assert (len(source.table), len(source.test["y"])) == (60, 60)
        said = {note.code: note.fields.get("count") for note in source.notes}
        assert said["rehearse_warn_unlabelled"] == 2
        assert said["rehearse_warn_test_unlabelled"] == 1

    def test_no_label_at_all_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(DataInvalid) as caught:
            loaded(tmp_path, ROWS, ["p97,1,a,"])
        assert caught.value.code == "rehearse_without_labels"

    def test_a_column_has_one_role(self, tmp_path: Path, source: Source) -> None:
        files = Files(tmp_path / "train.csv", tmp_path / "test.csv", "y", "y", None)
        with pytest.raises(UsageInvalid) as caught:
            load(files, None, "linear")
        assert caught.value.code == "rehearse_column_two_roles"

    def test_a_test_cell_that_is_no_number_is_named_by_its_row(self, tmp_path: Path) -> None:
        with pytest.raises(DataInvalid) as caught:
            loaded(tmp_path, ROWS, [*ROWS, "p97,much,a,1"])
        assert (caught.value.code, caught.value.fields) == (
            "csv_number_invalid",
            {"column": "x", "row": 62},
        )


def test_a_founding_that_fails_leaves_no_file_open(source: Source, parts: Parts, tmp_path: Path) -> None:
    tables = Imports(source, parts, "who").tables()

    def fail(count: int) -> None:
        if count == 2:
            raise StoreDamaged("disk_full")

    with pytest.raises(StoreDamaged):
        found_enterprise(tmp_path / "all", tables, cap=CAP, minimum_members=3, keep_keys=False, founded=fail)
    held = [path.resolve() for path in Path("/proc/self/fd").iterdir()]
    assert not [path for path in held if path.is_relative_to(tmp_path / "all")]
