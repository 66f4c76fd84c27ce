"""What every test may ask for: the folder of shared samples, the root of the repository, and how hard Hypothesis tries."""

import ctypes
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

ROOT = Path(__file__).resolve().parent.parent

# ci: the same examples on every run, so that red means the change is wrong and not the dice.
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=100, print_blob=True)
# dev: new examples on every run; what fails is kept in .hypothesis and tried first.
settings.register_profile("dev", deadline=None, max_examples=100)
# thorough: before a release, `HYPOTHESIS_PROFILE=thorough make test`.
settings.register_profile(
    "thorough", derandomize=False, deadline=None, max_examples=5_000, suppress_health_check=[HealthCheck.too_slow]
)
# mutation: a change that lives through twenty examples is looked at by a person anyway; one that does not needs no
# smallest example, and looking for it takes seconds.
settings.register_profile(
    "mutation",
    derandomize=True,
    deadline=None,
    max_examples=20,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository, for tests about the project's own files."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real samples that lies beside the repository (or where UPHELD_SHARED says), used where it lies."""
    folder = Path(os.environ.get("UPHELD_SHARED") or ROOT.parent / "shared").resolve()
    if not folder.is_dir():
        pytest.skip(f"no folder of shared samples at {folder}; set UPHELD_SHARED to where it is")
    return folder


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the committed one of that name in `golden` beside the test; UPHELD_GOLDEN=write commits it."""

    def compare(name: str, text: str) -> None:
        path = request.path.parent / "golden" / name
        if os.environ.get("UPHELD_GOLDEN") == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n", encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text + "\n", (
            "if the new words are right, UPHELD_GOLDEN=write keeps them"
        )

    return compare


@pytest.fixture
def permissions_count() -> Iterator[None]:
    """A test in which file permissions hold for root, too: capset(2) takes away its right to pass over them."""
    if os.geteuid() != 0:
        yield
        return
    if sys.platform != "linux":
        pytest.skip("root passes over permissions, and only Linux can take that right away for a moment")
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3, this thread
    before = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; twice 32 bits of each
    assert libc.capget(header, before) == 0, os.strerror(ctypes.get_errno())
    less = (ctypes.c_uint32 * 6)(*before)
    less[0] &= ~0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH
    assert libc.capset(header, less) == 0, os.strerror(ctypes.get_errno())
    yield
    assert libc.capset(header, before) == 0, os.strerror(ctypes.get_errno())
