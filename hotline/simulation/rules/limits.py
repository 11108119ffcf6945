"""Limits on arrays: `due`, `left` and `after` of `regulation.limits`, for one limit and many moments."""

from __future__ import annotations

import numpy as np

from hotline.regulation.limits import CalendarDays, Limit, Minutes, WorkingDays, WorkingHours
from hotline.simulation.rules.timeline import Moments, Timeline, Which, length


def due(limit: Limit, which: Which, start: Moments, timeline: Timeline) -> Moments:
    """The moments by which the work must be done. Raises as the timeline does."""
    match limit:
        case WorkingHours():
            return timeline.add(which, start, length(limit.duration))
        case WorkingDays():
            after = limit.days - (limit.counting_from == "same_day")
            return timeline.closing_after(which, start, after, limit.cut_off)
        case CalendarDays() | Minutes():
            return start + length(limit.duration)


def left(limit: Limit, which: Which, now: Moments, due_at: Moments, timeline: Timeline) -> Moments:
    """Time from `now` to `due_at` in the limit's own measure, in microseconds."""
    return due_at - now if isinstance(limit, CalendarDays | Minutes) else timeline.elapsed(which, now, due_at)


def after(limit: Limit, which: Which, now: Moments, remaining: Moments, timeline: Timeline) -> Moments:
    """The due moments when `remaining` is still to run; working days end at the end of a day."""
    if isinstance(limit, CalendarDays | Minutes):
        return now + remaining
    moments = timeline.add(which, timeline.next_working(which, now), remaining)
    if isinstance(limit, WorkingHours):
        return moments
    # What ends at midnight ends the day before.
    return timeline.closing_after(which, moments - np.where(remaining > 0, 1, 0), 0, received=False)
