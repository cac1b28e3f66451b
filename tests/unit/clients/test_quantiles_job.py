"""Private quantiles as an order: decided, charged, answered once, and published as bins for a catalogue."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simulators.enterprise import PURPOSE, Enterprise, found, run_job, table
from xinqiao_clients.preview import preview
from xinqiao_clients.published import published, published_bins
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.model_spec import (
    MICRO,
    Family,
    ModelSpec,
    NumberLabel,
    NumericFeature,
    feature_from_json,
)
from xinqiao_governance.order import Order, Spend
from xinqiao_governance.signed import Signed
from xinqiao_ledger.event import Kind
from xinqiao_platform.ordering import write_order

PEOPLE = 400
SPEND = Spend(1_000_000, 1_000)
PAY = ModelSpec(
    "pay-quantiles", (), NumberLabel("pay", 50 * MICRO, 150 * MICRO), family=Family.HISTOGRAM, cells=50
)


@pytest.fixture(scope="module")
def enterprise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enterprise]:
    made = found(Path(tmp_path_factory.mktemp("enterprise")), 4, people=PEOPLE, cap=Spend(1_500_000, 9_000))
    yield made
    made.close()


def order(enterprise: Enterprise, model: ModelSpec, *, approve: bool = True) -> Signed[Order]:
    signed = write_order(
        enterprise.centre,
        model=model,
        people={site.id: PEOPLE for site in enterprise.sites},
        spend=SPEND,
        purpose=PURPOSE,
        legal_basis="staff_consent",
    )
    for site in enterprise.sites if approve else ():
        site.home.approve(signed, "steward")
    return signed


@pytest.fixture(scope="module")
def signed(enterprise: Enterprise) -> Signed[Order]:
    return order(enterprise, PAY)


def test_core_numbers_need_the_stewards_approval(enterprise: Enterprise) -> None:
    unapproved = order(enterprise, PAY, approve=False)
    assert preview(enterprise.sites[0].home, unapproved).verdict == "approval_missing"


def test_the_preview_says_what_is_asked(enterprise: Enterprise, signed: Signed[Order]) -> None:
    seen = preview(enterprise.sites[0].home, signed)
    english, chinese = ("\n".join(seen.lines(language)) for language in ("en", "zh"))
    assert (
        "how the number pay is spread from 50 to 150, in 50 cells; model: a histogram from one sum" in english
    )
    assert "pay 的数值怎样分布，从 50 到 150 分 50 格；模型：一步完成的直方图" in chinese


def test_an_order_becomes_bins_and_a_charge(enterprise: Enterprise, signed: Signed[Order]) -> None:
    result, _, refused = run_job(enterprise, signed)
    assert refused == ()
    assert (signed.body.answers, result.steps) == (1, 1)
    pay = np.concatenate([table(number, PEOPLE)["pay"] for number in range(4)])
    told = result.card["quantiles"]
    assert isinstance(told, dict)
    bins = feature_from_json(told["bins"])
    home = enterprise.sites[0].home
    again = published(home.book, signed.body.digest, result.model.encode())
    assert published_bins(again) == bins
    number = ModelSpec("pay", (NumericFeature("age", (30 * MICRO,)),), PAY.label, family=Family.MOMENTS)
    for none in (  # noise left nobody; parameters of another model, though all above zero, are no counts
        replace(again, parameters=np.zeros(51)),
        replace(again, spec=number, parameters=np.ones(number.parameters)),
    ):
        with pytest.raises(UsageInvalid, match="local_no_bins"):
            published_bins(none)
    below = [float((pay < edge / MICRO).mean()) for edge in bins.edges_micro]
    assert below == pytest.approx(np.arange(1, 10) / 10, abs=0.15)
    assert 0 < told["rank_deviation_micro"] < 50_000
    assert home.book.charged(signed.body.digest)
    kinds = [event.kind for event in home.book.events() if event.job == signed.body.digest.hex()]
    assert kinds.count(Kind.RELEASE) == 1
    another = order(enterprise, replace(PAY, name="again"))
    assert preview(home, another).verdict == "budget_exceeded"


def test_a_column_of_text_has_no_quantiles(enterprise: Enterprise) -> None:
    grade = replace(PAY, label=NumberLabel("grade", 0, MICRO), cells=10)
    assert preview(enterprise.sites[0].home, order(enterprise, grade)).verdict == "semantic_kind_differs"
