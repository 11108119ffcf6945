# ruff: noqa: E501 — sample values are easier to read on one line
import time
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.channels.email import mime
from hotline.channels.email.attachments import Limits, safe_name
from hotline.channels.email.bounces import read_bounce
from hotline.channels.email.mime import parse, read
from hotline.channels.email.reporter import extract_reporter
from hotline.channels.email.rules import classify, find_code, thread_keys
from hotline.channels.email.tests.machines import BOUNCES, OTHERS
from hotline.channels.email.tests.samples import DOMAIN, OWN, PEOPLE, PHOTO, Sample, mail, multi

SAMPLES = [*PEOPLE, *OTHERS, *(one.sample for one in BOUNCES)]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_what_comes_out_of_a_mail(sample: Sample) -> None:
    got = read(sample.raw)
    if sample.subject is not None:
        assert got.subject == sample.subject, sample.why
    for words in sample.has:
        assert words in got.text, sample.why
    for words in sample.new:
        assert words in got.new_text, sample.why
    for words in sample.not_new:
        assert words not in got.new_text, sample.why
    assert tuple(file.filename for file in got.attachments) == sample.files, sample.why
    assert sample.notes in " ".join(got.notes), sample.why
    assert bool(sample.notes) == bool(got.notes), f"{sample.why}: {got.notes}"


def named(name: str) -> mime.Mail:
    return read(next(sample.raw for sample in SAMPLES if sample.name == name))


@pytest.mark.parametrize(
    ("name", "number"),
    [("outlook_winmail", 0), ("iphone_inline_photo", 0), ("nested_mail", 1)],
    ids=lambda value: str(value),
)
def test_a_photo_comes_out_byte_for_byte(name: str, number: int) -> None:
    assert named(name).attachments[number].content == PHOTO


def test_header_values() -> None:
    got = read(
        mail(
            "x",
            'To: "Tổng đài, 1022" <1022@QuangNam.gov.vn>, =?utf-8?Q?a=2Cb?= <c@d.vn>; khong-co-a-cong',
            "Cc: undisclosed-recipients:;, e@f.vn (Ông E)",
            "Delivered-To: hop-thu@quangnam.gov.vn",
            "Reply-To: khac@gmail.com",
            "In-Reply-To: Message of Friday <a@b> <c@d>",
            "References: <x@y>\r\n <a@b> <a@b>",
        )
    )
    assert (got.from_name, got.from_address) == ("Nguyễn Thị Hồng Hạnh", "hanh.nguyen@gmail.com")
    assert got.to == ("1022@quangnam.gov.vn", "c@d.vn")
    assert (got.cc, got.delivered_to, got.reply_to) == (("e@f.vn",), ("hop-thu@quangnam.gov.vn",), "khac@gmail.com")
    assert (got.in_reply_to, got.references) == ("<a@b>", ("<x@y>", "<a@b>"))
    assert got.date is not None and got.date.isoformat() == "2026-02-13T08:00:00+07:00"
    assert got.message_id == "<m1@mail.gmail.com>"


@pytest.mark.parametrize(
    "written",
    ["", "hôm qua", "Fri, 99 Foo 2026", "Fri, 13 Feb 9999999 08:00", "9" * 5000, "Fri, 13 Feb 2026 08:00 +9999999"],
)
def test_an_impossible_date_is_none(written: str) -> None:
    assert read(mail("x", f"Date: {written}")).date is None


def test_a_date_without_a_zone_is_utc() -> None:
    got = read(mail("x", "Date: Fri, 13 Feb 2026 01:00:00 -0000")).date
    assert got is not None and got.utcoffset() == timedelta(0)


def test_a_made_message_id_is_stable_over_line_ends_and_the_envelope_line() -> None:
    raw = mail("Đèn hỏng\n", "Message-ID: ")
    first = read(raw).message_id
    assert first.startswith("<sha256-") and first.endswith("@no-id.invalid>")
    assert first == read(raw.replace(b"\r\n", b"\n")).message_id == read(b"From a@b Fri\n" + raw).message_id
    assert first != read(raw + b"x").message_id


def test_limits_cut_and_say_so() -> None:
    few = Limits(raw_bytes=5000, parts=6, attachments=2, attachment_bytes=100, text_chars=50)
    part = ("Content-Type: application/pdf; name=a.pdf", b"1" * 40)
    many = read(multi("mixed", ("Content-Type: text/plain", "x" * 200), part, part, part), few)
    assert len(many.text) == 50 and len(many.attachments) == 2 and len(many.notes) == 2
    assert "quá dài" in " ".join(many.notes) and "hơn 2 tệp" in " ".join(many.notes)
    assert any("hơn 6 phần" in n for n in read(multi("mixed", *[part] * 9), few).notes)
    big = read(multi("mixed", ("Content-Type: application/pdf; name=to.pdf", b"1" * 200)), few)
    assert not big.attachments and "to.pdf" in " ".join(big.notes)
    assert "chỉ đọc phần đầu" in " ".join(read(mail("x" * 9000), Limits(raw_bytes=5 * 1024)).notes)


def test_a_defect_of_ours_still_gives_a_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> mime.Mail:
        raise RecursionError

    monkeypatch.setattr(mime, "read", broken)
    got = parse(mail("Đèn hỏng", "Message-ID: "))
    assert "Đèn hỏng" in got.text and mime.UNREADABLE in got.notes[0] and "RecursionError" in got.notes[0]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\Users\\a\\ảnh.jpg", "ảnh.jpg"), ("con.txt", "_con.txt"), ("...", "tep-dinh-kem-1.jpg"),
        ("a\r\nb\x00.jpg", "a b.jpg"), ("x" * 300 + ".jpeg", "x" * 115 + ".jpeg"), ('a"<b>.pdf', "a_b_.pdf"), ("", "tep-dinh-kem-1.jpg"),
    ],
)  # fmt: skip
def test_file_names_are_safe(name: str, safe: str) -> None:
    assert safe_name(name, "image/jpeg", 1) == safe


N = 200_000
HOSTILE = {
    "a thousand multiparts": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(1000)),
    "a thousand nested mails": b"Content-Type: message/rfc822\n\n" * 1000 + b"\n\nx",
    "the same boundary all over": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * N,
    "empty parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * N,
    "open tags": b"Content-Type: text/html\n\n" + b"<" * N * 5,
    "open comments": b"Content-Type: text/html\n\n" + b"<!--" * N,
    "open quotes": b"Content-Type: text/html\n\n" + b'<a ">' * N,
    "open scripts": b"Content-Type: text/html\n\n" + b"<script>" * N,
    "quotes in quotes": b"Content-Type: text/html\n\n" + b"<blockquote>x" * N,
    "a giant entity": b"Content-Type: text/html\n\n&#" + b"9" * N + b"; &#x" + b"f" * N,
    "header lines": b"a: b\n" * N,
    "a folded header": b"Subject: a\n" + b" b\n" * N,
    "open encoded words": b"Subject: " + b"=?utf-8?q?" * N,
    "open address marks": b"From: " + b'"(<' * N,
    "parameters": b"Content-Type: a/b" + b';a="' * N,
    "uuencode beginnings": b"\n" + b"begin 644 a\n" * N,
    "uuencode without end": b"\nbegin 644 a\n" + b"#86)C\n" * N,
    "attributions": b"\n" + b"On a <b@c>\n" * N,
    "header blocks": b"\n" + b"From: a@\n\n\n" * N,
    "quote marks": b"\n" + b">" * N + b"\n" + b">\n" * N,
    "a winmail.dat counting to four milliards": b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\x01\x00\x01\x03\x90\x06\x00\x04\x00\x00\x00\xff\xff\xff\xff\x00\x00",
    "a winmail.dat of tiny objects": b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\x01\x00" + b"\x01\x03\x90\x06\x00\x00\x00\x00\x00\x00\x00" * N,
    "codecs that are none": b"Content-Type: text/plain; charset=punycode\n\n" + b"a-b" * N,
    "phone digits": b"\n" + b"0 9" * N + b"ten: " * N,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mails_take_bounded_time(name: str) -> None:
    started = time.process_time()
    understood(HOSTILE[name])
    assert time.process_time() - started < 5  # seconds; most take a tenth. Quadratic work would take minutes here


def understood(raw: bytes) -> mime.Mail:
    """Everything the intake does with a mail; the values must be fit to store."""
    got = read(raw)
    classify(got, OWN, DOMAIN)
    read_bounce(got, OWN)
    thread_keys(got)
    find_code(got.subject, ("QNM", "LH"))
    for found in extract_reporter(got.text).values():
        assert found.value and found.why
    assert got.message_id.startswith("<") and len(got.message_id) <= 500 and len(got.subject) <= 500
    texts = [
        got.message_id,
        got.subject,
        got.from_name,
        got.from_address,
        got.text,
        got.new_text,
        *got.references,
        *got.to,
        *got.notes,
    ]
    texts += [piece for file in got.attachments for piece in (file.filename, file.content_type, file.content_id)]
    for text in texts:
        text.encode("utf-8")
        assert "\x00" not in text
    assert "\n" not in "".join(
        [got.subject, got.from_name, got.from_address, *(file.filename for file in got.attachments)]
    )
    assert got.date is None or got.date.utcoffset() is not None
    return got


SLOW = settings(
    max_examples=300, deadline=5000, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@SLOW
@given(st.binary(max_size=3000))
def test_any_bytes_are_understood(raw: bytes) -> None:
    understood(raw)


@SLOW
@given(st.data())
def test_mutated_samples_are_understood(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(SAMPLES)).raw[:8000])
    for _ in range(data.draw(st.integers(1, 8))):
        start = data.draw(st.integers(0, len(raw)))
        cut = data.draw(st.integers(0, 60))
        piece = data.draw(
            st.one_of(
                st.binary(max_size=20),
                st.sampled_from([b"\r\n\r\n", b"\x00", b"=?utf-7?B?+", b"--", b"*0*=", b'"', b"<"]),
            )
        )
        raw[start : start + cut] = piece
    understood(bytes(raw))


FIELD = st.sampled_from(["From", "To", "Cc", "Subject", "Date", "Message-ID", "References", "In-Reply-To", "List-Id", "Return-Path", "Auto-Submitted", "X-Failed-Recipients", "Content-Type", "Content-Disposition", "Content-Transfer-Encoding", "Content-ID"])  # fmt: skip
VALUE = st.one_of(
    st.binary(max_size=80),
    st.text(max_size=40).map(lambda text: text.encode("utf-8", "replace")),
    st.sampled_from([b"multipart/mixed; boundary=b", b"multipart/alternative", b"text/html; charset=utf-7", b"message/rfc822", b"base64", b"application/ms-tnef", b"=?viscii?B?/w==?=", b"<>", b"text/plain; format=flowed; delsp=yes", b"multipart/report; boundary=b"]),
)  # fmt: skip


@SLOW
@given(
    st.lists(st.tuples(FIELD, VALUE), max_size=12),
    st.lists(st.tuples(st.lists(st.tuples(FIELD, VALUE), max_size=4), st.binary(max_size=200)), max_size=5),
)
def test_odd_headers_and_parts_are_understood(
    fields: list[tuple[str, bytes]], parts: list[tuple[list[tuple[str, bytes]], bytes]]
) -> None:
    raw = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in fields) + b"\r\n"
    for head, body in parts:
        raw += (
            b"--b\r\n"
            + b"".join(name.encode() + b": " + value + b"\r\n" for name, value in head)
            + b"\r\n"
            + body
            + b"\r\n"
        )
    understood(raw)
