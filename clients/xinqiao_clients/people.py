"""From the encrypted store to what a job computes on: only in memory, only after the intent is recorded."""

import numpy as np

from xinqiao_clients.gate import needed_columns
from xinqiao_clients.home import Home
from xinqiao_governance.errors import DataInvalid
from xinqiao_governance.model_spec import ModelSpec
from xinqiao_models.families import PersonSums, person_sums
from xinqiao_models.features import design, targets
from xinqiao_models.people import People, starts_of


def load_people(home: Home, model: ModelSpec, version: bytes | None = None) -> PersonSums:
    """Decrypt the columns that `model` needs and the person id, and group the rows by person.

    `version` is the digest of the data that it must be.

    Raises:
        StoreDamaged: a byte of the store differs.
        Denied, DataInvalid: a semantic is missing or of another kind, or the data is of another version.
        UsageInvalid: nothing was imported yet.
    """
    with home.reading() as adopted:
        if version is not None and adopted.version.digest != version:
            raise DataInvalid("data_changed")
        needed = needed_columns(model, adopted.dataset)
        names = sorted({column.name for column in needed} | {adopted.dataset.person})
        data = home.store.read(adopted.version, names)
    columns = {column.semantic: data[column.name] for column in needed}
    person = data[adopted.dataset.person].astype(str)
    order = np.argsort(person, kind="stable")
    rows = design(columns, model).rows(order)
    people = People(rows, targets(columns, model)[order], starts_of(person[order]))
    return person_sums(people, model)
