"""Experts outside the civil service: their shifts, the rest between them, and what becomes of asking one. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hotline.regulation.labels import Label

REST_ARTICLE = "Bộ luật Lao động 2019, Điều 110"
LONGEST = timedelta(hours=24)  # a shift longer than a day is a slip of the pen


class Answer(StrEnum):
    """What an expert who was asked did."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class Duty:
    """One shift of one expert, from the first minute to the last."""

    begins_at: datetime
    ends_at: datetime


def shift_fault(duty: Duty, others: Iterable[Duty]) -> Label | None:
    """Why a shift cannot be: it ends before it begins, lasts beyond a day, or overlaps another of the same person."""
    if duty.ends_at <= duty.begins_at:
        return Label("Ca trực phải kết thúc sau khi bắt đầu.", "A shift must end after it begins.")
    if duty.ends_at - duty.begins_at > LONGEST:
        return Label("Một ca trực không dài quá 24 giờ.", "A shift lasts 24 hours at most.")
    if any(duty.begins_at < other.ends_at and other.begins_at < duty.ends_at for other in others):
        return Label("Người này đã có ca trực trùng thời gian.", "This person has another shift at that time.")
    return None


def rest_before(duty: Duty, others: Iterable[Duty]) -> timedelta | None:
    """The shortest rest between this shift and its neighbours of the same person; None when there are none."""
    rests = [
        rest
        for other in others
        for rest in (duty.begins_at - other.ends_at, other.begins_at - duty.ends_at)
        if rest >= timedelta(0)
    ]
    return min(rests, default=None)


def rest_warning(duty: Duty, others: Iterable[Duty], least: timedelta) -> Label | None:
    """The warning when less than `least` lies between two shifts: the roster is allowed, and says so (Điều 110: người lao
    động làm việc theo ca được nghỉ ít nhất 12 giờ trước khi chuyển sang ca làm việc khác)."""
    rest = rest_before(duty, others)
    if rest is None or rest >= least:
        return None
    hours, minutes = divmod(int(rest.total_seconds()) // 60, 60)
    least_hours = int(least.total_seconds()) // 3600
    vi = f"{hours} giờ" + (f" {minutes} phút" if minutes else "")
    en = f"{hours} h" + (f" {minutes} min" if minutes else "")
    return Label(
        f"Chỉ nghỉ {vi} giữa hai ca, ít hơn {least_hours} giờ ({REST_ARTICLE}).",
        f"Only {en} of rest between two shifts, less than {least_hours} hours (Labour Code 2019, Article 110).",
    )
