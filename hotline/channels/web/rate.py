"""So many reports an hour from one address of the network and from one telephone number, counted over all processes.

A table and one statement rather than Django's database cache: that one counts its whole table at every write and adds in
two steps, so eight processes together would count too little.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from hotline.channels.web.models import Tally
from hotline.refusals import Refused
from hotline.regulation.labels import Label

PHONES_SHARE = 6  # one telephone may send a sixth of what one network address may: offices and mobile networks share one
LOOK_UPS_A_CODE = 20  # an hour: whoever knows a code does not get to try telephone numbers against it


class TooMany(Refused):
    """Too many in this hour; the door answers 429."""


TOO_MANY_REPORTS = Label(
    "Ông/Bà đã gửi nhiều phản ánh trong một giờ. Nội dung này chưa được lưu; vui lòng gửi lại sau, hoặc gọi tổng đài nếu việc"
    " khẩn cấp.",
    "Too many reports were sent within one hour. This one was not saved; please send it again later, or call the hotline if it"
    " is urgent.",
)
TOO_MANY_LOOK_UPS = Label(
    "Đã tra cứu quá nhiều lần trong một giờ. Vui lòng thử lại sau, hoặc dùng đường dẫn riêng trong thư, tin nhắn đã gửi.",
    "Too many look-ups within one hour. Please try again later, or use the private link in the letter you were sent.",
)


def count(ip: str, phone: str, now: datetime) -> None:
    """Count one report. Raises TooMany when either has had its share of this hour (HOTLINE_REPORTS_PER_HOUR; 0: no limit)."""
    limit = settings.REPORTS_PER_HOUR
    limits = {("ip", ip): limit}
    if phone:
        limits["phone", phone] = max(1, limit // PHONES_SHARE)
    _count(limits, now, TOO_MANY_REPORTS)


def count_look_up(ip: str, code: str, now: datetime) -> None:
    """Count one try to open a case by its code. Raises TooMany."""
    limits = {("look-up ip", ip): settings.REPORTS_PER_HOUR, ("look-up code", code.strip().upper()): LOOK_UPS_A_CODE}
    _count(limits, now, TOO_MANY_LOOK_UPS)


def _count(limits: dict[tuple[str, str], int], now: datetime, sentence: Label) -> None:
    if settings.REPORTS_PER_HOUR <= 0:
        return
    most = {_digest(kind, value): limit for (kind, value), limit in limits.items()}
    hour = int(now.timestamp()) // 3600
    with connection.cursor() as cursor:
        # Always in the same order of senders: two requests that count the same two never wait for each other in a ring.
        cursor.execute(
            f"INSERT INTO {Tally._meta.db_table} AS t (sender, hour, reports)"
            f" VALUES {', '.join(['(%s, %s, 1)'] * len(most))}"
            " ON CONFLICT (sender, hour) DO UPDATE SET reports = t.reports + 1 RETURNING sender, reports",
            [part for sender in sorted(most) for part in (sender, hour)],
        )
        counted = dict(cursor.fetchall())
    if any(reports == 1 for reports in counted.values()):
        Tally.objects.filter(hour__lt=hour - 1).delete()
    if any(reports > most[sender] for sender, reports in counted.items()):
        raise TooMany(sentence, retry=True)


def _digest(kind: str, value: str) -> str:
    return salted_hmac(f"rate.{kind}", value, algorithm="sha256").hexdigest()[:40]
