"""Features: a label that is missing is an error, never a "no"."""

import numpy as np
import pytest

from xinqiao_governance.errors import DataInvalid
from xinqiao_governance.model_spec import MICRO, ModelSpec, NumericFeature, ThresholdLabel
from xinqiao_models.features import labels

SPEC = ModelSpec("pay", (NumericFeature("age", (30 * MICRO,)),), ThresholdLabel("pay", 100 * MICRO))


def test_a_label_is_whether_the_number_is_above_the_threshold() -> None:
    pay = np.array([99.0, 100.0, 100.5])
    np.testing.assert_array_equal(labels({"pay": pay}, SPEC), [0, 0, 1])


def test_a_missing_label_is_counted_and_refused() -> None:
    with pytest.raises(DataInvalid) as caught:
        labels({"pay": np.array([1.0, np.nan, np.nan, 200.0])}, SPEC)
    assert (caught.value.code, caught.value.fields) == ("label_missing", {"count": 2})
