"""What a model's outputs mean, and how far they are off: the residual of each label's loss.

Yes/no: logistic loss. Classes: softmax cross-entropy. Number: Huber's loss with its bend at a distance of 1
(Huber 1964), half the label's public range. Of each the gradient by the outputs is the residual, and no
entry of it exceeds 1, so a row's part of a sum stays on the grid of `gradients`.
"""

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.errors import DataInvalid
from xinqiao_governance.model_spec import MICRO, ClassLabel, Label, NumberLabel

Matrix = NDArray[np.float64]


def require_targets(targets: Matrix, label: Label) -> None:
    """Refuse targets in which a row's norm, and so its residual, could exceed what the label allows.

    Raises:
        DataInvalid: not one column an output; yes/no: other than 0 and 1; classes: not a single 1 a row.
    """
    fits = targets.ndim == 2 and targets.shape[1] == label.outputs
    if fits and not isinstance(label, NumberLabel):
        fits = bool(((targets == 0) | (targets == 1)).all())
    if fits and isinstance(label, ClassLabel):
        fits = bool((targets.sum(axis=1) == 1).all())
    if not fits:
        raise DataInvalid("gradient_rows_invalid")


def predictions(outputs: Matrix, label: Label) -> Matrix:
    """Return what outputs of shape (rows, k) say: probabilities, or a number between -1 and 1 and beyond."""
    if isinstance(label, ClassLabel):
        return softmax(outputs)
    return outputs if isinstance(label, NumberLabel) else sigmoid(outputs)


def residuals(outputs: Matrix, targets: Matrix, label: Label, weights: Matrix) -> Matrix:
    """Return the gradient of each row's loss by its outputs, shape (rows, k), class weights included.

    `weights`, shape (rows, 1), are what `row_weights` says of the targets.
    """
    off = predictions(outputs, label) - targets
    if isinstance(label, NumberLabel):
        return np.clip(off, -1.0, 1.0)
    return off * weights


def row_weights(targets: Matrix, label: Label) -> NDArray[np.float64]:
    """Return the public weight of each row's class, shape (rows,)."""
    if isinstance(label, NumberLabel):
        return np.ones(len(targets))
    weights = np.array(label.weights_micro, dtype=np.float64) / MICRO
    place = targets.argmax(axis=1) if isinstance(label, ClassLabel) else targets[:, 0].astype(np.intp)
    chosen: NDArray[np.float64] = weights[place]
    return chosen


def sigmoid(logits: Matrix) -> Matrix:
    """Return 1 / (1 + exp(-logits)) entry by entry, without overflow at either end."""
    half: Matrix = 0.5 * np.tanh(0.5 * logits)
    return 0.5 + half


def softmax(logits: Matrix) -> Matrix:
    """Return exp(logits) over its sum along each row, shape (rows, k), without overflow.

    The sum runs class by class: what a row gives does not depend on how many rows there are.
    """
    powers: Matrix = np.exp(logits - logits.max(axis=1, keepdims=True))
    total = powers[:, 0].copy()
    for column in powers.T[1:]:
        total += column
    return powers / total[:, None]
