"""The server's own clone of a team's repository: refreshed, shown at one commit, and written to by commits on a branch.

A view is a work tree of one commit that is never changed, so that any number of processes read it while the next one is
made. Commits are built without a work tree: the files become objects, the tree a commit, and the branch moves only if
nobody moved it meanwhile.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from upheld.errors import UnavailableError, UpheldError, UsageError
from upheld.sources.repository.git import Git

TRIES = 5  # to move a branch that others move too
KEPT_VIEWS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Definitions at one commit."""

    root: Path  # the project's folder
    commit: str
    records: str  # the commit of the branch that the server writes to, or empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """In whose name a commit is made."""

    name: str
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clone:
    """A clone of `origin` (a path or an address) below `folder`; the project lies in `inside` of it."""

    origin: str
    folder: Path
    branch: str = ""  # the branch that is shown; empty: the origin's HEAD
    records: str = "upheld/records"  # the branch that sign-offs, waivers and checkpoints are written to
    inside: str = ""

    @property
    def _git(self) -> Git:
        return Git(root=self.folder / "repository.git")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time changes the clone."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def refresh(self) -> None:
        """Fetch every branch; the first time, make the clone. UnavailableError when the origin cannot be reached."""
        with self._alone():
            self._refresh()

    def _refresh(self) -> None:
        bare = self.folder / "repository.git"
        if not (bare / "HEAD").is_file():
            shutil.rmtree(bare, ignore_errors=True)
            bare.mkdir(parents=True)
            self._git.ask("init", "--bare", "--quiet")
        origin = self.origin if "://" in self.origin else os.path.abspath(self.origin)  # noqa: PTH100 an address may be no path
        fetch = ("fetch", "--quiet", "--prune", "--no-tags", "--end-of-options", origin, "+refs/heads/*:refs/origin/*")
        try:
            self._git.ask(*fetch)
            if not self.branch:
                said = self._git.ask("ls-remote", "--symref", "--end-of-options", origin, "HEAD").decode()
                head = next((line.split()[1] for line in said.splitlines() if line.startswith("ref: ")), "")
                (self.folder / "head").write_text(head.removeprefix("refs/heads/"), encoding="utf-8")
        except UsageError as error:
            raise UnavailableError(f"the definitions cannot be fetched: {error.message}") from error

    def head(self) -> tuple[str, str]:
        """The commit that is shown, and the last one on the branch of records (or empty)."""
        branch = self.branch
        if not branch:
            with suppress(OSError):
                branch = (self.folder / "head").read_text(encoding="utf-8").strip()
        commit = self._git.find_commit(f"refs/origin/{branch}") if branch else ""
        if not commit:
            raise UsageError(f'{self.origin} has no commit on branch "{branch or "HEAD"}"')
        return commit, self._git.find_commit(f"refs/origin/{self.records}")

    def view(self) -> View:
        """A work tree of the commit that is shown, with the sign-offs and waivers of the branch of records laid over it."""
        commit, records = self.head()
        target = self.folder / "views" / f"{commit[:20]}-{records[:20] or 'none'}"
        if not (target / ".git").exists():
            with self._alone():
                self._lay_out(target, commit, records)
        return View(root=target / self.inside, commit=commit, records=records)

    def _lay_out(self, target: Path, commit: str, records: str) -> None:
        if (target / ".git").exists():
            return  # another process was quicker
        target.parent.mkdir(exist_ok=True)
        made = target.with_name(f"making-{os.getpid()}")
        shutil.rmtree(made, ignore_errors=True)
        self._git.ask("worktree", "prune")
        self._git.ask("worktree", "add", "--quiet", "--force", "--detach", str(made), commit)
        if records:
            self._lay_over(made, commit, records)
        self._git.ask("worktree", "move", str(made), str(target))
        views = sorted(target.parent.iterdir(), key=lambda path: path.stat().st_mtime)
        for old in views[:-KEPT_VIEWS]:
            with suppress(UpheldError):
                self._git.ask("worktree", "remove", "--force", str(old))

    def _lay_over(self, made: Path, commit: str, records: str) -> None:
        """Write what the branch of records added or changed since it began, but what the commit shown changed, too.

        A file that came over to the shown branch and was taken away there stays away.
        """
        base = self._git.ask("merge-base", commit, records, accept=(0, 1)).decode().strip() or commit
        kept = set(self._git.ask("diff-tree", "-r", "-z", "--name-only", "--no-renames", base, commit).split(b"\0"))
        told = self._git.ask("diff-tree", "-r", "-z", "--name-only", "--diff-filter=AM", "--no-renames", base, records)
        changed = [name for name in told.split(b"\0") if name not in kept]
        for name in changed:
            path = Path(os.fsdecode(name))
            if not name or path.is_absolute() or ".." in path.parts or ".git" in path.parts:
                continue
            mode, _, rest = self._git.ask("ls-tree", "-z", records, "--", os.fsdecode(name)).partition(b" ")
            if mode != b"100644" or not rest:
                continue  # links and programs are no records
            file = made / path
            if file.parent.resolve().is_relative_to(made.resolve()):
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(self._git.ask("cat-file", "blob", f"{records}:{os.fsdecode(name)}"))

    def commit(
        self, files: Mapping[str, str], *, message: str, author: Author, branch: str = "", when: str = ""
    ) -> str:
        """Commit new files (paths inside the project) on a branch of the origin; give the commit.

        The branch is that of records unless another one is named; it starts at the commit that is shown. `when` is the
        author's time (ISO 8601). Raises UnavailableError when the origin refuses or cannot be reached.
        """
        branch = branch or self.records
        with self._alone():
            for last in range(TRIES):
                self._refresh()
                parent = self._git.find_commit(f"refs/origin/{branch}") or self.head()[0]
                made = self._commit(files, parent, message=message, author=author, when=when)
                if made == parent:
                    return made  # every file is there already
                origin = self.origin if "://" in self.origin else os.path.abspath(self.origin)  # noqa: PTH100
                try:
                    self._git.ask("push", "--quiet", "--end-of-options", origin, f"{made}:refs/heads/{branch}")
                except UpheldError as error:
                    if last + 1 == TRIES:
                        raise UnavailableError(f"the commit on {branch} was not taken: {error.message}") from error
                    continue
                self._git.ask("update-ref", f"refs/origin/{branch}", made)
                return made
        raise UnavailableError(f"the commit on {branch} was not taken")

    def _commit(self, files: Mapping[str, str], parent: str, *, message: str, author: Author, when: str) -> str:
        with TemporaryDirectory(prefix="upheld-index-") as folder:
            index = replace(self._git, variables={"GIT_INDEX_FILE": f"{folder}/index"})
            index.ask("read-tree", parent)
            for name, text in files.items():
                path = Path(self.inside) / name
                if path.is_absolute() or ".." in path.parts or not path.parts or ".git" in path.parts:
                    raise UsageError(f'"{name}" is no path inside the project')
                blob = index.ask("hash-object", "-w", "--stdin", stdin=text.encode()).decode().strip()
                index.ask("update-index", "--add", "--cacheinfo", f"100644,{blob},{path.as_posix()}")
            tree = index.ask("write-tree").decode().strip()
            if tree == index.ask("rev-parse", f"{parent}^{{tree}}").decode().strip():
                return parent
            people = {
                "GIT_AUTHOR_NAME": _plain(author.name) or "unknown", "GIT_AUTHOR_EMAIL": _plain(author.email),
                "GIT_COMMITTER_NAME": "Upheld server", "GIT_COMMITTER_EMAIL": "upheld@localhost",
            }  # fmt: skip
            if when:
                people["GIT_AUTHOR_DATE"] = when
            made = replace(index, variables={**index.variables, **people})
            return made.ask("commit-tree", tree, "-p", parent, "-F", "-", stdin=message.encode()).decode().strip()


def committed(root: Path, revision: str, folder: str) -> dict[str, str]:
    """The texts of the files below a folder of the project as a revision holds them, by their paths."""
    git = Git(root=root)
    commit = git.commit(revision)
    names = [n for n in git.ask("ls-tree", "-r", "-z", "--name-only", commit, "--", folder).split(b"\0") if n]
    return {
        os.fsdecode(name): git.ask("cat-file", "blob", f"{commit}:./{os.fsdecode(name)}").decode("utf-8", "replace")
        for name in names
    }


def _plain(text: str) -> str:
    """A name or address as git accepts it in a commit."""
    return "".join(ch for ch in text if ch.isprintable() and ch not in "<>\n").strip()
