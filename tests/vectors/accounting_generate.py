"""Write golden ε by a fine search over Rényi orders at 60 digits, straight from the published formulas.

With a sampling rate: over every whole order, each moment as the sum of its binomial law.

Run: python tests/vectors/accounting_generate.py
"""

import json
from pathlib import Path

from mpmath import binomial, exp, log, mp, mpf, pi, sqrt

CASES = {
    "career": (
        {"sensitivity": 808.0, "variance": 2136806826, "shares": 7, "dimension": 64, "answers": 200},
        1e-5,
    ),
    "one_answer": (
        {"sensitivity": 101.0, "variance": 250000, "shares": 2, "dimension": 1, "answers": 1},
        1e-6,
    ),
    "single_share": ({"sensitivity": 3.0, "variance": 50, "shares": 1, "dimension": 1, "answers": 1}, 1e-5),
    "tiny_shares": ({"sensitivity": 1.0, "variance": 60, "shares": 60, "dimension": 1, "answers": 10}, 1e-3),
    "many_answers": (
        {"sensitivity": 5e4, "variance": 10**13, "shares": 59, "dimension": 4096, "answers": 5000},
        1e-9,
    ),
    "strong": (
        {"sensitivity": 808.0, "variance": 10**12, "shares": 7, "dimension": 64, "answers": 200},
        1e-5,
    ),
    "drawn_tenth": (
        {
            "sensitivity": 808.0,
            "variance": 16160**2,
            "shares": 7,
            "dimension": 64,
            "answers": 1000,
            "sampling_micro": 100_000,
        },
        1e-5,
    ),
    "drawn_hundredth": (
        {
            "sensitivity": 101.0,
            "variance": 12321,
            "shares": 59,
            "dimension": 1000,
            "answers": 1000,
            "sampling_micro": 10_000,
        },
        1e-6,
    ),
    "drawn_nearly_all": (
        {
            "sensitivity": 808.0,
            "variance": 40400**2,
            "shares": 7,
            "dimension": 64,
            "answers": 200,
            "sampling_micro": 900_000,
        },
        1e-5,
    ),
}
HIGHEST = 60


def proven(releases: dict[str, float], delta: float):
    if "sampling_micro" not in releases:
        return at_any_order(concentrated(releases), delta)
    rho = concentrated({**releases, "answers": 1})
    rate = mpf(releases["sampling_micro"]) / 10**6

    def moment(order):
        return sum(
            binomial(order, k) * rate**k * (1 - rate) ** (order - k) * exp(k * (k - 1) * rho)
            for k in range(order + 1)
        )

    return min(
        (releases["answers"] * log(moment(order)) + conversion(order, delta)) / (order - 1)
        for order in range(2, HIGHEST + 1)
    )


def concentrated(releases: dict[str, float]):
    variance, shares = int(releases["variance"]), int(releases["shares"])
    share = -(-variance // shares)
    tau = 10 * sum((exp(-2 * pi**2 * share * mpf(j) / (j + 1)) for j in range(1, shares)), mpf(0))
    step = mpf(releases["sensitivity"]) / sqrt(variance) + tau * sqrt(releases["dimension"])
    return releases["answers"] * step**2 / 2


def conversion(order, delta: float):
    return -log(mpf(delta)) + (order - 1) * log(1 - 1 / mpf(order)) - log(order)


def at_any_order(rho, delta: float):
    def at(order):
        return rho * order + conversion(order, delta) / (order - 1)

    low, high = mpf(-14), mpf(21)
    for _ in range(160):
        third = (high - low) / 3
        low, high = (
            (low, high - third)
            if at(1 + exp(low + third)) < at(1 + exp(high - third))
            else (low + third, high)
        )
    return at(1 + exp(low))


if __name__ == "__main__":
    mp.dps = 60
    rows = [
        {"name": name, "releases": releases, "delta": delta, "epsilon": mp.nstr(proven(releases, delta), 25)}
        for name, (releases, delta) in CASES.items()
    ]
    Path(__file__).with_name("accounting_epsilon.json").write_text(json.dumps(rows, indent=1) + "\n")
