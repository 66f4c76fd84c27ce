"""Upheld in the places where teams install and start it: completion, pipelines, editors, shallow clones, a fresh environment."""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from tests.faces.test_judging_commands import PROJECT, Shop, junit
from upheld.cli import COMMANDS, cli
from upheld.errors import UpheldError
from upheld.project.json_schema import FILES, schemas
from upheld.project.pipelines import proposals

pytestmark = pytest.mark.upheld("REQ-INS-002.c1")
ROOT = Path(__file__).parents[2]
HERE = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "shop")


class TestCompletion:
    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_each_shell_gets_a_script_that_asks_us(self, shell):
        answer = CliRunner().invoke(cli, ["completion", shell])
        assert answer.exit_code == 0
        assert "_UPHELD_COMPLETE" in answer.stdout

    def test_bash_completes_commands(self):
        env = {"PATH": HERE, "_UPHELD_COMPLETE": "bash_complete", "COMP_WORDS": "upheld ev", "COMP_CWORD": "1"}
        done = subprocess.run(["upheld"], env=env, capture_output=True, text=True, check=False)
        assert done.stdout.split() == ["plain,evidence"]
        assert "evidence" in COMMANDS


class TestPipelines:
    @pytest.mark.parametrize(
        ("files", "found", "said"),
        [
            ([".github/workflows/ci.yml", ".github/workflows/docs.yml"], [".github/workflows/ci.yml"], "fetch-depth: 0"),
            ([".gitlab-ci.yml"], [".gitlab-ci.yml"], "GIT_DEPTH"), (["Jenkinsfile"], ["Jenkinsfile"], "upheld check"),
            ([".gitlab-ci.yml", ".github/workflows/x.yaml"], [".github/workflows/x.yaml", ".gitlab-ci.yml"], "upheld check"),
            ([], [""], "pytest --junit-xml"), (["pom.xml"], [""], "mvn"), (["go.mod"], [""], "go test -json"),
            (["package.json"], [""], "jest"),
        ],
    )  # fmt: skip
    def test_init_proposes_steps_for_what_it_finds(self, tmp_path, files, found, said):
        for name in files:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text("", encoding="utf-8")
        made = proposals(tmp_path)
        assert [p.file for p in made] == found
        assert said in made[0].steps

    def test_what_is_proposed_is_yaml_and_init_changes_no_pipeline(self, tmp_path):
        (tmp_path / ".gitlab-ci.yml").write_text("test: {script: [true]}\n", encoding="utf-8")
        workflow = tmp_path / ".github/workflows/ci.yml"
        workflow.parent.mkdir(parents=True)
        workflow.write_text("on: push\n", encoding="utf-8")
        github, gitlab = proposals(tmp_path)
        steps = yaml.safe_load(github.steps)
        assert any("upheld check technical-excellence" in step.get("run", "") for step in steps)
        assert "${{ github.base_ref" in github.steps
        assert yaml.safe_load(gitlab.steps)["upheld"]["artifacts"]["reports"] == {
            "junit": "gate.xml",
            "codequality": "gate.json",
        }
        answer = CliRunner().invoke(cli, ["init", str(tmp_path)])
        assert "for .github/workflows/ci.yml, which stays as it is" in answer.stdout
        assert workflow.read_text(encoding="utf-8") == "on: push\n"

    def run_action(self, shop: Shop, tmp_path: Path, **inputs: str) -> tuple[int, str]:
        """The steps of action.yml by bash, as a runner would take them."""
        action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
        given = {name: about["default"] for name, about in action["inputs"].items()} | inputs
        fixed = {"PATH": HERE, "HOME": str(tmp_path), "RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(tmp_path / "output"),
                 "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}  # fmt: skip
        said = ""
        for step in action["runs"]["steps"]:
            env = {
                k: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda m: given[m[1]], v) for k, v in step["env"].items()
            }
            done = subprocess.run(
                ["bash", "-e", "-c", step["run"]],
                cwd=shop.root,
                env=fixed | env,
                capture_output=True,
                text=True,
                check=False,
            )
            said += done.stdout + done.stderr
            if done.returncode:
                return done.returncode, said
        return 0, said

    @pytest.mark.slow
    def test_the_github_action_judges_annotates_and_summarises(self, shop, tmp_path):
        (shop.root / "build/evidence").mkdir(parents=True)
        (shop.root / ".gitignore").write_text("build/\n", encoding="utf-8")
        (shop.root / "build/evidence/junit.xml").write_text(junit("one"), encoding="utf-8")
        status, said = self.run_action(shop, tmp_path, gate="later")
        assert status == 0, said
        (shop.root / "build/evidence/junit.xml").write_text(junit("one"), encoding="utf-8")
        status, said = self.run_action(shop, tmp_path, gate="merge")
        assert status == 1, said
        assert "::error file=requirements/REQ-LAT-001.md,line=15" in said
        assert "gate merge: not met" in (tmp_path / "summary.md").read_text(encoding="utf-8")
        assert "junit=" in (tmp_path / "output").read_text(encoding="utf-8")

    def test_the_gitlab_component_and_the_pre_commit_hook_call_commands_that_exist(self):
        _, job = yaml.safe_load_all(
            (ROOT / "templates/check.yml").read_text(encoding="utf-8").replace("$[[", "").replace("]]", "")
        )
        script = "\n".join(job["upheld-check"]["script"])
        [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
        called = re.findall(r"\bupheld ([a-z]+)(?=[ $])", f"{script}\n{hook['entry']} ")
        assert set(called) == {"evidence", "check", "lint"}
        check = cli.get_command(None, "check")
        known = {option for parameter in check.params for option in parameter.opts}
        assert set(re.findall(r"(--[a-z-]+)", script.partition("upheld check")[2])) <= known
        assert re.search(hook["files"], "requirements/REQ-LAT-001.md")


def test_a_shallow_clone_is_inconclusive_and_names_the_fetch_depth(shop, tmp_path):
    shop.write("src/a.py", "x = 1\n")
    shop.git("add", "-A")
    shop.git("commit", "-q", "-m", "more")
    clone = tmp_path / "clone"
    shop.git("clone", "-q", "--depth=1", f"file://{shop.root}", str(clone))
    for words in (["check", "merge", "--base", "HEAD~1"], ["check", "review", "--diff", "HEAD~1..HEAD"]):
        answer = CliRunner().invoke(cli, [*words, "--no-store", "--project", str(clone)])
        assert isinstance(answer.exception, UpheldError)
        assert answer.exception.exit_status == 3
        assert "inconclusive" in answer.exception.message
        assert "fetch-depth: 0" in answer.exception.message


class TestEditors:
    SAMPLES = (ROOT, ROOT / "src/upheld/sample")

    @pytest.mark.parametrize("name", FILES)
    def test_each_schema_is_one_and_is_published(self, name):
        Draft202012Validator.check_schema(schemas()[name])
        published = json.loads((ROOT / f"docs/schemas/files/{name}.json").read_text(encoding="utf-8"))
        assert published == schemas()[name]

    def test_definitions_that_lint_takes_hold_to_their_schemas(self, tmp_path):
        checked = 0
        for root in self.SAMPLES:
            for name, pattern in (("upheld", "upheld.yaml"), ("customers", "customers.yaml"), ("indicators", "indicators.yaml"),
                                  ("gates", "gates.yaml"), ("requirement", "requirements/*.md"), ("decision", "decisions/*.md")):  # fmt: skip
                for path in root.glob(pattern):
                    text = path.read_text(encoding="utf-8")
                    front = text.split("---\n")[1] if path.suffix == ".md" else text
                    found = list(
                        Draft202012Validator(schemas()[name]).iter_errors(yaml.load(front, Loader=yaml.BaseLoader))
                    )
                    assert found == [], path
                    checked += 1
        assert checked > 40

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("upheld", "projekt: x"), ("gates", "merge: {kind: technicl, stage: build}"), ("gates", "merge: {stage: build}"),
            ("indicators", "a.b: {kind: valu}"), ("requirement", "id: REQ-1\ntitle: t\ncriteria: [{id: c1}]"),
            ("upheld", "paths: {src/**: {serve: [REQ-1]}}"), ("requirement", "id: REQ-1\ntitle: t\nlinks: [{refinse: REQ-2}]"),
        ],
    )  # fmt: skip
    def test_what_lint_would_refuse_is_marked_while_it_is_written(self, name, text):
        assert list(Draft202012Validator(schemas()[name]).iter_errors(yaml.load(text, Loader=yaml.BaseLoader)))


@pytest.fixture(scope="module")
def fresh() -> Path:
    """A new environment with both wheels, built here; what they need comes from the package index."""
    folder = Path(tempfile.mkdtemp(prefix="upheld-wheel-"))
    for project in (ROOT, ROOT / "packages/upheld-sdk"):
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
            cwd=project,
            check=True,
            capture_output=True,
        )
    subprocess.run([sys.executable, "-m", "venv", str(folder / "env")], check=True)
    wheels = [str(path) for path in folder.glob("*.whl")]
    done = subprocess.run(
        [str(folder / "env/bin/python"), "-m", "pip", "install", "-q", *wheels],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"the package index cannot be reached: {done.stderr.strip()[-200:]}")
    return folder / "env"


@pytest.mark.slow
class TestWheels:
    def test_what_it_installs_takes_at_most_sixty_megabytes(self, fresh):
        packages = next((fresh / "lib").glob("python*/site-packages"))
        own = [
            p
            for p in packages.iterdir()
            if not p.name.startswith(("pip", "setuptools", "_distutils", "distutils", "pkg_resources"))
        ]
        size = sum(f.stat().st_size for p in own for f in ([p] if p.is_file() else p.rglob("*")) if f.is_file())
        assert size <= 60e6, f"{size / 1e6:.0f} MB"
        assert not [p.name for p in own if p.name.startswith(("fastapi", "sqlalchemy", "uvicorn", "numpy", "duckdb"))]

    def test_the_first_check_of_a_small_project_takes_at_most_a_second_of_processor_time(self, fresh, tmp_path):
        for name, text in PROJECT.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text.lstrip(), encoding="utf-8")
        (tmp_path / "evidence").mkdir()
        (tmp_path / "evidence/junit.xml").write_text(junit(), encoding="utf-8")
        subprocess.run(
            [
                str(fresh / "bin/python"),
                "-m",
                "compileall",
                "-q",
                str(next((fresh / "lib").glob("python*/site-packages/upheld"))),
            ],
            check=False,
        )
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [str(fresh / "bin/upheld"), "check", "later", "--evidence", "evidence", "--no-store"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert done.returncode == 0, done.stderr
        assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime <= 1.0

    def test_the_sdk_brings_its_plugin_and_nothing_of_upheld(self, fresh):
        code = "import sys, upheld_sdk.pytest_plugin; print([m for m in sys.modules if m == 'upheld' or m.startswith('upheld.')])"
        done = subprocess.run([str(fresh / "bin/python"), "-c", code], capture_output=True, text=True, check=False)
        assert done.stdout.strip() in ("[]", "") or "pytest" in done.stderr, done.stderr

    @pytest.mark.parametrize(
        "words", [["demo"], ["--help"], ["completion", "bash"], ["judge", "test.passed = 100 %", "missing.xml"]]
    )
    def test_commands_run_where_only_the_wheel_is(self, fresh, tmp_path, words):
        done = subprocess.run(
            [str(fresh / "bin/upheld"), *words], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert "Traceback" not in done.stderr
        assert done.returncode in ((2,) if words[0] == "judge" else (0,)), done.stderr
