"""Asking git: one process a question, answers separated by NUL, and every refusal turned into a sentence.

Git itself is called, because only git knows its filters, attributes, ignore rules and index. The working tree is asked
about as a tree object, the one that `git add --all && git commit` would make now; its index and its objects live in a
folder of their own for the time of the question, and nothing is added to the repository.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from upheld.errors import HistoryError, UnavailableError, UpheldError, UsageError

TIMEOUT = 120.0  # seconds for one question; twenty thousand files take less than one

# A hook runs with these set; they would redirect a question about `root` to another repository, index or output.
_REDIRECTIONS = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_NAMESPACE",
    "GIT_DIFF_OPTS",
    "GIT_EXTERNAL_DIFF",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
)
_NOT_OURS = ".upheld"  # our own memory: it may be large, and it changes while we ask
_SETTINGS = {
    "core.hooksPath": os.devnull,  # asking must not run the team's hooks
    "core.fsmonitor": "false",
    "core.splitIndex": "false",  # else the copy of the index writes its other half beside the original
    "core.safecrlf": "false",  # a warning about line ends is no reason not to answer
    "advice.addEmbeddedRepo": "false",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Git:
    """One project folder in a git repository, and the variables that its questions are asked with."""

    root: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    def ask(self, *arguments: str, stdin: bytes = b"", accept: tuple[int, ...] = (0,)) -> bytes:
        """The standard output of one git command in the folder.

        Raises UsageError where the folder or the question is wrong, UnavailableError where git cannot answer.
        """
        settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        command = ["git", "-C", str(self.root), "--no-pager", "--no-replace-objects", *settings, *arguments]
        try:
            done = subprocess.run(  # noqa: S603 - no shell; revisions are resolved behind --end-of-options first
                command, input=stdin, capture_output=True, timeout=TIMEOUT, check=False, env=self._environment()
            )
        except FileNotFoundError:
            raise UnavailableError("git is not on the PATH; install git, it answers for the repository") from None
        except subprocess.TimeoutExpired:
            raise UnavailableError(f"git {arguments[0]} in {self.root} took longer than {TIMEOUT:g} s") from None
        except (OSError, ValueError) as error:
            raise UnavailableError(f"git {arguments[0]} in {self.root} cannot be started: {error}") from None
        if done.returncode not in accept:
            raise _refusal(self.root, arguments[0], done.stderr.decode("utf-8", "replace"))
        return done.stdout

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in _REDIRECTIONS}
        fixed = {"LC_ALL": "C", "LANGUAGE": "", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
        return {**kept, **fixed, **self.variables}

    def prefix(self) -> bytes:
        """The project folder's path inside the repository: empty at its top, else ending with a slash."""
        return self.ask("rev-parse", "--show-prefix")[:-1]

    def shallow(self) -> bool:
        """Whether the clone lacks older commits."""
        return self.ask("rev-parse", "--is-shallow-repository").strip() == b"true"

    def path(self, name: str) -> Path:
        """Where the repository keeps one of its own files: `index`, `objects`."""
        return self.root.absolute() / os.fsdecode(self.ask("rev-parse", "--git-path", name)[:-1])

    def commit(self, revision: str) -> str:
        """The full id of the commit that a revision names; raise UsageError when it names none."""
        found = self.find_commit(revision)
        if found:
            return found
        if revision == "HEAD":
            raise UsageError(f"the repository of {self.root} has no commit yet; commit once, or ask for the work tree")
        where = f'"{revision}" is no commit in the repository of {self.root}'
        if self.shallow():
            raise HistoryError(
                f"inconclusive: {where}; the clone is shallow: fetch the history first"
                " (git fetch --unshallow; in CI: fetch-depth: 0, GIT_DEPTH: 0)"
            )
        raise UsageError(f"{where}; fetch it first, or name another revision")

    def find_commit(self, revision: str) -> str:
        """The full id of the commit that a revision names, or an empty string."""
        if not revision or revision.startswith("-") or not revision.isprintable():
            return ""  # what git would read as an option, or could not be given as an argument, names no commit
        question = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        found = self.ask(*question, accept=(0, 1, 128)).decode().strip()
        if not found:
            self.prefix()  # raises when the reason is the repository and not the revision
        return found

    def objects(self, ids: Iterable[str], *, at_once: int = 500) -> Iterator[tuple[str, bytes]]:
        """Each id with its content; raise UnavailableError for one that the clone does not hold."""
        wanted = list(dict.fromkeys(ids))
        for start in range(0, len(wanted), at_once):
            part = wanted[start : start + at_once]
            yield from self._objects(part)

    def _objects(self, ids: list[str]) -> Iterator[tuple[str, bytes]]:
        answer = self.ask("cat-file", "--batch", stdin="".join(f"{i}\n" for i in ids).encode())
        position = 0
        for wanted in ids:
            end = answer.index(b"\n", position)
            words = answer[position:end].split(b" ")
            if len(words) != 3:
                raise UnavailableError(
                    f"git object {wanted} is missing in the clone of {self.root}; fetch it again, or run git fsck"
                )
            size = int(words[2])
            yield wanted, answer[end + 1 : end + 1 + size]
            position = end + 1 + size + 1


def _refusal(root: Path, question: str, said: str) -> UpheldError:
    """Git's refusal in our words: what, where, and what to do next."""
    if "not a git repository" in said:
        return UsageError(f"{root} is not in a git repository; run git init there, or name the subject yourself")
    if "dubious ownership" in said:
        folder = next((line.split()[-1] for line in said.splitlines() if "safe.directory" in line), str(root))
        return UnavailableError(
            f"git does not trust {root}, because it belongs to another user; "
            f"allow it with: git config --global --add safe.directory {folder}"
        )
    if "cannot change to" in said:
        return UsageError(f"{root} is no folder that can be entered")
    if "must be run in a work tree" in said:
        return UsageError(f"{root} has no work tree (a bare repository, or inside .git); name the project's folder")
    if "does not have a commit checked out" in said:
        nested = next(line for line in said.splitlines() if "does not have a commit" in line).removeprefix("error: ")
        return UsageError(f"{root} holds a repository without a commit: {nested}; commit in it, or ignore it")
    lines = [line for line in said.splitlines() if line.startswith(("fatal:", "error:"))] or said.splitlines()
    return UnavailableError(f"git {question} failed in {root}: {'; '.join(lines[:3]) or 'it gives no reason'}")


# ── The working tree as a tree ───────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def working_tree(git: Git, *, beside: Iterable[str] = ()) -> Iterator[tuple[Git, str]]:
    """The tree id that committing everything now would have (ignored files excepted), and a git that knows it.

    `beside` are files and folders, from the root, whose untracked files are left out: reports that lie in the source.
    """
    with TemporaryDirectory(prefix="upheld-") as folder:
        index, objects = Path(folder, "index"), Path(folder, "objects")
        try:
            objects.mkdir()
            with suppress(FileNotFoundError):  # before the first `git add` there is no index
                # With its times: git compares them with those of the files to know which ones it must read again.
                shutil.copy2(git.path("index"), index)
        except OSError as error:
            raise UnavailableError(f"the index of {git.root} cannot be copied to {folder}: {error}") from None
        known = [_quoted(os.fsencode(git.path("objects"))), os.environ.get("GIT_ALTERNATE_OBJECT_DIRECTORIES", "")]
        apart = replace(
            git,
            variables={
                "GIT_INDEX_FILE": str(index),
                "GIT_OBJECT_DIRECTORY": str(objects),
                "GIT_ALTERNATE_OBJECT_DIRECTORIES": os.pathsep.join(k for k in known if k),
            },
        )
        apart.ask("add", "--update", "--", ".")  # what is tracked counts, wherever it lies
        _add_untracked(apart, ".", beside)
        tree = apart.ask("write-tree", accept=(0, 128))
        if not tree:  # a merge in another folder of the repository is unfinished: take that as it lies, too
            apart.ask("add", "--update", "--", ":/")
            _add_untracked(apart, ":/", beside)
            tree = apart.ask("write-tree")
        yield apart, tree.decode().strip()


def _add_untracked(git: Git, where: str, beside: Iterable[str]) -> None:
    """Add the untracked files that are neither ignored, nor our own memory, nor beside the source.

    They are listed and chosen here: asked to leave out a folder that it ignores, `git add` fails.
    """
    left_out = [os.fsencode(path) for path in (_NOT_OURS, *beside)]
    listed = git.ask("ls-files", "--others", "--exclude-standard", "-z", "--", where).split(b"\0")
    chosen = [path for path in listed if path and not any(path == o or path.startswith(o + b"/") for o in left_out)]
    if chosen:
        git.ask("--literal-pathspecs", "add", "--pathspec-from-file=-", "--pathspec-file-nul", stdin=b"\0".join(chosen))


def _quoted(path: bytes) -> str:
    """A path as git's list of object folders wants it: in C quotes when it holds what separates the list."""
    if os.pathsep.encode() not in path and not path.startswith(b'"'):
        return os.fsdecode(path)
    return '"' + os.fsdecode(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


# ── Trees ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a tree: its mode ("100644", "40000" …), its name or path, and the id of its object."""

    mode: str
    path: bytes
    id: str
    size: int = 0  # bytes of a file, where it was asked for

    @property
    def is_file(self) -> bool:
        """Whether it is a plain file: no folder, symbolic link or submodule."""
        return self.mode.startswith("100")

    @property
    def name(self) -> str:
        """The path as Python's file functions take it."""
        return text(self.path)


def entries(body: bytes, width: int) -> Iterator[Entry]:
    """The entries of a tree object; `width` is the length of an id in hex digits (40 or 64)."""
    position = 0
    while position < len(body):
        end = body.index(b"\0", position)
        mode, _, name = body[position:end].partition(b" ")
        position = end + 1 + width // 2
        yield Entry(mode.decode(), name, body[end + 1 : position].hex())


def files(git: Git, tree: str, *, sized: bool = False) -> tuple[Entry, ...]:
    """All files below a tree, with paths from there, ordered by path; their sizes cost a look at every object."""
    found = []
    sizes = ["-l"] if sized else []
    for line in git.ask("ls-tree", "-r", "-z", "--full-tree", *sizes, tree).split(b"\0")[:-1]:
        head, _, path = line.partition(b"\t")
        mode, _, identity, *size = head.decode().split()
        found.append(Entry(mode, path, identity, int(size[0]) if size and size[0].isdigit() else 0))
    return tuple(found)


def text(path: bytes) -> str:
    """A path as text; bytes that are no UTF-8 survive as surrogates, so that the file can still be opened."""
    return path.decode("utf-8", "surrogateescape")


def shown(path: str) -> str:
    """A path as a person and a JSON file can hold it: control characters and broken bytes are escaped."""
    readable = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in readable)
