"""`hotline export-hotline` and `hotline absorb`: what they print, and what they say to bad input."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hotline.relocation.command import absorb, export_hotline
from hotline.testing.cast import Cast


def test_out_and_not_in_again(cast: Cast, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    file = tmp_path / "tong-dai.zip"
    assert export_hotline(["cast", str(file)]) == 0
    assert "0 phiếu" in capsys.readouterr().out and file.exists()
    assert absorb([str(file), "--dry-run"]) == 2, "it is here already"
    assert "hotlines.Hotline.key: đã có ở đây: cast" in capsys.readouterr().err


def test_bad_input_is_one_clear_sentence_and_a_status(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thu.zip").write_bytes(b"khong phai zip")
    names = tmp_path / "anh-xa.toml"
    names.write_text("[cơ quan]\n", "utf-8")
    for run, arguments, status, words in (
        (export_hotline, ["khong-co", str(tmp_path / "a.zip")], 1, "Không có tổng đài “khong-co” (có: cast)."),
        (export_hotline, ["cast", str(tmp_path / "khong-co" / "a.zip")], 1, "No such file or directory"),
        (absorb, [str(tmp_path / "khong-co.zip")], 2, "No such file or directory"),
        (absorb, [str(tmp_path / "thu.zip")], 2, "không phải tệp do hotline export-hotline xuất ra"),
        (absorb, [str(tmp_path / "thu.zip"), "--mapping", str(names)], 2, "anh-xa.toml: không phải TOML hợp lệ"),
    ):
        assert run(arguments) == status, arguments
        out, err = capsys.readouterr()
        assert words in err and len(err.splitlines()) == 1 and not out, err
