"""A real centre whose log is lost behind its back: shut, filled again, and once begun anew."""

from pathlib import Path

import pytest

from simulators.works import JOB_S, Works, works
from xinqiao_ledger.database import open_database
from xinqiao_ledger.fsck import fsck
from xinqiao_ledger.log import SCHEMA
from xinqiao_platform.centre import LOG_ORIGIN, log_origin

pytestmark = [pytest.mark.flow, pytest.mark.slow, pytest.mark.heavy]


def lose_half(made: Works) -> int:
    """Put half of the log back, as an old backup would; return how many entries there were."""
    database = open_database(made.centre / "log.sqlite", SCHEMA)
    ((size,),) = database.run("SELECT COUNT(*) FROM entry")
    with database.transaction():
        database.run("DELETE FROM entry WHERE idx >= ?", int(size) // 2)
        for (table,) in database.run("SELECT name FROM sqlite_master WHERE type = 'table'"):
            if table != "entry":
                database.run(f"DELETE FROM {table}")
    database.close()
    return int(size)


def refill(made: Works) -> tuple[int, str]:
    where = ("--centre", str(made.centre), "--superlink", made.address)
    done = made.call("audit", "refill", *where, bound_s=300.0)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


def job(made: Works) -> None:
    run = made.run(*made.order(answers=4))
    made.result(run)


def test_lost_filled_again_lost_and_begun_anew(tmp_path: Path) -> None:
    with works(tmp_path, 3) as made:
        made.wait_until_up()
        job(made)

        size = lose_half(made)
        shut = made.run(*made.order(answers=4))
        made.wait_for(shut.ended, JOB_S, "the refusal")
        assert "lacks what it once said" in shut.reason
        status, said = refill(made)
        assert (status, f"{size} in all" in said) == (0, True), said
        assert fsck(made.centre / "log.sqlite").count == 0
        job(made)

        lose_half(made)
        (made.centre / "journal").unlink()
        status, said = refill(made)
        assert status == 1
        assert "journal" in said
        pointer = tmp_path / "pointer.json"
        begun = made.call(
            *("audit", "epoch", "--centre", str(made.centre)), "--reason", "disk lost", "--out", str(pointer)
        )
        assert begun.returncode == 0, begun.stderr
        assert log_origin(made.centre) == f"{LOG_ORIGIN}/2"
        for name, agent in made.agents.items():
            agent.end()
            home = ("--home", str(made.home_path(name)), "--passphrase-file", str(made._secret(name)))
            shown = made.call("node", "epoch", *home, "--pointer", str(pointer))
            assert (shown.returncode, "disk lost" in shown.stdout) == (0, True), shown.stderr
            taken = made.call("node", "epoch", *home, "--pointer", str(pointer), "--accept")
            assert taken.returncode == 0, taken.stderr
        job(made)
