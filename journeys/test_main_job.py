"""The main job: a citizen's report becomes an answered case, and what happens when it goes wrong."""

from __future__ import annotations

import re
import time
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta

import psycopg
import pytest
from playwright.sync_api import Page, expect

from hotline.testing.cast import ZONE
from journeys.acting import done, open_case, photo, refused, send_report
from journeys.dovecot import PASSWORD, running
from journeys.kill import database_url
from journeys.product import Product, text_of

pytestmark = pytest.mark.journey
SignIn = Callable[..., Page]


def test_web_report_to_answer_to_rating_to_reopening(product: Product, citizen: Page, sign_in: SignIn) -> None:
    url, mail = product.url, "an.web@example.com"
    focal = sign_in("sxd.nga")
    focal.goto(f"{url}/console/inbox/open/")
    code = send_report(citizen, url, mail, "Nước ngập đến đầu gối trước cổng trường tiểu học, cống bị rác bịt kín.")
    receipt = product.wait_for_mail(mail, code)
    link = re.search(r"http://\S+/case/\S+", text_of(receipt))
    assert link, "the receipt is mailed with the reporter's own link"

    taker = sign_in("tdv.lan")
    open_case(taker, url, code)
    done(taker, url, code, "assign", {"agency": "Sở Xây dựng", "words": "Kính chuyển Sở kiểm tra, xử lý."})

    # The focal person's list shows it within a second or so, without a reload.
    expect(focal.locator("main")).to_contain_text(code, timeout=4000)
    open_case(focal, url, code)
    focal.get_by_role("button", name="Tiếp nhận xử lý").click()
    expect(focal.locator("main")).to_contain_text("Đang xử lý")
    answer = "Sở đã cho nạo vét cống lúc 14:00, nước đã rút. Đội thoát nước kiểm tra lại hằng ngày."
    done(focal, url, code, "submit", {"outcome": "fixed", "body": answer, "photos": photo("đã nạo vét")})
    expect(focal.locator("main")).to_contain_text("Chờ thủ trưởng duyệt")

    head = sign_in("sxd.giamdoc")
    open_case(head, url, code)
    done(head, url, code, "approve")
    expect(head.locator("main")).to_contain_text("Đã trả lời")
    letter = product.wait_for_mail(mail, "nạo vét cống")
    assert code in str(letter["Subject"])

    # Look-up by code and telephone number, as on the receipt.
    citizen.goto(url)
    citizen.locator("main [name=code]").first.fill(code)
    citizen.locator("main [name=phone]").first.fill("0905 123 318")
    citizen.get_by_role("button", name="Xem kết quả").first.click()
    citizen.wait_for_url("**/case/**")
    expect(citizen.locator("main")).to_contain_text("nạo vét cống")
    _photos_carry_no_place(citizen)

    citizen.locator("[name=stars][value='2']").check(force=True)
    citizen.locator("[name=resolved][value=no], [name=resolved][value=False], [name=resolved][value=false]").first.check()
    citizen.locator("main [name=words]").first.fill("Sáng nay mưa lại ngập.")
    citizen.get_by_role("button", name="Gửi đánh giá").click()
    expect(citizen.locator("main")).to_contain_text("xử lý lại")

    coordinator = sign_in("dieuphoi.ha")
    open_case(coordinator, url, code)
    expect(coordinator.locator("main")).to_contain_text("Đề nghị xử lý lại")
    done(coordinator, url, code, "reopen", {"agency": "Sở Xây dựng"})
    expect(coordinator.locator("main")).to_contain_text("Đã chuyển, chờ tiếp nhận")
    product.wait_for_mail(mail, "được xử lý lại")


def _photos_carry_no_place(page: Page) -> None:
    """Every photo on the citizen's page was made again by us: no metadata is left."""
    sources = page.locator("main a[href*='/files/']").evaluate_all("links => links.map(link => link.href)")
    assert sources, "photos of the report and of the answer are shown"
    for source in set(sources):
        if "/small/" not in source:
            content = urllib.request.urlopen(source, timeout=10).read()
            assert b"Exif" not in content[:4096]


def test_mail_report_is_answered_in_its_own_thread(product: Product, sign_in: SignIn) -> None:
    url, mail = product.url, "binh.mail@example.com"
    raw = (
        f"From: Binh <{mail}>\nTo: 1022@quangnam.gov.vn\nSubject: Den duong hong\nMessage-ID: <m1.{time.time()}@example.com>\n"
        "Content-Type: text/plain; charset=utf-8\n\nĐèn đường hẻm 12 Hùng Vương hỏng ba hôm nay.\n"
        "Họ và tên: Trần Thị Bình\nSố điện thoại: 0914222333\nĐịa chỉ: 12 Hùng Vương, phường Tam Kỳ\n"
    ).encode()
    taken = product.hotline("mail", "receive", stdin=raw)
    assert taken.returncode == 0, taken.stderr
    ref = re.search(r'"conversation": "(LH-\w+)"', taken.stdout.decode())
    assert ref, taken.stdout
    assert '"kind": "new"' in taken.stdout.decode()
    receipt = product.wait_for_mail(mail, ref[1])
    assert receipt["Auto-Submitted"] == "auto-replied"

    taker = sign_in("tdv.hoa")
    taker.goto(f"{url}/console/desk/{ref[1]}/")
    expect(taker.locator("main")).to_contain_text("Trần Thị Bình")
    taker.get_by_role("button", name=re.compile("^Tiếp nhận")).first.click()
    taker.get_by_role("button", name=re.compile("^Mở phiếu")).first.click()
    expect(taker.locator("main")).to_contain_text(re.compile(r"QNM-\d{4}-\d{6}"))
    opened = product.wait_for_mail(mail, "Mã phiếu: QNM-")
    assert opened["In-Reply-To"], "in the citizen's own thread"


def test_mail_comes_over_imap_from_a_real_server(product: Product, sign_in: SignIn) -> None:
    """The fetcher as its operator starts it, against Dovecot: old mail is left alone, new mail waits at the desk."""
    old, new = f"Thu cu {time.time()}", f"Cay xanh nga do {time.time()}"
    with running() as dovecot:
        dovecot.deliver("hopthu", _mail("cu@example.com", old))
        with psycopg.connect(database_url(product)) as connection:
            connection.execute(
                "UPDATE hotlines_mailbox SET host = '127.0.0.1', port = %s, tls = false, username = 'hopthu', "
                "password_env = 'TEST_IMAP_PASSWORD', last_uid = NULL, active = true", [dovecot.port],
            )
        fetch = ("mail", "fetch", "--once")
        assert product.hotline(*fetch, TEST_IMAP_PASSWORD=PASSWORD).returncode == 0
        dovecot.deliver("hopthu", _mail("moi@example.com", new))
        fetched = product.hotline(*fetch, TEST_IMAP_PASSWORD=PASSWORD)
        assert '"1022@quangnam.gov.vn": 1' in fetched.stdout.decode(), fetched.stdout + fetched.stderr
    product.wait_for_mail("moi@example.com", "[LH-")
    assert not product.mails("cu@example.com"), "old mail is not answered"
    taker = sign_in("tdv.hoa")
    taker.goto(f"{product.url}/console/desk/incomplete/")
    expect(taker.locator("main")).to_contain_text(new)
    expect(taker.locator("main")).not_to_contain_text(old)


def _mail(sender: str, subject: str) -> bytes:
    return (
        f"From: {sender}\nTo: 1022@quangnam.gov.vn\nSubject: {subject}\nMessage-ID: <{time.time()}.{sender}>\n"
        "Content-Type: text/plain; charset=utf-8\n\nCây xanh ngã đổ chắn nửa đường trước nhà văn hóa, xin cho người dọn.\n"
    ).encode()


def test_overdue_is_shown_told_and_stays(product: Product, citizen: Page, sign_in: SignIn) -> None:
    url = product.url
    code = send_report(citizen, url, "tre@example.com", "Đèn tín hiệu ngã tư nháy vàng suốt giờ cao điểm, rất nguy hiểm.")
    taker = sign_in("tdv.lan")
    done(taker, url, code, "assign", {"agency": "Sở Xây dựng"})
    coordinator = sign_in("dieuphoi.ha")
    open_case(coordinator, url, code)
    # Time cannot be waited for: the clock's row is moved into the past, and the sweeper finds it by itself.
    with psycopg.connect(database_url(product)) as connection:
        connection.execute(
            "UPDATE cases_clock SET due_at = now() - interval '1 minute', next_at = now() - interval '1 minute' "
            "FROM cases_case WHERE case_id = cases_case.id AND code = %s AND key = 'focal_person'", [code],
        )
    expect(coordinator.locator("main")).to_contain_text("Trễ hạn (đang chờ xử lý)", timeout=15_000)
    coordinator.goto(f"{url}/console/notices/")
    expect(coordinator.locator("main")).to_contain_text(code)

    focal, head = sign_in("sxd.tuan"), sign_in("sxd.giamdoc")
    open_case(focal, url, code)
    focal.get_by_role("button", name="Tiếp nhận xử lý").click()
    expect(focal.locator("main")).to_contain_text("Đang xử lý")
    done(focal, url, code, "submit", {"outcome": "answered", "body": "Sở đã sửa bộ điều khiển đèn, đèn chạy lại bình thường."})
    done(head, url, code, "approve")
    expect(head.locator("main")).to_contain_text(re.compile("trễ hạn", re.I))  # answered late still says so
    citizen.goto(f"{url}/published/{code}/")
    expect(citizen.locator("main")).to_contain_text(re.compile("trễ hạn", re.I))
    expect(citizen.locator("main")).not_to_contain_text("Nguyễn Văn An")


def test_a_second_reschedule_is_refused_with_its_article(product: Product, citizen: Page, sign_in: SignIn) -> None:
    url, mail = product.url, "hen@example.com"
    code = send_report(citizen, url, mail, "Xin sửa đoạn vỉa hè bong gạch trước chợ, người già hay vấp ngã.")
    done(sign_in("tdv.lan"), url, code, "assign", {"agency": "Sở Xây dựng"})
    focal = sign_in("sxd.nga")
    open_case(focal, url, code)
    focal.get_by_role("button", name="Tiếp nhận xử lý").click()
    expect(focal.locator("main")).to_contain_text("Đang xử lý")
    day = (datetime.now(ZONE) + timedelta(days=9)).strftime("%d/%m/%Y")
    words = {"day": day, "clock": "16:00", "words": "Chờ cấp gạch cùng loại."}
    done(focal, url, code, "reschedule", words)
    letter = product.wait_for_mail(mail, "hẹn lại")
    assert day in text_of(letter)
    assert "Chờ cấp gạch cùng loại." in text_of(letter)
    refused(focal, url, code, "reschedule", words, "1519/QĐ-UBND")


def test_returned_twice_the_coordinator_decides_and_it_binds(product: Product, citizen: Page, sign_in: SignIn) -> None:
    url = product.url
    code = send_report(citizen, url, "bong@example.com", "Cây xanh ngã đổ chắn nửa đường trước nhà văn hóa phường.")
    taker, focal = sign_in("tdv.lan"), sign_in("sxd.nga")
    done(taker, url, code, "assign", {"agency": "Sở Xây dựng"})
    done(focal, url, code, "return", {"words": "Cây xanh do phường quản lý.", "agency": "phường Tam Kỳ"})
    expect_gone(focal, url, code)
    open_case(taker, url, code)
    expect(taker.locator("main")).to_contain_text("Cây xanh do phường quản lý.")
    done(taker, url, code, "assign", {"agency": "phường Tam Kỳ"})
    ward = sign_in("tamky.linh")
    done(ward, url, code, "return", {"words": "Đường này do Sở quản lý.", "agency": "Sở Xây dựng"})
    coordinator = sign_in("dieuphoi.ha")
    open_case(coordinator, url, code)
    expect(coordinator.locator("main")).to_contain_text("Chờ điều phối quyết định")
    done(coordinator, url, code, "decide", {"agency": "Sở Xây dựng", "words": "Giao Sở Xây dựng chủ trì."})
    open_case(focal, url, code)
    expect(focal.locator("main")).to_contain_text("Đã chuyển, chờ tiếp nhận")
    expect(focal.locator("main a[href$='/return/']")).to_have_count(0)  # the decision binds: there is no third return


def expect_gone(page: Page, url: str, code: str) -> None:
    """What is no longer theirs does not exist for them."""
    answer = page.goto(f"{url}/console/case/{code}/")
    assert answer is not None
    assert answer.status == 404
