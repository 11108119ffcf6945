"""Words of the intake desk: how a contact may end here, and what is said where the law asks for another way. Pure.

The special matters follow the law of the country, the same in every province; nothing of them is a province's to choose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.conversations.rules import SEALED
from hotline.intake.rules import NEEDS_WORDS, OUTCOMES
from hotline.organisation.rules import fold
from hotline.regulation.completeness import NEEDED_LABELS, Needed
from hotline.regulation.labels import Label

WEB = "web"  # cases that came complete from the portal and wait for an agency
TABS: Mapping[str, Label] = {
    "waiting": Label("Đang chờ", "Waiting"),
    "mine": Label("Của tôi", "Mine"),
    "incomplete": Label("Chưa đủ nội dung", "Incomplete"),
    WEB: Label("Phiếu web mới", "New portal cases"),
}
EMPTY: Mapping[str, Label] = {
    "waiting": Label("Không còn ai đang chờ", "Nobody is waiting"),
    "mine": Label("Ông/Bà chưa tiếp nhận lượt nào", "You have not taken any contact"),
    "incomplete": Label("Không có lượt nào thiếu nội dung", "Nothing is incomplete"),
    WEB: Label("Không còn phiếu nào chờ chuyển", "No case waits for an agency"),
}

# What the citizen is told, and what only ends the contact. A complaint has a page of its own.
ANSWERS = ("guided", "out_of_scope", "repeated")
ENDINGS = tuple(outcome for outcome in OUTCOMES if outcome not in {*NEEDS_WORDS, "emergency", SEALED})
ASKABLE = tuple(needed for needed in Needed if needed in NEEDED_LABELS)


@dataclass(frozen=True, slots=True)
class Matter:
    """A special matter: the question that finds it, what is done, and the words for the citizen. `key` is printed."""

    slug: str
    key: str
    icon: str
    title: Label
    asked: Label  # what the call-taker asks, or hears
    done: Label  # what happens here
    outcome: str
    words: Label
    article: str


COMPLAINT = Matter(
    "complaint", "2", "write",
    Label("Khiếu nại", "Complaint (khiếu nại)"),
    Label(
        "Ông/Bà đề nghị xem xét lại một quyết định, việc làm của cơ quan nhà nước hay cán bộ xâm phạm quyền lợi của mình?",
        "Do you ask for a decision or conduct of a state body, touching your own rights, to be reviewed?",
    ),
    Label(
        "Chỉ hướng dẫn hình thức, nơi nhận và thời hiệu 90 ngày. Không mở phiếu, không chuyển nội dung.",
        "Guidance only: form, addressee and the 90 days. No case is opened and nothing is forwarded.",
    ),
    "complaint_guided",
    Label(
        "Nội dung Ông/Bà trình bày là khiếu nại. Pháp luật không cho phép giải quyết khiếu nại qua tổng đài, nên chúng tôi xin "
        "hướng dẫn để Ông/Bà được giải quyết đúng nơi, đúng hạn:\n\n"
        "1. Hình thức: gửi đơn khiếu nại có chữ ký hoặc điểm chỉ, hoặc đến trình bày trực tiếp (Điều 8 Luật Khiếu nại).\n"
        "2. Nơi nhận: lần đầu gửi người đã ra quyết định hoặc cơ quan có người thực hiện việc làm bị khiếu nại; không đồng ý "
        "thì khiếu nại lần hai đến thủ trưởng cấp trên trực tiếp, hoặc khởi kiện tại Tòa án (Điều 7).\n"
        "3. Thời hiệu: 90 ngày kể từ ngày nhận hoặc biết được quyết định, việc làm đó (Điều 9). Gọi đến Tổng đài 1022 không làm "
        "ngừng thời hiệu, Ông/Bà lưu ý gửi đơn sớm.\n"
        "4. Trong đơn ghi ngày tháng; họ tên, địa chỉ của Ông/Bà; tên, địa chỉ nơi bị khiếu nại; nội dung, lý do và yêu cầu giải "
        "quyết, kèm tài liệu liên quan.",
        "What you describe is a complaint (khiếu nại) under the law, which a hotline may not decide. To have it decided:\n\n"
        "1. Form: a signed letter, or in person (Law on Complaints, Article 8).\n"
        "2. To whom: first to whoever took the decision; then to their superior, or to the court (Article 7).\n"
        "3. Time bar: 90 days from the day you received or knew of the decision (Article 9). Calling 1022 does not stop it.\n"
        "4. The letter says the date, your name and address, the body complained of, the matter, the reason, what you ask for.",
    ),
    "Luật Khiếu nại số 02/2011/QH13, Điều 7, 8, 9",
)
DENUNCIATION = Matter(
    "denunciation", "3", "lock",
    Label("Tố cáo", "Denunciation (tố cáo)"),
    Label(
        "Ông/Bà báo việc một cán bộ, cơ quan hay cá nhân vi phạm pháp luật?",
        "Do you report that an official, a body or a person broke the law?",
    ),
    Label(
        "Chỉ hướng dẫn nơi nhận và hình thức. Không ghi, không hỏi thêm nội dung tố cáo; không chuyển cho bất kỳ cơ quan nào; "
        "giữ bí mật người tố cáo.",
        "Guidance only. Nothing of the denunciation is written down, asked or forwarded; the denouncer stays confidential.",
    ),
    "complaint_guided",
    Label(
        "Nội dung Ông/Bà trình bày là tố cáo. Theo Luật Tố cáo, tố cáo được nhận bằng đơn hoặc trình bày trực tiếp, không nhận "
        "qua tổng đài; Tổng đài không chuyển nội dung này cho bất kỳ cơ quan nào. Chúng tôi xin hướng dẫn:\n\n"
        "1. Hình thức: gửi đơn tố cáo hoặc đến trình bày trực tiếp (Điều 22).\n"
        "2. Nơi nhận: người đứng đầu cơ quan trực tiếp quản lý người bị tố cáo, hoặc cơ quan cấp trên; việc có dấu hiệu tội phạm "
        "thì báo cơ quan Công an, Viện kiểm sát.\n"
        "3. Trong đơn ghi ngày tháng; họ tên, địa chỉ, cách liên hệ với Ông/Bà; hành vi vi phạm; người bị tố cáo; ký tên hoặc "
        "điểm chỉ (Điều 23).\n"
        "4. Họ tên, địa chỉ và thông tin cá nhân của Ông/Bà được giữ bí mật (Điều 8, Điều 56). Nếu đang bị đe dọa, Ông/Bà có "
        "quyền yêu cầu bảo vệ khẩn cấp, kể cả qua điện thoại (Điều 50).",
        "What you describe is a denunciation (tố cáo). The law takes it by letter or in person, not through a hotline; the "
        "hotline forwards nothing of it.\n\n"
        "1. Form: a letter, or in person (Law on Denunciations, Article 22).\n"
        "2. To whom: the head of the body in charge of the person denounced, or the body above; crimes to the police or the "
        "procuracy.\n"
        "3. The letter says the date, your name, address and how to reach you, the violation and by whom, signed (Article 23).\n"
        "4. Your identity is kept secret (Articles 8, 56). Under threat you may ask for urgent protection, also by telephone "
        "(Article 50).",
    ),
    "Luật Tố cáo số 25/2018/QH14, Điều 8, 22, 23, 50, 56",
)
EMERGENCY = Matter(
    "emergency", "1", "phone",
    Label("Khẩn cấp", "Emergency"),
    Label(
        "Có người đang gặp nguy hiểm: cháy, tai nạn, cấp cứu, đánh nhau, đuối nước, trẻ em bị xâm hại?",
        "Is somebody in danger: fire, accident, medical emergency, violence, drowning, a child being harmed?",
    ),
    Label(
        "Nối máy hoặc bảo người dân gọi ngay số khẩn cấp, rồi mới ghi lại. Không mở phiếu trước.",
        "Connect or tell them to call the emergency number at once; write it down afterwards. No case first.",
    ),
    "emergency",
    Label(
        "Việc này cần được cứu giúp ngay. Ông/Bà hãy gọi ngay {number} ({service}); cuộc gọi miễn phí, trực 24/24 giờ.",
        "This needs help at once. Please call {number} ({service}) now; the call is free, day and night.",
    ),
    "",
)
MATTERS: Mapping[str, Matter] = {matter.slug: matter for matter in (EMERGENCY, COMPLAINT, DENUNCIATION)}

NUMBERS: Mapping[str, Label] = {
    "113": Label("Công an", "police"),
    "114": Label("Cứu hỏa, cứu nạn", "fire and rescue"),
    "115": Label("Cấp cứu y tế", "ambulance"),
    "112": Label("Tìm kiếm, cứu nạn", "search and rescue"),
    "111": Label("Bảo vệ trẻ em", "child protection"),
}


def emergency_words(number: str, language: str) -> str:
    """What somebody who wrote is told: the number to call now."""
    return EMERGENCY.words.get(language).format(number=number, service=NUMBERS[number].get(language).lower())


def emergency_note(number: str, language: str, words: str = "") -> str:
    """The journal's line: which number, and what was said beside it."""
    said = Label("Đã nối, hướng dẫn gọi {number} ({service}).", "Connected or referred to {number} ({service}).")
    return f"{said.get(language).format(number=number, service=NUMBERS[number].get(language).lower())} {words.strip()}".strip()


_QUOTED = Label("gợi ý vì {words}", "suggested because of {words}")
_AREA_WHY: Mapping[str, Label] = {
    "name": Label("gợi ý vì “{words}”", "suggested because of “{words}”"),
    "former_name": Label("gợi ý vì tên cũ “{words}”", "suggested because of the old name “{words}”"),
    "point": Label("gần điểm đã đánh dấu nhất", "nearest to the marked point"),
}
GIVEN = Label("người dân đã chọn", "chosen by the citizen")
SEVERAL = Label(
    "“{words}” nay thuộc {count} xã, phường: hỏi rõ thôn, đường, số nhà rồi chọn",
    "“{words}” now lies in {count} communes: ask for the village, street and number, then choose",
)


def as_written(text: str, folded: str) -> str:
    """The words of a text that fold to these: "xa tam thanh" → "xã Tam Thanh"; as folded where they are not found."""
    words, length = text.split(), len(folded.split())
    for start in range(len(words) - length + 1):
        window = " ".join(words[start : start + length])
        if fold(window) == folded:
            return window.strip(".,;:!?()“”\"'")
    return folded


def because(words: tuple[str, ...], language: str) -> str:
    """ "gợi ý vì “ngập”, “cống”"; nothing when no word speaks."""
    return _QUOTED.get(language).format(words=", ".join(f"“{word}”" for word in words[:4])) if words else ""


def area_because(by: str, words: str, count: int, language: str) -> str:
    """Why this commune, or why none was chosen."""
    if count > 1:
        return SEVERAL.get(language).format(words=words, count=count)
    if count == 1:
        return _AREA_WHY[by].get(language).format(words=words) if by else GIVEN.get(language)
    return ""
