"""What people do in their browsers, in few words, for journeys to read like sentences."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

CODE = re.compile(r"QNM-\d{4}-\d{6}")
# Chromium's file chooser takes what an ordinary telephone would send: a JPEG with a place in its metadata.
GPS = {0x8825: {1: "N", 2: (15.0, 34.0, 12.0), 3: "E", 4: (108.0, 28.0, 48.0)}}


def photo(words: str = "1022") -> dict:
    """A picture as a telephone makes it, its place in the metadata."""
    picture = Image.new("RGB", (800, 600), "#8aa")
    ImageDraw.Draw(picture).text((300, 280), words, fill="#123")
    exif = picture.getexif()
    for tag, value in GPS[0x8825].items():
        exif.get_ifd(0x8825)[tag] = value
    data = io.BytesIO()
    picture.save(data, "JPEG", exif=exif)
    return {"name": "anh.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def send_report(page: Page, url: str, email: str, content: str, field: str = "Thoát nước", **more: str) -> str:
    """A citizen sends a report through the form; returns its code."""
    page.goto(f"{url}/report/")
    given = {"name": "Nguyễn Văn An", "phone": "0905123318", "email": email, "address": "41 Phan Châu Trinh", **more}
    for name, value in given.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=content]").fill(content)
    option = page.locator("[name=field] option", has_text=field).first
    page.locator("[name=field]").select_option(option.get_attribute("value"))
    page.locator("[name=area]").select_option(label="Phường Bàn Thạch")
    page.locator("[name=photos]").set_input_files([photo()])
    page.locator("[name=public][value=true]").check()
    page.locator("[name=consent]").check()
    page.get_by_role("button", name="Gửi", exact=True).click()
    page.wait_for_url("**/receipt/**")
    found = CODE.search(page.locator("main").inner_text())
    assert found, page.locator("main").inner_text()
    return found[0]


def open_case(page: Page, url: str, code: str) -> None:
    """An officer opens a case."""
    page.goto(f"{url}/console/case/{code}/")
    expect(page.locator("main")).to_contain_text(code)


def press(page: Page, url: str, code: str, step: str, fields: Mapping[str, object] | None = None) -> None:
    """An officer takes a step on its page: fills in, presses the button."""
    page.goto(f"{url}/console/case/{code}/{step}/")
    form = page.locator("main form.card").first
    for name, value in (fields or {}).items():
        box = form.locator(f"[name={name}]")
        if name == "outcome":
            form.locator(f"[name=outcome][value={value}]").check()
        elif name == "photos":
            box.set_input_files([value])  # type: ignore[list-item]
        elif box.evaluate("e => e.tagName") == "SELECT":
            option = box.locator("option", has_text=str(value)).first
            box.select_option(option.get_attribute("value"))
        else:
            box.fill(str(value))
    form.locator("button.btn-primary").first.click()


def done(page: Page, url: str, code: str, step: str, fields: Mapping[str, object] | None = None) -> None:
    """The step was taken: the case is shown again, or the list when it is no longer theirs."""
    press(page, url, code, step, fields)
    page.wait_for_url(lambda where: f"/{code}/{step}/" not in where)


def refused(page: Page, url: str, code: str, step: str, fields: Mapping[str, object] | None, sentence: str) -> None:
    """The step was refused: the sentence stands on the page, and what was typed is still there."""
    press(page, url, code, step, fields)
    expect(page.get_by_role("alert").first).to_contain_text(sentence)
    for name, value in (fields or {}).items():
        if name == "words":
            expect(page.locator(f"main form.card [name={name}]")).to_have_value(str(value))
