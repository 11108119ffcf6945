"""The command line in a process of its own: exact output, clear refusals, no Django, no database."""

import subprocess
import sys
from pathlib import Path

import pytest

from hotline.regulation.pack import PACKS

TET = ["deadline", "--pack", "quang-nam", "--clock", "focal_person", "--from", "2026-02-13T16:00+07:00"]


def hotline(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hotline", *words]
    root = str(PACKS.parent)
    environment = {"PYTHONPATH": root, "PYTHONUTF8": "1", "PATH": ""}
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, check=False, timeout=60)


def test_the_due_moment_comes_first_then_why() -> None:
    run = hotline(*TET)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == (
        "2026-02-23T16:00:00+07:00\n"
        "Hạn: 16:00 thứ Hai, 23/02/2026\n"
        "Thời hạn: 8 giờ làm việc, nhận lúc 16:00 thứ Sáu, 13/02/2026\n"
        "- thứ Sáu, 13/02/2026: 16:00–17:00 = 1 giờ (cộng dồn 1 giờ)\n"
        "- thứ Bảy, 14/02 – Chủ Nhật, 22/02/2026: Nghỉ Tết Nguyên đán Bính Ngọ, 9 ngày không tính\n"
        "- thứ Hai, 23/02/2026: 07:00–11:30, 13:30–16:00 = 7 giờ (cộng dồn 8 giờ)\n"
    )


def test_reading_only_the_first_line_is_no_error() -> None:
    """`hotline deadline … | head -1`, the reader gone before the rest is written."""
    command = [sys.executable, "-u", "-m", "hotline", *TET]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=PACKS.parent) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        assert run.stderr.read() == b""
    assert run.returncode == 0


def test_in_english_from_another_folder_and_by_path(tmp_path: Path) -> None:
    words = ["--pack", str(PACKS / "quang-nam"), "--lang", "en", "--edition", "1519"]
    run = hotline("deadline", *words, *TET[3:], cwd=tmp_path)
    assert run.stdout.splitlines()[:2] == ["2026-02-23T16:00:00+07:00", "Due: 16:00 Monday, 23/02/2026"]


DUE = [
    ("head", "2026-03-02T07:00+07:00", "2026-03-09T17:00:00+07:00", "48 working hours are six working days"),
    ("verification", "2026-03-02T07:00+07:00", "2026-03-04T17:00:00+07:00", "24 working hours are three"),
    ("focal_person", "2024-05-03T16:00+07:00", "2024-05-04T16:00:00+07:00", "a make-up Saturday is worked"),
    ("focal_person", "2026-03-01T19:00Z", "2026-03-02T17:00:00+07:00", "two in the morning, given in another zone"),
    ("reply", "2026-12-30T09:00+07:00", "2027-01-14T17:00:00+07:00", "the next year's holidays are known too"),
]


@pytest.mark.parametrize(("clock", "start", "due", "why"), DUE)
def test_due(clock: str, start: str, due: str, why: str) -> None:
    run = hotline("deadline", "--pack", "quang-nam", "--clock", clock, "--from", start)
    assert run.stdout.splitlines()[0] == due, why


WRONG = [
    (["--pack", "no-such-pack", *TET[3:]], "no-such-pack"),
    ([*TET[1:3], "--clock", "lunch", *TET[5:]], "không có đồng hồ “lunch”"),
    ([*TET[1:5], "--from", "2026-02-13T16:00"], "thiếu múi giờ"),
    ([*TET[1:5], "--from", "yesterday"], "không phải là thời điểm ISO"),
    ([*TET[1:5], "--from", "2019-01-02T08:00+07:00"], "có hiệu lực ngày 02/01/2019"),
    ([*TET[1:5], "--from", "9999-12-31T08:00+07:00"], "9999"),
    ([*TET[1:], "--edition", "587"], "mã “587”"),
    ([*TET[1:], "--calendar", "hue"], "không có lịch “hue”"),
    ([*TET[1:], "--lang", "fr"], "--lang"),
    (["--pack", "quang-nam"], "--clock"),
]


@pytest.mark.parametrize(("words", "reason"), WRONG)
def test_wrong_input_is_one_sentence_and_status_2(words: list[str], reason: str) -> None:
    run = hotline("deadline", *words)
    assert (run.returncode, run.stdout) == (2, "")
    assert reason in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_pack_check_says_what_it_found_or_what_is_wrong(tmp_path: Path) -> None:
    run = hotline("pack", "check", "quang-nam")
    assert run.returncode == 0
    assert "1519/QĐ-UBND · 04/06/2021" in run.stdout
    (tmp_path / "pack.toml").write_text('kye = "x"', encoding="utf-8")
    run = hotline("pack", "check", str(tmp_path), "--lang", "en")
    assert run.returncode == 2
    assert "pack.toml: kye: unknown key" in run.stderr
    assert "calendar.toml: this file is missing" in run.stderr


def test_the_lifecycle_page_is_written(tmp_path: Path) -> None:
    assert hotline("lifecycle-doc", str(tmp_path / "page.md")).returncode == 0
    assert "stateDiagram-v2" in (tmp_path / "page.md").read_text(encoding="utf-8")
