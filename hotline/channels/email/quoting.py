"""What is new in a reply: the quoted tail and the signature are recognised for the clients Vietnamese citizens use."""

import re

_ATTRIBUTION_START = re.compile(r"^[\s>*]{0,6}(?:-{2,}\s*)?(?:Vào|Vao|Ngày|Lúc|On|Le|Am|El)\b", re.I)
_ATTRIBUTION_END = re.compile(r"\b(?:đã viết|da viet|viết|wrote|a écrit|schrieb|escribió)(?: như sau)?\s?:\s*$", re.I)
_OLD_GMAIL = re.compile(r"^\d{4}-\d\d-\d\d \d\d?:\d\d[^<]{0,200}<[^<>\s]+@[^<>\s]+>\s?:$")
_ORIGINAL = re.compile(
    r"^\s*-{2,}\s*(?:Original (?:Message|Appointment)|(?:Thư|Tin nhắn|Thông điệp|Nội dung|Bản) gốc)\s*-{2,}", re.I
)
_FORWARDED = re.compile(
    r"^\s*(?:-{2,}\s*)?(?:(?:Begin )?forwarded message|(?:Thư|Tin nhắn|Nội dung) (?:đã )?(?:được )?chuyển tiếp)",
    re.I,
)
_FROM = re.compile(r"^[\s*>]{0,4}(?:Từ|From|Người gửi|Von|De)\s?:[\s*]{0,4}\S", re.I)
_FIELD = re.compile(
    r"^[\s*>]{0,4}(?:Đã gửi|Gửi lúc|Ngày gửi|Ngày|Gửi|Sent|Date|Thời gian|Đến|Tới|Gửi tới|Gửi đến|To|Cc"
    r"|Chủ đề|Tiêu đề|Subject)\s?:",
    re.I,
)
_RULE = re.compile(r"^\s*_{10,}\s*$")
_DEVICE = re.compile(
    r"^\s*(?:(?:Đã )?gửi từ (?:iPhone|iPad|điện thoại|Outlook|Yahoo|Mail|thiết bị|ứng dụng|Samsung|Galaxy|Zimbra)"
    r"|(?:Nhận|Tải|Lấy) Outlook cho|Sent from (?:my |Yahoo|Outlook|Mail|Samsung|the )|Get Outlook for|Sent via )"
    r"[^\n]{0,120}$",
    re.I,
)
_FORWARD_SUBJECT = re.compile(r"^\s*(?:fwd?|fw|chuyển tiếp|chuyen tiep|wg|tr)\s*:", re.I)
_REPLY_WRAP = 4  # lines over which a client may wrap "On … wrote:"
_LONGEST_SIGNATURE = 20


def is_forward(subject: str) -> bool:
    return _FORWARD_SUBJECT.match(subject) is not None


def without_quotes(text: str, forwarded: bool = False) -> str:
    """`text` without what it quotes; a forwarded message is content, not a quote, and stays."""
    lines = text.split("\n")
    lines = lines[: _tail_start(lines, forwarded)]
    return "\n".join(lines if forwarded else _unquoted(lines)).strip("\n")


def without_signature(text: str) -> str:
    """`text` up to the signature: the "-- " line of RFC 3676 or a telephone's own line."""
    lines = text.split("\n")
    for index, line in enumerate(lines):
        left = len(lines) - index
        if (line.rstrip() == "--" and left <= _LONGEST_SIGNATURE) or (_DEVICE.match(line) and left <= 6):
            return "\n".join(lines[:index]).strip("\n")
    return text


def new_text(text: str, forwarded: bool = False) -> str:
    """What the sender has just written; "" when everything is quoted."""
    return without_signature(without_quotes(text, forwarded)).strip()


def _tail_start(lines: list[str], forwarded: bool) -> int:
    """The first line of an "Original Message" or a From/Sent/Subject block, to be cut with all that follows."""
    for index, line in enumerate(lines):
        if _ORIGINAL.match(line):
            return index
        if forwarded:
            continue
        if _FROM.match(line) and _is_block(lines, index) and not _follows_forward(lines, index):
            start = index
            while start and (not lines[start - 1].strip() or _RULE.match(lines[start - 1])):
                start -= 1
            return start
    return len(lines)


def _is_block(lines: list[str], index: int) -> bool:
    following = [line for line in lines[index + 1 : index + 9] if line.strip()][:5]
    addressed = "@" in "".join(lines[index : index + 4])
    return sum(1 for line in following if _FIELD.match(line)) >= (2 if addressed else 3)


def _follows_forward(lines: list[str], index: int) -> bool:
    return any(_FORWARDED.match(line) for line in lines[max(0, index - 3) : index])


def _attribution(lines: list[str], index: int) -> int:
    """How many lines "On … wrote:" takes at `index`; 0 when there is none."""
    if _OLD_GMAIL.match(lines[index]):
        return 1
    if not _ATTRIBUTION_START.match(lines[index]):
        return 0
    joined = ""
    for count in range(1, _REPLY_WRAP + 1):
        if index + count > len(lines) or len(joined) > 600:
            return 0
        joined += " " + lines[index + count - 1].strip("> ")
        if _ATTRIBUTION_END.search(joined[-60:]):
            after = next((line for line in lines[index + count :] if line.strip()), "")
            # "Vào hôm qua tôi đã viết:" is a sentence; a client names the address or quotes below.
            return count if "@" in joined or after.startswith(">") else 0
    return 0


def _unquoted(lines: list[str]) -> list[str]:
    kept: list[str] = []
    index, attributed = 0, False
    while index < len(lines):
        line = lines[index]
        if not line.startswith(">") and (count := _attribution(lines, index)):
            index += count
            after = next((one for one in lines[index:] if one.strip()), "")
            if not after.startswith(">"):
                break  # the client does not mark its quotes: everything below is one
            attributed = True
        elif line.startswith(">"):
            end = index
            while end < len(lines) and lines[end].startswith(">"):
                end += 1
            if not attributed and end - index == 1:
                kept.append(line)  # a lone ">" is more often a list mark or an arrow than a quote
            index, attributed = end, False
        else:
            kept.append(line)
            index += 1
    return kept
