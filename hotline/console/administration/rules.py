"""The administrator's pages, the pure part: cursors, passwords, devices, the year of a calendar, an edition in words."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from calendar import monthcalendar
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hotline.regulation.edition import Edition
from hotline.regulation.labels import Label
from hotline.regulation.triggers import trigger_words
from hotline.regulation.working_time import WorkCalendar

_BROWSERS = (
    ("Edg/", "Edge"),
    ("CocCoc/", "Cốc Cốc"),
    ("coc_coc", "Cốc Cốc"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def device(user_agent: str) -> str:
    """ "Chrome · Windows": what a person recognises of a browser's long name; its beginning when nothing is known."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return " · ".join(filter(None, (browser, system))) or user_agent[:60] or "?"


_LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"  # no letter that is taken for a digit, over the telephone or on paper


def password_words(below: Callable[[int], int]) -> str:
    """ "kmtq-7xvh-p3ne-w9rd": sixteen legible signs, 79 bits. `below(n)` draws a number from 0 to n - 1."""
    signs = [_LEGIBLE[below(len(_LEGIBLE))] for _ in range(16)]
    return "-".join("".join(signs[n : n + 4]) for n in range(0, 16, 4))


def cursor_of(*key: str | int) -> str:
    """Where a page of a list ended, as one word for an address."""
    return urlsafe_b64encode(json.dumps(key, ensure_ascii=False).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[str, int] | None:
    """The name and id of a cursor; None for none, or for something somebody made up: the list begins at its start."""
    try:
        name, pk = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError):
        return None
    return (name, pk) if isinstance(name, str) and isinstance(pk, int) and 0 <= pk < 2**63 else None


# -- the year of a calendar ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the year's picture. `kind`: "" worked by the week, idle (weekly day off), off, tet or made (make-up day);
    `why` is said where the day departs from its week."""

    date: date
    kind: str
    why: Label | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks of seven, Monday first; None where another month has the day."""

    number: int
    weeks: tuple[tuple[Day | None, ...], ...]


def months_of(year: int, calendar: WorkCalendar) -> list[Month]:
    """The twelve months of a year on a calendar."""
    return [
        Month(
            month,
            tuple(
                tuple(day_of(date(year, month, n), calendar) if n else None for n in week)
                for week in monthcalendar(year, month)
            ),
        )
        for month in range(1, 13)
    ]


def day_of(day: date, calendar: WorkCalendar) -> Day:
    """How a calendar has one day."""
    exception = calendar.exceptions.get(day)
    if exception is None:
        return Day(day, "" if calendar.weekly[day.weekday()] else "idle")
    kind = "made" if exception.kind == "working" else "tet" if exception.tet else "off"
    return Day(day, kind, exception.reason)


# -- an edition in words -------------------------------------------------------------------------------------------------


def trigger(edition: Edition, name: str) -> Label:
    """What moves a clock: a step, another clock running out, a mode that is set, a level that is reached."""
    return trigger_words(edition, name)


def triggers(edition: Edition, names: Iterable[str]) -> Label:
    """Several of them in one phrase, steps of one name once."""
    said = list(dict.fromkeys(trigger(edition, name) for name in names))
    return Label("; ".join(label.vi for label in said), "; ".join(label.en for label in said))


# -- the journal of reference data ---------------------------------------------------------------------------------------

REFERENCE_SUBJECTS = (
    "person", "agency", "area", "reorganisation", "field", "route", "mailbox", "calendar", "edition", "hotline", "pack",
    "knowledge", "expert", "template",
)  # fmt: skip
REFERENCE_ACTS: dict[str, Label] = {
    "person.created": Label("Tạo tài khoản", "Account created"),
    "person.changed": Label("Sửa thông tin cán bộ", "Person changed"),
    "person.password_set": Label("Đặt lại mật khẩu", "Password reset"),
    "person.password_chosen": Label("Tự đổi mật khẩu", "Own password changed"),
    "person.factors_removed": Label("Gỡ xác thực hai lớp", "Second factor removed"),
    "person.deactivated": Label("Khóa tài khoản", "Account closed"),
    "person.reactivated": Label("Mở lại tài khoản", "Account opened again"),
    "person.session_revoked": Label("Đăng xuất một phiên", "Session ended"),
    "person.sessions_revoked": Label("Đăng xuất các phiên", "Sessions ended"),
    "post.given": Label("Giao vai trò", "Post given"),
    "post.ended": Label("Kết thúc vai trò", "Post ended"),
    "agency.created": Label("Thêm cơ quan", "Agency added"),
    "agency.renamed": Label("Đổi tên cơ quan", "Agency renamed"),
    "agency.moved": Label("Chuyển cơ quan chủ quản", "Agency moved"),
    "agency.closed": Label("Giải thể, sáp nhập cơ quan", "Agency closed"),
    "agency.calendar_set": Label("Chọn lịch cho cơ quan", "Agency's calendar chosen"),
    "field.added": Label("Thêm lĩnh vực", "Field added"),
    "field.changed": Label("Sửa lĩnh vực", "Field changed"),
    "route.added": Label("Thêm dòng phân công", "Route added"),
    "route.changed": Label("Sửa dòng phân công", "Route changed"),
    "route.removed": Label("Xóa dòng phân công", "Route removed"),
    "mailbox.added": Label("Thêm hộp thư", "Mailbox added"),
    "mailbox.changed": Label("Sửa hộp thư", "Mailbox changed"),
    "calendar.seeded": Label("Nạp lịch từ gói", "Calendar seeded"),
    "calendar.made": Label("Thêm lịch", "Calendar added"),
    "calendar.changed": Label("Sửa lịch", "Calendar changed"),
    "calendar.recalculated": Label("Tính lại thời hạn theo lịch đã sửa", "Due moments recalculated on the calendar"),
    "edition.loaded": Label("Nạp quy chế", "Edition loaded"),
    "edition.changed": Label("Sửa quy chế", "Edition changed"),
    "template.loaded": Label("Nạp mẫu văn bản", "Template loaded"),
    "template.changed": Label("Sửa mẫu văn bản", "Template changed"),
    "pack.loaded": Label("Nạp gói tỉnh", "Pack loaded"),
    "knowledge.loaded": Label("Nạp mục hỏi – đáp từ gói", "Entry loaded from the pack"),
    "knowledge.written": Label("Thêm mục hỏi – đáp", "Entry written"),
    "knowledge.changed": Label("Sửa mục hỏi – đáp", "Entry changed"),
    "expert.added": Label("Thêm chuyên gia", "Expert added"),
    "expert.changed": Label("Sửa thông tin chuyên gia", "Expert changed"),
    "expert.rostered": Label("Xếp ca trực", "Shift put on the rota"),
    "expert.off_rota": Label("Bỏ ca trực", "Shift taken off the rota"),
    "hotline.exported": Label("Xuất tổng đài ra tệp", "Hotline exported"),
    "hotline.absorbed": Label("Tiếp nhận tổng đài từ hệ thống khác", "Hotline absorbed"),
    "hotline.followed": Label("Tổng đài theo cơ quan kế thừa", "Hotline follows the successor"),
    "agency.succeeded": Label("Bàn giao cho cơ quan kế thừa", "Handed over to the successor"),
    "area.created": Label("Thêm địa bàn", "Area added"),
    "area.renamed": Label("Đổi tên địa bàn", "Area renamed"),
    "area.succeeded": Label("Sáp nhập, chia tách địa bàn", "Area merged or split"),
    "reorganisation.recorded": Label("Ghi nhận quyết định sắp xếp", "Reorganisation recorded"),
    "reorganisation.changed": Label("Sửa quyết định sắp xếp chưa áp dụng", "Pending reorganisation changed"),
    "reorganisation.applied": Label("Áp dụng quyết định sắp xếp", "Reorganisation applied"),
    "reorganisation.refused": Label("Chưa áp dụng được quyết định sắp xếp", "Reorganisation could not be applied"),
}


def plain_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What an act on reference data changed: (column, before, after), as it stands in the journal."""
    names = list(dict.fromkeys((*before, *after)))
    pairs = ((name, _plain(before.get(name)), _plain(after.get(name))) for name in names)
    return [(name, old, new) for name, old, new in pairs if old != new]


def _plain(value: Any) -> str:
    if value is None or value == "" or value == []:
        return "—"
    if isinstance(value, list | dict):
        text = json.dumps(value, ensure_ascii=False)
        return text if len(text) <= 160 else f"{text[:160]}…"
    return str(value)
