"""Editions follow one another: every day has one and only one, and a new decision ends the one before it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hotline.regulation.edition import Edition
from hotline.regulation.labels import Label

_DAY = timedelta(1)


def in_order(editions: Sequence[Edition]) -> list[Edition]:
    """The editions of one hotline as they follow, each without an end of its own ended by the one after it."""
    ordered = sorted(editions, key=lambda edition: edition.valid_from)
    return [
        replace(edition, valid_to=following.valid_from - _DAY)
        if edition.valid_to is None and edition.valid_from < following.valid_from
        else edition
        for edition, following in pairwise(ordered)
    ] + ordered[-1:]


def faults(editions: Sequence[Edition]) -> list[Label]:
    """What is wrong with how the editions of one hotline follow: two that are in force on one day, days with none."""
    found = []
    for first, second in pairwise(in_order(editions)):
        begins = second.valid_from
        if first.valid_to is None or first.valid_to >= begins:
            last = first.valid_to if first.valid_to and first.valid_from < begins else begins
            found.append(Label(
                f"Quy chế {first.decision} và quy chế {second.decision} cùng có hiệu lực từ ngày {begins:%d/%m/%Y} đến "
                f"ngày {last:%d/%m/%Y}; mỗi ngày chỉ có một quy chế.",
                f"Editions {first.decision} and {second.decision} are both in force from {begins:%d/%m/%Y} to "
                f"{last:%d/%m/%Y}; a day has one edition only.",
            ))  # fmt: skip
        elif first.valid_to + _DAY < begins:
            gap, last = first.valid_to + _DAY, begins - _DAY
            found.append(Label(
                f"Từ ngày {gap:%d/%m/%Y} đến ngày {last:%d/%m/%Y} không có quy chế nào có hiệu lực, giữa quy chế "
                f"{first.decision} và quy chế {second.decision}.",
                f"From {gap:%d/%m/%Y} to {last:%d/%m/%Y} no edition is in force, between {first.decision} and "
                f"{second.decision}.",
            ))  # fmt: skip
    return found
