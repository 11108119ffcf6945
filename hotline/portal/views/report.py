"""A report is sent, and its receipt."""

from __future__ import annotations

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hotline.channels.web.inbound import submit
from hotline.channels.web.rate import TooMany
from hotline.hotlines.models import Hotline
from hotline.hotlines.queries import Closed, default_hotline_id, edition_remembered, hotline_id_of, regulation_of
from hotline.organisation.queries import areas_served
from hotline.portal.doors import address_of, page, private, say, status_of, takes_photos
from hotline.portal.forms import PortalReportForm
from hotline.portal.queries import own
from hotline.portal.views.home import promised
from hotline.refusals import Refused
from hotline.regulation.edition import Edition


@takes_photos
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: the report is received and the browser sent on to its receipt, which may be reloaded."""
    now = timezone.now()
    try:
        named = request.POST.get("hotline") or request.GET.get("hotline", "")
        row = edition_remembered(hotline_id_of(named) if named else default_hotline_id(), timezone.localdate(now))
    except Closed as closed:
        return page(request, "closed.html", {"closed": say(closed)}, 200 if request.method != "POST" else 422)
    hotline, edition = row.hotline, regulation_of(row)
    if request.method != "POST":
        return _page(request, PortalReportForm(hotline=hotline, edition=edition), hotline, edition)
    form = PortalReportForm(request.POST, request.FILES, hotline=hotline, edition=edition)
    status = 422
    if form.is_valid():
        try:
            received = submit(form, address_of(request), now)
        except TooMany as error:
            form.add_error(None, say(error))
            status = 429
        except Refused as error:
            form.add_error(None, say(error))
            status = status_of(error)
        else:
            assert received.conversation is not None, "a report always makes a conversation"
            token = own.receipt_token(received.conversation, received.case)
            return HttpResponseRedirect(reverse("portal:receipt", args=[token]), status=303)
    if request.FILES:
        # A browser never gives files back to a form: the words are kept, the photos have to be chosen again.
        form.photos_again = _("Vui lòng chọn lại ảnh: trình duyệt không giữ ảnh khi biểu mẫu phải sửa.")
    return _page(request, form, hotline, edition, status)


@private
@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """GET: code, secret link and QR of what was sent; may be printed and opened again."""
    found = own.receipt_of(token)
    if found is None:
        raise Http404
    conversation, case = found
    if case is not None and case.token != token:  # the desk has made a case of it meanwhile
        return HttpResponseRedirect(reverse("portal:case", args=[case.token]))
    path = reverse("portal:case", args=[case.token]) if case else request.path
    link = settings.SITE_URL + path
    context = {
        "case": case, "conversation": conversation, "link": link, "path": path, "qr": qr(link),
        "own": own.own(case, timezone.now()) if case else None,
        "code": case.code if case else conversation.ref, "mailed": conversation.reporter_email,
    }  # fmt: skip
    return page(request, "receipt.html", context)


def qr(text: str) -> SafeString:
    """The text as a QR code, drawn in the page itself: no second request, nothing for a printer to lose."""
    return mark_safe(segno.make_qr(text, error="m").svg_inline(scale=4, border=2))  # our own drawing of our own address


def _page(
    request: HttpRequest, form: PortalReportForm, hotline: Hotline, edition: Edition, status: int = 200
) -> HttpResponse:
    areas = [area for area in areas_served() if area.lat is not None and area.lon is not None]
    middle = (sum(a.lat or 0 for a in areas) / len(areas), sum(a.lon or 0 for a in areas) / len(areas)) if areas else (0, 0)
    context = {
        "form": form, "hotline": hotline, "promise": promised(edition), "middle": middle,
        "places": [[area.name, round(area.lat or 0, 4), round(area.lon or 0, 4)] for area in areas],
    }  # fmt: skip
    return page(request, "report.html", context, status)
