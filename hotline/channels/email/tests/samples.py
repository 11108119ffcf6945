# ruff: noqa: E501 — a mail is easier to read on its own long line
"""Mails as they arrive: what citizens' programs send. Each sample says what must come out, and why it is here."""

import base64
import struct
import unicodedata
from dataclasses import dataclass

from hotline.channels.email.rules import MailKind

OWN = frozenset({"1022@quangnam.gov.vn"})
DOMAIN = "1022.quangnam.gov.vn"
PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4 + b"\xff\xd9"


@dataclass(frozen=True)
class Sample:
    """`has` must stand in the text, `new` in the new text, `not_new` must not; `notes`: a word of an expected note."""

    name: str
    why: str
    raw: bytes
    kind: MailKind = MailKind.HUMAN
    subject: str | None = None
    has: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    not_new: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    notes: str = ""


def mail(
    body: str | bytes,
    *fields: str,
    sender: str = "Nguyễn Thị Hồng Hạnh <hanh.nguyen@gmail.com>",
    mid: str = "<m1@mail.gmail.com>",
) -> bytes:
    """A mail of these header lines; the common ones are filled in."""
    names = {field.split(":")[0].lower() for field in fields}
    common = [
        f"From: {sender}",
        "To: 1022@quangnam.gov.vn",
        f"Message-ID: {mid}",
        "Date: Fri, 13 Feb 2026 08:00:00 +0700",
    ]
    if "content-type" not in names:
        common.append("Content-Type: text/plain; charset=utf-8")
    head = "\r\n".join([*(field for field in common if field.split(":")[0].lower() not in names), *fields])
    content = body if isinstance(body, bytes) else body.replace("\n", "\r\n").encode()
    return head.encode() + b"\r\n\r\n" + content


def multi(
    kind: str, *parts: tuple[str, str | bytes], fields: tuple[str, ...] = (), mark: str = "=_ranh-gioi", **given: str
) -> bytes:
    """A multipart mail; each part is (its header lines, its body)."""
    return mail(joined(mark, *parts), f'Content-Type: multipart/{kind}; boundary="{mark}"', *fields, **given)


def joined(mark: str, *parts: tuple[str, str | bytes]) -> bytes:
    chunks = []
    for head, body in parts:
        content = body if isinstance(body, bytes) else body.replace("\n", "\r\n").encode()
        chunks.append(f"--{mark}\r\n".encode() + head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + content + b"\r\n")
    return b"".join(chunks) + f"--{mark}--\r\n".encode()


def b64(data: bytes) -> bytes:
    return base64.encodebytes(data)


def windows_1258(text: str) -> bytes:
    """As old Vietnamese Windows writes: letters composed, tone marks after them."""
    out = b""
    for char in text:
        try:
            out += char.encode("cp1258")
        except UnicodeError:
            base, *marks = list(unicodedata.normalize("NFD", char))
            shape = "".join(mark for mark in marks if mark in "\u0302\u0306\u031b")
            tone = "".join(mark for mark in marks if mark not in "\u0302\u0306\u031b")
            out += (unicodedata.normalize("NFC", base + shape) + tone).encode("cp1258")
    return out


def winmail(name: str, content: bytes, body: str = "") -> bytes:
    """A winmail.dat with one file."""

    def one(level: int, kind: int, value: bytes) -> bytes:
        return struct.pack("<BHHI", level, kind, 6, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    long_name = (name + "\0").encode("utf-16-le")
    padded = long_name + b"\0" * (-len(long_name) % 4)
    properties = struct.pack("<IHHII", 1, 0x1F, 0x3707, 1, len(long_name)) + padded
    objects = one(1, 0x9006, struct.pack("<I", 0x10000))
    if body:
        objects += one(1, 0x800C, body.encode() + b"\0")
    objects += (
        one(2, 0x9002, b"\0" * 14)
        + one(2, 0x8010, b"ANH~1.JPG\0")
        + one(2, 0x800F, content)
        + one(2, 0x9005, properties)
    )
    return struct.pack("<IH", 0x223E9F78, 1) + objects


QUOTED_VI = "> Kính gửi bà,\n> Trung tâm 1022 đã tiếp nhận phản ánh.\n"
INNER = mail(
    "Kính gửi xã,\nCầu Bà Đồng gãy lan can.\n",
    "Subject: Cau Ba Dong",
    sender="Le Van B <b@yahoo.com>",
    mid="<goc@yahoo.com>",
)
PHOTO_PART = (
    'Content-Type: image/jpeg; name="anh.jpg"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="anh.jpg"',
    b64(PHOTO),
)

PEOPLE = [
    Sample("plain", "the simplest report", mail("Đường Trần Phú ngập nước.\n", "Subject: =?utf-8?B?xJDGsOG7nW5n?="), subject="Đường", has=("Đường Trần Phú ngập nước.",)),
    Sample("gmail_reply_vi", "Gmail in Vietnamese wraps its attribution over two lines",
        mail(f"Cảm ơn, nhưng nước vẫn chưa rút.\n\nVào Th 6, 13 thg 2, 2026 vào lúc 08:30 Tổng đài 1022 <\n1022@quangnam.gov.vn> đã viết:\n\n{QUOTED_VI}", "Subject: Re: [LH-7KQ2M9X] Ngap nuoc", "In-Reply-To: <hl.1@1022.quangnam.gov.vn>"),
        has=("đã tiếp nhận",), new=("nước vẫn chưa rút",), not_new=("đã viết", "tiếp nhận")),
    Sample("gmail_reply_html_only", "the same reply without a plain version: the quote is a blockquote",
        mail('<div dir="ltr">Vẫn <b>chưa</b> sửa.</div><br><div class="gmail_quote">Vào Th 6, 13 thg 2, 2026 lúc 08:30 1022 &lt;<a href="mailto:1022@quangnam.gov.vn">1022@quangnam.gov.vn</a>&gt; đã viết:<br><blockquote>Kính gửi bà</blockquote></div>', "Content-Type: text/html; charset=utf-8", "In-Reply-To: <hl.1@1022.quangnam.gov.vn>"),
        has=("Kính gửi bà",), new=("Vẫn chưa sửa.",), not_new=("Kính gửi", "đã viết")),
    Sample("english_on_wrote", "a foreigner's client", mail("Still broken.\n\nOn Fri, Feb 13, 2026 at 8:30 AM 1022 <1022@quangnam.gov.vn> wrote:\n> Dear Sir\n"), new=("Still broken.",), not_new=("Dear Sir", "wrote")),
    Sample("outlook_original_message", "old Outlook's line", mail("Tôi bổ sung địa chỉ: 12 Trần Phú.\n\n-----Original Message-----\nFrom: 1022\nSent: Friday\nSubject: x\n\nKính gửi ông\n"), new=("12 Trần Phú",), not_new=("Kính gửi ông",)),
    Sample("outlook_header_block_vi", "Outlook in Vietnamese quotes with a block of header lines",
        mail("Đã sửa xong, cảm ơn.\n\nNhận Outlook cho Android\n________________________________\nTừ: Tổng đài 1022 <1022@quangnam.gov.vn>\nĐã gửi: Thứ Sáu, 13 Tháng Hai 2026 8:30 SA\nĐến: hanh.nguyen@gmail.com\nChủ đề: Trả lời\n\nKính gửi bà\n"),
        new=("Đã sửa xong, cảm ơn.",), not_new=("Kính gửi bà", "Outlook", "____")),
    Sample("zimbra_reply", "Zimbra's block puts the recipient before the date", mail('Xin gửi lại ảnh.\n\n----- Thư gốc -----\nTừ: "1022" <1022@quangnam.gov.vn>\nTới: "hanh"\nĐã gửi: Thứ sáu\nChủ đề: x\n\nKính gửi\n'), new=("Xin gửi lại ảnh.",), not_new=("Kính gửi",)),
    Sample("inline_answers", "answers between the quoted lines are all kept", mail("Vào 13/2/26, 08:30, 1022 <1022@quangnam.gov.vn> đã viết:\n> Ở đường nào?\nĐường Hùng Vương.\n> Từ khi nào?\n> Có ảnh không?\nTừ tối qua.\n"), new=("Đường Hùng Vương.", "Từ tối qua."), not_new=("Ở đường nào", "Có ảnh")),
    Sample("a_sentence_like_an_attribution", "a citizen's own sentence must not cut the report", mail("Vào ngày 12/02 tôi đã viết:\nĐèn đường hỏng.\nNay vẫn hỏng.\n"), new=("Đèn đường hỏng.", "Nay vẫn hỏng.")),
    Sample("forward", "a forwarded report is content, not a quote", mail("Nhờ 1022 xử lý.\n\n---------- Forwarded message ---------\nTừ: Lê Văn B <b@yahoo.com>\nDate: Th 6\nSubject: Cau\nTo: x@y.vn\n\nCầu gãy lan can.\n", "Subject: Fwd: Cau"), new=("Nhờ 1022", "Cầu gãy lan can.")),
    Sample("iphone_inline_photo", "Apple Mail puts the photo between two stretches of text",
        multi("mixed", ("Content-Type: text/plain; charset=utf-8", "Ổ gà trước nhà:\n"), ("Content-Type: image/jpeg; name=IMG_0042.jpg\nContent-Disposition: inline; filename=IMG_0042.jpg\nContent-Transfer-Encoding: base64\nContent-Id: <P1>", b64(PHOTO)), ("Content-Type: text/plain; charset=utf-8", "\nMong sớm sửa.\n\nĐã gửi từ iPhone của tôi\n")),
        has=("Ổ gà trước nhà:", "Mong sớm sửa."), new=("Mong sớm sửa.",), not_new=("iPhone",), files=("IMG_0042.jpg",)),
    Sample("alternative_related", "the usual shape of a mail with a picture in its HTML",
        multi("alternative", ("Content-Type: text/plain; charset=utf-8", "Bản chữ thường."), ('Content-Type: multipart/related; boundary="rel"', joined("rel", ("Content-Type: text/html; charset=utf-8", "<p>Bản <b>HTML</b></p>"), ("Content-Type: image/png\nContent-ID: <logo@x>\nContent-Transfer-Encoding: base64", b64(b"\x89PNG"))))),
        has=("Bản chữ thường.",), files=("tep-dinh-kem-1.png",)),
    Sample("stub_plain_part", "the plain version only says to look at the other one", multi("alternative", ("Content-Type: text/plain", "View in HTML"), ("Content-Type: text/html; charset=utf-8", "<p>" + "Rác thải tràn ra đường. " * 20 + "</p>")), has=("Rác thải tràn ra đường.",)),
    Sample("html_links", "links keep their address, scripts vanish", mail('<html><head><title>t</title><style>p{}</style></head><body><p>Xem <a href="https://vnexpress.net/bai-1">bài này</a></p><script>alert(1)</script><ul><li>một<li>hai</ul></body></html>', "Content-Type: text/html; charset=utf-8"), has=("Xem bài này <https://vnexpress.net/bai-1>", "- một\n- hai"), not_new=("alert", "p{}")),
    Sample("outlook_winmail", "Outlook packs the photo in winmail.dat", multi("mixed", ("Content-Type: text/plain; charset=utf-8", "Gửi kèm ảnh."), ('Content-Type: application/ms-tnef; name="winmail.dat"\nContent-Transfer-Encoding: base64', b64(winmail("ảnh hiện trường.jpg", PHOTO)))), has=("Gửi kèm ảnh.",), files=("ảnh hiện trường.jpg",)),
    Sample("winmail_alone", "text and file are both inside winmail.dat", mail(b64(winmail("don.pdf", b"%PDF-1.4", "Noi dung trong goi")), "Content-Type: application/ms-tnef", "Content-Transfer-Encoding: base64"), has=("Noi dung trong goi",), files=("don.pdf",)),
    Sample("winmail_damaged", "half a winmail.dat: kept as it came, and said so", multi("mixed", ("Content-Type: text/plain", "Kem anh"), ('Content-Type: application/ms-tnef; name="winmail.dat"\nContent-Transfer-Encoding: base64', b64(winmail("a.jpg", PHOTO)[:400]))), has=("Kem anh",), files=("winmail.dat", "ANH~1.JPG"), notes="winmail.dat"),
    Sample("uuencoded", "a file inside of the plain text", mail(b"Xin xem tep:\r\n\r\nbegin 644 don.txt\r\n#0V%T\r\n`\r\nend\r\nHet.\r\n"), has=("Xin xem tep:", "Het."), not_new=("begin 644",), files=("don.txt",)),
    Sample("uuencode_look_alike", "a sentence beginning with the word is no file", mail("begin 644 xe\nkhông phải tệp\nend\n"), has=("begin 644 xe", "không phải tệp")),
    Sample("windows_1258", "old Outlook Express in Vietnamese", mail(windows_1258("Nước máy bị đục, người dân bức xúc."), "Content-Type: text/plain; charset=windows-1258"), has=("Nước máy bị đục, người dân bức xúc.",)),
    Sample("windows_1258_unlabelled", "the same without any label", mail(windows_1258("Nước máy bị đục, người dân bức xúc."), "Content-Type: text/plain"), has=("Nước máy bị đục, người dân bức xúc.",)),
    Sample("utf8_labelled_latin1", "the commonest wrong label", mail("Nước máy bị đục.", "Content-Type: text/plain; charset=iso-8859-1"), has=("Nước máy bị đục.",)),
    Sample("unknown_charset", "a label that does not exist", mail("Nước máy bị đục.", "Content-Type: text/plain; charset=x-khong-co"), has=("Nước máy bị đục.",)),
    Sample("tcvn", "the national set of 1993, which Python cannot read", mail(b"\xa7\xad\xeang Tr\xc7n Ph\xf3", "Content-Type: text/plain; charset=x-viet-tcvn5712"), has=("Đường Trần Phú",)),
    Sample("viscii", "the set of RFC 1456", mail(b"\xd0\xdf\xb6ng", "Content-Type: text/plain; charset=VISCII"), has=("Đường",)),
    Sample("utf7", "still written by some servers", mail("Đèn hỏng".encode("utf-7"), "Content-Type: text/plain; charset=utf-7"), has=("Đèn hỏng",)),
    Sample("iso_2022_jp", "a visitor's telephone", mail("道路が壊れた".encode("iso-2022-jp"), "Content-Type: text/plain; charset=iso-2022-jp"), has=("道路が壊れた",)),
    Sample("gb2312", "characters beyond the label's set", mail("道路损坏€".encode("gb18030"), "Content-Type: text/plain; charset=gb2312"), has=("道路损坏€",)),
    Sample("decomposed", "macOS writes letters and marks apart; we store NFC", mail(unicodedata.normalize("NFD", "Đường hẻm"), "Subject: x"), has=("Đường hẻm",)),
    Sample("flowed", "format=flowed: lines are joined again", mail("Đường này \ndài lắm.\n-- \nHạnh\n", "Content-Type: text/plain; charset=utf-8; format=flowed"), has=("Đường này dài lắm.",), not_new=("Hạnh",)),
    Sample("nested_mail", "a report forwarded as an attachment: its text and its photo come out", multi("mixed", ("Content-Type: text/plain; charset=utf-8", "Chuyển 1022."), ("Content-Type: message/rfc822", INNER), PHOTO_PART), has=("Chuyển 1022.", "[Thư đính kèm] Cau Ba Dong", "Cầu Bà Đồng gãy lan can."), files=("Cau Ba Dong.eml", "anh.jpg")),
    Sample("no_message_id", "some web forms send none", mail("Đèn hỏng", "Message-ID: "), has=("Đèn hỏng",)),
    Sample("broken_base64", "a line of the file was lost: what is left is kept", multi("mixed", ("Content-Type: text/plain", "Kem"), ("Content-Type: image/jpeg; name=a.jpg\nContent-Transfer-Encoding: base64", b"/9j/4AAQ*~!" + b"!" * 40 + b"SkZJRgA")), has=("Kem",), files=("a.jpg",), notes="hỏng"),
    Sample("text_labelled_base64", "plain writing labelled base64", mail("Đường hỏng, xin sửa gấp. Cảm ơn!", "Content-Transfer-Encoding: base64"), has=("Đường hỏng, xin sửa gấp.",)),
    Sample("huge_subject", "60 kB of subject", mail("Nội dung", "Subject: " + "Kính gửi 1022 " * 3500), has=("Nội dung",), notes="Tiêu đề"),
    Sample("raw_8bit_headers", "headers in bare UTF-8", mail("x", "Subject: Đường ngập"), subject="Đường ngập"),
    Sample("cut_encoded_word", "a letter cut in half between two encoded words", mail("x", "Subject: =?UTF-8?B?xJDGsOG7?= =?UTF-8?B?nW5n?="), subject="Đường"),
    Sample("header_injection", "line breaks hidden in an encoded subject", mail("x", "Subject: =?utf-8?Q?a=0D=0ABcc:_evil@x.vn?="), subject="a Bcc: evil@x.vn"),
    Sample("filename_oddities", "RFC 2231 in pieces, RFC 2047 in quotes, a path, a disguised extension",
        multi("mixed", ("Content-Type: text/plain", "Kem"), ("Content-Type: application/pdf\nContent-Disposition: attachment; filename*0*=utf-8''%C4%90%C6%A1; filename*1*=n%20m%E1%BB%9Bi.pdf", b"1"), ('Content-Type: application/pdf; name="=?utf-8?B?xJDGoW4ucGRm?="', b"2"), ('Content-Type: application/octet-stream; name="..\\\\..\\\\etc/passwd"', b"3"), ("Content-Type: application/octet-stream; name*=utf-8''anh%E2%80%AEgpj.exe", b"4"), ('Content-Type: application/pdf; name="=?utf-8?B?xJDGoW4ucGRm?="', b"5")),
        files=("Đơn mới.pdf", "Đơn.pdf", "passwd", "anhgpj.exe", "Đơn (2).pdf")),
    Sample("no_closing_boundary", "cut off in transit", mail(b"--zz\r\nContent-Type: text/plain\r\n\r\nPhan mot\r\n--zz\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n%PDF", "Content-Type: multipart/mixed; boundary=zz"), has=("Phan mot",), files=("a.pdf",)),
    Sample("wrong_boundary", "the header names another boundary than the body uses", mail(b"--that\r\nContent-Type: text/plain\r\n\r\nPhan mot\r\n--that--\r\n", "Content-Type: multipart/mixed; boundary=khac"), has=("Phan mot",), not_new=("--that",)),
    Sample("missing_boundary", "multipart without any parts", mail("Chỉ có chữ", "Content-Type: multipart/mixed"), has=("Chỉ có chữ",), notes="ranh giới"),
    Sample("nul_bytes", "what PostgreSQL refuses", mail(b"Du\x00ong \x07hong", "Subject: a\x00b"), subject="ab", has=("Duong hong",)),
    Sample("duplicate_headers", "the first one counts", mail("x", "Subject: mot", "Subject: hai"), subject="mot"),
    Sample("zip_bomb", "archives are kept, never opened", multi("mixed", ("Content-Type: text/plain", "Kem"), ("Content-Type: application/zip; name=bom.zip", b"PK\x03\x04" + b"\0" * 500)), files=("bom.zip",)),
    Sample("empty", "no header, no body", b"", has=(), notes="không có nội dung"),
    Sample("headers_only", "no body at all", b"From: a@b.vn\nMessage-ID: <h@b.vn>\nSubject: Den hong", subject="Den hong", notes="không có nội dung"),
    Sample("body_only", "a web form that forgot its headers", "Đường hỏng quá rồi\nxin sửa\n".encode(), has=("Đường hỏng quá rồi",)),
    Sample("mbox_line", "an MTA's pipe adds the envelope line", b"From a@b.vn Fri Feb 13 08:00:00 2026\n" + mail("Đèn hỏng"), has=("Đèn hỏng",)),
]  # fmt: skip
