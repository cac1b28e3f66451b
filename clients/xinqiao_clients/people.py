"""From the encrypted store to what a job computes on: only in memory, only after the intent is recorded."""

import numpy as np

from xinqiao_clients.gate import needed_columns
from xinqiao_clients.home import Home
from xinqiao_governance.model_spec import ModelSpec
from xinqiao_models.features import design, labels
from xinqiao_models.gradients import PersonGradients, starts_of


def load_people(home: Home, model: ModelSpec, version: bytes | None = None) -> PersonGradients:
    """Decrypt the columns that `model` needs and the person id, and group the rows by person.

    `version` is the digest of the data that it must be.

    Raises:
        StoreDamaged: a byte of the store differs.
        Denied, DataInvalid: a semantic is missing or of another kind, or the data is of another version.
    """
    dataset = home.dataset
    needed = needed_columns(model, dataset)
    names = sorted({column.name for column in needed} | {dataset.person})
    data = home.store.read(dataset.dataset_id, names, version)
    columns = {column.semantic: data[column.name] for column in needed}
    person = data[dataset.person].astype(str)
    order = np.argsort(person, kind="stable")
    return PersonGradients(
        design(columns, model)[order], labels(columns, model)[order], starts_of(person[order])
    )
