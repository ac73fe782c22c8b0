"""Differences add up: over any history the changes of a path sum to the difference of its ends."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from tokencli.comparing import State, changes, differing, ends, is_named, measure
from tokencli.counting import Options
from tokencli.encoders import load
from tokencli.errors import TokError
from tokencli.git.changes import Pair
from tokencli.git.objects import Objects
from tokencli.git.revisions import Repository, repository
from tokencli.model import Column
from tokencli.model.diff import Change

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

HISTORIES = 200
PER_TEST = 20
O200K = Column("o200k_base", "exact")
WORDS = ("prompt", "token", "agent", "naïve", "文字", "model\r\n", "price\n\n", "", "window", "{json:", "1}")
PATHS = ("a.md", "b.txt", "prompts/system.md", "prompts/tool use.md", "dir/sub/deep.yaml", "line\nbreak.md", "ünï.md")


def git(folder: Path, *arguments: str, data: bytes | None = None) -> bytes:
    variables = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-c", "user.name=tok", "-c", "user.email=tok@example.org", "-c", "protocol.file.allow=always"]
    return subprocess.run(
        [*command, *arguments], cwd=folder, env=variables, input=data, check=True, capture_output=True
    ).stdout


class History:
    """A random history, written by `git fast-import`: what each commit holds, and its parents."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.random = random.Random(seed)
        self.states: list[dict[str, tuple[str, bytes]]] = [{}]
        folder.mkdir()
        git(folder, "init", "-q", "-b", "main")
        stream = b"".join(self._commit(number) for number in range(1, self.random.randint(4, 9)))
        git(folder, "fast-import", "--quiet", "--force", data=stream)
        self.commits = [
            git(folder, "rev-parse", f"c{number}").decode().strip() for number in range(1, len(self.states))
        ]

    def _text(self) -> bytes:
        words = " ".join(self.random.choices(WORDS, k=self.random.choice((0, 3, 40, 200))))
        return words.encode() + self.random.choice((b"", b"\n", b"\r\n", b" bad\xff", b"\0\xff\0binary"))

    def _commit(self, number: int) -> bytes:
        """The next commit: on the last one, on an older one, or a merge of two; as a stream for fast-import."""
        chance = self.random
        parent = number - 1 if number < 3 or chance.random() < 0.7 else chance.randrange(1, number)
        merged = chance.randrange(1, number) if number > 3 and chance.random() < 0.3 else None
        state = dict(self.states[parent])
        if merged is not None:
            # Whatever the merge makes of the two: all of the other side's files in the place of ours.
            state |= self.states[merged]
        for _ in range(chance.randint(1, 4)):
            self._edit(state)
        if number > 2 and chance.random() < 0.1:
            state = dict(self.states[chance.randrange(1, number)])
        self.states.append(state)
        lines = [f"commit refs/tags/c{number}\ncommitter tok <tok@example.org> {number} +0000\ndata 0\n".encode()]
        if number > 1:
            lines.append(f"from refs/tags/c{parent}\n".encode())
        if merged is not None and merged != parent:
            lines.append(f"merge refs/tags/c{merged}\n".encode())
        lines.append(b"deleteall\n")
        for path, (mode, data) in state.items():
            quoted = '"' + path.replace("\n", "\\n") + '"'
            if mode == "160000":
                lines.append(f"M 160000 {data.decode()} {quoted}\n".encode())
            else:
                lines.append(f"M {mode} inline {quoted}\ndata {len(data)}\n".encode() + data + b"\n")
        return b"".join(lines) + b"\n"

    def _edit(self, state: dict[str, tuple[str, bytes]]) -> None:
        chance = self.random
        path = chance.choice(PATHS)
        kind = chance.random()
        if kind < 0.15 and state:
            del state[chance.choice(sorted(state))]
        elif kind < 0.35 and state:
            mode, data = state.pop(chance.choice(sorted(state)))
            edited = data + b" and more" if chance.random() < 0.5 and mode.startswith("100") else data
            state[path] = (mode, edited)
        elif kind < 0.4:
            state["vendor"] = ("160000", f"{chance.randrange(1, 5):040x}".encode())
        elif kind < 0.45:
            state[path] = ("120000", b"a.md")
        else:
            state[path] = (chance.choice(("100644", "100755")), self._text())


def tokens(entry: tuple[str, bytes] | None) -> int:
    """The reference: the whole text, decoded in one piece, counted; 0 for what is no text."""
    if entry is None or not entry[0].startswith("100") or b"\0" in entry[1]:
        return 0
    return load("o200k_base").count(entry[1].decode("utf-8", "replace"))


def compared(repo: Repository, revisions: str | None, state: State = "commit") -> list[Change]:
    with Objects(repo) as objects:
        between = ends(objects, revisions, state=state)
        outcomes, counted = measure(objects, between, differing(repo, between), [O200K], Options())
    assert not counted.problems
    return changes(outcomes)[0]


def deltas(found: list[Change]) -> Counter[str]:
    """What each path gained, a rename taking from the old path what the new one gets."""
    result: Counter[str] = Counter()
    for change in found:
        result[change.path] += change.head[0].tokens if change.head else 0
        result[change.old_path or change.path] -= change.base[0].tokens if change.base else 0
    return result


def difference(one: dict[str, tuple[str, bytes]], other: dict[str, tuple[str, bytes]]) -> dict[str, int]:
    paths = one.keys() | other.keys()
    return {path: tokens(other.get(path)) - tokens(one.get(path)) for path in paths}


def nonzero(counts: dict[str, int]) -> dict[str, int]:
    return {path: count for path, count in counts.items() if count}


@pytest.mark.parametrize("start", range(0, HISTORIES, PER_TEST))
def test_the_changes_of_a_path_sum_to_the_difference_of_its_ends(tmp_path: Path, start: int) -> None:
    for seed in range(start, start + PER_TEST):
        history = History(tmp_path / str(seed), seed)
        repo = repository(str(history.folder), {})
        total: Counter[str] = Counter()
        for before, after in zip(history.commits, history.commits[1:], strict=False):
            total.update(deltas(compared(repo, f"{before}..{after}")))
        assert nonzero(total) == nonzero(difference(history.states[1], history.states[-1])), seed


@pytest.mark.parametrize("seed", range(1000, 1010))
def test_a_merge_base_is_an_end_like_any_other(tmp_path: Path, seed: int) -> None:
    history = History(tmp_path / "repo", seed)
    repo = repository(str(history.folder), {})
    head = history.commits[-1]
    for number, commit in enumerate(history.commits, 1):
        base = git(history.folder, "merge-base", commit, head).decode().strip()
        found = deltas(compared(repo, f"{commit}...{head}"))
        at = history.commits.index(base) + 1
        assert nonzero(found) == nonzero(difference(history.states[at], history.states[-1])), number


def checked_out(folder: Path, seed: int) -> tuple[History, Path, dict[str, tuple[str, bytes]]]:
    """A history whose last commit lies in a linked working tree, with edits staged and others not."""
    history = History(folder / "repo", seed)
    tree = folder / "linked"
    git(history.folder, "worktree", "add", "-q", "--detach", str(tree), history.commits[-1])
    return history, tree, dict(history.states[-1])


@pytest.mark.parametrize("seed", range(2000, 2030))
def test_the_index_and_the_working_tree_are_ends_too_and_stay_untouched(tmp_path: Path, seed: int) -> None:
    history, tree, state = checked_out(tmp_path, seed)
    staged = dict(state)
    for number in range(3):
        path = history.random.choice(PATHS)
        target = tree / path
        if target.is_dir() and not target.is_symlink():
            continue
        if target.is_symlink() or target.exists():
            target.unlink()
            staged.pop(path, None)
        if number != 1:
            target.parent.mkdir(parents=True, exist_ok=True)
            staged[path] = ("100644", history._text())
            target.write_bytes(staged[path][1])
        git(tree, "add", "-A")
    working = dict(staged)
    if not (tree / "a.md").is_dir():
        (tree / "a.md").unlink(missing_ok=True)
        working.pop("a.md", None)
    (tree / "new folder").mkdir()
    (tree / "new folder" / "untracked.md").write_bytes(b"not added yet")
    working["new folder/untracked.md"] = ("100644", b"not added yet")
    for path in working:
        os.utime(tree / path, follow_symlinks=False)
    index = Path(git(tree, "rev-parse", "--git-path", "index").decode().strip())
    before = ((tree / index).read_bytes(), (tree / index).stat())
    below = tree / "new folder"
    repo = repository(str(below), {})
    assert repo.prefix == "new folder/"
    for base, at in ((None, -1), (history.commits[0], None)):
        common = git(tree, "merge-base", base, "HEAD").decode().strip() if base else history.commits[-1]
        start = history.states[history.commits.index(common) + 1] if at is None else history.states[at]
        found = deltas(compared(repo, base, "index"))
        assert nonzero(found) == nonzero(difference(start, staged))
        found = deltas(compared(repo, base, "worktree"))
        assert nonzero(found) == nonzero(difference(start, working))
    after = ((tree / index).read_bytes(), (tree / index).stat())
    assert (after[0], after[1].st_mtime_ns, after[1].st_ino) == (before[0], before[1].st_mtime_ns, before[1].st_ino)


def test_a_shallow_clone_says_how_to_get_the_rest(tmp_path: Path) -> None:
    folder = tmp_path / "repo"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    for number in range(3):
        (folder / "a.md").write_text("word " * (number + 1))
        git(folder, "add", ".")
        git(folder, "commit", "-qm", f"{number}")
    git(folder, "switch", "-qc", "feature", "HEAD~2")
    (folder / "b.md").write_text("one two")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "feature")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=1", "--no-single-branch", f"file://{folder}", str(clone))
    repo = repository(str(clone), {})
    with pytest.raises(TokError) as lost:
        compared(repo, "origin/main")
    assert (lost.value.exit, lost.value.code) == (3, "no-merge-base")
    assert "git fetch --unshallow" in lost.value.hint
    with pytest.raises(TokError) as unknown:
        compared(repo, "HEAD~1")
    assert "git fetch --unshallow" in unknown.value.hint
    with pytest.raises(TokError) as unknown:
        compared(repo, "origin/nope")
    assert unknown.value.hint == "git fetch origin nope --unshallow"
    direct = compared(repo, "origin/main..HEAD")
    assert {change.path: change.delta(0) for change in direct} == {
        "a.md": tokens(("100644", b"word ")) - tokens(("100644", b"word word word ")),
        "b.md": 2,
    }


def test_unrelated_histories_are_only_compared_end_to_end(tmp_path: Path) -> None:
    folder = tmp_path / "repo"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    for branch in ("main", "other"):
        git(folder, "checkout", "-q", "--orphan", branch) if branch != "main" else None
        (folder / f"{branch}.md").write_text("text")
        git(folder, "add", ".")
        git(folder, "commit", "-qm", branch)
    repo = repository(str(folder), {})
    with pytest.raises(TokError, match="main and other have no common ancestor"):
        compared(repo, "main...other")
    assert [change.path for change in compared(repo, "main..other")] == ["other.md"]


def test_a_file_with_a_conflict_is_in_the_working_tree_as_it_lies_there(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "both.md").write_text("one")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    for branch, texts in (
        ("other", {"both.md": "two", "new.md": "two"}),
        ("main", {"both.md": "six", "new.md": "six"}),
    ):
        git(tmp_path, "switch", "-q", *(("-c", branch) if branch != "main" else (branch,)))
        for name, text in texts.items():
            (tmp_path / name).write_text(text)
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "-qm", branch)
    with pytest.raises(subprocess.CalledProcessError):
        git(tmp_path, "merge", "other")
    repo = repository(str(tmp_path), {})
    lying = {name: tokens(("100644", (tmp_path / name).read_bytes())) for name in ("both.md", "new.md")}
    assert min(lying.values()) > 1
    assert deltas(compared(repo, None, "worktree")) == {name: number - 1 for name, number in lying.items()}
    assert deltas(compared(repo, "main~1", "worktree")) == {"both.md": lying["both.md"] - 1, "new.md": lying["new.md"]}


def test_a_path_is_named_by_itself_and_by_each_folder_above_it() -> None:
    pair = Pair("new/sub/a.md", None, None, "old/b.md")
    for name in ("new/sub/a.md", "new/sub", "new", "old/b.md", "old", "."):
        assert is_named(pair, {name, "other"})
    assert not is_named(pair, {"ne", "new/su", "a.md", "sub", "", "new/", "old/b"})


def test_many_names_do_not_cost_a_comparison_each() -> None:
    names = frozenset(f"texts/{number}.md" for number in range(10_000))
    began = time.process_time()
    assert all(is_named(Pair(name, None, None), names) for name in names)
    # Each held against each takes 7 seconds.
    assert time.process_time() - began < 1


def test_before_the_first_commit_everything_staged_is_new(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.md").write_text("one two three")
    git(tmp_path, "add", ".")
    repo = repository(str(tmp_path), {})
    with Objects(repo) as objects:
        assert ends(objects, None, state="index").base.label == "nothing (no commit yet)"
    assert [(change.path, change.status, change.delta(0)) for change in compared(repo, None, "index")] == [
        ("a.md", "added", 3)
    ]


def test_the_index_of_a_hook_is_the_one_git_prepared(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.md").write_text("one")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    prepared = tmp_path / ".git" / "index.hook"
    shutil.copy(tmp_path / ".git" / "index", prepared)
    (tmp_path / "a.md").write_text("one two")
    variables = os.environ | {"GIT_INDEX_FILE": str(prepared)}
    subprocess.run(["git", "add", "a.md"], cwd=tmp_path, env=variables, check=True)
    repo = repository(str(tmp_path), {})
    assert compared(repo, None, "index") == []
    hooked = repository(str(tmp_path), {"GIT_INDEX_FILE": ".git/index.hook"})
    assert [change.delta(0) for change in compared(hooked, None, "index")] == [1]
    elsewhere = repository(str(tmp_path), {"GIT_INDEX_FILE": str(tmp_path / "other" / "index")})
    assert elsewhere.hook_index is None


def test_line_ends_count_as_they_would_be_stored(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / ".gitattributes").write_text("*.md text\n*.raw -text\n")
    for name in ("a.md", "b.raw"):
        (tmp_path / name).write_bytes(b"one\ntwo\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    for name in ("a.md", "b.raw"):
        (tmp_path / name).write_bytes(b"one\r\ntwo\r\n")
    repo = repository(str(tmp_path), {})
    found = compared(repo, None, "worktree")
    stored, lying = (tokens(("100644", data)) for data in (b"one\ntwo\n", b"one\r\ntwo\r\n"))
    assert {change.path: change.delta(0) for change in found} == {"b.raw": lying - stored}


def test_what_is_no_text_is_named_and_not_counted(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "was.md").write_text("some text")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12345\n"
    (tmp_path / "model.bin").write_text(pointer)
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    (tmp_path / "was.md").write_bytes(b"\0\xff\0\xfe")
    git(tmp_path, "add", ".")
    git(tmp_path, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},vendor")
    repo = repository(str(tmp_path), {})
    with Objects(repo) as objects:
        between = ends(objects, None, state="index")
        outcomes, _ = measure(objects, between, differing(repo, between), [O200K], Options())
    found, skipped = changes(outcomes)
    assert [(change.path, change.status, change.delta(0), change.remark) for change in found] == [
        ("was.md", "changed", -2, "now binary")
    ]
    assert {(one.path, one.reason) for one in skipped} == {
        ("model.bin", "lfs-pointer"),
        ("photo.png", "image"),
        ("vendor", "submodule"),
    }


def test_a_filter_of_the_configuration_is_never_run(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / ".gitattributes").write_text("*.md filter=trap\n")
    (tmp_path / "a.md").write_text("one")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    for command in ("clean", "smudge", "process"):
        git(tmp_path, "config", f"filter.trap.{command}", f"touch {tmp_path}/sprung")
    git(tmp_path, "config", "filter.trap.required", "true")
    (tmp_path / "a.md").write_text("two")
    os.utime(tmp_path / "a.md")
    repo = repository(str(tmp_path), {})
    assert [change.delta(0) for change in compared(repo, None, "worktree")] == [0]
    assert not (tmp_path / "sprung").exists()
