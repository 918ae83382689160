"""Git trees: the files of a ref, read with no checkout and without touching index or work tree.

Apart from the rest of `horsies_codegen.source` because it starts processes, which only ``breaking`` needs. One
``git ls-tree`` names everything; one ``git cat-file --batch`` serves contents when they are asked for.
"""

from __future__ import annotations

import os
import re
import subprocess
import threading
import weakref
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO

from horsies_codegen.source.errors import (
    GitFailedError,
    GitNotFoundError,
    NotARepositoryError,
    OutsideRepositoryError,
    ShallowHistoryError,
    UnknownRefError,
)
from horsies_codegen.source.problem import ProblemKind
from horsies_codegen.source.storage import Kind, Refusal
from horsies_codegen.source.tree import Paths, SourceTree, survey_tree
from horsies_codegen.source.virtual import Node, VirtualStorage


def discover_at(
    ref: str,
    paths: Paths,
    *,
    exclude: Sequence[str] = (),
    roots: Paths = (),
    cwd: str | os.PathLike[str] | None = None,
) -> SourceTree:
    """The tree of Python files under the same paths at a ref (a branch, tag or commit), spelled as on disk.

    Takes the repository that holds the first path. Paths need not exist in the work tree any more; one that does not
    exist at the ref is a problem of kind ``MISSING``. Raises `SourceError`: `GitNotFoundError`, `NotARepositoryError`,
    `OutsideRepositoryError`, `UnknownRefError`, `GitFailedError`. Close the tree when done.
    """
    start = os.path.abspath(cwd or Path.cwd())  # noqa: PTH100 - keeps links
    repository = Repository.of(_nearest_folder(Path(start, *paths[:1])))
    locations = _Locations(repository.top, start)
    for path in paths:
        locations.of(os.fspath(path))
    tree_id = repository.tree_id(ref)
    reader = _BlobReader(repository)
    storage = VirtualStorage(repository.nodes(tree_id), reader.read, locations.of, reader.close)
    return survey_tree(storage, paths, exclude=exclude, roots=roots)


def open_repository(path: str, cwd: str) -> tuple[Repository, str]:
    """The repository that a path belongs to, and the path from its top. Raises `SourceError`."""
    repository = Repository.of(_nearest_folder(Path(cwd, path)))
    return repository, _Locations(repository.top, cwd).of(path)


class _Locations:
    """Turns paths as the user gave them into paths from the top of the work tree."""

    def __init__(self, top: str, cwd: str) -> None:
        self._top = top
        self._cwd = cwd

    def of(self, path: str) -> str:
        """The path from the top, posix. Raises `OutsideRepositoryError`."""
        full = os.path.normpath(Path(self._cwd, path))
        folder, name = os.path.split(full)
        for real in (os.path.join(os.path.realpath(folder), name), os.path.realpath(full)):  # noqa: PTH118
            relative = os.path.relpath(real, self._top).replace(os.sep, "/")
            if relative != ".." and not relative.startswith("../"):
                return "" if relative == "." else relative
        raise OutsideRepositoryError(
            f"{path} is not in the git repository at {self._top}",
            "give paths of one repository, or compare with a lock file: --against-lock FILE",
        )


class Repository:
    """A git work tree, by its real top folder."""

    def __init__(self, top: str) -> None:
        self.top = top

    @classmethod
    def of(cls, folder: str) -> Repository:
        """The work tree that a folder is in. Raises `NotARepositoryError`, `GitNotFoundError`."""
        answer = _git(folder, "rev-parse", "--show-toplevel")
        if answer.returncode != 0:
            raise NotARepositoryError(
                f"{folder} is in no git work tree: {_said(answer)}",
                "run this inside a clone, or compare with a lock file: --against-lock FILE",
            )
        return cls(os.path.realpath(os.fsdecode(answer.stdout.removesuffix(b"\n"))))

    def tree_id(self, ref: str) -> str:
        """The id of a ref's tree. Raises `UnknownRefError`."""
        if ref and not ref.startswith("-") and "\0" not in ref:
            answer = _git(self.top, "rev-parse", "--verify", "--quiet", f"{ref}^{{tree}}")
            if answer.returncode == 0:
                return _text(answer.stdout)
        raise UnknownRefError(f"the repository at {self.top} has no ref {ref!r}", *self._remedy(ref))

    def commit_id(self, ref: str) -> str:
        """The id of a ref's commit. Raises `UnknownRefError`."""
        answer = _git(self.top, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
        if answer.returncode != 0:
            raise UnknownRefError(f"{ref!r} is no commit of the repository at {self.top}", *self._remedy(ref))
        return _text(answer.stdout)

    def blob(self, ref: str, path: str) -> bytes | None:
        """The bytes of a file at a ref, or None if there is no such file. Raises `GitFailedError`."""
        listed = _git(self.top, "ls-tree", "-z", "--full-tree", ref, "--", path)
        if listed.returncode != 0:
            raise GitFailedError(f"git could not list {path} at {ref}: {_said(listed)}")
        if not listed.stdout:
            return None
        _, node = _node(listed.stdout.split(b"\0")[0])
        answer = _git(self.top, "cat-file", "blob", node.key)
        if answer.returncode != 0:
            raise GitFailedError(f"git could not read {path} at {ref}: {_said(answer)}")
        return answer.stdout

    def changes_of(self, ref: str, path: str, since: float) -> tuple[str, ...]:
        """The commits that changed a file since a moment and the last before. Raises `GitFailedError`, `ShallowHistoryError`."""
        answer = _git(self.top, "log", "--first-parent", "--format=%H %ct", ref, "--", path)
        if answer.returncode != 0:
            raise GitFailedError(f"git could not tell the history of {path} at {ref}: {_said(answer)}")
        commits: list[str] = []
        for line in _text(answer.stdout).splitlines():
            commit, moment = line.split()
            commits.append(commit)
            if int(moment) < since and not self._is_cut(commit):
                return tuple(commits)
        if self._ask("rev-parse", "--is-shallow-repository") == "true":
            raise ShallowHistoryError(
                f"the history of {ref} in this clone does not reach back to the lock that stood there then",
                "this clone is shallow; run: git fetch --unshallow",
            )
        return tuple(commits)

    def _is_cut(self, commit: str) -> bool:
        """Whether a shallow clone ends here: then the commit seems to have made every file that it has."""
        folder = self._ask("rev-parse", "--git-common-dir")
        shallow = Path(self.top, folder or ".git", "shallow")
        return shallow.is_file() and commit in shallow.read_text(encoding="ascii").split()

    def nodes(self, tree_id: str) -> Mapping[str, Node]:
        """Every name in a tree that a walk may ask for. Raises `GitFailedError`."""
        answer = _git(self.top, "ls-tree", "-r", "-z", "--full-tree", tree_id)
        if answer.returncode != 0:
            raise GitFailedError(f"git could not list the tree {tree_id}: {_said(answer)}")
        return dict(_node(line) for line in answer.stdout.split(b"\0") if line)

    def _remedy(self, ref: str) -> Iterable[str]:
        """What to run so that the ref is here; a shallow clone, as CI makes it, must say how deep."""
        is_shallow = self._ask("rev-parse", "--is-shallow-repository") == "true"
        depth = "--depth=1 " if is_shallow else ""
        remotes = (self._ask("remote") or "").split()
        if is_shallow and re.search(r"[~^@]", ref):
            yield "this clone is shallow; run: git fetch --unshallow"
            return
        remote, _, branch = ref.partition("/")
        if branch and remote in remotes:
            yield f"run: git fetch {depth}{remote} +refs/heads/{branch}:refs/remotes/{remote}/{branch}"
        elif re.fullmatch(r"[0-9a-f]{7,64}", ref):
            yield f"run: git fetch {depth}{_first_remote(remotes)} {ref}"
        elif re.fullmatch(r"[\w./-]+", ref) and not ref.startswith("-"):
            yield f"a branch: git fetch {depth}{_first_remote(remotes)} +refs/heads/{ref}:refs/heads/{ref}"
            yield f"a tag: git fetch {depth}{_first_remote(remotes)} +refs/tags/{ref}:refs/tags/{ref}"
        else:
            yield f"run: git fetch {_first_remote(remotes)}"

    def _ask(self, *arguments: str) -> str | None:
        answer = _git(self.top, *arguments)
        return _text(answer.stdout) if answer.returncode == 0 else None


class _BlobReader:
    """Contents of blobs, served by one ``git cat-file --batch`` that is started when first needed."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._lock = threading.Lock()
        self._end: weakref.finalize[[subprocess.Popen[bytes]], _BlobReader] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, blob_id: str) -> bytes | Refusal:
        """The bytes of a blob."""
        with self._lock:
            process = self._process or self._start()
            try:
                return _exchange(process, blob_id)
            except (OSError, ValueError) as error:
                self._stop()
                return Refusal(ProblemKind.UNREADABLE, f"could not be read from git ({blob_id}): {error}")

    def close(self) -> None:
        """Ends the process; the next read starts another."""
        with self._lock:
            self._stop()

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            ["git", "cat-file", "--batch"],
            cwd=self._repository.top,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._process = process
        self._end = weakref.finalize(self, _end, process)
        return process

    def _stop(self) -> None:
        if self._end is not None:
            self._end()
        self._process = self._end = None


def _exchange(process: subprocess.Popen[bytes], blob_id: str) -> bytes | Refusal:
    requests, answers = _pipes(process)
    requests.write(f"{blob_id}\n".encode())
    requests.flush()
    header = answers.readline().split()
    if len(header) != 3:
        missing = b" ".join(header).decode("utf-8", "replace") or "git ended"
        return Refusal(ProblemKind.UNREADABLE, f"could not be read from git: {missing}")
    size = int(header[2])
    data = answers.read(size + 1)
    if len(data) != size + 1:
        raise OSError("git ended in the middle")
    return data[:-1]


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


def _end(process: subprocess.Popen[bytes]) -> None:
    """End of input is what ``cat-file --batch`` ends at; one that does not is killed."""
    requests, answers = _pipes(process)
    try:
        requests.close()
    except OSError:
        process.kill()
    answers.close()
    try:
        process.wait(_END_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


_END_TIMEOUT_S = 5.0


def _git(folder: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise GitNotFoundError("there is no git on the PATH", "install git, or use --against-lock FILE") from None


def _environment() -> dict[str, str]:
    """The environment without what a git hook sets for its own repository, and with no questions at the terminal."""
    kept = {name: value for name, value in os.environ.items() if name not in _HOOK_VARIABLES}
    return {**kept, "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}


_HOOK_VARIABLES = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"})


def _node(line: bytes) -> tuple[str, Node]:
    """One entry of ``ls-tree -z``: mode, type and id, a tab, the path."""
    head, _, path = line.partition(b"\t")
    mode, _kind, object_id = head.decode("ascii").split(" ")
    kind = _KIND_BY_MODE.get(mode, Kind.FILE)
    return path.decode("utf-8", "surrogateescape"), Node(kind, object_id)


_KIND_BY_MODE = {"120000": Kind.LINK, "160000": Kind.SUBMODULE}


def _nearest_folder(path: Path) -> str:
    """The path itself or the nearest folder above that exists: the path may be gone from the work tree."""
    return str(next((folder for folder in (path, *path.parents) if folder.is_dir()), Path.cwd()))


def _first_remote(remotes: Sequence[str]) -> str:
    return "origin" if "origin" in remotes or not remotes else remotes[0]


def _said(answer: subprocess.CompletedProcess[bytes]) -> str:
    return _text(answer.stderr) or f"git ended with {answer.returncode}"


def _text(output: bytes) -> str:
    return output.decode("utf-8", "surrogateescape").strip()
