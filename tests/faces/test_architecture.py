"""What holds for the project as a whole: who imports whom, how little a command loads, what no tracked file may name."""

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

pytestmark = pytest.mark.upheld("REQ-QUA-002.c2", "REQ-INS-001.c1")
HEAVY = {"cryptography", "fastapi", "msgspec", "pydantic", "sqlalchemy", "yaml"}
LOCKED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)(?P<rest>.*(?:\n {4}.*)*)", re.MULTILINE)


def run(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, text=True, check=False)


def tracked(repository: Path) -> list[Path]:
    listing = run("git", "ls-files", "-z", cwd=repository)
    if listing.returncode:
        pytest.skip(f"not a git work tree: {listing.stderr.strip()}")
    return [path for name in listing.stdout.split("\0") if name and (path := repository / name).is_file()]


def locked(lock: Path) -> dict[str, set[str]]:
    versions: dict[str, set[str]] = {}
    for match in LOCKED.finditer(lock.read_text("utf-8")):
        versions.setdefault(canonicalize_name(match["name"]), set()).add(match["version"])
    return versions


def test_import_contracts_hold(repository: Path) -> None:
    answer = run(Path(sys.executable).with_name("lint-imports"), "--no-cache", cwd=repository)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_core_loads_in_an_interpreter_that_has_nothing_installed(repository: Path) -> None:
    modules = sorted(path.stem for path in (repository / "src/upheld/core").glob("[!_]*.py"))
    imports = "".join(f"import upheld.core.{module}\n" for module in modules)
    program = f"import sys\nsys.path.insert(0, 'src')\nimport upheld.core\n{imports}"
    answer = run(sys.executable, "-I", "-S", "-c", program, cwd=repository)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.skipif(importlib.util.find_spec("upheld.cli") is None, reason="the command line is not built yet")
@pytest.mark.parametrize("words", [["--help"], ["--version"]])
def test_a_command_that_only_speaks_loads_no_heavy_library(words: list[str], repository: Path) -> None:
    program = (
        "import atexit, sys\n"
        "atexit.register(lambda: print('\\nLOADED', *sorted({name.partition('.')[0] for name in sys.modules})))\n"
        f"sys.argv = ['upheld', *{words!r}]\n"
        "from upheld.cli import main\n"
        "sys.exit(main())\n"
    )
    answer = run(sys.executable, "-c", program, cwd=repository)
    assert answer.returncode == 0, answer.stderr
    loaded = set(answer.stdout.rpartition("LOADED")[2].split())
    assert "upheld" in loaded
    assert loaded & HEAVY == set()


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a host of package files", rb"(?:pypi|pythonhosted|npmjs|anaconda)\.(?:org|com)\b"),
        ("a setting of a package mirror", rb"(?:extra-|--)index-url|(?<!no-emit-)find[-]links|trusted[-]host"),
        ("a path of somebody's machine", rb"(?<![\w.*])/(?:work|root|home/\w+|Users/\w+)/"),
    ],
    ids=["host", "mirror", "path"],
)
def test_no_tracked_file_names(what: str, pattern: bytes, repository: Path) -> None:
    found = [
        f"{path.relative_to(repository)}:{line}: {text.strip()[:120]!r}"
        for path in tracked(repository)
        for line, text in enumerate(path.read_bytes().splitlines(), start=1)
        if re.search(pattern, text)
    ]
    assert found == [], f"{what} is named in\n" + "\n".join(found)


def test_no_lock_file_holds_an_address_or_a_path(repository: Path) -> None:
    locks = [path for path in tracked(repository) if path.match("*.lock")]
    assert {"requirements.lock", "requirements-dev.lock"} <= {path.name for path in locks}
    address = re.compile(r".*(?:://|@ |(?<![\w.])/\w+/).*")
    assert [(path.name, line) for path in locks for line in address.findall(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
class TestLock:
    def test_gives_every_package_a_hash(self, name: str, repository: Path) -> None:
        packages = list(LOCKED.finditer((repository / name).read_text("utf-8")))
        assert packages
        assert [package["name"] for package in packages if "--hash=sha256:" not in package["rest"]] == []

    def test_satisfies_what_the_project_asks_for(self, name: str, repository: Path) -> None:
        project = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))
        asked = project["project"]["dependencies"] + project["dependency-groups"]["build"]
        if name == "requirements-dev.lock":
            asked += project["dependency-groups"]["dev"]
        versions = locked(repository / name)
        unmet = [
            text
            for text in asked
            if not (have := versions.get(canonicalize_name((need := Requirement(text)).name)))
            or not all(need.specifier.contains(version) for version in have)
        ]
        assert unmet == [], "run `make lock`"


def test_the_tests_run_with_the_versions_that_users_get(repository: Path) -> None:
    runtime, dev = locked(repository / "requirements.lock"), locked(repository / "requirements-dev.lock")
    assert {name: dev.get(name) for name in runtime} == runtime


def test_the_sdk_needs_nothing_and_imports_nothing_of_ours(repository: Path) -> None:
    home = repository / "packages/upheld-sdk"
    project = tomllib.loads((home / "pyproject.toml").read_text("utf-8"))
    assert project["project"].get("dependencies", []) == []
    ours = re.compile(r"^\s*(?:from|import)\s+upheld(?:\.|\s|$)", re.MULTILINE)
    assert [str(path) for path in home.glob("src/**/*.py") if ours.search(path.read_text("utf-8"))] == []


def test_a_full_disk_and_a_reader_that_went_away_never_read_as_a_verdict(repository: Path) -> None:
    upheld = Path(sys.executable).with_name("upheld")
    full = subprocess.run(
        f"{upheld} demo > /dev/full", shell=True, cwd=repository, capture_output=True, text=True, check=False
    )
    assert (full.returncode, "Traceback" in full.stderr) == (5, False)
    gone = f"set -o pipefail; {upheld} demo | head -0"
    cut = subprocess.run(["bash", "-c", gone], cwd=repository, capture_output=True, text=True, check=False)
    assert (cut.returncode, cut.stderr) == (141, "")
