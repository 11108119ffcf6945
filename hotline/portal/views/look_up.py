"""Code and telephone number open a case."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hotline.channels.web.rate import TooMany, count_look_up
from hotline.portal.doors import address_of, page, private, say
from hotline.portal.forms import LookUpForm
from hotline.portal.queries import own


@private
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: on to the case; a wrong code and a wrong number are answered alike."""
    if request.method != "POST":
        return page(request, "look_up.html", {"form": LookUpForm()})
    form = LookUpForm(request.POST)
    status = 422
    if form.is_valid():
        code, phone = form.cleaned_data["code"], form.cleaned_data["phone"]
        try:
            count_look_up(address_of(request), own.canonical(code), timezone.now())
            token = own.find(code, phone)
        except TooMany as error:
            form.add_error(None, say(error))
            return page(request, "look_up.html", {"form": form}, 429)
        if token is not None:
            name = "portal:receipt" if "~" in token else "portal:case"
            return HttpResponseRedirect(reverse(name, args=[token]), status=303)
        form.add_error(None, _(
            "Không tìm thấy phiếu với mã và số điện thoại này. Xin kiểm tra lại mã ghi trên giấy hẹn, tin nhắn hoặc thư, và số"
            " điện thoại Ông/Bà đã dùng khi gửi."
        ))  # fmt: skip
    return page(request, "look_up.html", {"form": form}, status)
