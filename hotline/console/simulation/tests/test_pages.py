"""Asking the simulator in a page: what is asked, what comes of it, the cases behind it, and who sees them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hotline.cases.models import Case
from hotline.cases.sweeping import sweep_once
from hotline.cases.tests.conftest import Desk
from hotline.hotlines.queries import regulation_of
from hotline.journal.models import Act
from hotline.people.rules import HeldPost, Viewer
from hotline.reactions import react
from hotline.regulation.lifecycle import Role
from hotline.regulation.limits import WorkingHours
from hotline.simulation.actions import ask
from hotline.simulation.models import Run
from hotline.testing.cast import Cast

Browser = Callable[[str], Client]


@pytest.fixture
def late(cast: Cast) -> Case:
    """A case left lying for forty days."""
    now = timezone.now()
    case = Desk(cast).assigned(now - timedelta(days=40))
    sweep_once(now)
    return Case.objects.get(pk=case.pk)


def asked(client: Client, cast: Cast, **values: object) -> Run:
    """Ask through the page; the worker answers."""
    today = timezone.localdate()
    given = {
        "edition": cast.edition.pk, "hotline": cast.hotline.pk, "since": f"{today - timedelta(90):%d/%m/%Y}",
        "until": f"{today:%d/%m/%Y}", **values,
    }  # fmt: skip
    answer = client.post("/console/simulate/", given)
    assert answer.status_code == 302, answer.text
    run = Run.objects.get(pk=int(answer["Location"].strip("/").split("/")[-1]))
    assert "tự cập nhật" in client.get(answer["Location"]).text, "it is being reckoned"
    react(Act.objects.get(kind="simulation.asked", subject_id=run.pk).pk)
    run.refresh_from_db()
    return run


def test_other_limits_are_asked_for_answered_and_read(cast: Cast, browser: Browser, late: Case) -> None:
    leader = browser("son")
    page = leader.get("/console/simulate/").text
    assert 'name="limit_focal_person" value="8"' in page and "giờ làm việc" in page
    run = asked(leader, cast, limit_focal_person="2000", limit_reply="800", limit_forward="5")
    assert run.state == Run.State.DONE and run.figures["total"] == [1, 1, 0, 0]
    assert regulation_of(cast.edition).clock("focal_person").limit == WorkingHours(8), "nothing was changed"
    assert "8 giờ làm việc → 2.000 giờ làm việc" in run.title or "8 giờ làm việc → 2000 giờ làm việc" in run.title
    page = leader.get(f"/console/simulate/{run.pk}/").text
    assert "Sở Xây dựng" in page and "Thoát nước" in page and "−1" in page
    behind = leader.get(f"/console/simulate/{run.pk}/cases/?change=gone&agency={cast.agency['so-xay-dung'].pk}").text
    assert late.code in behind and "chỉ trễ theo thực tế" in behind
    assert late.code not in leader.get(f"/console/simulate/{run.pk}/cases/?change=new").text
    assert leader.get(f"/console/simulate/{run.pk}/cases/?agency=x").status_code == 404
    assert run.title in leader.get("/console/simulate/").text


def test_the_administrator_reads_figures_and_no_case(cast: Cast, browser: Browser, late: Case) -> None:
    admin = browser("admin")
    run = asked(admin, cast)
    assert run.figures["total"] == [1, 1, 1, 1]
    page = admin.get(f"/console/simulate/{run.pk}/cases/").text
    assert late.code not in page and late.summary not in page and "chỉ mở cho người được đọc phiếu" in page


def test_another_text_takes_the_place_of_the_limits(cast: Cast, browser: Browser, late: Case) -> None:
    from hotline.regulation.pack import PACKS

    text = (PACKS / "quang-nam" / "editions" / "1519.toml").read_text("utf-8")
    run = asked(browser("van"), cast, text=text.replace('decision = "1519/QĐ-UBND"', 'decision = "77/QĐ-UBND"'))
    assert run.document["decision"] == "77/QĐ-UBND" and run.figures["total"] == [1, 1, 1, 1]


FAULTY = [
    ({"until": "01/01/2020"}, "Ngày cuối phải từ ngày đầu"),
    ({"limit_focal_person": "-3"}, "Số này không được nhỏ hơn 0."),
    ({"limit_focal_person": "0"}, "số dương"),
    ({"text": "không phải = TOML ="}, "Không phải TOML hợp lệ"),
    ({"text": 'key = "x"'}, "levels"),
]


@pytest.mark.parametrize(("values", "says"), FAULTY)
def test_what_cannot_be_asked_is_said(cast: Cast, browser: Browser, values: dict[str, str], says: str) -> None:
    today = timezone.localdate()
    given = {
        "edition": cast.edition.pk, "hotline": cast.hotline.pk, "since": f"{today:%d/%m/%Y}", "until": f"{today:%d/%m/%Y}",
    }  # fmt: skip
    answer = browser("ha").post("/console/simulate/", given | values)
    assert answer.status_code == 422 and says in answer.text
    assert not Run.objects.exists()


def test_a_calendar_without_hours_is_a_sentence_and_not_tried_again(cast: Cast, late: Case) -> None:
    from hotline.calendars.models import Calendar

    never = Calendar.objects.create(key="khong", name="Không làm", weekly=[[]] * 7)
    today, now = timezone.localdate(), timezone.now()
    run = ask(
        cast.hotline, regulation_of(cast.edition), "x", today - timedelta(90), today, calendar=never,
        actor=cast.actor("son", today), now=now,
    )  # fmt: skip
    for _ in range(2):
        react(Act.objects.get(kind="simulation.asked").pk)
    run.refresh_from_db()
    assert run.state == Run.State.FAILED and "không có đủ giờ làm việc" in run.failure
    assert Act.objects.filter(kind="simulation.answered").count() == 1


def test_a_wall_divides_simulations_as_it_divides_cases(cast: Cast, late: Case) -> None:
    """The overseer of one domain asks about its cases alone, and sees nobody's answer about another."""
    today, now = timezone.localdate(), timezone.now()
    regulation, actor = regulation_of(cast.edition), cast.actor("ha", today)

    def run(domains: list[str] | None) -> Run:
        made = ask(cast.hotline, regulation, "x", today - timedelta(90), today, domains=domains, actor=actor, now=now)
        react(Act.objects.filter(kind="simulation.asked").latest("id").pk)
        return Run.objects.get(pk=made.pk)

    Case.objects.filter(pk=late.pk).update(domain="nha-nuoc")
    everything, theirs, other = run(None), run(["nha-nuoc"]), run(["dang"])
    assert [r.figures["total"][0] for r in (everything, theirs, other)] == [1, 1, 0]
    walled = Viewer(1, "", (HeldPost(Role.COORDINATOR, domain="nha-nuoc"),))
    assert list(Run.objects.visible_to(walled)) == [theirs]
    assert Run.objects.visible_to(cast.viewer("son", today)).count() == 3
    assert not Run.objects.visible_to(cast.viewer("binh", today)).exists()
