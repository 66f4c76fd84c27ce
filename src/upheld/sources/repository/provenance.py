"""Which CI run is at work, read from the variables that it sets."""

from collections.abc import Mapping


def provenance(environ: Mapping[str, str]) -> Mapping[str, str]:
    """`tool`, `run_url`, `commit` and `run` of the CI run, as far as it names them; empty outside of CI.

    Jobs of one pipeline share `run`, because they are shards of one run; a second attempt has another `run`.
    """
    if environ.get("GITHUB_ACTIONS", "").lower() == "true":  # Forgejo and Gitea set the same variables
        found = _github(environ)
    elif environ.get("GITLAB_CI", "").lower() == "true":
        pipeline = environ.get("CI_PIPELINE_ID", "")
        found = {
            "tool": "GitLab CI",
            "run_url": environ.get("CI_JOB_URL", "") or environ.get("CI_PIPELINE_URL", ""),
            "commit": environ.get("CI_COMMIT_SHA", ""),
            "run": f"gitlab:{pipeline}" if pipeline else "",
        }
    else:
        return {}
    return {name: value for name, value in found.items() if value}


def _github(environ: Mapping[str, str]) -> dict[str, str]:
    server, repository, run, attempt = (
        environ.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID", "RUN_ATTEMPT")
    )
    url = f"{server.rstrip('/')}/{repository}/actions/runs/{run}" if server and repository and run else ""
    return {
        "tool": "GitHub Actions",
        "run_url": f"{url}/attempts/{attempt}" if url and attempt else url,
        "commit": environ.get("GITHUB_SHA", ""),
        "run": f"github:{run}.{attempt or '1'}" if run else "",
    }
