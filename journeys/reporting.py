"""A citizen's browser in few lines: open the portal's form, send reports through it."""

from __future__ import annotations

import http.client
import random
import re
import uuid
from collections.abc import Callable, Sequence

Send = Callable[[dict[str, str]], tuple[int, str]]
BOUNDARY = "report-boundary"


def open_form(connection: http.client.HTTPConnection) -> Send:
    """Fetch the form; the result sends one report and returns the status and where it leads (or what the page said)."""
    connection.request("GET", "/report/")
    response = connection.getresponse()
    page = response.read().decode()
    cookie = re.search(r"csrftoken=([^;]+)", response.getheader("Set-Cookie") or "")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if not cookie or not token:
        raise ValueError(f"the form has no CSRF token (status {response.status})")

    def send(fields: dict[str, str]) -> tuple[int, str]:
        whole = {"csrfmiddlewaretoken": token[1], **fields}
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in whole.items()
        ]
        body = ("".join(parts) + f"--{BOUNDARY}--\r\n").encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Cookie": f"csrftoken={cookie[1]}"}
        connection.request("POST", "/report/", body, headers)
        response = connection.getresponse()
        text = response.read()
        where = response.getheader("Location") or re.sub(r"<[^>]+>|\s+", " ", text.decode())[:500]
        return response.status, where

    return send


def report_fields(chooser: random.Random, fields: Sequence[int], areas: Sequence[int]) -> dict[str, str]:
    """A complete report by somebody new."""
    return {
        "submission": str(uuid.uuid4()),
        "name": "Nguyễn Thị Đo Lường",
        "phone": f"{chooser.choice(('090', '091', '098'))}{chooser.randrange(10**7):07d}",
        "email": f"do.luong.{chooser.randrange(10**9)}@example.com",
        "address": "12 Phan Châu Trinh, phường Bàn Thạch",
        "kind": "report",
        "field": str(chooser.choice(fields)),
        "area": str(chooser.choice(areas)),
        "place": "Trước cổng trường tiểu học",
        "content": "Nước ngập đến đầu gối sau mưa lớn, cống bị rác bịt kín, phụ huynh không đưa con vào trường được.",
        "public": "on",
        "consent": "on",
        "website": "",
    }
