"""Code and telephone number: right opens the case, wrong says the same whatever is wrong."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from hotline.channels.web.rate import LOOK_UPS_A_CODE
from hotline.conversations.models import Conversation
from hotline.portal.tests.conftest import PHONE, filled

URL = "/lookup/"
CODE = "QNM-2026-"


@pytest.mark.parametrize(
    ("code", "phone"),
    [
        ("{code}", "0905123456"), ("{code}", "+84 905 123 456"), ("{code}", "84905123456"), ("{code}", "0905.123.456"),
        (" {code} ", "0905 123 456"), ("{lower}", "0905123456"),
    ],
)  # fmt: skip
def test_however_it_is_written(browser: Client, desk, code: str, phone: str) -> None:
    case = desk.assigned()
    answer = browser.post(URL, {"code": code.format(code=case.code, lower=case.code.lower()), "phone": phone})
    assert (answer.status_code, answer["Location"]) == (303, f"/case/{case.token}/")
    assert answer["Cache-Control"] == "no-store, private" and answer["Referrer-Policy"] == "same-origin"


def test_a_wrong_code_and_a_wrong_number_are_answered_alike(browser: Client, desk) -> None:
    case = desk.assigned()
    wrong = [
        browser.post(URL, {"code": code, "phone": phone})
        for code, phone in [(case.code, "0912345678"), (f"{CODE}999999", "0905123456"), ("LH-2345678", "0905123456")]
    ]
    pages = [re.sub(r'value="[^"]*"', "", a.content.decode()) for a in wrong]
    assert {a.status_code for a in wrong} == {422} and len(set(pages)) == 1
    assert "Không tìm thấy phiếu" in pages[0]


@pytest.mark.parametrize(
    ("code", "phone"), [("", ""), ("x" * 100, "1"), ("' OR 1=1 --", "0905123456"), ("\u0000", "0905123456"), ("%", "_")]
)
def test_nonsense_finds_nothing(browser: Client, desk, code: str, phone: str) -> None:
    desk.assigned()
    assert browser.post(URL, {"code": code, "phone": phone}).status_code == 422


def test_guessing_ends_after_so_many_tries(browser: Client, desk) -> None:
    case = desk.assigned()
    spaced = f"{case.code[:5]} {case.code[5:]}"  # written differently it is the same code
    tries = [
        browser.post(URL, {"code": case.code if n % 2 else spaced, "phone": f"09123456{n:02}"}).status_code
        for n in range(LOOK_UPS_A_CODE + 1)
    ]
    assert tries == [422] * LOOK_UPS_A_CODE + [429]
    late = browser.post(URL, {"code": case.code, "phone": "0905123456"})
    assert late.status_code == 429 and "Đã tra cứu quá nhiều lần" in late.content.decode()
    assert browser.get(f"/case/{case.token}/").status_code == 200  # the reporter's own link still opens


def test_a_forged_address_does_not_begin_anew(browser: Client, desk, settings) -> None:
    settings.REPORTS_PER_HOUR = 3
    tries = [
        browser.post(URL, {"code": f"{CODE}90000{n}", "phone": "0905123456"}, headers={"X-Forwarded-For": f"10.0.0.{n}"})
        for n in range(4)
    ]
    assert tries[-1].status_code == 429


def test_a_contact_that_is_no_case_yet_is_found_by_its_reference(browser: Client, cast) -> None:
    browser.post("/report/", filled(cast, field="", content="Xin được hỗ trợ một chuyện riêng ở địa phương ạ."))
    ref = Conversation.objects.get().ref
    found = browser.post(URL, {"code": ref.lower(), "phone": PHONE})
    assert found.status_code == 303 and found["Location"].startswith("/receipt/")
    assert browser.post(URL, {"code": ref, "phone": "0911111111"}).status_code == 422
