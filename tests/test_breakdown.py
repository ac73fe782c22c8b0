"""Breakdowns of counted files."""

from __future__ import annotations

from tokencli.breakdown import arrange, by_dir, by_ext, order, sections, top, tree
from tokencli.model import Column, Count, CountReport, FileCount, Section


def counted(tokens: int) -> tuple[Count, ...]:
    return (Count(tokens, tokens, tokens),)


def file(path: str, tokens: int, size: int = 0) -> FileCount:
    return FileCount(path, "text", size, counted(tokens))


FILES = (file("a/b/one.py", 5, 50), file("a/b/two.PY", 1, 10), file("a/c/three.md", 3, 30), file("Makefile", 2, 20))


def report(*files: FileCount) -> CountReport:
    tokens = sum(one.counts[0].tokens for one in files)
    return CountReport((Column("o200k_base", "exact"),), files, counted(tokens))


def tokens(counts: tuple[Count, ...] | None) -> int | None:
    return None if counts is None else counts[0].tokens


def test_extensions_are_lower_case_and_names_without_one_are_none() -> None:
    groups = {group.key: (tokens(group.counts), group.files) for group in by_ext(FILES)}
    assert groups == {".py": (6, 2), ".md": (3, 1), "(none)": (2, 1)}


def test_a_dot_file_has_no_extension() -> None:
    assert [group.key for group in by_ext((file("a/.gitignore", 1), file("b/...", 1), file("-", 1)))] == ["(none)"]


def test_folders_hold_all_below_them_and_own_their_direct_files() -> None:
    groups = {group.key: (tokens(group.counts), tokens(group.own)) for group in by_dir(FILES)}
    assert groups == {".": (11, 2), "a": (9, 0), "a/b": (6, 6), "a/c": (3, 3)}


def test_a_folder_that_only_holds_a_folder_is_left_out() -> None:
    assert [group.key for group in by_dir((file("a/b/c/one.py", 5),))] == ["a/b/c"]


def test_absolute_paths_reach_up_to_the_root() -> None:
    groups = {group.key: tokens(group.counts) for group in by_dir((file("/x/a.md", 1), file("/y/b.md", 2)))}
    assert groups == {"/": 3, "/x": 1, "/y": 2}


def test_the_tree_is_depth_first_with_the_largest_first() -> None:
    rows = tree(FILES, folders_only=False, order=order("tokens"))
    assert [(row.depth, row.key, tokens(row.counts)) for row in rows] == [
        (0, "./", 11),
        (1, "a/", 9),
        (2, "a/b/", 6),
        (3, "a/b/one.py", 5),
        (3, "a/b/two.PY", 1),
        (2, "a/c/", 3),
        (3, "a/c/three.md", 3),
        (1, "Makefile", 2),
    ]


def test_a_tree_of_folders_has_no_files() -> None:
    rows = tree(FILES, folders_only=True, order=order("path"))
    assert [row.key for row in rows] == ["./", "a/", "a/b/", "a/c/"]


def test_sections_follow_their_file() -> None:
    part = Section("Role", 1, 3, counted(2), counted(7))
    rows = sections((FileCount("a.md", "text", 9, counted(8), sections=(part,)), file("b.txt", 1)))
    assert [(row.key, row.depth, tokens(row.own), tokens(row.counts), row.line) for row in rows] == [
        ("a.md", 0, None, 8, None),
        ("Role", 1, 2, 7, 3),
        ("b.txt", 0, None, 1, None),
    ]


def test_rows_are_sorted_largest_first_and_equal_ones_by_path() -> None:
    files = (file("b", 1, 9), file("a", 1, 3), file("c", 5, 3))
    by = {sort: [one.path for one in arrange(report(*files), None, False, order(sort), False).files]
          for sort in ("tokens", "path", "bytes")}  # fmt: skip
    assert by == {"tokens": ["c", "a", "b"], "path": ["a", "b", "c"], "bytes": ["b", "a", "c"]}
    assert [one.path for one in arrange(report(*files), None, False, order("path"), True).files] == ["c", "b", "a"]


def test_rows_left_out_are_summed_and_the_totals_stay() -> None:
    cut = top(report(*FILES), 2, word="smaller")
    assert [one.path for one in cut.files] == ["a/b/one.py", "a/b/two.PY"]
    assert cut.rest is not None
    assert (cut.rest.key, cut.rest.files, tokens(cut.rest.counts)) == ("2 smaller files", 2, 5)
    assert (cut.bytes, cut.file_count, tokens(cut.totals)) == (110, 4, 11)


def test_a_listing_one_row_too_long_is_left_whole() -> None:
    assert top(report(*FILES), 3).rest is None


def test_nested_groups_that_are_left_out_have_no_sum() -> None:
    arranged = arrange(report(*FILES), "dir", False, order("tokens"), False)
    cut = top(arranged, 1)
    assert cut.rest is not None
    assert (cut.rest.counts, cut.file_count, cut.bytes) == ((), 4, 110)
