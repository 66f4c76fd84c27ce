"""The full analysis is a number of paths: repeatable, with errors that hold, and as long as it is large."""

import time

import pytest

from techflow.analysis import CHUNK, SCENARIOS, Portfolio, Scenario, chunks_of, portfolio_of, run

CLIENT = Portfolio(
    wealth=30_000, equity_share=0.5, monthly_income=2_100, monthly_spending=1_500, loan_payment=450, rate=1.0
)
MEASURES = ("wealth", "bad case", "runs dry")


def test_the_same_seed_gives_the_same_result() -> None:
    assert run(CLIENT, paths=8_000, seed=1) == run(CLIENT, paths=8_000, seed=1) != run(CLIENT, paths=8_000, seed=2)


def test_two_seeds_agree_within_the_stated_error() -> None:
    """18 pairs of numbers from each of 4 seed pairs: none further apart than 5 of their standard errors."""
    for seed in range(4):
        one, other = (run(CLIENT, paths=32_000, seed=s) for s in (seed, 100 + seed))
        for a, b in zip(one["scenarios"], other["scenarios"], strict=True):
            for name in MEASURES:
                error = (a[name]["se"] ** 2 + b[name]["se"] ** 2) ** 0.5
                assert abs(a[name]["value"] - b[name]["value"]) <= 5 * error + 1e-9, (a["name"], name)


def test_four_times_the_paths_halve_the_error() -> None:
    small, large = (run(CLIENT, paths=n, seed=3)["scenarios"][0]["wealth"]["se"] for n in (60_000, 240_000))
    assert 0.35 < large / small < 0.7


def test_common_random_numbers_make_differences_sharper_than_levels() -> None:
    saves = run(CLIENT, paths=40_000, seed=4)["scenarios"][-1]["wealth"]
    assert saves["change se"] < saves["se"]


@pytest.mark.parametrize(
    ("scenario", "measure", "sign"),
    [
        (Scenario(name="x", income=0.8), "runs dry", 1),
        (Scenario(name="x", crash=0.3), "wealth", -1),
        (Scenario(name="x", rate=1.0), "wealth", 1),
        (Scenario(name="x", spending=0.9), "runs dry", -1),
    ],
)
def test_a_counterfactual_moves_the_right_way(scenario: Scenario, measure: str, sign: int) -> None:
    found = run(CLIENT, paths=20_000, seed=5, scenarios=(SCENARIOS[0], scenario))["scenarios"][1][measure]
    assert found["change"] * sign > 3 * found["change se"]


def test_without_risk_the_result_is_the_arithmetic_of_interest(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second method: no noise, no shocks, cash only, rate at its mean."""
    for name in ("RATE_NOISE", "EQUITY_NOISE", "SHOCK_RATE"):
        monkeypatch.setattr(f"techflow.analysis.{name}", 0.0)
    cash = Portfolio(
        wealth=10_000, equity_share=0.0, monthly_income=500, monthly_spending=400, loan_payment=0, rate=2.5
    )
    wealth = 10_000.0
    for _ in range(120):
        wealth = wealth * (1 + 0.025 / 12) + 100
    assert run(cash, paths=200, seed=1)["scenarios"][0]["wealth"]["value"] == pytest.approx(wealth, abs=0.01)


def test_progress_is_told_chunk_by_chunk() -> None:
    told: list[tuple[int, int]] = []
    run(CLIENT, paths=3 * CHUNK, seed=1, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_the_work_grows_with_the_paths() -> None:
    """CPU time, so that a busy machine does not matter; nothing in the analysis waits."""

    def cost(paths: int) -> float:
        start = time.process_time()
        run(CLIENT, paths=paths, seed=1)
        return time.process_time() - start

    cost(CHUNK)
    assert cost(16 * CHUNK) > 2 * cost(4 * CHUNK)


def test_a_size_is_never_less_than_two_chunks() -> None:
    assert chunks_of(1) == 2


def test_a_client_of_whom_little_is_known_has_a_portfolio() -> None:
    assert portfolio_of({}).wealth > 0
