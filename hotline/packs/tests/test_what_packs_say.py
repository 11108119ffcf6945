"""Each pack against the words of its source: the sentence stands beside the value, and the value is what it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from hotline.regulation.cli import deadline
from hotline.regulation.edition import Edition
from hotline.regulation.edition_document import document
from hotline.regulation.edition_reading import read_edition
from hotline.regulation.limits import CalendarDays, Minutes, WorkingDays, WorkingHours, due
from hotline.regulation.pack import Pack, read_pack
from hotline.regulation.responsibilities import Part

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PACKS = ["dong-thap", "hai-phong", "hai-phong-2022", "quang-nam", "tp-hcm"]
FRIDAY_BEFORE_TET = datetime(2026, 2, 13, 16, 0, tzinfo=ZONE)


@cache
def pack(key: str) -> Pack:
    return read_pack(key, years=range(2022, 2023) if key == "hai-phong-2022" else range(2026, 2027))


def edition(key: str) -> Edition:
    found = pack(key).edition()
    assert found is not None
    return found


@cache
def written(key: str) -> str:
    """What stands in the files of a pack, comments' line breaks taken out."""
    files = [p for p in sorted((settings.PACKS / key).rglob("*")) if p.suffix in {".toml", ".csv"} and "demo" not in p.parts]
    return re.sub(r"\s+", " ", "\n".join(re.sub(r"(?m)^\s*#", " ", p.read_text("utf-8")) for p in files))


def levels(key: str) -> list[str]:
    return [level.role for level in edition(key).levels]


def owed(key: str, mode: int) -> list[str]:
    """The kinds of what a response mode owes."""
    found = edition(key)
    [chosen] = [m for m in found.modes if m.number == mode]
    return [str(o.kind) for o in found.obligations if o.key in chosen.owes]


SAID: list[tuple[str, str, Callable[[], Any], Any]] = [
    # pack, the sentence of the source, what the pack makes of it, what that must be
    ("quang-nam", "không quá 8 giờ làm việc, kể từ thời điểm nhận được nội dung chuyển đến từ Tổng đài viên",
     lambda: edition("quang-nam").clock("focal_person").limit, WorkingHours(8)),
    ("quang-nam", "không quá 48 giờ làm việc", lambda: edition("quang-nam").clock("head").limit, WorkingHours(48)),
    ("quang-nam", "thời gian xác minh, kiểm tra không quá 24 giờ làm việc",
     lambda: edition("quang-nam").clock("verification").limit, WorkingHours(24)),
    ("quang-nam", "số lần hẹn không quá 1 lần", lambda: edition("quang-nam").reschedule.most, 1),
    ("quang-nam", "yêu cầu, thắc mắc, góp ý, phản ánh, kiến nghị", lambda: len(edition("quang-nam").kinds), 5),
    ("quang-nam", "gọi số cố định nhấn 1022, gọi số di động nhấn 0235.1022",
     lambda: [n for n, _ in pack("quang-nam").hotlines[0].numbers], ["1022", "0235.1022"]),
    ("quang-nam", "kênh zalo official account (1022 Quảng Nam)", lambda: pack("quang-nam").hotlines[0].links["zalo"],
     "1022 Quảng Nam"),
    ("quang-nam", "thông tin, dữ liệu từ IOC Quảng Nam", lambda: pack("quang-nam").hotlines[0].links["ioc"],
     "IOC Quảng Nam"),

    ("dong-thap", "Quy trình tiếp nhận thông tin 04 cấp độ gồm: Cấp độ 1 (tổng đài viên), cấp độ 2 (sở, ban, ngành), cấp độ 3 "
     "(lãnh đạo sở, ban, ngành), cấp độ 4 (lãnh đạo tỉnh)", lambda: levels("dong-thap"),
     ["call_taker", "focal_person", "head", "leader"]),
    ("dong-thap", "sẽ chính thức hoạt động từ ngày 01/01/2020", lambda: edition("dong-thap").valid_from, date(2020, 1, 1)),
    ("dong-thap", "gửi thư điện tử, livechat, gửi tin nhắn qua ứng dụng Zalo, Facebook theo cùng địa chỉ 1022 Đồng Tháp",
     lambda: set(pack("dong-thap").hotlines[0].links.values()), {"1022 Đồng Tháp"}),
    ("dong-thap", "yêu cầu, phản ánh, kiến nghị", lambda: {"request", "report", "petition"} <= set(edition("dong-thap").kinds),
     True),

    ("tp-hcm", "Cấp độ 1: điện thoại viên trực tiếp hướng dẫn ngay khi tiếp nhận thông tin", lambda: owed("tp-hcm", 1), []),
    ("tp-hcm", "Cấp độ 2: trực tiếp chuyển thông tin đến thủ trưởng các đơn vị có liên quan để xử lý kịp thời và phản hồi "
     "ngay cho người dân; đồng thời tiếp tục phản hồi cho người phản ánh thông tin khi nhận được kết quả giải quyết",
     lambda: owed("tp-hcm", 2), ["interim_reply", "final_reply"]),
    ("tp-hcm", "Cấp độ 3: tham mưu văn bản báo cáo lãnh đạo TP xin ý kiến về chuyển nội dung phản ánh đến các cơ quan có liên "
     "quan để phối hợp xử lý và phản hồi ngay cho người phản ánh; đồng thời tiếp tục phản hồi cho người dân",
     lambda: sorted(owed("tp-hcm", 3)), ["final_reply", "interim_reply", "leaders_report"]),
    ("tp-hcm", "tổ chức tiếp xúc, đối thoại với tổ chức, công dân đã đăng ký", lambda: owed("tp-hcm", 4), ["dialogue"]),
    ("tp-hcm", "đồng thời tham mưu thư cảm ơn đối với các tổ chức, công dân đã góp ý, hiến kế", lambda: owed("tp-hcm", 5),
     ["synthesis", "thank_you_letter"]),
    ("tp-hcm", "điện thoại viên sẽ phân loại thông tin theo 2 lĩnh vực cơ bản xây dựng Đảng và quản lý Nhà nước",
     lambda: {d.key: d.supervisor for d in pack("tp-hcm").domains}, {"state": "office", "party": "party_office"}),
    ("tp-hcm", "Ủy ban Kiểm tra Thành ủy sẽ kiểm tra, giám sát việc xử lý thông tin tiếp nhận của Văn phòng UBND TP và Văn phòng "
     "Thành ủy TP", lambda: pack("tp-hcm").across, ("inspection_commission",)),
    ("tp-hcm", "vẫn giữ số điện thoại 0888.247.247 là đường dây nóng của Thành ủy",
     lambda: [n for n, _ in pack("tp-hcm").hotline("0888-247-247").numbers], ["0888.247.247"]),
    ("tp-hcm", "cuộc gọi hoặc tin nhắn sẽ tự động chuyển đến hệ thống tổng đài 1022",
     lambda: {h.desk for h in pack("tp-hcm").hotlines}, {"hotline_1022"}),
    ("tp-hcm", "trong 5 phút thông tin phải được chuyển đến các đơn vị", lambda: edition("tp-hcm").clock("forward").limit,
     Minutes(5)),
    ("tp-hcm", "trong vòng 5 ngày", lambda: edition("tp-hcm").clock("unit").limit, WorkingDays(5)),
    ("tp-hcm", "phải báo cáo tiến độ, kèm hình ảnh và thời gian cam kết",
     lambda: [(o.starts_on, o.needs_photo, o.needs_date) for o in edition("tp-hcm").obligations if o.kind == "progress_report"],
     [(("expire:unit",), True, True)]),
    ("tp-hcm", "từ 12:00 ngày 25 đến 12:00 ngày 25",
     lambda: (edition("tp-hcm").reporting.from_day, edition("tp-hcm").reporting.at), (25, time(12))),
    ("tp-hcm", "hệ thống tổng đài 1022 (hiện do Tổng Công ty Điện lực TP quản lý",
     lambda: "hotline_1022,public_service_unit,Tổng đài 1022 Thành phố Hồ Chí Minh,Tổng đài 1022,power_corporation"
     in written("tp-hcm"), True),

    ("hai-phong-2022", "vận hành thử nghiệm từ ngày 21/1 đến 31/3/2022",
     lambda: (edition("hai-phong-2022").valid_from, edition("hai-phong-2022").valid_to), (date(2022, 1, 21), date(2022, 3, 31))),
    ("hai-phong-2022", "kênh tiếp nhận, giải quyết các kiến nghị về công tác phòng, chống dịch bệnh COVID-19",
     lambda: edition("hai-phong-2022").scope.fields, ("covid",)),
    ("hai-phong-2022", "bộ phận Thường trực kết nối đến đội ngũ bác sĩ đồng hành",
     lambda: edition("hai-phong-2022").experts and edition("hai-phong-2022").experts.standing, "standing_unit"),
    ("hai-phong-2022", "đầu số điện thoại 0225.1022, hoạt động 24h/7 ngày trong tuần",
     lambda: [n for n, _ in pack("hai-phong-2022").hotlines[0].numbers], ["0225.1022"]),
    ("hai-phong-2022", "trên cơ sở bộ câu hỏi và trả lời của các Sở, ban, ngành, địa phương",
     lambda: len(list((settings.PACKS / "hai-phong-2022" / "knowledge").glob("*.toml"))) >= 3, True),

    ("hai-phong", "Quy chế ban hành kèm theo Quyết định số 587/QĐ-UBND ngày 05/3/2024",
     lambda: (edition("hai-phong").decision, edition("hai-phong").issued_on), ("587/QĐ-UBND", date(2024, 3, 5))),
    ("hai-phong", "Viễn thông Hải Phòng (VNPT Hải Phòng), đơn vị cho thuê dịch vụ công nghệ thông tin Tổng đài 1022",
     lambda: edition("hai-phong").responsibilities[0].parts["lessor"], Part.LEADS),
    ("hai-phong", "phối hợp với Văn phòng UBND thành phố tổ chức thực hiện", lambda: pack("hai-phong").hotlines[0].coordinator,
     "office"),
    ("hai-phong", "Các cơ quan thông tấn, báo chí, các doanh nghiệp viễn thông thực hiện truyền thông rộng rãi",
     lambda: [set(r.parts) for r in edition("hai-phong").responsibilities if "press" in r.parts], [{"press", "telecoms"}]),
]


@pytest.mark.parametrize(("key", "sentence", "asked", "wanted"), SAID, ids=[f"{k}: {s[:50]}" for k, s, _, _ in SAID])
def test_the_value_is_what_the_sentence_says(key: str, sentence: str, asked: Callable[[], Any], wanted: Any) -> None:
    assert sentence in written(key), "the sentence of the source stands in the pack"
    assert asked() == wanted


@pytest.mark.parametrize("key", PACKS)
def test_what_is_assumed_is_said(key: str) -> None:
    """Every clock cites something, and what says “Giả định” is listed for the public page too."""
    found = edition(key)
    assert all(rule.article for rule in (*found.clocks, *found.obligation_clocks()))
    assert found.sources and found.assumptions
    assumed = [label.vi for label in found.assumptions]
    for rule in found.clocks:
        number = re.search(r"\d+", rule.limit.label.vi)
        if rule.article.startswith("Giả định") and number:
            assert any(re.search(rf"\b0?{number[0]}\b", sentence) for sentence in assumed), f"{rule.key} is not listed"


@pytest.mark.parametrize("key", PACKS)
def test_editions_read_back_equal(key: str) -> None:
    found = edition(key)
    assert read_edition(document(found), "again") == found


@pytest.mark.parametrize("key", PACKS)
def test_every_clock_has_its_deadline_on_the_command_line(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`hotline deadline --pack … --clock …`, in process, for every clock and obligation the pack has."""
    start = datetime(2022, 2, 18, 16, 0, tzinfo=ZONE) if key == "hai-phong-2022" else datetime(2026, 3, 13, 16, 0, tzinfo=ZONE)
    found = edition(key)
    for rule in (*found.clocks, *found.obligation_clocks()):
        assert deadline(["--pack", key, "--clock", rule.key, "--from", start.isoformat()]) == 0, rule.key
        first = datetime.fromisoformat(capsys.readouterr().out.splitlines()[0])
        assert first == due(rule.limit, start, pack(key).calendar_of(found)) > start


TRAPS = [  # pack, clock, sent, due, why
    ("quang-nam", "head", datetime(2026, 3, 2, 8, 0, tzinfo=ZONE), datetime(2026, 3, 10, 8, 0, tzinfo=ZONE),
     "48 working hours are six working days, not two: Monday 8:00 to Tuesday 8:00 of the week after"),
    ("quang-nam", "focal_person", datetime(2026, 2, 13, 17, 30, tzinfo=ZONE), datetime(2026, 2, 23, 17, 0, tzinfo=ZONE),
     "sent 17:30 on the Friday before Tết: the eight hours are the first day after it"),
    ("quang-nam", "focal_person", datetime(2026, 8, 22, 8, 0, tzinfo=ZONE), datetime(2026, 8, 24, 8, 0, tzinfo=ZONE),
     "sent on a make-up Saturday at 8: seven hours that day, one on Monday"),
    ("quang-nam", "focal_person", datetime(2026, 3, 11, 2, 0, tzinfo=ZONE), datetime(2026, 3, 11, 17, 0, tzinfo=ZONE),
     "received at two at night: the day that follows"),
    ("tp-hcm", "forward", datetime(2026, 2, 17, 2, 0, tzinfo=ZONE), datetime(2026, 2, 17, 2, 5, tzinfo=ZONE),
     "five minutes are five minutes, on New Year's night too"),
    ("tp-hcm", "unit", datetime(2026, 2, 12, 9, 0, tzinfo=ZONE), datetime(2026, 2, 26, 17, 0, tzinfo=ZONE),
     "five working days over Tết: Friday, then Monday to Thursday"),
    ("dong-thap", "department", datetime(2026, 3, 2, 9, 0, tzinfo=ZONE), datetime(2026, 3, 9, 17, 0, tzinfo=ZONE),
     "five working days counted from the day after"),
]


@pytest.mark.parametrize(("key", "clock", "sent", "wanted", "why"), TRAPS, ids=[t[4][:60] for t in TRAPS])
def test_traps(key: str, clock: str, sent: datetime, wanted: datetime, why: str) -> None:
    found = edition(key)
    assert due(found.clock(clock).limit, sent, pack(key).calendar_of(found)) == wanted, why


def test_the_pilot_takes_nothing_outside_its_days() -> None:
    found = pack("hai-phong-2022")
    assert found.edition(on=date(2022, 1, 20)) is None and found.edition(on=date(2022, 4, 1)) is None
    assert found.edition(on=date(2022, 1, 21)) is found.edition(on=date(2022, 3, 31)) is not None
    assert found.demo_as_of is not None and found.edition(on=found.demo_as_of.date()) is not None


def test_figures_that_are_only_assumed_do_not_make_a_case_late() -> None:
    found = edition("tp-hcm")
    unmarked = {o.key for o in found.obligations if not o.marks_late}
    assert unmarked == {"reply_now", "leaders_report", "dialogue", "synthesis", "thank_you_letter"}
    assert isinstance({o.key: o for o in found.obligations}["synthesis"].limit, CalendarDays)
