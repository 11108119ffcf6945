"""A denunciation by telephone: two keys at the desk, taken down once, read by one officer for a reason, found by nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from journeys.product import Product

pytestmark = pytest.mark.journey
STRUCK = "keys => keys.forEach((key) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })))"
SECRET = "Mật hiệu hoa quỳnh: trưởng phòng nhận tiền để cấp phép"


def test_from_the_first_question_to_the_inspection(product: Product, sign_in: Callable[..., Page]) -> None:
    taker = sign_in("tdv.lan")
    taker.goto(f"{product.url}/console/desk/new/")
    strip = taker.locator("#desk-lanes")
    taker.locator("[name=content]").fill(SECRET)
    taker.locator("h1", has_text="Ghi cuộc gọi").click()  # the hand leaves the text: keys answer now
    for key, asked in (("2", "nguy hiểm"), ("1", "vi phạm pháp luật"), ("1", "chứng cứ cụ thể"), ("2", "việc nào khác")):
        expect(strip).to_contain_text(asked)
        taker.evaluate(STRUCK, [key, "1"])  # the second in the same breath: nobody has read that question yet
    expect(strip).to_contain_text("Tố cáo: chuyển theo quy trình riêng")
    expect(taker.locator("[name=content]")).to_have_value(SECRET)
    strip.get_by_role("button", name="Ghi theo quy trình riêng").click()
    expect(taker.locator("[name=matter]")).to_have_value(SECRET)
    taker.locator("[name=accused]").fill("Ông A, trưởng phòng")
    taker.locator("[name=name]").fill("Phan Thị Kín")
    taker.locator("button[name=save]").click()
    taker.wait_for_url("**/console/sealed/told/")
    ref = taker.locator(".secret").inner_text()
    assert SECRET not in taker.content()
    assert taker.goto(f"{product.url}/console/sealed/{ref}/").status == 404  # type: ignore[union-attr]
    taker.goto(f"{product.url}/console/search/?q=hoa+quỳnh")
    assert SECRET not in taker.content()

    officer = sign_in("tocao.mai")
    officer.get_by_role("link", name=ref).click()
    expect(officer.locator("main")).to_contain_text("Chờ chuyển")
    assert SECRET not in officer.content() and "Kín" not in officer.content()
    officer.locator("#id_why").fill("Xem xét chuyển thanh tra")
    officer.get_by_role("button", name="Đọc nội dung").click()
    expect(officer.locator("main")).to_contain_text(SECRET)
    assert "Kín" not in officer.content()
    officer.get_by_role("button", name="Chuyển", exact=True).click()
    expect(officer.locator("main")).to_contain_text("Đã chuyển")
    expect(officer.locator(".acts")).to_contain_text("Xem xét chuyển thanh tra")
