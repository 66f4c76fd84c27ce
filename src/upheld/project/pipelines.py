"""What to add to the pipelines that a project has: proposed as text, never written, because a pipeline is not ours."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

GATE = "technical-excellence"
EVIDENCE = "build/evidence"
_CHECK = f"upheld check {GATE} --evidence {EVIDENCE}"
_RECORD = f"upheld evidence {EVIDENCE}/* --record --environment ci"
_GITHUB = f"""\
      - uses: actions/checkout@v4
        with: {{fetch-depth: 0}}              # changed lines are counted from a commit that a shallow clone lacks
      - run: pip install upheld
      - run: TESTS
      - run: {_RECORD}
        if: always()                        # also what failed is evidence
      - run: {_CHECK} --base origin/${{{{ github.base_ref || github.ref_name }}}} --write markdown=$GITHUB_STEP_SUMMARY --write junit=gate.xml
        if: always()"""
_GITLAB = f"""\
upheld:
  variables: {{GIT_DEPTH: "0"}}           # changed lines are counted from a commit that a shallow clone lacks
  script:
    - pip install upheld
    - TESTS || true                     # the gate decides
    - {_RECORD}
    - {_CHECK} --base origin/$CI_DEFAULT_BRANCH --write junit=gate.xml --write gitlab=gate.json
  artifacts: {{when: always, reports: {{junit: gate.xml, codequality: gate.json}}}}"""
_SHELL = f"pip install upheld && TESTS; {_RECORD}; {_CHECK} --write junit=gate.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Steps for one pipeline that was found."""

    file: str  # the pipeline's own file
    steps: str


def proposals(folder: Path) -> tuple[Proposal, ...]:
    """Steps for every pipeline of a project; for none, the commands alone."""
    tests = _tests(folder)
    found = [Proposal(file=file, steps=steps.replace("TESTS", tests)) for file, steps in _pipelines(folder)]
    return tuple(found) or (Proposal(file="", steps=_SHELL.replace("TESTS", tests)),)


def _pipelines(folder: Path) -> Iterator[tuple[str, str]]:
    workflows = sorted((folder / ".github" / "workflows").glob("*.y*ml"))
    if workflows:
        named = [w for w in workflows if any(word in w.stem.lower() for word in ("ci", "test", "build", "main"))]
        yield f".github/workflows/{(named or workflows)[0].name}", _GITHUB
    if (folder / ".gitlab-ci.yml").is_file():
        yield ".gitlab-ci.yml", _GITLAB
    for file in (
        "Jenkinsfile",
        "azure-pipelines.yml",
        ".circleci/config.yml",
        "bitbucket-pipelines.yml",
        ".travis.yml",
    ):
        if (folder / file).is_file():
            yield file, _SHELL


def _tests(folder: Path) -> str:
    """The command that runs the tests and writes a JUnit report, by the files that lie there."""
    if (folder / "pom.xml").is_file():
        return f"mvn -B verify; mkdir -p {EVIDENCE}; cp target/surefire-reports/TEST-*.xml {EVIDENCE}"
    if (folder / "go.mod").is_file():
        return f"mkdir -p {EVIDENCE}; go test -json ./... >{EVIDENCE}/go-test.json"
    if (folder / "package.json").is_file() and not (folder / "pyproject.toml").is_file():
        return f"JEST_JUNIT_OUTPUT_DIR={EVIDENCE} npx jest --reporters=default --reporters=jest-junit"
    return f"python -m pytest --junit-xml={EVIDENCE}/junit.xml"
