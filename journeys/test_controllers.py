"""The front end's controllers in a real browser, against pages and an event stream of a server on the loopback."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from hotline.assets.build import BUILT, main

pytestmark = pytest.mark.journey
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
POLICY = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:"


class Pages:
    """What the server answers: `html` by path, and the rows of the live list."""

    def __init__(self) -> None:
        self.rows = ["Ngập nước"]
        self.streams: list[queue.Queue[str]] = []
        self.asked: list[dict[str, list[str]]] = []
        self.fetched = 0
        self.number = 0
        self.posted: list[str] = []

    def list(self) -> str:
        rows = "".join(f'<li data-row="{row}"><a href="#{i}">{row}</a></li>' for i, row in enumerate(self.rows))
        return f'<ul id="waiting" data-walk data-live-topic="desk" data-live-src="/list">{rows}</ul>'

    def page(self, inside: str = "", script: str = "console") -> str:
        return f"""<!doctype html><html lang="vi"><head><title>Bàn</title><meta name="push-url" content="/push/">
        <link rel="stylesheet" href="/static/{script}-style.css"><script type="module" src="/static/{script}.js"></script>
        </head><body><div id="offline" hidden>Mất kết nối</div><div hx-boost="true"><span id="phone">0:48</span>
        <nav id="nav"><a href="/other" id="go">Sang trang</a></nav><main id="work" tabindex="-1" data-live="TOPICS:1:sig">
        <input id="find" data-search><p id="where">nhà</p>{inside or self.list()}</main></div></body></html>"""

    def happen(self, *topics: str) -> None:
        self.number += 1
        act = json.dumps({"id": self.number, "topics": topics})
        for stream in list(self.streams):
            stream.put(f"id: {self.number}\ndata: {act}\n\n")


def handler(pages: Pages) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            """A test's requests are no news."""

        def answer(self, body: bytes, kind: str = "text/html; charset=utf-8", status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            path = urlsplit(self.path)
            if path.path.startswith("/static/"):
                file = BUILT / Path(path.path).name
                return self.answer(file.read_bytes(), KINDS.get(file.suffix, "application/octet-stream"))
            if path.path == "/push/":
                return self.stream(parse_qs(path.query))
            if path.path == "/list":
                pages.fetched += 1
                return self.answer(pages.list().encode())
            if path.path == "/other":
                return self.answer(pages.page('<p id="there">trang khác</p>').encode())
            if path.path == "/sign-in":
                return self.answer(b"<!doctype html><title>x</title><h1 id=alone>sign in</h1>")
            return self.answer(pages.page(*PAGES.get(path.path, ())).encode())

        def do_POST(self) -> None:
            pages.posted.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            if self.path == "/broken":
                return self.answer(b"no page here", status=500)
            return self.answer(pages.page('<p id="wrong">Chưa gửi được</p>').encode(), status=422)

        def stream(self, query: dict[str, list[str]]) -> None:
            pages.asked.append(query)
            waiting: queue.Queue[str] = queue.Queue()
            pages.streams.append(waiting)
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            while (event := waiting.get()) != "close":
                try:
                    self.wfile.write(event.encode())
                    self.wfile.flush()
                except OSError:
                    break  # the browser went away
            pages.streams.remove(waiting)

    return Handler


FORM = """<form data-guard="test" method="post" action="{}"><textarea name="words" id="words"></textarea>
<button id="send" data-key="ctrl+enter">Gửi</button></form>
<button type="button" id="answer" data-key="r">Trả lời</button><p id="said"></p>
<form id="risky" method="post" action="/risky"><button id="back" data-confirm="Chuyển trả?">Chuyển trả</button></form>"""
PHOTOS = '<photo-list max="2" max-mb="1"><input type="file" name="photos" id="photos" multiple></photo-list>'
MAP = """<map-pin lat="15.57" lon="108.47" places="places"><input type="hidden" name="lat"><input type="hidden" name="lon">
</map-pin><script type="application/json" id="places">[["Bàn Thạch", 15.57, 108.48]]</script>
<link rel="stylesheet" href="/static/map-style.css"><script type="module" src="/static/map.js"></script>"""
PAGES: dict[str, tuple[str, ...]] = {
    "/form": (FORM.format("/save"),),
    "/broken-form": (FORM.format("/broken"),),
    "/photos": (PHOTOS, "portal"),
    "/map": (MAP, "portal"),
    "/link": ('<a id="out" href="/sign-in">ra ngoài</a>',),
    "/prefs": ('<div class="prefs"><form><button name="text" value="l" aria-pressed="false">A+</button>'
               '<button name="contrast" value="high" aria-pressed="false">Tương phản</button></form></div>', "portal"),
}  # fmt: skip


@pytest.fixture(scope="module")
def built() -> None:
    assert main([]) == 0


@pytest.fixture
def pages(built: None) -> Iterator[Pages]:
    """The pages, with `pages.url`."""
    pages = Pages()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(pages))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pages.url = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    yield pages
    for stream in list(pages.streams):
        stream.put("close")
    server.shutdown()
    server.server_close()


@pytest.fixture
def visit(open_context: Callable[..., BrowserContext], pages: Pages) -> Iterator[Callable[..., Page]]:
    """Opens one of the pages; an error in the page's console fails the test."""
    wrong: list[str] = []

    def opened(path: str = "/", **options: object) -> Page:
        page = open_context(**options).new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        page.goto(pages.url + path)  # type: ignore[attr-defined]
        return page

    yield opened
    expected = ("ERR_", "the server responded with a status", "Response Status Error Code")  # asked for by the test
    assert [said for said in wrong if not any(part in said for part in expected)] == []


def wait_for_stream(page: Page, pages: Pages, count: int = 1) -> None:
    """Until the page has asked for its event stream so many times."""
    for _ in range(100):
        if len(pages.asked) >= count and pages.streams:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"the page asked for its event stream {len(pages.asked)} times, not {count}")


def test_a_new_row_appears_by_itself_and_other_topics_are_left_alone(pages, visit):
    page = visit()
    wait_for_stream(page, pages)
    assert pages.asked[0]["t"] == ["TOPICS:1:sig"]
    pages.happen("agency:7")
    pages.rows.insert(0, "Đèn đường tắt")
    page.wait_for_timeout(500)
    assert pages.fetched == 0, "not our topic"
    pages.happen("desk")
    expect(page.locator("#waiting li")).to_have_text(["Đèn đường tắt", "Ngập nước"], timeout=1000)
    assert page.locator("#phone").inner_text() == "0:48"


def test_a_burst_is_one_fetch(pages, visit):
    page = visit()
    wait_for_stream(page, pages)
    for _ in range(20):
        pages.happen("desk")
    page.wait_for_timeout(700)
    assert 1 <= pages.fetched <= 3


def test_nothing_jumps_under_the_hand(pages, visit):
    page = visit()
    wait_for_stream(page, pages)
    page.locator("#waiting a").first.hover()
    pages.rows[:0] = ["Hai", "Một"]
    pages.happen("desk")
    expect(page.locator(".live-pill")).to_have_text("2 lượt mới")
    expect(page.locator("#waiting li")).to_have_text(["Ngập nước"])
    page.locator(".live-pill").click()
    expect(page.locator("#waiting li")).to_have_text(["Hai", "Một", "Ngập nước"])
    expect(page.locator(".live-pill")).to_have_count(0)


def test_what_waits_comes_in_when_the_hand_leaves(pages, visit):
    page = visit()
    wait_for_stream(page, pages)
    page.locator("#waiting a").first.hover()
    pages.rows.insert(0, "Một")
    pages.happen("desk")
    expect(page.locator(".live-pill")).to_have_text("1 lượt mới")
    page.mouse.move(800, 700)
    expect(page.locator("#waiting li")).to_have_text(["Một", "Ngập nước"])


def test_reconnects_after_the_last_id_and_says_offline_meanwhile(pages, visit):
    page = visit()
    wait_for_stream(page, pages)
    pages.happen("desk")
    page.wait_for_timeout(500)
    for stream in list(pages.streams):
        stream.put("close")
    wait_for_stream(page, pages, 2)
    assert pages.asked[1]["after"] == ["1"]
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    page.context.set_offline(False)


def test_moving_about_replaces_work_alone(pages, visit):
    page = visit()
    page.evaluate("window.marker = 'the phone keeps running'")
    page.locator("#go").click()
    expect(page.locator("#there")).to_be_visible()
    assert page.evaluate("window.marker") == "the phone keeps running" and page.url.endswith("/other")
    page.go_back()
    expect(page.locator("#waiting")).to_be_visible()


def test_a_page_without_work_is_opened_whole(pages, visit):
    page = visit("/link")
    page.locator("#out").click()
    expect(page.locator("#alone")).to_be_visible()
    expect(page.locator("#phone")).to_have_count(0)


def test_keys(pages, visit):
    pages.rows = ["Một", "Hai", "Ba"]
    page = visit()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("#waiting a").nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#waiting a").nth(0)).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("jk/")
    assert page.locator("#find").input_value() == "jk/", "while typing, letters are letters"


def test_key_on_a_button_and_in_a_form(pages, visit):
    page = visit("/form")
    page.evaluate("answer.addEventListener('click', () => { said.textContent += 'r' })")
    page.keyboard.press("r")
    expect(page.locator("#said")).to_have_text("r")
    page.locator("#words").fill("Đã cử đội thoát nước")
    page.keyboard.press("r")
    expect(page.locator("#said")).to_have_text("r")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#wrong")).to_be_visible()
    assert page.url.endswith("/form"), "a form sent back with its errors stays at its own address"


def test_unsent_text_survives_a_failing_server_and_a_closed_tab(pages, visit):
    page = visit("/broken-form")
    page.locator("#words").fill("Hẹn khắc phục trong tuần")
    page.locator("#send").click()
    expect(page.locator(".toasts")).to_contain_text("Máy chủ chưa làm được việc này")
    assert page.locator("#words").input_value() == "Hẹn khắc phục trong tuần"
    other = page.context.new_page()
    other.goto(page.url)
    assert other.locator("#words").input_value() == "Hẹn khắc phục trong tuần"
    other.get_by_role("button", name="Bỏ nội dung này").click()
    assert other.locator("#words").input_value() == ""


def test_leaving_with_unsent_text_is_asked_about(pages, visit):
    page = visit("/form")
    page.locator("#words").press_sequentially("chưa gửi")
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.accept()


def test_confirm_asks_once_and_no_means_no(pages, visit):
    page = visit("/form")
    page.locator("#back").click()
    page.get_by_role("button", name="Thôi").click()
    expect(page.locator("dialog")).to_have_count(0)
    assert pages.posted == []
    page.locator("#back").click()
    page.locator("dialog").get_by_role("button", name="Chuyển trả").click()
    expect(page.locator("#wrong")).to_be_visible()
    assert len(pages.posted) == 1


def test_photos_are_shown_counted_and_taken_out(pages, visit):
    page = visit("/photos")
    page.locator("#photos").set_input_files(
        [
            {"name": "a.png", "mimeType": "image/png", "buffer": b"x" * 10},
            {"name": "b.png", "mimeType": "image/png", "buffer": b"y" * 11},
            {"name": "big.png", "mimeType": "image/png", "buffer": b"z" * 1_100_000},
            {"name": "c.txt", "mimeType": "text/plain", "buffer": b"no"},
        ]
    )
    expect(page.locator(".photos li")).to_have_count(2)
    expect(page.locator("photo-list [role=status]")).to_contain_text("big.png lớn hơn 1 MB")
    expect(page.locator("photo-list [role=status]")).to_contain_text("c.txt không phải là ảnh")
    page.get_by_role("button", name="Bỏ ảnh a.png").click()
    assert page.evaluate("[...photos.files].map((f) => f.name)") == ["b.png"]


def test_map_without_tiles_asks_no_foreign_server_and_keeps_the_pin(pages, visit):
    page = visit("/map", geolocation={"latitude": 15.5, "longitude": 108.4}, permissions=["geolocation"])
    foreign: list[str] = []
    page.on("request", lambda request: foreign.append(request.url) if "127.0.0.1" not in request.url else None)
    expect(page.locator(".map-name")).to_have_text("Bàn Thạch")
    page.locator(".map-box").click(position={"x": 100, "y": 100})
    lat = page.locator("input[name=lat]").input_value()
    assert 15.4 < float(lat) < 15.8
    page.get_by_role("button", name="Dùng vị trí của tôi").click()
    expect(page.locator("input[name=lat]")).to_have_value("15.500000")
    expect(page.locator("input[name=lon]")).to_have_value("108.400000")
    assert [url for url in foreign if url.startswith("http")] == []


def test_reading_size_and_contrast_at_once(pages, visit):
    page = visit("/prefs")
    page.get_by_role("button", name="A+").click()
    page.get_by_role("button", name="Tương phản").click()
    assert page.evaluate("[document.documentElement.dataset.text, document.documentElement.dataset.contrast]") == [
        "l",
        "high",
    ]
    kept = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    assert (kept["text"], kept["contrast"]) == ("l", "high")
    page.get_by_role("button", name="Tương phản").click()
    assert page.evaluate("document.documentElement.dataset.contrast") == "normal"
