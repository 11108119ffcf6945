"""On its way to whoever may inspect it (Luật Tố cáo 2018, Điều 24.2, 25.2), without the denouncer's identity."""

from __future__ import annotations

from datetime import datetime

from hotline.people.rules import Viewer
from hotline.refusals import Refused, Stale
from hotline.regulation.labels import Label
from hotline.sealed.actions.register import enter, found, officer
from hotline.sealed.models import Denouncer, Record
from hotline.sealed.rules import NEXT, STATES, Deed, Identity, State, reveals
from hotline.sealed.wall import inside

STILL_SAYS_WHO = Label(
    "Nội dung chuyển đi còn cho biết danh tính người tố cáo (tên, số điện thoại, thư điện tử hoặc địa chỉ). Vui lòng lược bỏ rồi "
    "chuyển lại.",
    "What is passed on still says who the denouncer is (name, number, mail or address). Please take it out, then try again.",
)
NEEDED = Label("Vui lòng ghi đủ nơi nhận và nội dung chuyển.", "Please write to whom, and what is passed on.")
WORDS_NEEDED = Label("Vui lòng ghi kết quả hoặc lý do kết thúc.", "Please write the result or why it ends.")


def forward(ref: str, *, to: str, passed_on: str, viewer: Viewer, now: datetime, version: int | None = None) -> Record:
    """Pass it on. Raises Refused (not the officer, already passed on, a text that still says who), Stale,
    Record.DoesNotExist."""
    to, passed_on = to.strip(), passed_on.strip()
    if not to or not passed_on:
        raise Refused(NEEDED)
    with inside():
        record = _moved(ref, State.FORWARDED, viewer, version)
        if reveals(f"{to}\n{passed_on}", identity_of(record.denouncer)):
            raise Refused(STILL_SAYS_WHO, article="Luật Tố cáo số 25/2018/QH14, Điều 8 và Điều 49")
        record.forwarded_to, record.passed_on, record.forwarded_at = to[:300], passed_on, now
        record.save(update_fields=["state", "version", "forwarded_to", "passed_on", "forwarded_at"])
        enter(record, Deed.FORWARDED, officer(viewer), now, to)
        return record


def acknowledge(ref: str, words: str, *, viewer: Viewer, now: datetime, version: int | None = None) -> Record:
    """The inspection confirmed that it has it. Raises as `forward`."""
    with inside():
        record = _moved(ref, State.ACKNOWLEDGED, viewer, version)
        record.acknowledged_at = now
        record.save(update_fields=["state", "version", "acknowledged_at"])
        enter(record, Deed.ACKNOWLEDGED, officer(viewer), now, words)
        return record


def close(ref: str, words: str, *, viewer: Viewer, now: datetime, version: int | None = None) -> Record:
    """It ends: with the inspection's result, or because there is nothing to pass on (Điều 25.1). Raises as `forward`."""
    if not words.strip():
        raise Refused(WORDS_NEEDED)
    with inside():
        record = _moved(ref, State.CLOSED, viewer, version)
        record.closed_at, record.ending = now, words.strip()
        record.save(update_fields=["state", "version", "closed_at", "ending"])
        enter(record, Deed.CLOSED, officer(viewer), now)
        return record


def identity_of(denouncer: Denouncer) -> Identity:
    """The row as the value the rules take."""
    return Identity(denouncer.name, denouncer.phone, denouncer.email, denouncer.address)


def _moved(ref: str, to: State, viewer: Viewer, version: int | None) -> Record:
    officer(viewer)
    record = found(ref, viewer, lock=True)
    if version is not None and record.version != version:
        raise Stale
    if to not in NEXT[State(record.state)]:
        now = STATES[State(record.state)]
        raise Refused(
            Label(
                f"Hồ sơ đang ở bước “{now.vi}” nên không làm được việc này.",
                f"The record is “{now.en}”, so this cannot be done.",
            )
        )
    record.state, record.version = str(to), record.version + 1
    return record
