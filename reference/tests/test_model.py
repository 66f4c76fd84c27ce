"""The model is judged on later time only, explains itself exactly, and is refused unless signed and pinned."""

import math
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from techflow import campaign, model
from techflow.evaluate import auc, calibration, evaluate, midranks, verdict


@pytest.fixture(scope="module")
def rows() -> list[campaign.Row]:
    return campaign.generate(4_000, seed=3)


@pytest.fixture(scope="module")
def content(rows: list[campaign.Row]) -> bytes:
    return model.train(rows, source="test")


@pytest.fixture
def folder(tmp_path: Path, content: bytes) -> Path:
    model.write(content, tmp_path, model.make_key(tmp_path))
    return tmp_path


def loaded(folder: Path) -> model.Model:
    return model.load(folder, model.read_public_key(folder))


def test_training_twice_gives_the_same_file(rows: list[campaign.Row], content: bytes) -> None:
    assert model.train(rows, source="test") == content


def test_training_never_sees_the_test_rows(rows: list[campaign.Row], content: bytes) -> None:
    cut = int(len(rows) * model.CALIBRATED)
    changed = rows[:cut] + [{**row, "y": not row["y"], "age": 18.0} for row in rows[cut:]]
    assert model.train(changed, source="test") == content


def test_attributions_sum_to_the_score_of_every_row(folder: Path, rows: list[campaign.Row]) -> None:
    loaded_model = loaded(folder)
    for row in rows[::40]:
        score = loaded_model.score(row)
        total = score.base + sum(score.contributions.values())
        assert score.additive and math.isclose(total, score.log_odds, abs_tol=1e-9)
        assert math.isclose(score.probability, 1 / (1 + math.exp(-total)), rel_tol=1e-9)


def test_a_broken_contribution_is_marked(
    folder: Path, rows: list[campaign.Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = loaded(folder)
    honest = broken._booster.predict

    def predict(data: object, **options: object) -> object:
        found = np.array(honest(data, **options))
        return found + 0.001 if options.get("pred_contrib") else found

    monkeypatch.setattr(broken._booster, "predict", predict)
    assert not broken.score(rows[0]).additive


def test_the_same_features_are_computed_once(folder: Path, rows: list[campaign.Row]) -> None:
    model_here = loaded(folder)
    first = model_here.score(rows[0])
    assert model_here.score(dict(rows[0])) is first and model_here.score({**rows[0], "age": 71.0}) is not first


def test_a_client_without_data_still_gets_a_score(folder: Path) -> None:
    assert 0 < loaded(folder).score({}).probability < 1


def test_every_feature_belongs_to_exactly_one_reason() -> None:
    named = [name for _, _, group in model.REASONS.values() for name in group]
    assert sorted(named) == sorted(campaign.FEATURES)


def test_reasons_are_the_strongest_groups(folder: Path, rows: list[campaign.Row]) -> None:
    reasons = loaded(folder).score(rows[-1]).reasons()
    sizes = [abs(reason["contribution"]) for reason in reasons]
    assert len(reasons) == 4 and sizes == sorted(sizes, reverse=True)


def test_an_altered_file_is_refused(folder: Path) -> None:
    path = next(p for p in folder.glob("*.json"))
    path.write_bytes(path.read_bytes().replace(b'"slope": ', b'"slope": 1', 1))
    with pytest.raises(model.ModelRefused, match="the content has digest"):
        loaded(folder)


def test_an_altered_file_under_its_new_digest_is_refused(folder: Path) -> None:
    path = next(p for p in folder.glob("*.json"))
    content = path.read_bytes().replace(b'"slope": ', b'"slope": 1', 1)
    digest = model.digest_of(content)
    (folder / f"{digest}.json").write_bytes(content)
    (folder / f"{digest}.json.sig").write_bytes((folder / f"{path.name}.sig").read_bytes())
    (folder / "pinned").write_text(digest)
    with pytest.raises(model.ModelRefused, match="signature"):
        loaded(folder)


def test_an_unsigned_file_is_refused(folder: Path) -> None:
    next(folder.glob("*.sig")).unlink()
    with pytest.raises(model.ModelRefused, match="only with its signature"):
        loaded(folder)


def test_a_file_signed_by_somebody_else_is_refused(folder: Path, content: bytes) -> None:
    model.write(content, folder, Ed25519PrivateKey.generate())
    with pytest.raises(model.ModelRefused, match="signature"):
        loaded(folder)


def test_the_signing_key_is_for_its_owner_only(folder: Path) -> None:
    assert (folder / "model.key").stat().st_mode & 0o077 == 0


def test_auc_and_its_error_are_those_of_the_pairs() -> None:
    """Oracle: the Mann-Whitney count over all pairs, and DeLong's placements by definition."""
    rng = np.random.default_rng(4)
    for _ in range(20):
        scores, answers = np.round(rng.normal(size=60), 1), rng.random(60) < 0.4
        good, bad = scores[answers], scores[~answers]
        wins = (good[:, None] > bad) + 0.5 * (good[:, None] == bad)
        value, error = auc(scores, answers)
        expected = math.sqrt(wins.mean(axis=1).var(ddof=1) / len(good) + wins.mean(axis=0).var(ddof=1) / len(bad))
        assert math.isclose(value, wins.mean(), rel_tol=1e-12) and math.isclose(error, expected, rel_tol=1e-9)


def test_midranks_are_those_of_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    values = np.round(np.random.default_rng(5).normal(size=200), 1)
    assert np.array_equal(midranks(values), stats.rankdata(values))


def test_delong_intervals_cover_as_often_as_they_say() -> None:
    """1 000 samples of two shifted normals: the 90 % interval covers the true AUC in 90 % (3 SE: 2.8 points)."""
    rng, truth, covered = np.random.default_rng(6), 0.7602, 0
    for _ in range(1_000):
        scores = np.concatenate([rng.normal(1, 1, 80), rng.normal(0, 1, 160)])
        value, error = auc(scores, np.arange(240) < 80)
        covered += abs(value - truth) < 1.645 * error
    assert abs(covered / 1_000 - 0.9) < 0.03


@pytest.mark.parametrize(
    ("value", "error", "expected"),
    [(0.82, 0.035, "inconclusive"), (0.84, 0.011, "met"), (0.82, 0.015, "inconclusive"), (0.70, 0.01, "not met")],
)
def test_a_verdict_needs_the_bound_on_its_side(value: float, error: float, expected: str) -> None:
    assert verdict(value, error, 0.80) == expected


def test_shuffled_labels_are_not_met(folder: Path, rows: list[campaign.Row]) -> None:
    for seed in range(3):
        found = evaluate(loaded(folder), rows, target=0.60, shuffle=seed, timed=5)
        assert found["auc"]["verdict"] == "not met" and abs(found["auc"]["value"] - 0.5) < 0.08


def test_the_real_file_in_time_order_does_not_reach_the_promised_accuracy(bank_file: Path, tmp_path: Path) -> None:
    """The truth about this data: 0.80 on a random split, far less on later time. The criterion stays not met."""
    real = campaign.read_file(bank_file)
    model.write(model.train(real, source="real"), tmp_path, model.make_key(tmp_path))
    found = evaluate(loaded(tmp_path), real, target=0.70, timed=5)
    assert 0.5 < found["auc"]["value"] < 0.65 and found["auc"]["verdict"] == "not met"


def test_calibration_error_is_none_for_a_calibrated_score() -> None:
    rng = np.random.default_rng(7)
    scores = rng.random(50_000)
    found = calibration(scores, rng.random(50_000) < scores)
    assert found["error"] < 0.01 and abs(found["observed over expected"] - 1) < 0.02


def test_platt_recovers_a_known_slope() -> None:
    rng = np.random.default_rng(8)
    raw = rng.normal(size=50_000)
    answers = rng.random(50_000) < 1 / (1 + np.exp(-(0.5 * raw - 1)))
    slope, intercept = model.platt(raw, answers)
    assert abs(slope - 0.5) < 0.03 and abs(intercept + 1) < 0.03
