"""`hotline reorganise`: what it prints, and what it says to bad input."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from hotline.cases.models import Case
from hotline.cases.tests.conftest import Desk
from hotline.reorganisation.command import main
from hotline.reorganisation.models import Reorganisation
from hotline.testing.cast import Cast

DECISION = """number = "12/NQ-HĐND"
title = "Giải thể Sở Xây dựng"
date = 2026-02-10
effective = {effective}
[[changes]]
do = "dissolve"
agency = "so-xay-dung"
successor = "{successor}"
"""


def written(folder: Path, successor: str = "dien-luc", effective: str = "2026-02-23") -> str:
    folder = folder / (successor or "khong-ai")
    folder.mkdir(exist_ok=True)
    path = folder / "quyet-dinh.toml"
    path.write_text(DECISION.format(successor=successor, effective=effective), "utf-8")
    return str(path)


def test_a_dry_run_then_the_real_one_then_nothing(
    cast: Cast, desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held = desk.accepted()
    file = written(tmp_path)
    assert main([file, "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert (
        "Nếu áp dụng (hiệu lực 23/02/2026):" in told
        and "1 phiếu chưa kết thúc, 4 vị trí cán bộ và 1 dòng phân công" in told
    )
    assert "  Sở Xây dựng → Công ty Điện lực: 1 phiếu; 4 vị trí cán bộ, 1 dòng phân công" in told
    assert not Reorganisation.objects.exists() and Case.objects.get(pk=held.pk).agency.key == "so-xay-dung"

    assert main([file, "--lang", "en"]) == 0
    done = capsys.readouterr().out
    assert "Applied:" in done and "  Sở Xây dựng → Công ty Điện lực: 1 cases; 4 posts, 1 routes" in done
    assert Case.objects.get(pk=held.pk).agency.key == "dien-luc"
    assert main([file]) == 0
    assert "không có gì thay đổi" in capsys.readouterr().out


def test_a_day_to_come_is_waited_for(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    later = (timezone.localdate() + timedelta(days=400)).isoformat()
    assert main([written(tmp_path, effective=later)]) == 0
    assert "Đã ghi nhận; sẽ tự áp dụng ngày" in capsys.readouterr().out
    assert Reorganisation.objects.get().applied_at is None


def test_bad_input_is_one_clear_sentence_and_a_status(
    cast: Cast, desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.accepted()
    for arguments, status, words in (
        ([str(tmp_path / "khong-co.toml")], 2, "No such file"),
        ([written(tmp_path, successor="khong-co")], 2, "quyet-dinh.toml: changes.into: không có cơ quan “khong-co”"),
        ([written(tmp_path, successor="")], 1, "Sở Xây dựng còn 1 phiếu đang xử lý"),
    ):
        assert main(arguments) == status
        out, err = capsys.readouterr()
        assert words in err and len(err.splitlines()) == 1 and not out
    with pytest.raises(SystemExit) as wrong:
        main([])
    assert wrong.value.code == 2 and len(capsys.readouterr().err.splitlines()) == 1
    assert not Reorganisation.objects.exists()
