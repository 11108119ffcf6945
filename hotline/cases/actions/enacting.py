"""A new decision: an edition that takes effect on a day. What was received before that day keeps the edition it has."""

from __future__ import annotations

from datetime import datetime, time

from django.db import transaction
from django.utils import timezone

from hotline.cases.models import Case
from hotline.hotlines.actions import load_edition
from hotline.hotlines.models import Edition, Hotline
from hotline.journal.rules import Actor
from hotline.refusals import Refused
from hotline.regulation import edition as regulation
from hotline.regulation.labels import Label


@transaction.atomic
def enact(hotline: Hotline, edition: regulation.Edition, *, actor: Actor, now: datetime) -> Edition:
    """Enter an edition, or correct one that no case uses; the one before it ends the day before.

    Raises Refused when a day would have two editions or none, when cases use what would be changed, and when reports were
    received already, under another edition, on a day on which this one is to be in force: what they were promised stands.
    """
    begins = timezone.make_aware(datetime.combine(edition.valid_from, time()))
    late = Case.objects.filter(hotline=hotline, received_at__gte=begins).exclude(edition__key=edition.key)
    if edition.valid_to:
        late = late.filter(received_at__lt=timezone.make_aware(datetime.combine(edition.valid_to, time.max)))
    latest = late.order_by("-received_at").values_list("received_at", flat=True).first()
    if latest is not None:
        day = timezone.localdate(latest)
        raise Refused(
            Label(
                f"Đã có phiếu tiếp nhận đến ngày {day:%d/%m/%Y} theo quy chế khác; quy chế mới có hiệu lực sớm nhất từ ngày "
                "hôm sau.",
                f"Cases were received up to {day:%d/%m/%Y} under another edition; the new one can take effect from the day "
                "after at the earliest.",
            )
        )
    row = Edition.objects.filter(hotline=hotline, key=edition.key).first()
    in_use = row is not None and Case.objects.filter(edition=row).exists()
    return load_edition(hotline, edition, in_use=in_use, actor=actor, now=now)
