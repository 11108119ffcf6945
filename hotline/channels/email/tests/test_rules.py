# ruff: noqa: E501 — sample values are easier to read on one line
import pytest

from hotline.channels.email.bounces import read_bounce
from hotline.channels.email.mime import Mail, read
from hotline.channels.email.reporter import extract_reporter, phone
from hotline.channels.email.rules import (
    KIND_LABELS,
    MailKind,
    asks_no_answer,
    classify,
    find_code,
    may_answer,
    thread_keys,
)
from hotline.channels.email.tests.machines import BOUNCES, OTHERS, Bounced
from hotline.channels.email.tests.samples import DOMAIN, OWN, PEOPLE, Sample, mail


@pytest.mark.parametrize("sample", [*PEOPLE, *OTHERS, *(one.sample for one in BOUNCES)], ids=lambda sample: sample.name)
def test_kind(sample: Sample) -> None:
    kind = classify(read(sample.raw), OWN, DOMAIN)
    assert kind is sample.kind, sample.why
    assert may_answer(kind) == (sample.kind is MailKind.HUMAN), sample.why


@pytest.mark.parametrize("bounced", BOUNCES, ids=lambda bounced: bounced.sample.name)
def test_what_a_bounce_tells(bounced: Bounced) -> None:
    got = read_bounce(read(bounced.sample.raw), OWN)
    told = (got.recipient, got.original_message_id, got.status, got.action, got.permanent)
    expected = (bounced.recipient, bounced.original, bounced.status, bounced.action, bounced.permanent)
    assert told == expected, bounced.sample.why


def test_every_kind_has_its_labels() -> None:
    assert set(KIND_LABELS) == set(MailKind) and all(vi and en for vi, en in KIND_LABELS.values())


@pytest.mark.parametrize(
    ("field", "sender", "silent", "why"),
    [
        ("X-Auto-Response-Suppress: All", "a@b.vn", True, "the sender's system asks for no answers"),
        ("X-Auto-Response-Suppress: None", "a@b.vn", False, "the header allows answers"),
        ("X-a: b", "no-reply@tamky.gov.vn", True, "nobody reads there"),
        ("X-a: b", "web.noreply+1@tamky.gov.vn", True, "nobody reads there either"),
        ("Reply-To: hanh@gmail.com", "noreply@tamky.gov.vn", False, "the form names the citizen's own address"),
        ("X-a: b", "noreplyhanh@gmail.com", False, "a person's odd address"),
    ],
)
def test_who_asks_for_no_answer(field: str, sender: str, silent: bool, why: str) -> None:
    assert asks_no_answer(read(mail("x", field, sender=sender))) == silent, why


def test_thread_keys_name_the_nearest_first() -> None:
    got = Mail("<x@y>", in_reply_to="<c@d>", references=("<a@b>", "<b@c>", "<c@d>"))
    assert thread_keys(got) == ("<c@d>", "<b@c>", "<a@b>")
    assert thread_keys(Mail("<x@y>")) == ()


@pytest.mark.parametrize(
    ("subject", "code", "why"),
    [
        ("Re: [QNM-2026-004217] Ngập nước", "QNM-2026-004217", "our own subject comes back"),
        ("Trả lời: Fwd: QNM-2026-004217 - bổ sung", "QNM-2026-004217", "without brackets, behind prefixes"),
        ("qnm-2026-004217", "QNM-2026-004217", "typed in small letters"),
        ("QNM–2026–004217", "QNM-2026-004217", "the telephone made dashes of the hyphens"),
        ("Phiếu QNM-2026-004217.", "QNM-2026-004217", "end of a sentence"),
        ("Re: [LH-7KQ2M9X] Ngập", "LH-7KQ2M9X", "a conversation's reference"),
        ("Re: [LH-KQXMZXB]", "LH-KQXMZXB", "a reference without digits, in our brackets"),
        ("LH-KHONGCO gì cả", None, "a word with a hyphen is no reference"),
        ("XQNM-2026-004217", None, "part of a longer word"),
        ("QNM-2026-004217-B", None, "another office's longer number"),
        ("QNM-2026-00421712345", None, "too many digits"),
        ("ABC-2026-004217", None, "not one of our prefixes"),
        ("QNM 2026 004217", None, "no code"),
        ("QNM-2026-000001 và QNM-2026-000002", "QNM-2026-000001", "the first of two"),
        ("", None, "nothing"),
    ],
)
def test_code_in_the_subject(subject: str, code: str | None, why: str) -> None:
    assert find_code(subject, ("QNM", "LH")) == code, why


def test_no_prefix_no_code() -> None:
    assert find_code("QNM-2026-004217", ()) is None


@pytest.mark.parametrize(
    ("text", "found", "why"),
    [
        ("Họ và tên: Nguyễn Thị Hạnh\nĐịa chỉ: 12 Trần Phú, Tam Kỳ\nSĐT: 0912.345.678", {"name": "Nguyễn Thị Hạnh", "address": "12 Trần Phú, Tam Kỳ", "phone": "0912345678"}, "one line each"),
        ("Họ tên: Nguyễn Thị Hạnh, ĐT: +84 912 345 678, Địa chỉ: 12 Trần Phú", {"name": "Nguyễn Thị Hạnh", "address": "12 Trần Phú", "phone": "0912345678"}, "all on one line"),
        ("Ho va ten: Le Van B\nDia chi: thon 3\nDien thoai: 0235 3812 345", {"name": "Le Van B", "address": "thon 3", "phone": "02353812345"}, "without marks, a landline"),
        ("*Người gửi:* Trần Văn Tám", {"name": "Trần Văn Tám"}, "bold in another client"),
        ("Tôi tên là Trần Văn Tám, ở thôn 3.", {"name": "Trần Văn Tám"}, "in a sentence"),
        ("Đường hỏng, gọi 0905123456 nhé", {"phone": "0905123456"}, "a bare number"),
        ("Đường hỏng.\n\nTrân trọng,\nLê Thị Bốn\n", {"name": "Lê Thị Bốn"}, "signed after the closing"),
        ("Đường hỏng.\n\nPhạm Văn Năm", {"name": "Phạm Văn Năm"}, "signed without closing, a family name"),
        ("Đường hỏng.\n\nKính Mong Giải Quyết", {}, "capitals, yet no name"),
        ("CCCD: 049085012345, tài khoản 0123456789", {}, "neither is a telephone number"),
        ("Gọi 1022 không ai nghe", {}, "the hotline's own number"),
        ("Tôi là người dân ở phường An Mỹ", {}, "no name follows"),
        ("x\n\nVào 13/2/26, 1022 <1022@q.vn> đã viết:\n> Họ và tên: Người Khác\n> SĐT: 0900000000", {}, "what he quotes is not his"),
        ("", {}, "nothing"),
    ],
)  # fmt: skip
def test_who_reports(text: str, found: dict[str, str], why: str) -> None:
    got = extract_reporter(text)
    assert {key: one.value for key, one in got.items()} == found, why
    assert all(one.why for one in got.values())


@pytest.mark.parametrize(("written", "digits"), [("0912 345 678", "0912345678"), ("+84912345678", "0912345678"), ("84912345678", "0912345678"), ("+84 (0) 912345678", "0912345678"), ("0123456789", ""), ("1022", ""), ("049085012345", "")])  # fmt: skip
def test_telephone_numbers(written: str, digits: str) -> None:
    assert phone(written) == digits
