"""The parts of the summary that are put into words; the demo's own run tests the whole."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from simulators.enterprise import PASSPHRASE, found
from simulators.enterprise import Enterprise as Simulated
from xinqiao_app import summary
from xinqiao_app.enterprise import Site
from xinqiao_ledger.anchor import AnchorRecord
from xinqiao_ledger.report import Finding, Report, Status, Subject

ALL_PASS = tuple(Finding(number, Status.PASS) for number in range(1, 12))


@dataclass(frozen=True)
class Small:
    """What `summarise` needs of an enterprise, from the simulated one."""

    centre: object


@pytest.fixture
def simulated(tmp_path: Path) -> Simulated:
    return found(tmp_path, departments=3)


class TestRefusal:
    def test_all_agree(self) -> None:
        row = summary._refusal("over_budget", {"a": "budget_exceeded", "b": "budget_exceeded"})
        assert (row["reason_code"], row["department"]) == ("budget_exceeded", "a, b")
        assert row["en"] == "The privacy budget does not cover this order."
        assert "预算" in row["zh"]

    def test_a_disagreement_is_shown(self) -> None:
        row = summary._refusal("over_budget", {"a": "budget_exceeded", "b": "no_answer"})
        assert row["reason_code"] == "budget_exceeded, no_answer"

    def test_a_request_that_was_not_refused_says_so(self) -> None:
        """The demo must never claim a refusal that did not happen."""
        row = summary._refusal("raw_income", {"a": "allowed"})
        assert (row["reason_code"], row["en"], row["department"]) == ("allowed", "Allowed.", "")

    def test_one_that_allowed_what_others_refused_shows(self) -> None:
        row = summary._refusal("over_budget", {"a": "budget_exceeded", "b": "allowed"})
        assert (row["reason_code"], row["department"]) == ("allowed, budget_exceeded", "a")
        assert row["en"] == "Allowed. The privacy budget does not cover this order."

    def test_a_reason_with_fields_needs_none_of_them(self) -> None:
        row = summary._refusal("x", {"a": "catalogue_semantic_unknown"})
        assert "…" in row["en"]


def test_budget_and_kept_are_the_book_s_and_the_store_s(simulated: Simulated) -> None:
    home = simulated.sites[0].home
    site = Site("dept-0", home, PASSPHRASE)
    assert summary._budget(site) == {
        "epsilon_cap": 2.0,
        "epsilon_spent": 0.0,
        "delta_cap": 2e-5,
        "delta_spent": 0.0,
    }
    kept = summary._kept(site)
    assert (kept["rows"], kept["columns"]) == (60, 4)
    assert kept["encrypted_bytes"] >= 60 * 8 * 2
    simulated.close()


@pytest.mark.parametrize(
    ("findings", "verified", "verdict"),
    [
        (ALL_PASS, True, "PASS"),
        ((*ALL_PASS[:9], Finding(10, Status.NOT_CHECKED, "disk_full"), ALL_PASS[10]), True, "PASS"),
        ((Finding(1, Status.NOT_CHECKED, "disk_full"), *ALL_PASS[1:]), False, "NOT PROVEN"),
        ((Finding(1, Status.FAIL, "bundle_changed"), *ALL_PASS[1:]), False, "FAIL"),
    ],
    ids=["all", "nobody's chain", "not proven", "fail"],
)
def test_only_a_pass_is_verified(
    simulated: Simulated, findings: tuple[Finding, ...], verified: bool, verdict: str
) -> None:
    anchor = AnchorRecord(
        chain_id=7,
        contract="0x32300DE67DEbA1A1d76d9d3DF5D61AEf7f805a23",
        tx_hash="0x" + "ab" * 32,
        block_number=2,
        block_hash="0x" + "cd" * 32,
        block_time=1_800_000_000,
        size=5,
        root=bytes(32),
        keeper="operator",
    )
    ledger = summary._ledger(Small(simulated.centre), anchor, Report(findings, Subject("00" * 32)))  # type: ignore[arg-type]
    assert (ledger["verified"], ledger["verdict"]) == (verified, verdict)
    assert (ledger["chain_id"], ledger["anchored_size"]) == (7, 5)
    assert ledger["events"] == simulated.centre.log.size
    assert len(ledger["checks"]) == 11
    assert all(check["name_zh"] and check["name_en"] for check in ledger["checks"])
    simulated.close()
