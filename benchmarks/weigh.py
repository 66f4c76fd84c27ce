"""Weightings of a trade-off: how long it takes to ask so many of them which of six options is first.

python benchmarks/weigh.py DRAWS       one line of JSON: seconds of processor time, and the shares that came out
"""

import json
import random
import sys
import time
from fractions import Fraction

AXES = 4
OPTIONS = 6


def main(draws: int) -> None:
    """Six options on four axes, none dominated: each is best somewhere, so that none is left out before the draws."""
    from upheld.core.matrix import Axis, Matrix, wins  # noqa: PLC0415  # importing is not what is measured

    scores = [[9, 4, 3, 5], [4, 9, 5, 3], [3, 5, 9, 4], [5, 3, 4, 9], [6, 6, 5, 5], [5, 5, 6, 6]]
    axes = tuple(
        Axis(name=f"axis {j}", weight=Fraction(1, AXES), scores=tuple(Fraction(row[j]) for row in scores))
        for j in range(AXES)
    )
    matrix = Matrix(options=tuple(f"option {i}" for i in range(OPTIONS)), axes=axes)
    started = time.process_time()
    shares = wins(matrix, random.Random(1).random, draws=draws)  # draws of weights, no secret
    print(json.dumps({"seconds": time.process_time() - started, "first": shares}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
