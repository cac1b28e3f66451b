"""A published model as a department takes it: only if it is the one that its own job receipt names."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xinqiao_clients.book import Book
from xinqiao_governance.canonical import digest, loads
from xinqiao_governance.errors import ProofError, UsageInvalid
from xinqiao_governance.model_spec import Family, ModelSpec, NumericFeature
from xinqiao_governance.order import Order
from xinqiao_governance.signed import Signed
from xinqiao_governance.wire import JobReceipt
from xinqiao_models.histogram import PARTS, quantile_bins
from xinqiao_models.model import Model


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
    model = Model.from_json(loads(data))
    return Published(Signed.parse(loads(job.signed_order), Order).body, model.spec, model.parameters, data)


def published_bins(model: Published) -> NumericFeature:
    """Return the bins that a published histogram gives, made again: the card need not be believed.

    Raises:
        UsageInvalid: another kind of model, or one in which noise left nobody.
    """
    histogram = model.spec.family is Family.HISTOGRAM
    bins = quantile_bins(model.parameters, model.spec, PARTS) if histogram else None
    if bins is None:
        raise UsageInvalid("local_no_bins", model=model.spec.name)
    return bins
