"""Experts of the demonstration: the pool, the rota, and what the desk passed to the standing unit, each question a gap of
the base too. `demo/experts.toml` says what; docs/how-to-write-a-pack.md what each key means."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from hotline.demo.stories import Stage, Story
from hotline.experts import actions as experts
from hotline.experts.models import Expert, Referral
from hotline.experts.queries import Standing, standing_of
from hotline.experts.rules import Answer
from hotline.intake import actions as intake
from hotline.intake.rules import TypedIn
from hotline.knowledge.rules import GapReason
from hotline.regulation.lifecycle import Role

FILE = "experts.toml"
_ENTERED = timedelta(days=6)  # when the pool was written down


@dataclass(frozen=True, slots=True)
class DemoReferral:
    """A [[referrals]] table: a call, the question nobody could answer, and how far it has come."""

    text: str
    question: str
    reason: str  # not_in_base or beyond_ability
    hours_ago: float
    reporter: Mapping[str, Any]
    state: str = "waiting"  # waiting, connected, answered
    unreached: tuple[str, ...] = ()  # experts who were asked first and did not answer
    expert: str = ""
    words: str = ""


def consulting(folder: Path, stage: Stage) -> Iterator[Story]:
    """The stories of a pack's experts.toml; none where there is no such file, or no standing unit that day. Raises TypeError
    for a key nobody knows."""
    path = folder / FILE
    standing = standing_of(stage.hotline("").pk, stage.now.date()) if path.exists() else None
    if standing is None:
        return
    said: dict[str, list[dict[str, Any]]] = tomllib.loads(path.read_text("utf-8"))
    yield _pool(said.get("experts", []), standing, stage)
    for number, table in enumerate(said.get("referrals", ())):
        yield _referral(
            DemoReferral(**{**table, "unreached": tuple(table.get("unreached", ()))}), number, standing, stage
        )


def _pool(tables: list[dict[str, Any]], standing: Standing, stage: Stage) -> Story:
    """Everybody entered by the head of the standing unit, with their shifts in hours from now."""
    at = stage.now - _ENTERED
    yield at
    head, rest = stage.actor(Role.HEAD, standing.agency.key), timedelta(hours=standing.rule.rest_hours)
    for table in tables:
        one = experts.add_expert(
            stage.hotline(""), standing.agency, name=table["name"], specialty=table["specialty"],
            workplace=table.get("workplace", ""), phone=table["phone"], actor=head, now=at,
        )  # fmt: skip
        for begins, lasts in table["shifts"]:
            hour = stage.now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=begins)
            experts.add_shift(
                one.pk, standing.agency, hour, hour + timedelta(hours=lasts), rest=rest, actor=head, now=at
            )  # fmt: skip


def _referral(told: DemoReferral, number: int, standing: Standing, stage: Stage) -> Story:
    at = stage.now - timedelta(hours=told.hours_ago)
    yield at
    desk, unit = stage.anybody(Role.CALL_TAKER, number), stage.actor(Role.FOCAL_PERSON, standing.agency.key)
    call = TypedIn(
        hotline_id=stage.hotline("").pk, typing=f"demo-expert-{number}", content=told.text.strip(), **told.reporter
    )
    conversation = intake.type_in(call, actor=desk, now=at).conversation
    assert conversation is not None
    yield (at := at + timedelta(minutes=4))
    _, referral = intake.pass_on(conversation.pk, GapReason(told.reason), told.question, actor=desk, now=at)
    if referral is None or told.state == "waiting":
        return
    pool = {one.name: one.pk for one in Expert.objects.filter(hotline=conversation.hotline_id)}
    for name, answer in [*((name, Answer.NO_ANSWER) for name in told.unreached), (told.expert, Answer.ACCEPTED)]:
        yield (at := at + timedelta(minutes=3))
        experts.connect(referral.pk, pool[name], version=_version(referral), actor=unit, now=at)
        yield (at := at + timedelta(minutes=1))
        experts.hear(referral.pk, answer, version=_version(referral), actor=unit, now=at)
    if told.state == "answered":
        yield (at := at + timedelta(minutes=12))
        experts.finish(referral.pk, told.words, version=_version(referral), actor=unit, now=at)


def _version(referral: Referral) -> int:
    return Referral.objects.values_list("version", flat=True).get(pk=referral.pk)
