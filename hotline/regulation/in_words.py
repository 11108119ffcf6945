"""An edition in words: every value it sets as a line of a section, so that people can read it and lay two side by side."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from hotline.regulation.clocks import ClockRule
from hotline.regulation.completeness import ANY_CHANNEL
from hotline.regulation.edition import Edition
from hotline.regulation.labels import Label
from hotline.regulation.limits import CalendarDays, Limit, Minutes, WorkingDays, WorkingHours
from hotline.regulation.triggers import trigger_words

_BEFORE_CLOCKS = 4  # sections of who and how; then every clock has one of its own
YES, NO = Label("có", "yes"), Label("không", "no")


@dataclass(frozen=True, slots=True)
class Line:
    """One value: `key` tells it from the others of its section, in this edition and the next."""

    key: str
    name: Label
    value: Label


@dataclass(frozen=True, slots=True)
class Section:
    """Lines that belong together, under one heading."""

    key: str
    title: Label
    lines: tuple[Line, ...]


def in_words(edition: Edition) -> list[Section]:
    """The whole edition, section by section; sections with nothing to say are left out."""
    written = [Section(key, title, tuple(lines(edition))) for key, title, lines in _SECTIONS]
    clocks = [_clock(edition, rule, "clock") for rule in edition.clocks]
    owed = [_clock(edition, rule.clock, "obligation", edition.word(rule.kind)) for rule in edition.obligations]
    sections = [*written[:_BEFORE_CLOCKS], *clocks, *owed, *written[_BEFORE_CLOCKS:]]
    return [section for section in sections if section.lines]


def how_counted(limit: Limit) -> Label:
    """The fine print of a limit: what counts, from when, until which hour."""
    match limit:
        case WorkingHours():
            return Label("chỉ tính giờ làm việc, kể từ lúc nhận", "working time only, from receipt")
        case WorkingDays():
            first = (
                Label("ngày nhận là ngày thứ nhất", "the day of receipt is day one")
                if limit.counting_from == "same_day"
                else Label("tính từ ngày làm việc kế tiếp", "counted from the next working day")
            )
            end = Label("đến hết giờ làm việc của ngày cuối", "until the close of the last day")
            late = Label("", "")
            if limit.cut_off:
                at = f"{limit.cut_off:%H:%M}"
                late = Label(
                    f"; nhận sau {at} coi như nhận ngày làm việc sau", f"; after {at} it counts as the next day's"
                )
            return Label(f"{first.vi}, {end.vi}{late.vi}", f"{first.en}, {end.en}{late.en}")
        case CalendarDays():
            return Label("tính cả ngày nghỉ, cùng giờ của ngày cuối", "days off count too, to the same hour")
        case Minutes():
            return Label("tính theo đồng hồ, cả đêm và ngày nghỉ", "by the clock, nights and days off too")


def joined(labels: Iterable[Label], separator: str = "; ") -> Label:
    """Several labels in one, said once each."""
    said = list(dict.fromkeys(labels))
    return Label(separator.join(label.vi for label in said), separator.join(label.en for label in said))


def number(value: int) -> Label:
    """A number as a label."""
    return Label(str(value), str(value))


def times(value: int) -> Label:
    """How often: "1 lần", "1 time"."""
    return Label(f"{value} lần", f"{value} time" if value == 1 else f"{value} times")


def _same(text: str) -> Label:
    return Label(text, text)


def _flag(value: bool) -> Label:
    return YES if value else NO


def _day(value: object) -> Label:
    return _same(f"{value:%d/%m/%Y}") if value else Label("…", "…")


def _limit(limit: Limit) -> Label:
    return joined([limit.label, how_counted(limit)], ", ")


def _head(e: Edition) -> Iterator[Line]:
    yield Line("decision", Label("Quyết định số", "Decision"), _same(e.decision))
    yield Line("title", Label("Tên", "Title"), e.title)
    yield Line("issued_on", Label("Ngày ban hành", "Issued on"), _day(e.issued_on))
    yield Line("valid_from", Label("Hiệu lực từ ngày", "In force from"), _day(e.valid_from))
    yield Line("valid_to", Label("Đến hết ngày", "Up to"), _day(e.valid_to))


def _levels(e: Edition) -> Iterator[Line]:
    for level in e.levels:
        name = Label(f"Cấp {level.number}", f"Level {level.number}")
        yield Line(str(level.number), name, joined([level.label, e.word(level.role)], ": "))


def _rising(e: Edition) -> Iterator[Line]:
    if e.rising.by:
        yield Line(
            "by", Label("Người được chuyển lên cấp trên", "Who may raise a case"), joined(map(e.word, e.rising.by))
        )
    if e.rising.reopened_at_least:
        yield Line(
            "reopened",
            Label("Tự lên cấp khi xử lý lại", "Rises by itself when reopened"),
            times(e.rising.reopened_at_least),
        )
    if e.rising.repeat_raises:
        yield Line("repeat", Label("Phản ánh lại nội dung đã trả lời thì lên cấp", "Rises when reported again"), YES)


def _modes(e: Edition) -> Iterator[Line]:
    names = {rule.key: rule.label for rule in e.obligations}
    for mode in e.modes:
        owed = joined([names[key] for key in mode.owes if key in names])
        says = Label(
            f"{mode.label.vi}{'; phải có: ' + owed.vi if owed.vi else ''}",
            f"{mode.label.en}{'; owes: ' + owed.en if owed.en else ''}",
        )
        yield Line(mode.key, Label(f"Cấp độ phản hồi {mode.number}", f"Response mode {mode.number}"), says)


def _clock(e: Edition, rule: ClockRule, sort: str, kind: Label | None = None) -> Section:
    def words(names: Iterable[str]) -> Label:
        return joined(trigger_words(e, name) for name in names)

    told = dict.fromkeys((rule.owner, *rule.tells))
    values: list[tuple[str, Label, Label | None]] = [
        ("kind", Label("Loại", "Kind"), kind),
        ("limit", Label("Thời hạn", "Limit"), _limit(rule.limit)),
        ("owner", Label("Người phải làm", "Who owes it"), e.word(rule.owner)),
        ("starts_on", Label("Bắt đầu khi", "Begins with"), words(rule.starts_on)),
        ("meets_on", Label("Xong khi", "Met by"), words(rule.meets_on)),
        ("pauses_on", Label("Tạm dừng khi", "Pauses with"), words(rule.pauses_on)),
        ("resumes_on", Label("Tính tiếp khi", "Goes on with"), words(rule.resumes_on)),
        ("cancels_on", Label("Hủy khi", "Lifted by"), words(rule.cancels_on)),
        ("warn_before", Label("Nhắc trước", "Reminds before"), joined(lead.label for lead in rule.warn_before)),
        ("tells", Label("Báo cho", "Tells"), joined(e.word(role) for role in told)),
        ("marks_late", Label("Ghi trễ hạn", "Marks the case late"), _flag(rule.marks_late)),
        ("article", Label("Căn cứ", "Ground"), _same(rule.article)),
    ]
    lines = tuple(Line(key, name, value) for key, name, value in values if value and value.vi)
    return Section(f"{sort}:{rule.key}", rule.label, lines)


def _reschedule(e: Edition) -> Iterator[Line]:
    yield Line("most", Label("Hẹn lại không quá", "Rescheduled at most"), times(e.reschedule.most))
    if e.reschedule.within:
        yield Line("within", Label("Ngày hẹn trong vòng", "The date within"), e.reschedule.within.label)
    moves = joined(e.clock(key).label for key in e.reschedule.moves)
    yield Line("moves", Label("Thay cho hạn", "Moves"), moves if moves.vi else Label("không thời hạn nào", "no clock"))


def _returns(e: Edition) -> Iterator[Line]:
    yield Line("most", Label("Chuyển trả không quá", "Returned at most"), times(e.returns.most))
    yield Line("decided_by", Label("Sau đó quyết định", "Then decides"), e.word(e.returns.decided_by))
    yield Line("binding", Label("Quyết định là cuối cùng", "The decision binds"), _flag(e.returns.binding))


def _answers(e: Edition) -> Iterator[Line]:
    yield Line(
        "approval", Label("Thủ trưởng duyệt trước khi trả lời", "The head approves answers"), _flag(e.approval_needed)
    )
    pauses = e.verification.pauses_others
    yield Line(
        "verification", Label("Xác minh tạm dừng thời hạn khác", "Verification pauses other clocks"), _flag(pauses)
    )
    yield Line("window", Label("Đề nghị xử lý lại trong", "Reopening within"), _limit(e.reopening.window))
    stars = e.reopening.unhappy_at_most
    yield Line(
        "unhappy",
        Label("Đánh giá coi là đề nghị xử lý lại, từ số sao trở xuống", "Stars that ask for reopening, at most"),
        number(stars),
    )
    for rule in e.outcomes:
        wants = [
            (rule.needs_ground, Label("căn cứ từ chối", "a ground of refusal")),
            (rule.needs_proof, Label("ảnh hoặc người dân xác nhận", "a photo or the citizen's confirmation")),
            (rule.needs_date, Label("ngày dự kiến", "a date")),
        ]
        needs = joined(label for wanted, label in wants if wanted)
        yield Line(
            f"outcome:{rule.kind}",
            e.word(rule.kind),
            Label(f"cần {needs.vi}", f"needs {needs.en}")
            if needs.vi
            else Label("không cần gì thêm", "needs nothing more"),
        )


def _intake(e: Edition) -> Iterator[Line]:
    yield Line("kinds", Label("Tiếp nhận", "Takes"), joined((e.word(kind) for kind in e.kinds), ", "))
    channels = {
        ANY_CHANNEL: Label("mọi kênh", "all channels"),
        "web": Label("trang thông tin", "the web"),
        "phone": Label("điện thoại", "telephone"),
        "email": Label("thư điện tử", "e-mail"),
    }
    for channel, needed in e.completeness.required.items():
        where = channels.get(channel, _same(channel))
        yield Line(
            f"needed:{channel}",
            Label(f"Phải có ({where.vi})", f"Required ({where.en})"),
            joined((n.label for n in needed), ", "),
        )


def _grounds(e: Edition) -> Iterator[Line]:
    for ground in e.refusal_grounds:
        since = (
            Label(f", từ {ground.valid_from:%d/%m/%Y}", f", from {ground.valid_from:%d/%m/%Y}")
            if ground.valid_from
            else _same("")
        )
        yield Line(ground.key, ground.label, Label(f"{ground.article}{since.vi}", f"{ground.article}{since.en}"))


def _others(e: Edition) -> Iterator[Line]:
    if e.cooperation:
        clock = e.clock(e.cooperation.clock)
        yield Line(
            "cooperation",
            Label("Thời hạn của cơ quan phối hợp", "Clock of cooperating agencies"),
            joined([clock.label, clock.limit.label], ": "),
        )
        yield Line(
            "disagreement",
            Label("Không thống nhất thì quyết định", "Decides disagreements"),
            e.word(e.cooperation.decided_by),
        )
    if e.joining:
        says = Label(
            f"cách nhau không quá {e.joining.radius} m và {e.joining.days} ngày",
            f"at most {e.joining.radius} m and {e.joining.days} days apart",
        )
        yield Line("joining", Label("Gợi ý gộp phản ánh", "Suggests joining"), says)
    if e.repeats:
        says = Label(f"đã trả lời trong {e.repeats.days} ngày", f"answered within {e.repeats.days} days")
        yield Line("repeats", Label("Coi là phản ánh lại", "Counts as a repeat"), says)
    if e.follow_ups:
        yield Line(
            "follow_ups",
            Label("Nhắc đơn vị sau mỗi số lần người dân viết tiếp", "Reminds after messages"),
            number(e.follow_ups.remind_after),
        )
    if e.identity.kinds or e.identity.fields:
        hidden = [*(e.word(kind) for kind in e.identity.kinds), *(_same(key) for key in e.identity.fields)]
        yield Line("identity", Label("Ẩn danh tính người phản ánh", "Hides the reporter"), joined(hidden))
    if not e.reporting.calendar_month:
        says = Label(
            f"từ {e.reporting.at:%H:%M} ngày {e.reporting.from_day}",
            f"from {e.reporting.at:%H:%M} on day {e.reporting.from_day}",
        )
        yield Line("reporting", Label("Kỳ báo cáo", "Reporting period"), says)


def _sentences(name: str) -> Callable[[Edition], Iterator[Line]]:
    def lines(e: Edition) -> Iterator[Line]:
        for sentence in getattr(e, name):
            yield Line(sentence.vi, _same("•"), sentence)

    return lines


_SECTIONS: tuple[tuple[str, Label, Callable[[Edition], Iterator[Line]]], ...] = (
    ("head", Label("Văn bản", "Document"), _head),
    ("levels", Label("Cấp độ xử lý", "Levels"), _levels),
    ("rising", Label("Chuyển lên cấp trên", "Raising a case"), _rising),
    ("modes", Label("Cấp độ phản hồi", "Response modes"), _modes),
    ("reschedule", Label("Hẹn lại", "Rescheduling"), _reschedule),
    ("returns", Label("Chuyển trả", "Returns"), _returns),
    ("answers", Label("Trả lời và xử lý lại", "Answers and reopening"), _answers),
    ("intake", Label("Tiếp nhận", "Intake"), _intake),
    ("grounds", Label("Căn cứ từ chối", "Grounds of refusal"), _grounds),
    ("others", Label("Nội dung khác", "Other matters"), _others),
    ("assumptions", Label("Điều quy chế không nói rõ", "Assumptions"), _sentences("assumptions")),
    ("sources", Label("Nguồn", "Sources"), _sentences("sources")),
)
