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


class TooMany(Refused):
    """Too many reports in this hour; the door answers 429."""

    def __init__(self) -> None:
        super().__init__(
            Label(
                "Ông/Bà đã gửi nhiều phản ánh trong một giờ. Nội dung này chưa được lưu; vui lòng gửi lại sau, hoặc gọi tổng"
                " đài nếu việc khẩn cấp.",
                "Too many reports were sent within one hour. This one was not saved; please send it again later, or call the"
                " hotline if it is urgent.",
            ),
            retry=True,
        )


def count(ip: str, phone: str, now: datetime) -> None:
    """Count one report. Raises TooMany when either has had its share of this hour (HOTLINE_REPORTS_PER_HOUR; 0: no limit)."""
    limit = settings.REPORTS_PER_HOUR
    if limit <= 0:
        return
    limits = {_digest("ip", ip): limit}
    if phone:
        limits[_digest("phone", phone)] = max(1, limit // PHONES_SHARE)
    hour = int(now.timestamp()) // 3600
    with connection.cursor() as cursor:
        # Always in the same order of senders: two requests that count the same two never wait for each other in a ring.
        cursor.execute(
            f"INSERT INTO {Tally._meta.db_table} AS t (sender, hour, reports)"
            f" VALUES {', '.join(['(%s, %s, 1)'] * len(limits))}"
            " ON CONFLICT (sender, hour) DO UPDATE SET reports = t.reports + 1 RETURNING sender, reports",
            [part for sender in sorted(limits) for part in (sender, hour)],
        )
        counted = dict(cursor.fetchall())
    if any(reports == 1 for reports in counted.values()):
        Tally.objects.filter(hour__lt=hour - 1).delete()
    if any(reports > limits[sender] for sender, reports in counted.items()):
        raise TooMany


def _digest(kind: str, value: str) -> str:
    return salted_hmac(f"rate.{kind}", value, algorithm="sha256").hexdigest()[:40]
