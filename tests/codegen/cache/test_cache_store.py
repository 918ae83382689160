"""The cache's folder: what it keeps, what it refuses to read, and that nothing in it can hurt a run."""

from __future__ import annotations

import hashlib
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from horsies_codegen.cache import Cache, cache_folder, key_of
from horsies_codegen.cache.thaw import ColdError, frozen, thawed
from horsies_codegen.resolve.modules import Answer, Notes, Question
from horsies_codegen.source import Place, Position, SourceFile, Span
from horsies_core.contract.draft import ParameterKind
from horsies_core.contract.types import Ref

NOTES = Notes(
    {Question("shop.app", "src"): Answer("src/shop/app.py", "src", "00"), Question("x", None): None}, {"y": True}
)
KEY = key_of("a test")


def test_a_value_comes_back_as_it_was(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    cache.put(KEY, NOTES)
    assert Cache(tmp_path / "cache").get(KEY, Notes) == NOTES


def test_a_value_that_keeps_its_attributes_in_a_dict_comes_back(tmp_path: Path) -> None:
    file = SourceFile("src/shop/app.py", "shop.app", is_package=False, root="src", data=b"x = 1\n")
    cache = Cache(tmp_path)
    cache.put(KEY, file)
    found = cache.get(KEY, SourceFile)
    assert found == file
    assert found.text == "x = 1\n"


def test_a_value_of_another_type_is_not_there(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    cache.put(KEY, Place("a.py", Span(Position(1, 1), Position(1, 2))))
    assert cache.get(KEY, Notes) is None


def test_keys_tell_values_apart() -> None:
    assert len({key_of("a", "bc"), key_of("ab", "c"), key_of(("a", "bc")), key_of("a", None), key_of("a", 1)}) == 5


def entry(folder: Path) -> Path:
    """The one entry of a cache."""
    (found,) = (path for path in folder.glob("??/*") if path.is_file())
    return found


@pytest.mark.parametrize(
    "damage",
    [b"", b"\0" * 500, b"not a cache at all", pickle.dumps(NOTES), frozen(NOTES)[:-1], frozen(NOTES) + b"."],
    ids=["empty", "zeros", "text", "without a hash", "torn", "longer"],
)
def test_a_damaged_entry_is_not_there_and_is_written_anew(tmp_path: Path, damage: bytes) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, NOTES)
    entry(tmp_path).write_bytes(damage)
    assert cache.get(KEY, Notes) is None
    cache.put(KEY, NOTES)
    assert cache.get(KEY, Notes) == NOTES


class _Bomb:
    def __reduce__(self) -> tuple[object, ...]:
        return (os.system, ("touch exploded",))


class _Import:
    def __reduce__(self) -> tuple[object, ...]:
        return (subprocess.run, ([sys.executable, "-c", "open('exploded', 'w')"],))


@pytest.mark.parametrize("value", [_Bomb(), _Import(), (1, [_Bomb()]), os.getcwd, Path("x"), Cache, frozen])
def test_an_entry_that_names_anything_but_plain_values_is_refused(
    value: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ColdError):
        thawed(frozen(value))
    assert list(tmp_path.iterdir()) == []


def _pickle_of(made: bytes, state: bytes) -> bytes:
    """The bytes of an entry that makes something and is told to build upon it."""
    body = b"\x80\x05" + made + state + b"b."
    return hashlib.blake2b(body, digest_size=16).digest() + body


def _named(kind: type[object]) -> bytes:
    return f"c{kind.__module__}\n{kind.__qualname__}\n".encode()


@pytest.mark.parametrize("kind", [Question, Ref, SourceFile, ParameterKind], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(
    "state", [b"}X\x04\x00\x00\x00evilK\x01s", b"N}X\x04\x00\x00\x00evilK\x01s\x86"], ids=["dict", "slots"]
)
def test_no_entry_changes_a_class(kind: type[object], state: bytes) -> None:
    with pytest.raises(ColdError):
        thawed(_pickle_of(_named(kind), state))
    assert not hasattr(kind, "evil")


def test_no_entry_changes_a_member_of_an_enum() -> None:
    member = _named(ParameterKind) + b"X\x0c\x00\x00\x00keyword-only\x85R"
    assert thawed(frozen(ParameterKind.KEYWORD_ONLY)) is ParameterKind.KEYWORD_ONLY
    with pytest.raises(ColdError):
        thawed(_pickle_of(member, b"}X\x07\x00\x00\x00_value_X\x04\x00\x00\x00evils"))
    assert ParameterKind.KEYWORD_ONLY.value == "keyword-only"


def test_git_and_backups_pass_the_folder_by(tmp_path: Path) -> None:
    subprocess.run(("git", "init", "-q", "."), cwd=tmp_path, check=True)
    Cache(tmp_path / ".horsies-cache").put(KEY, NOTES)
    status = subprocess.run(
        ("git", "status", "--porcelain", "--untracked-files=all"), cwd=tmp_path, check=True, capture_output=True
    )
    assert status.stdout == b""
    assert (
        (tmp_path / ".horsies-cache/CACHEDIR.TAG")
        .read_bytes()
        .startswith(b"Signature: 8a477f597d28d172789f06886806bc55")
    )


def test_a_folder_that_cannot_be_made_is_no_cache(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file" / "cache")
    cache.put(KEY, NOTES)
    cache.prune()
    assert cache.get(KEY, Notes) is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only_is_still_read(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, NOTES)
    tmp_path.chmod(0o500)
    try:
        again = Cache(tmp_path)
        again.put(key_of("another"), NOTES)
        again.prune()
        assert again.get(KEY, Notes) == NOTES
        assert again.get(key_of("another"), Notes) is None
    finally:
        tmp_path.chmod(0o700)


def test_what_nobody_asks_for_goes_in_time(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, NOTES)
    cache.put(key_of("old"), NOTES)
    old = next(path for path in tmp_path.glob("??/*") if path.parent.name + path.name == key_of("old"))
    os.utime(old, (0, 0))
    stranger = tmp_path / "notes.txt"
    stranger.write_text("not an entry")
    os.utime(stranger, (0, 0))
    Cache(tmp_path).prune()
    assert entry(tmp_path).name == KEY[2:]
    assert stranger.exists()


def test_use_keeps_an_entry_young(tmp_path: Path) -> None:
    Cache(tmp_path).put(KEY, NOTES)
    os.utime(entry(tmp_path), (0, 0))
    assert Cache(tmp_path).get(KEY, Notes) == NOTES
    Cache(tmp_path).prune()
    assert Cache(tmp_path).get(KEY, Notes) == NOTES


def test_the_folder_stands_beside_the_settings() -> None:
    assert cache_folder(None) == Path(".horsies-cache")
    assert cache_folder("../pyproject.toml") == Path("../.horsies-cache")
