"""What a steward sees of the book, with and without an open home."""

from pathlib import Path

import pytest

from simulators.enterprise import NOW, PASSPHRASE, Silent, found
from xinqiao_clients.home import Home, Settings
from xinqiao_clients.status import JobLine, status
from xinqiao_governance.errors import StoreDamaged, UsageInvalid
from xinqiao_governance.messages import LANGUAGES
from xinqiao_governance.order import Spend
from xinqiao_ledger.event import Kind
from xinqiao_platform.departments import Departments
from xinqiao_platform.jobs import Job

SETTINGS = Settings("north", bytes(32), bytes(range(32)), "xinqiao.log/centre", 3)


def test_no_home_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageInvalid, match="home_missing"):
        status(tmp_path)


def test_a_damaged_settings_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "node.json").write_text("{}")
    with pytest.raises(UsageInvalid, match="home_damaged"):
        status(tmp_path)


def test_a_lost_book_is_said_and_not_made_anew(tmp_path: Path) -> None:
    Home.create(tmp_path / "home", SETTINGS, PASSPHRASE).close()
    book = tmp_path / "home" / "book.sqlite"
    book.unlink()
    with pytest.raises(StoreDamaged, match="home_damaged"):
        status(tmp_path / "home")
    assert not book.exists()


def test_many_pending_events_are_all_counted(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home", SETTINGS, PASSPHRASE)
    with home.book.transaction() as book:
        for _ in range(1_001):
            book.record(kind=Kind.CONFIRM, actor="00" * 16, role="steward", action="confirm")
    home.close()
    seen = status(tmp_path / "home")
    assert (seen.events, seen.waiting.events) == (1_001, 1_001)


def test_each_period_and_the_year_are_shown_with_what_is_left(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home", SETTINGS, PASSPHRASE, lambda: NOW)
    with home.book.transaction() as book:
        for period, spent in (("2026Q3", 1_500_000), ("2026Q4", 400_000)):
            book.set_cap("staff", period, Spend(2_000_000, 20_000))
            book.enter_period("staff", period)
            assert book.reserve(period.encode(), "staff", period, Spend(spent, 5_000))
        book.set_year_cap("staff", Spend(2_500_000, 20_000))
    home.close()
    seen = status(tmp_path / "home", lambda: NOW)
    assert (seen.period, seen.cap, seen.spent) == ("2026Q4", Spend(2_000_000, 20_000), Spend(400_000, 5_000))
    plain = seen.to_json()
    assert [(p["period"], p["open"], p["remaining"]) for p in plain["periods"]] == [
        ("2026Q3", False, {"epsilon_micro": 500_000, "delta_nano": 15_000}),
        ("2026Q4", True, {"epsilon_micro": 1_600_000, "delta_nano": 15_000}),
    ]
    assert plain["year"] == {
        "year": 2027,
        "cap": {"epsilon_micro": 2_500_000, "delta_nano": 20_000},
        "spent": {"epsilon_micro": 1_900_000, "delta_nano": 10_000},
        "remaining": {"epsilon_micro": 600_000, "delta_nano": 10_000},
    }
    assert seen.lines("en")[:3] == [
        "north: privacy budget ε 1.5 spent of 2, 0.5 left (period 2026Q3)",
        "north: privacy budget ε 0.4 spent of 2, 1.6 left (period 2026Q4, in use)",
        "north: privacy budget ε 1.9 spent of 2.5, 0.6 left (all periods, year 2027)",
    ]
    assert "2027 年" in seen.lines("zh")[2]
    assert status(tmp_path / "home", lambda: NOW + 366 * 86_400).to_json()["year"]["year"] == 2028


def test_a_new_home_has_nothing(tmp_path: Path) -> None:
    Home.create(tmp_path / "home", SETTINGS, PASSPHRASE).close()
    found_ = status(tmp_path / "home")
    assert (found_.name, found_.cap, found_.spent) == ("north", Spend(0, 0), Spend(0, 0))
    assert (found_.peers, found_.jobs, dict(found_.left), found_.events) == ((), (), {}, 0)
    assert any(line.endswith("-") for line in found_.lines("en"))


@pytest.mark.slow
def test_a_finished_and_a_refused_job(tmp_path: Path) -> None:
    enterprise = found(tmp_path)
    done = enterprise.order(answers=2)
    refused = enterprise.order(purpose="discipline_inspection")
    for order in (done, refused):
        nodes = tuple(site.id for site in enterprise.sites)
        departments = Departments(enterprise.centre, enterprise.channel(), nodes, timeout_s=5)
        job = Job(enterprise.centre, departments, order, Silent())
        if not job.propose():
            job.train()
    home = enterprise.sites[0].home
    events = len(home.book.events())
    enterprise.close()

    seen = status(home.path)
    assert seen.cap == Spend(2_000_000, 20_000)
    assert seen.spent == Spend(1_000_000, 10_000)
    assert seen.peers == ("dept-1", "dept-2", "dept-3")
    assert {(job.digest, job.state) for job in seen.jobs} == {
        (done.body.digest.hex(), "closed"),
        (refused.body.digest.hex(), "refused"),
    }
    assert seen.left["masked_vector"] > 0
    assert seen.events == events
    plain = seen.to_json()
    assert plain["spent"] == {"epsilon_micro": 1_000_000, "delta_nano": 10_000}
    assert plain["left"] == dict(seen.left)
    for language in LANGUAGES:
        text = "\n".join(seen.lines(language))
        assert "dept-0" in text
        assert done.body.digest.hex()[:16] in text


def test_a_job_s_state_is_said_in_the_reader_s_language() -> None:
    line = JobLine("ab" * 32, "career_development", "refused")
    assert line.line("en") == f"Order {'ab' * 8}: career_development, refused"
    assert "已拒绝" in line.line("zh")
