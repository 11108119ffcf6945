"""Which way something brought to the desk must go, before anybody thinks of a case: a few questions, each one key.

The law takes some matters out of a hotline's hands: danger is for 113, 114, 115; a denunciation (tố cáo) is sealed; a
complaint (khiếu nại) is only told where to go. What is asked, in which words and what is told is data: the law's own
(`lanes_by_law.py`) unless an edition's `[lanes]` says it in other words. This file decides; it knows no clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from hotline.regulation.labels import Label
from hotline.regulation.limits import Limit, WorkingHours
from hotline.regulation.reading import Reader
from hotline.regulation.working_time import WorkCalendar


class Lane(StrEnum):
    """Where it goes. Only ORDINARY becomes a case by the usual form."""

    ORDINARY = "ordinary"
    EMERGENCY = "emergency"
    SEALED = "sealed"
    GUIDANCE = "guidance"
    DOMAIN = "domain"  # another supervising office's: the question names which
    REPEAT = "repeat"
    SPLIT = "split"
    JOIN = "join"
    REFUSED = "refused"  # a personal claim by somebody who gives no name


LANES: Mapping[Lane, Label] = {
    Lane.ORDINARY: Label("Tiếp nhận bình thường", "Ordinary report"),
    Lane.EMERGENCY: Label("Khẩn cấp: nối máy ngay", "Emergency: connect at once"),
    Lane.SEALED: Label("Tố cáo: chuyển theo quy trình riêng", "Denunciation: a way of its own"),
    Lane.GUIDANCE: Label("Khiếu nại: chỉ hướng dẫn, không chuyển", "Complaint: guidance only, nothing forwarded"),
    Lane.DOMAIN: Label("Thuộc lĩnh vực của cơ quan khác phụ trách", "Another supervising office's domain"),
    Lane.REPEAT: Label("Việc đã được trả lời, không có tình tiết mới", "Answered before, no new facts"),
    Lane.SPLIT: Label("Nhiều việc: tách thành từng phiếu", "Several matters: one case each"),
    Lane.JOIN: Label("Nhiều người, một việc: ghép vào phiếu đầu", "Many people, one matter: joined"),
    Lane.REFUSED: Label("Không nêu tên: chưa tiếp nhận được", "No name given: cannot be taken"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """One short question. A yes leads somewhere (`leads_to`), or is only kept in mind; it may depend on an earlier yes."""

    key: str
    asked: Label
    leads_to: Lane | None = None
    only_after: str = ""
    domain: str = ""  # with leads_to = "domain": which


@dataclass(frozen=True, slots=True)
class Guidance:
    """What the citizen is told, ready to be read aloud or sent, and the article it stands on."""

    words: Label
    article: str

    def told(self, lang: str, **said: str) -> str:
        """The words with what stands in braces said; other braces stay as the edition wrote them."""
        text = self.words.get(lang)
        for name, value in said.items():
            text = text.replace(f"{{{name}}}", value)
        return text


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """A number that helps faster than any hotline."""

    number: str
    service: Label
    what_for: Label


@dataclass(frozen=True, kw_only=True)
class Lanes:
    """What an edition says of the ways beside the ordinary one."""

    questions: tuple[Question, ...]
    numbers: tuple[EmergencyNumber, ...]
    complaint: Guidance
    denunciation: Guidance
    anonymous: Guidance
    inspection: Label  # to whom sealed records are passed on
    forward_within: Limit  # Luật Tố cáo 2018, Điều 24.2
    remind_before: WorkingHours
    complaint_days: int = 90
    anonymous_incidents: bool = True  # a fallen tree needs no name

    def question(self, key: str) -> Question | None:
        return next((q for q in self.questions if q.key == key), None)

    def to_document(self, law: "Lanes") -> dict[str, Any]:
        """What differs from the law's own, as `read_lanes` reads it."""
        own = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != getattr(law, f.name)}
        return {name: _plain(value) for name, value in own.items()}


@dataclass(frozen=True, slots=True)
class Way:
    """The decision. `yes` are the keys answered yes: "evidence" with SEALED, "rest" where another matter remains."""

    lane: Lane
    yes: frozenset[str] = frozenset()
    domain: str = ""

    @property
    def rest(self) -> bool:
        """Beside this, something ordinary was brought too: it is taken apart from it (Luật Tiếp công dân 2013, Điều 25.3)."""
        return "rest" in self.yes


Answers = Mapping[str, bool]


def next_question(lanes: Lanes, answers: Answers) -> Question | None:
    """What to ask now; None when the way is clear. A way that is found ends the questions, save those that depend on it."""
    decided = any(answers.get(q.key) and q.leads_to for q in lanes.questions)
    for question in lanes.questions:
        if question.key in answers:
            continue
        if question.only_after:
            if any(answers.get(key) for key in question.only_after.split("|")):
                return question
        elif not decided:
            return question
    return None


def way(lanes: Lanes, answers: Answers) -> Way:
    """Where it goes by these answers; what was not asked counts as no, so whoever skips goes the ordinary way."""
    yes = frozenset(key for key, said in answers.items() if said)
    for question in lanes.questions:
        if question.key in yes and question.leads_to and _reached(question, yes):
            return Way(question.leads_to, yes, question.domain)
    incident = "incident" in yes and lanes.anonymous_incidents
    if "anonymous" in yes and not incident and ("incident" in answers or not lanes.anonymous_incidents):
        return Way(Lane.REFUSED, yes)
    return Way(Lane.ORDINARY, yes)


def read_answers(text: str, lanes: Lanes) -> dict[str, bool]:
    """Answers as an address carries them, "-danger.accuses": a key with a hyphen before it is a no.

    What is no question of this edition is left out.
    """
    found: dict[str, bool] = {}
    for part in text.split("."):
        key = part.removeprefix("-")
        if lanes.question(key) is not None:
            found[key] = part == key
    return found


def write_answers(answers: Answers) -> str:
    """The same, to be put into an address: "-danger.accuses"."""
    return ".".join(key if said else f"-{key}" for key, said in answers.items())


def complaint_until(known_on: date, days: int) -> date:
    """The last day on which a complaint may be made (Luật Khiếu nại 2011, Điều 9).

    Calendar days, the day of the decision not counted (Bộ luật Dân sự 2015, Điều 147). Days off at the end prolong nothing
    here: whoever comes by the day we name is never late.
    """
    return known_on + timedelta(days=days)


def told_of_complaint(lanes: Lanes, lang: str, known_on: date | None = None) -> str:
    """The guidance on a complaint; with the day on which the citizen knew of the decision, the last day as well."""
    until = ""
    if known_on:
        said = Label(
            " Tính từ ngày {known}, ngày cuối cùng là {last}.", " Counted from {known}, the last day is {last}."
        )
        last = complaint_until(known_on, lanes.complaint_days)
        until = said.get(lang).format(known=f"{known_on:%d/%m/%Y}", last=f"{last:%d/%m/%Y}")
    return lanes.complaint.told(lang, days=str(lanes.complaint_days), until=until)


def told_of_denunciation(lanes: Lanes, lang: str) -> str:
    """The guidance on a denunciation: a call is none, where to go, what is kept secret, protection by telephone."""
    return lanes.denunciation.told(lang, inspection=lanes.inspection.get(lang))


def _reached(question: Question, yes: frozenset[str]) -> bool:
    return not question.only_after or bool(yes & set(question.only_after.split("|")))


def remind_at(lanes: Lanes, received_at: datetime, due_at: datetime, calendar: WorkCalendar) -> datetime:
    """When the officer is reminded of passing a denunciation on, in working time; a lead longer than the whole limit
    reminds at the limit alone."""
    moment = calendar.add(due_at, -lanes.remind_before.duration)
    return moment if moment > received_at else due_at


# -- reading and writing ---------------------------------------------------------------------------------------------------


def read_lanes(r: Reader, law: Lanes) -> Lanes:
    """The table `[lanes]`; what it does not say is the law's own. Errors are reported to the reader."""
    own: dict[str, Any] = {}
    if "questions" in r.table:
        own["questions"] = tuple(_question(q) for q in r.inners("questions"))
    if "also" in r.table:
        own["questions"] = _with_also(own.get("questions", law.questions), r)
    if "questions" in own:
        _check(own["questions"], r)
    if "numbers" in r.table:
        own["numbers"] = tuple(_number(n) for n in r.inners("numbers"))
    for name in ("complaint", "denunciation", "anonymous"):
        if name in r.table:
            own[name] = _guidance(r.inner(name))
    if "inspection" in r.table:
        own["inspection"] = r.label("inspection")
    own["complaint_days"] = r.whole("complaint_days", law.complaint_days, least=1)
    own["forward_within"] = r.limit("forward_within", optional=True) or law.forward_within
    own["remind_before"] = _lead(r, law.remind_before)
    own["anonymous_incidents"] = r.flag("anonymous_incidents", law.anonymous_incidents)
    r.known |= {"questions", "also", "numbers", "complaint", "denunciation", "anonymous", "inspection"}
    r.done()
    return Lanes(**{f.name: own.get(f.name, getattr(law, f.name)) for f in fields(law)})


def _lead(r: Reader, default: WorkingHours) -> WorkingHours:
    lead = r.limit("remind_before", optional=True) or default
    if isinstance(lead, WorkingHours):
        return lead
    r.fail("remind_before", "phải là giờ làm việc, như { working_hours = 8 }",
           "must be working hours, like { working_hours = 8 }")  # fmt: skip
    return default


def _question(r: Reader) -> Question:
    lane = r.choice("leads_to", Lane) if r.table.get("leads_to") is not None else None
    r.known.add("leads_to")
    question = Question(r.text("key"), r.label("asked"), lane, r.text("only_after", ""), r.text("domain", ""))
    if not question.key.isascii() or not question.key.replace("_", "").isalnum():
        r.fail("key", "chỉ gồm chữ không dấu, số và gạch dưới", "letters, digits and underscores only")
    if (lane == Lane.DOMAIN) != bool(question.domain):
        r.fail("domain", "đi cùng leads_to = “domain”", "goes together with leads_to = “domain”")
    r.done()
    return question


def _with_also(questions: tuple[Question, ...], r: Reader) -> tuple[Question, ...]:
    """The questions with those of this edition among them, each before the one it names, else after all."""
    among = list(questions)
    for inner in r.inners("also"):
        before = inner.text("before", "")
        question = _question(inner)
        place = next((n for n, one in enumerate(among) if one.key == before), None)
        if before and place is None:
            inner.fail("before", f"không có câu hỏi “{before}”", f"there is no question “{before}”")
        among.insert(len(among) if place is None else place, question)
    return tuple(among)


def _number(r: Reader) -> EmergencyNumber:
    number = EmergencyNumber(r.text("number"), r.label("service"), r.label("what_for"))
    r.done()
    return number


def _guidance(r: Reader) -> Guidance:
    guidance = Guidance(r.label("words"), r.text("article", ""))
    r.done()
    return guidance


def _check(questions: tuple[Question, ...], r: Reader) -> None:
    seen: set[str] = set()
    for number, question in enumerate(questions, 1):
        if question.key in seen:
            r.fail(f"questions[{number}].key", f"“{question.key}” có hai lần", f"“{question.key}” is declared twice")
        for before in filter(None, question.only_after.split("|")):
            if before not in seen:
                at = f"questions[{number}].only_after"
                r.fail(at, f"chưa có câu hỏi “{before}” ở trước", f"no question “{before}” stands before it")
        seen.add(question.key)


def _plain(value: Any) -> Any:
    if isinstance(value, Label):
        return {"vi": value.vi, "en": value.en}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Question | EmergencyNumber | Guidance):
        table = {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
        return {name: given for name, given in table.items() if given not in (None, "")}
    if isinstance(value, Lane):
        return value.value
    return value.to_document() if hasattr(value, "to_document") else value
