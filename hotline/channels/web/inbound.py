"""A report from the portal's form, on its way to the intake."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hotline.channels.web.forms import ReportForm
from hotline.channels.web.rate import TooMany, count
from hotline.conversations.queries import same_message
from hotline.intake.actions import Received, report
from hotline.intake.actions.reporting import CHANNEL, SOURCE


def submit(form: ReportForm, ip: str, now: datetime) -> Received:
    """Receive a valid form (photos included). Sent twice it is one report: the first receipt comes back.

    A commune not chosen is found from the point or the words of the place. Raises TooMany (429), Refused (422).
    """
    given = form.report()
    try:
        count(ip, given.phone, now)
    except TooMany:
        if same_message(CHANNEL, SOURCE, given.submission) is None:
            raise
    if given.area_id is None and form.guess is not None:
        given = replace(given, area_id=form.guess.area)
    return report(given, now)
