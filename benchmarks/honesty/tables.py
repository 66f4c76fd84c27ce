"""Asks one data checker about many tables, in the checker's own interpreter: `tables.py NAME FILE…` prints a list of greens."""

import json
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")


def great_expectations(path: Path) -> bool:
    """The documented expectation on one column, on a data frame."""
    import great_expectations as gx  # noqa: PLC0415 - of the one checker that is asked
    import pandas as pd  # noqa: PLC0415 - of the one checker that is asked

    context = gx.get_context(mode="ephemeral")
    frame = pd.read_csv(path, dtype=str)
    batch = context.data_sources.add_pandas("s").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b")
    expectation = gx.expectations.ExpectColumnValuesToBeInSet(column="valid", value_set=["true"], mostly=0.95)
    return bool(batch.get_batch({"dataframe": frame}).validate(expectation).success)


def evidently(path: Path) -> bool:
    """The documented test on the share of a category."""
    import pandas as pd  # noqa: PLC0415 - of the one checker that is asked
    from evidently import DataDefinition, Dataset, Report  # noqa: PLC0415 - of the one checker that is asked
    from evidently.metrics import CategoryCount  # noqa: PLC0415 - of the one checker that is asked
    from evidently.tests import gte  # noqa: PLC0415 - of the one checker that is asked

    frame = pd.read_csv(path, dtype=str)
    data = Dataset.from_pandas(frame, data_definition=DataDefinition(categorical_columns=["valid"]))
    result = Report([CategoryCount(column="valid", category="true", share_tests=[gte(0.95)])]).run(data, None).dict()
    states = [str(test["status"]).rpartition(".")[2] for test in result["tests"]]
    return bool(states) and all(state == "SUCCESS" for state in states)


CHECKERS = {"great-expectations": great_expectations, "evidently": evidently}


def main() -> None:
    """One green per file; a checker that raises leaves the job red."""
    checker, greens = CHECKERS[sys.argv[1]], []
    for name in sys.argv[2:]:
        try:
            greens.append(checker(Path(name)))
        except Exception as error:  # noqa: BLE001 - whatever it raises, the job is red
            print(f"{name}: {type(error).__name__}: {str(error)[:100]}", file=sys.stderr)
            greens.append(False)
    print(json.dumps(greens))


if __name__ == "__main__":
    main()
