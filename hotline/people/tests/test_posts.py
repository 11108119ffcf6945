"""Posts are dated, a technician sees nothing, and a changed password ends what it opened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings

from hotline.cases.models import Case
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM
from hotline.organisation.models import Agency
from hotline.people.actions import (
    create_person,
    deactivate,
    end_post,
    give_post,
    reactivate,
    revoke_session,
    revoke_sessions,
    set_password,
)
from hotline.people.models import Person
from hotline.people.queries import holders, sessions_of, viewer_of
from hotline.people.rules import CONTENT_ROLES, exclude_each_other, overlap
from hotline.refusals import Refused
from hotline.regulation.lifecycle import Role

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY, YESTERDAY, TOMORROW = NOW.date(), NOW.date() - timedelta(days=1), NOW.date() + timedelta(days=1)
GOOD = "Sen-Hồng-Tam-Kỳ-1906"


@pytest.fixture
def agency(db: None) -> Agency:
    return Agency.objects.create(key="so-xay-dung", kind="department", name="Sở Xây dựng")


@pytest.fixture
def person(db: None) -> Person:
    return create_person("binh", "Lê Thị Bình", password=GOOD, actor=SYSTEM, now=NOW)


def sign_in(person: Person, ip: str = "192.0.2.7") -> UserSession:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store["_auth_user_id"] = str(person.pk)
    store.save()
    return UserSession.objects.create(user=person, ip=ip, session_key=store.session_key, user_agent="Firefox")


@pytest.mark.parametrize(
    ("first", "last", "day", "held", "why"),
    [
        (YESTERDAY, None, TODAY, True, "a post without an end goes on"),
        (TODAY, None, TODAY, True, "the first day counts"),
        (TOMORROW, None, TODAY, False, "it begins tomorrow"),
        (date(2020, 1, 1), TODAY, TODAY, True, "the last day counts"),
        (date(2020, 1, 1), YESTERDAY, TODAY, False, "it ended yesterday"),
        (date(2020, 1, 1), YESTERDAY, YESTERDAY, True, "on its last day it was held"),
    ],
)
def test_a_post_counts_on_its_days_only(person, agency, first, last, day, held, why) -> None:
    give_post(person, Role.FOCAL_PERSON, agency, valid_from=first, valid_to=last, actor=SYSTEM, now=NOW)
    viewer = viewer_of(person, day)
    assert (viewer.agency_ids == {agency.pk}) is held, why
    assert holders(Role.FOCAL_PERSON, day, agency.pk).filter(pk=person.pk).exists() is held, why


def test_a_post_that_ended_yesterday_gives_nothing_today(person, agency) -> None:
    post = give_post(person, Role.COORDINATOR, agency, valid_from=date(2020, 1, 1), actor=SYSTEM, now=NOW)
    assert viewer_of(person, TODAY).sees_all_cases
    end_post(post, YESTERDAY, actor=SYSTEM, now=NOW)
    viewer = viewer_of(person, TODAY)
    assert not viewer.sees_all_cases and not viewer.roles
    assert Case.objects.visible_to(viewer).query.is_empty()
    act = Act.objects.get(kind="post.ended")
    assert act.before["to"] is None and act.after["to"] == YESTERDAY.isoformat()


@pytest.mark.parametrize("role", sorted(CONTENT_ROLES))
def test_a_technician_holds_no_post_that_reads_content(person, agency, role) -> None:
    give_post(person, Role.TECHNICIAN, None, valid_from=TODAY, actor=SYSTEM, now=NOW)
    with pytest.raises(Refused, match="technician may not"):
        give_post(person, role, agency, valid_from=TOMORROW, actor=SYSTEM, now=NOW)
    assert viewer_of(person, TOMORROW).roles == {Role.TECHNICIAN}


def test_nor_does_somebody_who_reads_content_become_technician(person, agency) -> None:
    give_post(person, Role.HEAD, agency, valid_from=YESTERDAY, valid_to=TODAY, actor=SYSTEM, now=NOW)
    with pytest.raises(Refused):
        give_post(person, Role.TECHNICIAN, None, valid_from=TODAY, actor=SYSTEM, now=NOW)
    # The day after the last day is free.
    give_post(person, Role.TECHNICIAN, None, valid_from=TOMORROW, actor=SYSTEM, now=NOW)


def test_a_technician_sees_no_case_and_runs_no_desk(person) -> None:
    give_post(person, Role.TECHNICIAN, None, valid_from=TODAY, actor=SYSTEM, now=NOW)
    viewer = viewer_of(person, TODAY)
    assert not viewer.sees_all_cases and not viewer.agency_ids
    assert Case.objects.visible_to(viewer).query.is_empty()


def test_exclusion_and_overlap_are_symmetric() -> None:
    for one in Role:
        for other in Role:
            assert exclude_each_other(one, other) == exclude_each_other(other, one)
    assert overlap(TODAY, TODAY, TODAY, None) and overlap(TODAY, None, YESTERDAY, TODAY)
    assert not overlap(TODAY, None, YESTERDAY, YESTERDAY)


@pytest.mark.parametrize(
    ("role", "at_agency", "last", "why"),
    [
        (Role.FOCAL_PERSON, False, None, "a focal person belongs to an agency"),
        (Role.HEAD, False, None, "so does a head"),
        (Role.CITIZEN, True, None, "a citizen is no post"),
        (Role.SYSTEM, True, None, "nor is the system"),
        (Role.LEADER, True, YESTERDAY, "it would end before it begins"),
    ],
)
def test_posts_nobody_can_be_given(person, agency, role, at_agency, last, why) -> None:
    with pytest.raises(Refused):
        give_post(person, role, agency if at_agency else None, valid_from=TODAY, valid_to=last, actor=SYSTEM, now=NOW)
    assert not person.posts.exists(), why


def test_the_same_post_is_not_given_twice_at_a_time(person, agency) -> None:
    give_post(person, Role.HEAD, agency, valid_from=TODAY, valid_to=TOMORROW, actor=SYSTEM, now=NOW)
    with pytest.raises(Refused, match="already holds"):
        give_post(person, Role.HEAD, agency, valid_from=TOMORROW, actor=SYSTEM, now=NOW)
    give_post(person, Role.FOCAL_PERSON, agency, valid_from=TODAY, actor=SYSTEM, now=NOW)


@pytest.mark.parametrize("password", ["ngan", "1234567890", "password123", "qwertyuiop"])
def test_a_weak_password_is_refused_in_both_languages(person, password) -> None:
    with pytest.raises(Refused) as refused:
        set_password(person, password, actor=SYSTEM, now=NOW)
    person.refresh_from_db()
    assert refused.value.sentence.vi and refused.value.sentence.en
    assert person.check_password(GOOD)


def test_a_new_password_signs_out_everywhere_and_is_not_journaled(person) -> None:
    sign_in(person)
    set_password(person, "Cầu-Cửa-Đại-2016", actor=SYSTEM, now=NOW)
    person.refresh_from_db()
    assert person.check_password("Cầu-Cửa-Đại-2016")
    assert not sessions_of(person).exists()
    act = Act.objects.get(kind="person.password_set")
    assert act.before == act.after == {} and "Cửa-Đại" not in act.note


def test_sessions_are_listed_and_revoked_one_or_all(person) -> None:
    here, phone, home = sign_in(person), sign_in(person, "192.0.2.8"), sign_in(person, "192.0.2.9")
    revoke_session(person, phone.pk, actor=SYSTEM, now=NOW)
    assert set(sessions_of(person)) == {here, home}
    assert revoke_sessions(person, keep=here.session_key, actor=SYSTEM, now=NOW) == 1
    assert list(sessions_of(person)) == [here]
    engine = import_module(settings.SESSION_ENGINE)
    assert engine.SessionStore().exists(here.session_key) and not engine.SessionStore().exists(home.session_key)
    with pytest.raises(Refused, match="over already"):
        revoke_session(person, phone.pk, actor=SYSTEM, now=NOW)


def test_nobody_revokes_another_persons_session_by_number(person) -> None:
    other = create_person("la", "Người Lạ", actor=SYSTEM, now=NOW)
    session = sign_in(other)
    with pytest.raises(Refused):
        revoke_session(person, session.pk, actor=SYSTEM, now=NOW)
    assert sessions_of(other).get() == session


def test_a_closed_account_is_out_at_once_and_its_posts_come_back_with_it(person, agency) -> None:
    give_post(person, Role.HEAD, agency, valid_from=YESTERDAY, actor=SYSTEM, now=NOW)
    sign_in(person)
    deactivate(person, reason="nghỉ việc", actor=SYSTEM, now=NOW)
    assert not sessions_of(person).exists()
    assert not viewer_of(person, TODAY).roles
    assert person.posts.exists()
    reactivate(person, actor=SYSTEM, now=NOW)
    assert viewer_of(person, TODAY).roles == {Role.HEAD}


def test_the_last_administrator_stays(person, agency) -> None:
    post = give_post(person, Role.ADMINISTRATOR, agency, valid_from=YESTERDAY, actor=SYSTEM, now=NOW)
    with pytest.raises(Refused, match="last administrator"):
        deactivate(person, actor=SYSTEM, now=NOW)
    with pytest.raises(Refused, match="last administrator"):
        end_post(post, YESTERDAY, actor=SYSTEM, now=NOW)
    person.refresh_from_db()
    post.refresh_from_db()
    assert person.is_active and post.valid_to is None

    second = create_person("tri", "Phan Quốc Trị", actor=SYSTEM, now=NOW)
    give_post(second, Role.ADMINISTRATOR, agency, valid_from=TODAY, actor=SYSTEM, now=NOW)
    deactivate(person, actor=SYSTEM, now=NOW)


@pytest.mark.parametrize(("username", "name"), [("", "Có Tên"), ("  ", "Có Tên"), ("co.ten", " "), ("BINH", "Trùng Tên")])
def test_accounts_that_cannot_be(person, username, name) -> None:
    with pytest.raises(Refused):
        create_person(username, name, actor=SYSTEM, now=NOW)
    assert Person.objects.count() == 1
