"""Words of the intake desk: how a contact may end here, and what is done where the law asks for another way. Pure.

What is asked and told there is the edition's (`regulation/lanes.py`), else the law's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.conversations.rules import SEALED
from hotline.intake.rules import NEEDS_WORDS, OUTCOMES
from hotline.organisation.rules import fold
from hotline.regulation.completeness import NEEDED_LABELS, Needed
from hotline.regulation.labels import Label
from hotline.regulation.lanes import (
    LANES,
    EmergencyNumber,
    Lane,
    Lanes,
    Question,
    Way,
    next_question,
    read_answers,
    way,
    write_answers,
)

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
    """A special matter: what is done, and the words for the citizen, as the edition's lanes have them."""

    slug: str
    title: Label
    done: Label  # what happens here
    outcome: str
    article: str = ""


EMERGENCY = Matter(
    "emergency",
    LANES[Lane.EMERGENCY],
    Label(
        "Nối máy hoặc bảo người dân gọi ngay số khẩn cấp, rồi mới ghi lại. Không mở phiếu trước.",
        "Connect or tell them to call the emergency number at once; write it down afterwards. No case first.",
    ),
    "emergency",
)
COMPLAINT = Matter(
    "complaint",
    LANES[Lane.GUIDANCE],
    Label(
        "Chỉ hướng dẫn hình thức, nơi nhận và thời hiệu. Không mở phiếu cho việc khiếu nại, không chuyển nội dung.",
        "Guidance only: form, addressee and the time bar. No case for the complaint, and nothing of it is forwarded.",
    ),
    "complaint_guided",
)
MATTERS: Mapping[str, Matter] = {matter.slug: matter for matter in (EMERGENCY, COMPLAINT)}

_CALL_NOW = Label(
    "Việc này cần được cứu giúp ngay. Ông/Bà hãy gọi ngay {number} ({service}); cuộc gọi miễn phí, trực 24/24 giờ.",
    "This needs help at once. Please call {number} ({service}) now; the call is free, day and night.",
)
_CONNECTED = Label("Đã nối, hướng dẫn gọi {number} ({service}).", "Connected or referred to {number} ({service}).")


def emergency_words(number: EmergencyNumber, language: str) -> str:
    """What somebody who wrote is told: the number to call now."""
    return _CALL_NOW.get(language).format(number=number.number, service=number.service.get(language).lower())


def emergency_note(number: EmergencyNumber, language: str, words: str = "") -> str:
    """The note beside the contact: which number, and what was said beside it."""
    said = _CONNECTED.get(language).format(number=number.number, service=number.service.get(language).lower())
    return f"{said} {words.strip()}".strip()


# -- the questions before the case ------------------------------------------------------------------------------------------

# What the desk does where a way is found; `{code}` is the case that was answered, where one is known.
TO_DO: Mapping[Lane, Label] = {
    Lane.EMERGENCY: Label("Nối máy rồi bấm số đã nối; giờ được tự ghi.", "Connect, then press the number; the time is kept."),
    Lane.SEALED: Label(
        "Không ghi nội dung vào lượt liên hệ này. Ghi theo quy trình riêng, rồi đọc lời hướng dẫn cho người dân.",
        "Write nothing of it here. Take it down the sealed way, then read out the guidance.",
    ),
    Lane.GUIDANCE: COMPLAINT.done,
    Lane.DOMAIN: Label(
        "Mở phiếu và chọn lĩnh vực của cơ quan đó: phiếu chỉ cơ quan ấy theo dõi.",
        "Open the case with a field of that office: only that office oversees it.",
    ),
    Lane.REPEAT: Label(
        "Trả lời: việc đã được trả lời, nhắc mã phiếu cũ. Người dân không đồng ý thì đề nghị xử lý lại ở phiếu cũ.",
        "Answer that it was answered, with the old code. Who disagrees asks for that case to be reopened.",
    ),
    Lane.SPLIT: Label(
        "Mở phiếu cho từng việc: mở phiếu đầu, rồi bấm “Mở thêm phiếu”.", "Open a case for each: the first, then “open another”."
    ),
    Lane.JOIN: Label(
        "Xem phiếu có thể trùng ở cột bên phải: có phiếu cùng việc thì ghép vào, không có thì mở phiếu.",
        "Look at the cases that may be the same: join one of them, or open the first.",
    ),
    Lane.REFUSED: Label(
        "Chưa tiếp nhận được việc riêng khi không có tên, địa chỉ: giải thích và mời người dân cho biết.",
        "A personal matter cannot be taken without a name: explain, and ask for it.",
    ),
    Lane.ORDINARY: Label("Tiếp nhận và mở phiếu như thường.", "Take it down and open a case as usual."),
}
REPEATED = Label(
    "Việc Ông/Bà nêu đã được trả lời{code} và chưa có tình tiết mới. Nếu không đồng ý với câu trả lời, Ông/Bà có thể đề nghị xử "
    "lý lại.",
    "What you bring was answered{code}, and there is nothing new yet. If you disagree, you may ask for it to be reopened.",
)


@dataclass(frozen=True, slots=True)
class Panel:
    """The strip of questions: the one to be asked now, or the way that was found."""

    question: Question | None
    yes: str  # the answers so far with this one answered
    no: str
    way: Way | None
    said: str  # the answers so far
    first: bool


def panel_of(lanes: Lanes, said: str, named: bool) -> Panel:
    """The strip after these answers. Somebody whose name is known is not asked whether they give one."""
    answers = read_answers(said, lanes)
    known = {"anonymous": False} if named and lanes.question("anonymous") else {}
    question = next_question(lanes, {**answers, **known})
    found = None if question else way(lanes, answers)
    if question is None:
        return Panel(None, "", "", found, write_answers(answers), not answers)
    with_yes, with_no = ({**answers, question.key: value} for value in (True, False))
    return Panel(question, write_answers(with_yes), write_answers(with_no), None, write_answers(answers), not answers)


def repeated_words(code: str, language: str) -> str:
    """What is told to somebody whose matter was answered before."""
    by = Label(f" tại phiếu {code}", f" in case {code}") if code else Label("", "")
    return REPEATED.get(language).replace("{code}", by.get(language))


_QUOTED = Label("gợi ý vì {words}", "suggested because of {words}")
_AREA_WHY: Mapping[str, Label] = {
    "name": Label("gợi ý vì “{words}”", "suggested because of “{words}”"),
    "former_name": Label("gợi ý vì tên cũ “{words}”", "suggested because of the old name “{words}”"),
    "point": Label("gần điểm đã đánh dấu nhất", "nearest to the marked point"),
}
GIVEN = Label("người dân đã chọn", "chosen by the citizen")
ASKED = Label("theo câu hỏi phân loại", "by the questions that were asked")
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
