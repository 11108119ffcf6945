"""The limit of passing on (Luật Tố cáo 2018, Điều 24.2), swept from outside the wall.

Nobody steps inside for it: the ordinary role asks the one function the owner left in the wall (migration 0003), which
answers with references and due moments and has no way to answer with more.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from hotline.journal.actions import record as journal
from hotline.journal.rules import SYSTEM

AT_ONCE = 50  # as many as the function claims in one call

_CLAIM = "SELECT ref, hotline_id, forward_due_at, late FROM sealed_watch.claim(%s)"


def remind(now: datetime) -> int:
    """Tell of every record that is due to be passed on soon, or is late, that nobody was told of before. How many.

    The claim and its act are one transaction: killed at any point, the officer is told once. Who was asleep over both
    moments tells of the limit alone.
    """
    told = 0
    while True:
        claimed = _claim(now)
        told += claimed
        if claimed < AT_ONCE:
            return told


@transaction.atomic
def _claim(now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [now])
        claimed = cursor.fetchall()
    for ref, hotline_id, due_at, late in claimed:
        kind = "sealed.overdue" if late else "sealed.due_soon"
        journal(kind, "sealed", hotline_id, SYSTEM, now, after={"ref": ref, "due_at": due_at.isoformat()})
    return len(claimed)
