"""Fits a line through points with gradient descent; needs the standard library only."""

import argparse
import json
import random
from pathlib import Path


def main() -> None:
    """Train, say how well it went, and keep the model."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--model", type=Path, required=True)
    wanted = parser.parse_args()
    chance = random.Random(7)  # noqa: S311 - points to learn from, no secrets
    points = [(x / 10, 3 * x / 10 + 2 + chance.gauss(0, 0.1)) for x in range(20)]
    slope, height = fit(points, wanted.rate, wanted.steps)
    error = sum((slope * x + height - y) ** 2 for x, y in points) / len(points)
    print(f"slope {slope:.2f}, height {height:.2f}, mean squared error {error:.4f}")
    wanted.model.mkdir(parents=True, exist_ok=True)
    (wanted.model / "model.json").write_text(json.dumps({"slope": slope, "height": height}))


def fit(points: list[tuple[float, float]], rate: float, steps: int) -> tuple[float, float]:
    """The line's slope and height."""
    slope = height = 0.0
    for _ in range(steps):
        misses = [(slope * x + height - y, x) for x, y in points]
        slope -= rate * 2 * sum(miss * x for miss, x in misses) / len(points)
        height -= rate * 2 * sum(miss for miss, _ in misses) / len(points)
    return slope, height


if __name__ == "__main__":
    main()
