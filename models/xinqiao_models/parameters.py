"""Parameters travel as one flat array; both sides name it by the same digest."""

import numpy as np
from numpy.typing import NDArray

from xinqiao_governance.canonical import digest


def parameters_digest(parameters: NDArray[np.float64]) -> bytes:
    """Return the digest of a flat parameter array: 32 bytes over its little-endian float64 bytes."""
    return digest("parameters", parameters.astype("<f8").tobytes())
