# ruff: noqa: E501 — a mail is easier to read on its own long line
"""Mails no person wrote, and people's mails that look like those: what may be answered hangs on telling them apart."""

from dataclasses import dataclass

from hotline.channels.email.rules import MailKind
from hotline.channels.email.tests.samples import Sample, mail, multi

BOUNCE, AUTO, LIST, LOOP, HUMAN = (
    MailKind.BOUNCE,
    MailKind.AUTO_REPLY,
    MailKind.LIST_MAIL,
    MailKind.OWN_LOOP,
    MailKind.HUMAN,
)
OURS = mail(
    "Kính gửi bà",
    "Subject: Re: [QNM-2026-004217]",
    sender="1022 <1022@quangnam.gov.vn>",
    mid="<hl.7@1022.quangnam.gov.vn>",
)


@dataclass(frozen=True)
class Bounced:
    """What must be read from a bounce: (recipient, our Message-ID, status, action, permanent)."""

    sample: Sample
    recipient: str
    original: str = "<hl.7@1022.quangnam.gov.vn>"
    status: str = "5.1.1"
    action: str = "failed"
    permanent: bool = True


def report(
    fields: str,
    text: str,
    *more: str,
    returned: tuple[str, str | bytes] = ("Content-Type: message/rfc822", OURS),
    sender: str,
) -> bytes:
    kind = 'Content-Type: multipart/report; report-type=delivery-status; boundary="rp"'
    parts = (
        ("Content-Type: text/plain; charset=utf-8", text),
        ("Content-Type: message/delivery-status", fields),
        returned,
    )
    raw = multi("report", *parts, mark="rp", sender=sender, mid="<dsn@mx.example>")
    return raw.replace(b'Content-Type: multipart/report; boundary="rp"', "\r\n".join([kind, *more]).encode())


BOUNCES = [
    Bounced(Sample("postfix", "Postfix returns the headers only",
        report("Reporting-MTA: dns; mx.vn\n\nFinal-Recipient: rfc822; Hanh@Gmail.com\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550-5.1.1 The email account\n    does not exist", "This is the mail system at host mx.vn.", "Subject: Undelivered Mail Returned to Sender", "Auto-Submitted: auto-replied", "Return-Path: <>", returned=("Content-Type: text/rfc822-headers", "Message-ID: <hl.7@1022.quangnam.gov.vn>\nSubject: x\n"), sender="MAILER-DAEMON@mx.vn"), BOUNCE, files=("bao-cao-gui-thu.txt", "tep-dinh-kem-2.txt")), "hanh@gmail.com"),
    Bounced(Sample("postfix_delayed", "a warning: the server goes on trying, the address is not wrong",
        report("Final-Recipient: rfc822; a@b.vn\nAction: delayed\nStatus: 4.4.1\nWill-Retry-Until: Sat", "YOUR MESSAGE HAS NOT YET BEEN DELIVERED", "Subject: Delayed Mail (still being retried)", sender="MAILER-DAEMON@mx.vn"), BOUNCE, files=("bao-cao-gui-thu.txt", "Re [QNM-2026-004217].eml")), "a@b.vn", status="4.4.1", action="delayed", permanent=False),
    Bounced(Sample("our_own_server", "our server's bounce has a Message-ID of our domain: a bounce, no loop",
        report("Final-Recipient: rfc822; a@b.vn\nAction: failed\nStatus: 5.4.4", "x", "Message-ID: <2026@1022.quangnam.gov.vn>", sender="MAILER-DAEMON@1022.quangnam.gov.vn"), BOUNCE, files=("bao-cao-gui-thu.txt", "Re [QNM-2026-004217].eml")), "a@b.vn", status="5.4.4"),
    Bounced(Sample("exim", "Exim writes no report, but names the recipient in a header",
        mail("A message that you sent could not be delivered.\n\n  khong.co@b.vn\n    host mx.b.vn [1.2.3.4]\n    SMTP error from remote mail server after RCPT TO:<khong.co@b.vn>:\n    550 5.1.1 User unknown\n\n------ This is a copy of the message. ------\n\nMessage-ID: <hl.7@1022.quangnam.gov.vn>\n", "Subject: Mail delivery failed: returning message to sender", "X-Failed-Recipients: khong.co@b.vn", "Auto-Submitted: auto-replied", sender="Mail Delivery System <Mailer-Daemon@mx.vn>"), BOUNCE), "khong.co@b.vn"),
    Bounced(Sample("exchange", "Exchange's non-delivery report from a mailbox of its own",
        report("Final-Recipient: rfc822;cu@xa.gov.vn\nAction: failed\nStatus: 5.1.10\nDiagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound", "Delivery has failed to these recipients", "Subject: Undeliverable: Re: [QNM-2026-004217]", sender="Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@xa.gov.vn>"), BOUNCE, files=("bao-cao-gui-thu.txt", "Re [QNM-2026-004217].eml")), "cu@xa.gov.vn", status="5.1.10"),
    Bounced(Sample("gmail", "Gmail's, with its Vietnamese words", report("Final-Recipient: rfc822; a.b@gmail.com\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552-5.2.2 The email account is over quota", "Không tìm thấy địa chỉ", "Subject: Delivery Status Notification (Failure)", "X-Failed-Recipients: a.b@gmail.com", sender="Mail Delivery Subsystem <mailer-daemon@googlemail.com>"), BOUNCE, files=("bao-cao-gui-thu.txt", "Re [QNM-2026-004217].eml")), "a.b@gmail.com", status="5.2.2"),
    Bounced(Sample("qmail", "qmail writes plain words only", mail("Hi. This is the qmail-send program at mx.vn.\nI'm afraid I wasn't able to deliver your message.\n\n<ai.do@b.vn>:\n1.2.3.4 does not like recipient.\nRemote host said: 550 no such user here\nGiving up.\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <hl.7@1022.quangnam.gov.vn>\n", "Subject: failure notice", "Return-Path: <>", sender="MAILER-DAEMON@mx.vn"), BOUNCE), "ai.do@b.vn", status="5.0.0"),
    Bounced(Sample("words_only", "no header betrays it but subject and text do", mail("Thư không gửi được tới <ai.do@b.vn>.\nMáy chủ trả lời: 554 5.7.1 Rejected\nMessage-ID: <hl.7@1022.quangnam.gov.vn>", "Subject: Không gửi được thư: Re", sender="He thong <system@b.vn>"), BOUNCE), "ai.do@b.vn", status="5.7.1"),
    Bounced(Sample("empty_sender", "RFC 5321: the empty envelope sender is for notices", mail("Your mail to <x@b.vn> was refused: mailbox full, 452 try later", "Subject: Notice", "Return-Path: <>", sender="notice@b.vn"), BOUNCE), "x@b.vn", original="", status="4.0.0", action="delayed", permanent=False),
    Bounced(Sample("success_notice", "a delivered notice is no failure", report("Final-Recipient: rfc822; a@b.vn\nAction: delivered\nStatus: 2.0.0", "Delivered", sender="postmaster@b.vn"), BOUNCE, files=("bao-cao-gui-thu.txt", "Re [QNM-2026-004217].eml")), "a@b.vn", status="2.0.0", action="delivered", permanent=False),
]  # fmt: skip

OTHERS = [
    Sample("zimbra_oof", "Zimbra's vacation answer", mail("Tôi vắng mặt đến 20/02.", "Subject: Trả lời tự động: Re: [QNM-2026-004217]", "Auto-Submitted: auto-replied (zimbra; vacation)", "Return-Path: <>"), AUTO),
    Sample("exchange_oof", "Exchange's, told by its subject and its own header", mail("I am away", "Subject: Automatic reply: [QNM-2026-004217]", "X-Auto-Response-Suppress: All", "X-MS-Exchange-Inbox-Rules-Loop: hanh@x.vn"), AUTO),
    Sample("oof_by_subject", "an old Notes server tells nothing but the subject", mail("away", "Subject: Out of Office AutoReply: [QNM-2026-004217]"), AUTO),
    Sample("oof_chinese", "the subject in another language", mail("x", "Subject: 自动回复: hi"), AUTO),
    Sample("precedence_auto", "what vacation(1) writes", mail("x", "Precedence: auto_reply"), AUTO),
    Sample("x_autoreply", "cPanel's header", mail("x", "X-Autoreply: yes", "Subject: Cảm ơn quý khách"), AUTO),
    Sample("ticket_receipt", "another desk's acknowledgement: answering it would never end", mail("We got your ticket", "Auto-Submitted: auto-generated", "Subject: [#123] received"), AUTO),
    Sample("read_receipt", "a read receipt is a report, but not on delivery",
        multi("report; report-type=disposition-notification", ("Content-Type: text/plain; charset=utf-8", "Thư đã được đọc."), ("Content-Type: message/disposition-notification", "Final-Recipient: rfc822;a@b.vn\nDisposition: manual-action/MDN-sent-manually; displayed"), fields=("Subject: Đã đọc: Trả lời", "Return-Path: <>")), AUTO, files=("bao-cao-gui-thu.txt",)),
    Sample("mailing_list", "a report sent to a list we are on: kept, never answered", mail("Xin phản ánh", "List-Id: Dan pho <dan-pho.googlegroups.com>", "List-Unsubscribe: <mailto:x@y>", "Precedence: list"), LIST),
    Sample("newsletter", "only the unsubscribe header", mail("Khuyến mãi", "List-Unsubscribe: <https://x.vn/u>"), LIST),
    Sample("bulk", "only the old header", mail("x", "Precedence: bulk"), LIST),
    Sample("own_group", "the hotline's address is itself a group of the provider: its mail is a citizen's", mail("Đèn hỏng", "List-Id: <1022.quangnam.gov.vn>", "List-Unsubscribe: <mailto:x@y>", "Precedence: list"), HUMAN),
    Sample("loop_header", "our mail resent to us", mail("x", "X-Hotline-Loop: qnm 1022.quangnam.gov.vn", sender="ai@b.vn"), LOOP),
    Sample("another_hotline", "another province runs the same program: its officer writes to us", mail("Xin chuyển phản ánh", "X-Hotline-Loop: hue 1022.hue.gov.vn", sender="1022@hue.gov.vn"), HUMAN),
    Sample("same_domain", "an officer's mail server has the hotline's own domain", mail("x", sender="can.bo@quangnam.gov.vn", mid="<123.zimbra@1022.quangnam.gov.vn>"), HUMAN),
    Sample("own_sender", "our own address in From", mail("x", sender="1022 <1022@QuangNam.gov.vn>"), LOOP),
    Sample("own_message_id", "our own Message-ID comes back", mail("x", mid="<hl.7@1022.quangnam.gov.vn>"), LOOP),
    Sample("human_reply_to_ours", "an answer names our Message-ID, it does not carry it", mail("x", "In-Reply-To: <hl.7@1022.quangnam.gov.vn>"), HUMAN),
    Sample("human_about_auto_replies", "a complaint about automatic answers", mail("x", "Subject: Trả lời tự động của tổng đài không đúng câu hỏi"), HUMAN),
    Sample("human_re_oof", "a person answers an automatic answer", mail("x", "Subject: Re: Automatic reply: abc"), HUMAN),
    Sample("human_word_in_the_middle", "the words stand in the middle", mail("x", "Subject: Cán bộ luôn vắng mặt: dân chờ cả buổi"), HUMAN),
    Sample("human_cannot_send", "a citizen cannot send a file on the public-service portal", mail("Cổng dịch vụ công báo lỗi khi nộp hồ sơ.", "Subject: Không gửi được hồ sơ qua mạng"), HUMAN),
    Sample("human_auto_submitted_no", "the header says it is no machine", mail("x", "Auto-Submitted: no"), HUMAN),
    Sample("human_forwards_a_bounce", "a citizen shows us a bounce", multi("mixed", ("Content-Type: text/plain; charset=utf-8", "Thư tôi gửi xã bị trả lại."), ("Content-Type: message/rfc822", BOUNCES[3].sample.raw), fields=("Subject: Fwd: Undelivered Mail Returned to Sender",)), HUMAN, has=("Thư tôi gửi xã",), files=("Mail delivery failed returning message to sender.eml",)),
    Sample("human_via_form", "a commune's web form: suppressed answers alone make no automatic reply", mail("Họ và tên: A", "X-Auto-Response-Suppress: All", sender="no-reply@tamky.gov.vn"), HUMAN),
]  # fmt: skip
