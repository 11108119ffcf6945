"""Every public page, in both languages, without JavaScript of its own, and light enough for an old telephone."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from hotline.portal.tests.conftest import words

PAGES = ["/", "/report/", "/lookup/", "/published/", "/figures/", "/figures/late/", "/regulation/", "/about/privacy/"]
FIRST_LOAD = 100 * 1024


@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_opens_and_runs_nothing_inline(browser: Client, cast, url: str, language: str) -> None:
    browser.cookies["lang"] = language
    answer = browser.get(url)
    html = answer.content.decode()
    assert answer.status_code == 200 and f'<html lang="{language}"' in html
    assert html.count("<h1") == 1
    assert not re.findall(r"\son\w+=|javascript:", html)
    scripts = re.findall(r"<script([^>]*)>", html)
    assert all("src=" in s or 'type="application/json"' in s for s in scripts)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)  # nobody else's server is told who reads


@pytest.mark.parametrize("url", PAGES)
def test_pages_are_not_written_to(browser: Client, cast, url: str) -> None:
    if url in ("/report/", "/lookup/"):
        assert browser.post(url).status_code == 422
    else:
        assert browser.post(url).status_code == 405


def test_the_home_page_has_three_doors_that_lead_somewhere(browser: Client, cast) -> None:
    html = browser.get("/").content.decode()
    doors = re.findall(r'<a class="door[^"]*" href="([^"]+)"', html)
    assert len(doors) == 3
    for door in doors:
        assert door.startswith("tel:") or browser.get(door).status_code == 200
    assert "8 giờ làm việc" in words(html.encode()) and "48 giờ làm việc" in words(html.encode())


def test_the_regulation_in_words(browser: Client, cast) -> None:
    text = words(browser.get("/regulation/").content)
    for said in ("1519/QĐ-UBND", "04/06/2021", "8 giờ làm việc", "48 giờ làm việc", "24 giờ làm việc", "không quá 1 lần",
                 "họ và tên", "Luật Tố cáo 2018, Điều 22", "Ngày làm việc 8 giờ, từ 07:00 đến 11:30"):  # fmt: skip
        assert said in text, said


def test_search_engines_are_kept_from_secret_links(browser: Client, cast) -> None:
    answer = browser.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    for path in ("/case/", "/receipt/", "/console/"):
        assert f"Disallow: {path}\n" in answer.content.decode()


def test_links_on_pages_lead_somewhere(browser: Client, desk) -> None:
    seen: set[str] = set()
    for url in PAGES:
        html = browser.get(url).content.decode()
        seen |= {href.replace("&amp;", "&") for href in re.findall(r'href="(/[^"#]*)"', html)}
    for href in sorted(h for h in seen if not h.startswith("/static/")):
        assert browser.get(href).status_code in (200, 302), href


@pytest.mark.parametrize("url", ["/", "/report/", "/lookup/"])
def test_the_first_load_is_light(browser: Client, cast, url: str) -> None:
    """HTML, styles, scripts, icons and the fonts that Vietnamese text needs, as they travel (gzip; fonts as they are)."""
    if finders.find("portal-style.css") is None:
        from hotline.assets.build import build

        build()
        finders.get_finder.cache_clear()
    html = browser.get(url).content
    total = len(gzip.compress(html))
    names = set(re.findall(r'/static/([\w.-]+)', html.decode())) - {"map.js", "map-style.css"}  # fetched when opened
    fonts = {f"be-vietnam-pro-{part}-{weight}-normal.woff2" for part in ("latin", "vietnamese") for weight in (400, 600)}
    for name in names | fonts:
        found = finders.find(name)
        assert found is not None, name
        content = Path(str(found)).read_bytes()
        total += len(content) if name.endswith(".woff2") else len(gzip.compress(content))
    assert total <= FIRST_LOAD, f"{url}: {total} bytes"


def test_mail_is_shown_only_on_a_trial_installation(browser: Client, cast, settings, tmp_path: Path) -> None:
    assert browser.get("/mail-sink/").status_code == 404
    settings.MAIL_SINK = str(tmp_path)
    mail = (
        "X-Envelope-To: bay@example.vn\r\nX-Received-At: Fri, 13 Feb 2026 09:00:00 +0000\r\nFrom: 1022@example.vn\r\n"
        "To: bay@example.vn\r\nSubject: =?utf-8?B?VHLhuqMgbOG7nWk=?=\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        "Kính gửi <b>Ông/Bà</b>\r\n--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<script>alert(1)</script><p>Xin chào</p>"
        "\r\n--x--\r\n"
    )
    (tmp_path / "20260213T090000.000000-abcd.eml").write_bytes(mail.encode())
    (tmp_path / "20260213T080000.000000-broken.eml").write_bytes(b"\xff\xfe no head\r\n\r\n\x00")
    listed = browser.get("/mail-sink/").content.decode()
    assert "Trả lời" in listed and "bay@example.vn" in listed
    one = browser.get("/mail-sink/20260213T090000.000000-abcd/").content.decode()
    assert "&lt;b&gt;" in one and 'sandbox=""' in one and "<script>alert" not in one
    html = browser.get("/mail-sink/20260213T090000.000000-abcd/html/")
    assert "sandbox" in html["Content-Security-Policy"] and "default-src 'none'" in html["Content-Security-Policy"]
    assert html["X-Frame-Options"] == "SAMEORIGIN"
    assert browser.get("/mail-sink/20260213T080000.000000-broken/").status_code == 200
    for name in ("..", "%2e%2e%2fsecret", "nope", "a" * 200):
        assert browser.get(f"/mail-sink/{name}/").status_code == 404
