from datetime import datetime, timedelta, timezone
from email import message_from_bytes
from email.policy import SMTP
from typing import Any

import pytest

from hotline.channels.email.attachments import Attachment
from hotline.channels.email.mime import read
from hotline.channels.email.reply import build_reply, subject_with
from hotline.channels.email.rules import MailKind, classify, find_code, own_message_id
from hotline.channels.email.tests.samples import DOMAIN, OWN, PHOTO

NOW = datetime(2026, 2, 13, 8, 0, tzinfo=timezone(timedelta(hours=7)))
LONG = f"<{'A' * 120}@SEYPR04MB6543.apcprd04.prod.outlook.com>"
SENDER = "Tổng đài 1022 tỉnh Quảng Nam, Trung tâm Phục vụ hành chính công"


def build(**given: Any) -> bytes:
    common: dict[str, Any] = {
        "key": "7", "domain": DOMAIN, "loop": "quang-nam", "from_address": "1022@quangnam.gov.vn", "from_name": SENDER,
        "to_address": "hanh@gmail.com", "to_name": "Nguyễn Thị Hồng Hạnh", "subject": "Re: Đường Trần Phú ngập nước",
        "code": "QNM-2026-004217", "text": "Kính gửi <b>bà</b>,\n\nNước & rác\nđã dọn.\n", "now": NOW,
        "in_reply_to": LONG, "references": ("<a@b>", LONG),
    }  # fmt: skip
    return build_reply(**(common | given)).as_bytes()


def test_what_we_send_reads_back_the_same() -> None:
    got = read(build())
    assert (got.from_name, got.from_address, got.to) == (SENDER, "1022@quangnam.gov.vn", ("hanh@gmail.com",))
    assert got.subject == "Re: [QNM-2026-004217] Đường Trần Phú ngập nước"
    assert find_code(got.subject, ("QNM",)) == "QNM-2026-004217"
    assert (got.message_id, got.in_reply_to, got.references) == (f"<hl.7@{DOMAIN}>", LONG, ("<a@b>", LONG))
    assert got.text == "Kính gửi <b>bà</b>,\n\nNước & rác\nđã dọn."
    assert got.date == NOW


def test_long_message_ids_are_never_encoded() -> None:
    assert LONG.encode() in build() and b"=?utf-8?q?=3C" not in build()


def test_the_formatted_version_is_escaped() -> None:
    html = next(
        part for part in message_from_bytes(build(), policy=SMTP).walk() if part.get_content_subtype() == "html"
    ).get_content()
    assert "<p>Kính gửi &lt;b&gt;bà&lt;/b&gt;,</p>" in html and "Nước &amp; rác<br>đã dọn." in html


def test_it_is_seven_bit_and_no_line_is_too_long() -> None:
    raw = build(subject="Kính gửi tổng đài " * 40, text="dài " * 1000)
    assert raw.isascii() and max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize("auto", ["auto-replied", "auto-generated"])
def test_machine_mails_say_so(auto: str) -> None:
    sent = message_from_bytes(build(auto=auto))
    assert (sent["Auto-Submitted"], sent["X-Auto-Response-Suppress"]) == (auto, "All")


def test_a_person_s_answer_is_not_marked_automatic() -> None:
    assert message_from_bytes(build())["Auto-Submitted"] is None


def test_we_know_our_own_mail_when_it_returns() -> None:
    assert classify(read(build()), OWN, DOMAIN) is MailKind.OWN_LOOP
    elsewhere = read(build(from_address="khac@quangnam.gov.vn"))
    assert classify(elsewhere, frozenset(), DOMAIN) is MailKind.OWN_LOOP
    assert classify(elsewhere, frozenset(), "1022.hue.gov.vn") is MailKind.HUMAN  # another province's answer to us


def test_nothing_can_be_injected() -> None:
    raw = build(
        subject="a\r\nBcc: evil@x.vn", from_name="x\r\nBcc: evil@x.vn", to_name='"\n<evil@x.vn>', loop="q\nBcc: e@x.vn",
        in_reply_to="<a@b>\r\nBcc: evil@x.vn", references=("<c@d>\nBcc: x",), code="QNM\r\nBcc: x",
    )  # fmt: skip
    sent = message_from_bytes(raw)
    assert sent["Bcc"] is None and sent["In-Reply-To"] is None
    assert read(raw).to == ("hanh@gmail.com",)


@pytest.mark.parametrize(
    "address", ["", "hanh", "a@b\r\nBcc: x@y", "a b@c.vn", "<a@b.vn>", "a@b@c.vn", f"a@{'x' * 70}.vn", "hạnh@gmail.com"]
)
def test_an_unusable_address_is_refused_with_a_reason(address: str) -> None:
    with pytest.raises(ValueError, match="Không gửi lại"):
        build(to_address=address)


def test_files_travel_whole_and_the_mail_is_the_same_every_time() -> None:
    files = (Attachment("ảnh đã sửa.jpg", "image/jpeg", PHOTO), Attachment("../x.eml", "message/rfc822", b"From: a"))
    got = read(build(attachments=files))
    assert [(one.filename, one.content) for one in got.attachments] == [
        ("ảnh đã sửa.jpg", PHOTO),
        ("x.eml", b"From: a"),
    ]
    assert build(attachments=files) == build(attachments=files)


@pytest.mark.parametrize(
    ("subject", "code", "answering", "expected", "why"),
    [
        ("Ngập", "QNM-2026-1", True, "Re: [QNM-2026-1] Ngập", "the code is added"),
        ("Re: RE: Trả lời: [QNM-2026-1] Ngập", "QNM-2026-1", True, "Re: [QNM-2026-1] Ngập", "once each"),
        ("Ngập", "", False, "Ngập", "a first mail of ours"),
        ("", "QNM-2026-1", True, "Re: [QNM-2026-1]", "the citizen wrote no subject"),
    ],
)
def test_subject(subject: str, code: str, answering: bool, expected: str, why: str) -> None:
    assert subject_with(subject, code, answering) == expected, why


def test_message_id_is_safe_for_any_key() -> None:
    assert own_message_id("a b/<c>", "X.vn") == "<hl.a-b--c-@x.vn>"
