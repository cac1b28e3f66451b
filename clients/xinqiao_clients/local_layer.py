"""The local layer: a department's own correction of a published model. It never leaves, so it costs no ε.

What is kept, sealed in the home, is how to make it again: the model, how much each part counts, which
version of the table and which libraries. The parts are fitted again when rows are to be scored, from that
very version and by those libraries, which gives the same layer bit for bit. So no stored object is ever
executed; and no part outlives the rows that it was fitted to: once the table changes, because a person was
taken out of it for one, the layer is refused and has to be fitted again.

No wire type has a place for any of this, and only wire types pass the door.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xinqiao_clients.home import Home
from xinqiao_clients.local_use import allowed_use
from xinqiao_clients.published import Published, published
from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.catalogue import Column, Dataset
from xinqiao_governance.contract import ColumnRule, Contract
from xinqiao_governance.errors import DataInvalid, UsageInvalid
from xinqiao_governance.model_spec import MICRO, Family, ModelSpec, ThresholdLabel
from xinqiao_governance.parse import fields_of, hex_bytes, integer, text, versioned_fields
from xinqiao_ledger.files import io_errors, replace_file, sync_folder, version_errors
from xinqiao_models import local
from xinqiao_models.families import outputs, predict
from xinqiao_models.features import Column as Data
from xinqiao_models.features import design, targets
from xinqiao_models.stacking import Mixture, log_odds, probabilities

_EXTRA = "node"
_FOLDER = "local"
_FLOATS = len(local.PARTS) + 1
_FLOAT_BYTES = 8


@dataclass(frozen=True, eq=False)
class LocalLayer:
    """How to make the layer again, and what cross-validation said of it.

    Attributes:
        order, version: digests of the job's order and of the data (32 bytes each).
        model: the published model's canonical bytes.
        libraries: the versions of what fitted it.
        mixture: how much each part counts.
        found: AUC in cross-validation inside the department.
    """

    order: bytes
    version: bytes
    model: bytes
    libraries: str
    mixture: Mixture
    found: local.Found

    def encode(self) -> bytes:
        """Return the canonical bytes, for the department's own disk and under its keys only."""
        mixed = np.append(self.mixture.weights, self.mixture.constant)
        return dumps(
            {
                "v": 1,
                "order": self.order.hex(),
                "version": self.version.hex(),
                "model": loads(self.model),
                "libraries": self.libraries,
                "mixture_f64le": mixed.astype("<f8").tobytes().hex(),
                "found": {
                    "layer_micro": round(self.found.layer * MICRO),
                    "own_micro": round(self.found.own * MICRO),
                    "shared_micro": round(self.found.shared * MICRO),
                    "best_own": self.found.best_own,
                },
            }
        )

    @classmethod
    def decode(cls, data: bytes) -> "LocalLayer":
        """Parse the canonical bytes; WireInvalid where they are not a local layer of this version."""
        body = versioned_fields(
            loads(data), 1, "v", "order", "version", "model", "libraries", "mixture_f64le", "found"
        )
        raw = hex_bytes(body, "mixture_f64le", length=_FLOAT_BYTES * _FLOATS)
        mixed = np.frombuffer(raw, dtype="<f8").astype(np.float64)
        return cls(
            order=hex_bytes(body, "order", length=32),
            version=hex_bytes(body, "version", length=32),
            model=dumps(body["model"]),
            libraries=text(body, "libraries"),
            mixture=Mixture(mixed[:-1], float(mixed[-1])),
            found=_found(body["found"]),
        )


@dataclass(frozen=True, eq=False)
class Scores:
    """Chances of a "yes" by row: `people` and `chances`, each of shape (rows,)."""

    people: NDArray[np.object_]
    chances: NDArray[np.float64]


def fit(home: Home, order: bytes, model: bytes, steward: str) -> LocalLayer:
    """Fit the layer for the published `model` (canonical bytes) of the job of `order`; keep it sealed.

    Raises:
        UsageInvalid: no such finished job; a label that is not yes/no; scikit-learn is missing.
        ProofError: `model` is not the one that this department's receipt names.
        Denied: the policy, the contract or the published bins say no.
        DataInvalid: the table lacks a semantic, or has too few people of a class.
        StoreDamaged: the store or the disk fails.
    """
    shared = published(home.book, order, model)
    _require_yes_or_no(shared.spec)
    with local.one_thread(_EXTRA), allowed_use(home, shared, "local_layer", steward) as (adopted, columns):
        data = home.store.read(adopted.version, _names(columns, adopted.dataset))
        rows, labels = _rows(shared, _by_semantic(columns, data)), _labels(shared, columns, data)
        people = _numbered(home, data[adopted.dataset.person])
        mixture, found = local.learn(rows, labels, local.fold_of(people, labels))
        layer = LocalLayer(order, adopted.version.digest, model, local.libraries(), mixture, found)
        _keep(home, layer)
    return layer


def score(home: Home, order: bytes, table: Path, steward: str) -> Scores:
    """Score the rows of a CSV file (the person id and the features, by the department's own column names).

    Raises:
        UsageInvalid: no layer was fitted for this order; scikit-learn is missing.
        DataInvalid: the table or the libraries are no longer those of the fit; the file is no such table.
        Denied: the policy, the contract or the published bins say no.
        StoreDamaged: the store, the disk or the sealed layer fails.
    """
    layer = kept(home, order)
    shared = published(home.book, order, layer.model)
    with local.one_thread(_EXTRA), allowed_use(home, shared, "local_score", steward) as (adopted, columns):
        if (layer.version, layer.libraries) != (adopted.version.digest, local.libraries()):
            raise DataInvalid("local_layer_outdated", order=order.hex()[:16])
        people, given = _read_rows(table, adopted.dataset, columns[:-1])
        data = home.store.read(adopted.version, _names(columns, adopted.dataset))
        rows, labels = _rows(shared, _by_semantic(columns, data)), _labels(shared, columns, data)
        parts = local.fit_parts(rows, labels)
        odds = layer.mixture.of(local.said(parts, _rows(shared, given)))
    return Scores(people, probabilities(odds))


def kept(home: Home, order: bytes) -> LocalLayer:
    """Open the sealed layer of the job of `order`.

    Raises:
        UsageInvalid: none was fitted.
        StoreDamaged: it was changed, or sealed under other keys or for another order.
        VersionOther: another version wrote it.
    """
    path = _path(home, order)
    if not path.exists():
        raise UsageInvalid("local_layer_missing", order=order.hex()[:16])
    with io_errors(path):
        sealed = path.read_bytes()
    with version_errors(path):
        return LocalLayer.decode(home.keys.unwrap(_label(order), sealed))


def _keep(home: Home, layer: LocalLayer) -> None:
    path = _path(home, layer.order)
    with io_errors(path):
        path.parent.mkdir(mode=0o700, exist_ok=True)
        sync_folder(home.path)
        replace_file(path, home.keys.wrap(_label(layer.order), layer.encode()))


def _path(home: Home, order: bytes) -> Path:
    return home.path / _FOLDER / order.hex()


def _label(order: bytes) -> str:
    return f"local-layer:{order.hex()}"


def _found(value: Json) -> local.Found:
    body = fields_of(value, "layer_micro", "own_micro", "shared_micro", "best_own")
    return local.Found(
        layer=integer(body, "layer_micro") / MICRO,
        own=integer(body, "own_micro") / MICRO,
        shared=integer(body, "shared_micro") / MICRO,
        best_own=text(body, "best_own"),
    )


def _require_yes_or_no(spec: ModelSpec) -> None:
    if not isinstance(spec.label, ThresholdLabel):
        raise UsageInvalid("local_label_unsupported", model=spec.name)


def _rows(model: Published, columns: Mapping[str, Data]) -> local.Rows:
    """Return what the parts see; the linear ones see single bins, whatever crosses the shared model has."""
    spec = model.spec
    bins = replace(spec, crosses=(), family=Family.LINEAR, hidden=0)
    return local.Rows(
        design=design(columns, bins).dense(),
        raw=local.raw_inputs(columns, spec),
        shared=_shared_odds(model, columns),
        categorical=local.categorical(spec),
    )


def _shared_odds(model: Published, columns: Mapping[str, Data]) -> NDArray[np.float64]:
    inputs = design(columns, model.spec)
    if model.spec.family is Family.MOMENTS:  # least squares says probabilities
        return log_odds(predict(inputs, model.parameters, model.spec)[:, 0])
    return outputs(inputs, model.parameters, model.spec)[:, 0]


def _labels(model: Published, columns: Sequence[Column], data: Mapping[str, Data]) -> NDArray[np.float64]:
    return targets(_by_semantic(columns, data), model.spec)[:, 0]


def _by_semantic(columns: Sequence[Column], data: Mapping[str, Data]) -> dict[str, Data]:
    return {column.semantic: data[column.name] for column in columns}


def _names(columns: Sequence[Column], dataset: Dataset) -> list[str]:
    return sorted({column.name for column in columns} | {dataset.person})


def _numbered(home: Home, ids: Data) -> NDArray[np.intp]:
    """Number each row's person, in the order of keyed hashes: it cuts folds, and tells nothing of them."""
    key = home.keys.derive("local-folds")
    hashes = np.array([hmac.digest(key, str(id_).encode(), sha256) for id_ in ids], dtype=object)
    return np.unique(hashes, return_inverse=True)[1].astype(np.intp)


def _read_rows(
    path: Path, dataset: Dataset, features: Sequence[Column]
) -> tuple[NDArray[np.object_], dict[str, Data]]:
    """Return the person ids and the features by semantic of a CSV file, checked as an import's cells are."""
    from xinqiao_clients.importer import read_csv

    rules = [ColumnRule(column.name, "number" if column.kind == "number" else "text") for column in features]
    wanted = Contract(dataset.dataset_id, dataset.person, (ColumnRule(dataset.person, "text"), *rules))
    frame = read_csv(path, wanted)
    columns: dict[str, Data] = {}
    for column in features:
        series = frame[column.name]
        columns[column.semantic] = (
            series.to_numpy(dtype=np.float64, na_value=np.nan)
            if column.kind == "number"
            else np.array([cell if isinstance(cell, str) else None for cell in series], dtype=object)
        )
    return frame[dataset.person].to_numpy(dtype=object), columns
