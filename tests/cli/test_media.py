"""`tok count` of images and sounds, as people run it."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Tok = Callable[..., Any]


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\x08\x02\0\0\0" + bytes(40)


def wav(seconds: int) -> bytes:
    form = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 100, 200, 2, 16)
    sound = b"data" + struct.pack("<I", 200 * seconds) + bytes(200 * seconds)
    return b"RIFF" + struct.pack("<I", 4 + len(form) + len(sound)) + b"WAVE" + form + sound


@pytest.fixture
def project(project: Path) -> Path:
    (project / "photo.png").write_bytes(png(1920, 1080))
    (project / "talk.wav").write_bytes(wav(10))
    (project / "song.mp3").write_bytes(b"ID3\x04" + bytes(50))
    return project


def test_an_image_is_counted_for_a_model(tok: Tok, project: Path) -> None:
    ended = tok("count", "photo.png", "-m", "claude-opus-4-8", cwd=project)
    assert ended.code == 0
    assert ended.out.splitlines()[0] == "2691\tphoto.png"
    assert ended.out.endswith("claude-opus-4-8: claude-patches, exact\n")
    assert "photo.png: image/png, 1,920 x 1,080 pixels" in ended.err
    assert "[Anthropic, Images and vision; data set image-token-cost; checked 2026-" in ended.err


def test_the_readme_shows_what_is_printed(tok: Tok, project: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    block = readme.partition("<!-- image -->")[2]
    command = block.partition("```console\n")[2].partition("\n")[0]
    shown = block.partition("```text\n")[2].partition("\n```")[0]
    (project / "photo.png").write_bytes(png(1920, 1080) + bytes(2_100_000))
    ended = tok(*command.split()[1:], "--format", "table", cwd=project)
    assert ended.out.rstrip("\n") == shown


def test_images_stand_beside_texts_and_models_beside_each_other(tok: Tok, project: Path) -> None:
    models = ("-m", "gpt-6-sol", "-m", "claude-sonnet-4-6", "-m", "gemini-3.5-flash")
    ended = tok("count", "photo.png", "notes.txt", *models, "--json", cwd=project)
    data = json.loads(ended.out)["data"]
    image, text = data["files"]
    assert (image["kind"], text["kind"], ended.code) == ("image", "text", 0)
    assert [(one["encoding"], one["method"], one["tokens"]) for one in image["counts"]] == [
        ("openai-patches", "exact", 2448),
        ("claude-patches", "exact", 1560),
        ("gemini-resolution", "estimate", 1120),
    ]
    assert [one["method"] for one in text["counts"]] == ["estimate", "reconstructed", "vendor-local"]
    assert [one["encoding"] for one in text["counts"]] == ["o200k_base", "claude-3", "gemma4"]
    assert [one["method"] for one in data["totals"]] == ["estimate", "reconstructed", "estimate"]
    assert data["totals"][1]["encoding"] == "claude-patches + claude-3"
    for index, total in enumerate(data["totals"]):
        both = [image["counts"][index], text["counts"][index]]
        assert all(total[key] == both[0][key] + both[1][key] for key in ("tokens", "low", "high"))


def test_each_row_of_csv_says_how_it_was_made(tok: Tok, project: Path) -> None:
    out = tok("count", "photo.png", "notes.txt", "-m", "claude-sonnet-4-6", "--format", "csv", cwd=project).out
    made = [line.split(",")[5:8] for line in out.splitlines()[1:]]
    assert made == [
        ["claude-sonnet-4-6", "claude-patches", "exact"],
        ["claude-sonnet-4-6", "claude-3", "reconstructed"],
        ["claude-sonnet-4-6", "claude-patches + claude-3", "reconstructed"],
    ]


@pytest.mark.parametrize(("detail", "expected"), [("low", "85"), ("high", "1105")])
def test_detail_chooses_the_resolution(tok: Tok, project: Path, detail: str, expected: str) -> None:
    ended = tok("count", "photo.png", "-m", "gpt-4o", "--detail", detail, "-q", "--require", "exact", cwd=project)
    assert (ended.code, ended.out) == (0, f"{expected}\n")


def test_where_the_provider_chooses_the_range_says_so(tok: Tok, project: Path) -> None:
    ended = tok("count", "photo.png", "-m", "gpt-4o", cwd=project)
    assert ended.out.splitlines()[0] == "1105\t85-1105\tphoto.png"
    assert "at high, where low to high may be taken" in ended.err
    assert tok("count", "photo.png", "-m", "gpt-4o", "--max", "1000", cwd=project).code == 1
    assert tok("count", "photo.png", "-m", "gpt-4o", "--require", "exact", cwd=project).code == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["photo.png"], "photo.png: which model?"),
        (["photo.png", "-e", "o200k_base"], "add -m MODEL"),
        (["photo.png", "-m", "gpt-4o", "-e", "o200k_base"], "photo.png: which model?"),
        (["photo.png", "-m", "kimi-k2"], "photo.png: what images cost is not known for kimi-k2"),
        (["photo.png", "-m", "gpt-4o", "-m", "kimi-k2"], "leave that model out, or the file"),
        (["photo.png", "-m", "gpt-4o", "--detail", "medium"], "only low, high"),
        (["logo.png", "-m", "gpt-4o"], "logo.png: its image/png header is cut off or broken"),
        (["talk.wav", "-m", "gpt-4o"], "what sounds cost is not known for gpt-4o"),
        (["song.mp3", "-m", "gemini-2.5-pro"], "song.mp3: its length is not read (MP3 audio), only that of WAV files"),
    ],
)
def test_what_has_no_number_says_why(tok: Tok, project: Path, arguments: list[str], message: str) -> None:
    ended = tok("count", *arguments, cwd=project)
    assert (ended.code, message in ended.err) == (3, True)
    assert ended.out == ""


def test_a_sound_is_counted_by_its_seconds(tok: Tok, project: Path) -> None:
    ended = tok("count", "talk.wav", "-m", "gemini-2.5-pro", cwd=project)
    assert ended.out.splitlines()[0] == "320\ttalk.wav"
    assert "talk.wav: audio/wav, 10.000 seconds" in ended.err


def test_an_image_comes_by_a_pipe_a_glob_and_as_text(tok: Tok, project: Path) -> None:
    piped = tok("count", "-", "-m", "claude-opus-4-8", "-q", cwd=project, stdin=png(1920, 1080))
    assert (piped.code, piped.out) == (0, "2691\n")
    assert tok("count", "ph*.png", "-m", "claude-opus-4-8", "-q", cwd=project).out == "2691\n"
    assert tok("count", "photo.png", "-m", "kimi-k2", "--as", "text", cwd=project).code == 0


def test_a_walk_leaves_images_and_sounds_out_and_says_so(tok: Tok, project: Path) -> None:
    ended = tok("count", ".", "-m", "claude-opus-4-8", cwd=project)
    assert ended.code == 0
    assert "photo.png" not in ended.out
    assert "2 images" in ended.err or "2 image" in ended.err
    assert "2 audio" in ended.err


def test_only_the_header_of_a_huge_file_is_read(tok: Tok, project: Path) -> None:
    with (project / "huge.png").open("wb") as file:
        file.write(png(8000, 8000))
        file.truncate(3 << 30)
    ended = tok("count", "huge.png", "-m", "claude-opus-4-8", cwd=project)
    assert ended.out.splitlines()[0] == "4761\thuge.png"


def test_the_cache_gives_the_numbers_of_the_model_asked_for(tok: Tok, project: Path) -> None:
    (project / "large.txt").write_text("word " * 60_000)
    env = {"TOK_CACHE": "1", "TOK_CACHE_DIR": str(project / "cache")}
    for expected, model in (("2691", "claude-opus-4-8"), ("1560", "claude-sonnet-4-6"), ("2691", "claude-opus-4-8")):
        ended = tok("count", "photo.png", "large.txt", "-m", model, cwd=project, env=env)
        assert f"{expected}\tphoto.png" in ended.out.splitlines()


def test_a_limit_is_not_held_to_a_transcript_with_media_of_unknown_size(tok: Tok, project: Path) -> None:
    path = str(Path(__file__).parents[1] / "fixtures" / "transcripts" / "openai_chat" / "media.json")
    shown = tok("count", path, "-m", "gpt-4o", "--detail", "medium", cwd=project)
    assert shown.code == 0
    assert "1 image not counted" in shown.err
    held = tok("count", path, "-m", "gpt-4o", "--detail", "medium", "--max", "100000", cwd=project)
    assert held.code == 3
    assert "a limit can be held to what is counted only" in held.err
