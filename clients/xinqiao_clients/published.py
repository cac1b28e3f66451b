"""A published model as a department takes it: only if it is the one that its own job receipt names."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xinqiao_clients.book import Book
from xinqiao_governance.canonical import digest, loads
from xinqiao_governance.errors import ProofError, UsageInvalid, WireInvalid
from xinqiao_governance.model_spec import ModelSpec
from xinqiao_governance.order import Order
from xinqiao_governance.parse import fields_of, hex_bytes, integer
from xinqiao_governance.signed import Signed
from xinqiao_governance.wire import JobReceipt

_FLOAT_BYTES = 8


@dataclass(frozen=True, eq=False)
class Published:
    """A job's order and its model: public specification and parameters, shape (spec.parameters,)."""

    order: Order
    spec: ModelSpec
    parameters: NDArray[np.float64]
    data: bytes

    @property
    def digest(self) -> bytes:
        """The digest by which receipt, card and log name the model: 32 bytes."""
        return digest("model", self.data)


def published(book: Book, order: bytes, data: bytes) -> Published:
    """Return the model in `data`, the canonical file that the centre published for the job of `order`.

    Raises:
        UsageInvalid: this department finished no such job.
        ProofError: another model, or a changed one: not what this department's receipt names.
        WireInvalid: it is of a form that this version does not know.
    """
    job = book.job(order)
    if job is None or job.state != "closed" or job.receipt is None:
        raise UsageInvalid("local_job_unknown", order=order.hex()[:16])
    receipt = Signed.parse(loads(job.receipt), JobReceipt).body
    if digest("model", data) != receipt.model_digest:
        raise ProofError("local_model_foreign", order=order.hex()[:16])
    return Published(Signed.parse(loads(job.signed_order), Order).body, *_parsed(data), data)


def _parsed(data: bytes) -> tuple[ModelSpec, NDArray[np.float64]]:
    body = fields_of(loads(data), "v", "spec", "parameters_f64le")
    if integer(body, "v") != 1:
        raise WireInvalid("wire_field_invalid", field="v")
    spec = ModelSpec.from_json(body["spec"])
    raw = hex_bytes(body, "parameters_f64le", length=_FLOAT_BYTES * spec.parameters)
    parameters = np.frombuffer(raw, dtype="<f8").astype(np.float64)
    if not np.isfinite(parameters).all():
        raise WireInvalid("wire_field_invalid", field="parameters_f64le")
    return spec, parameters
