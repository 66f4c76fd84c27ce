import os
from pathlib import Path

import pytest

# `@pytest.mark.upheld("REQ-…")` says which requirement a test shows; the JUnit report carries it.
pytest_plugins = ["upheld_sdk.pytest_plugin"]

BESIDE = Path(__file__).parents[2].parent / "shared"


@pytest.fixture(scope="session")
def bank_file() -> Path:
    """The public bank marketing file, where a developer has it."""
    path = Path(os.environ.get("UPHELD_SHARED", BESIDE)) / "data" / "bank_marketing.csv.gz"
    if not path.exists():
        pytest.skip(f"the bank marketing file is not at {path}; set UPHELD_SHARED to the folder that holds data/")
    return path
