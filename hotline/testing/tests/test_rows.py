"""Rows written together: in order, with their keys, all or none; the same rows by themselves at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from hotline.citizens.models import Citizen, Handle
from hotline.jobs.actions import defer
from hotline.journal.models import Act
from hotline.rows import number, together, write

pytestmark = pytest.mark.django_db


def a_citizen(name: str = "Nguyễn Văn An") -> Citizen:
    return Citizen(name=name, folded="", created_at=timezone.now())


def an_act(topics: list[str]) -> Act:
    return Act(kind="test.happened", subject="test", subject_id=1, actor={"tên": "An; 100 %"}, at=timezone.now(), topics=topics)


def test_one_question_and_one_sending() -> None:
    with CaptureQueriesContext(connection) as asked, together(Citizen, Act, "case_number"):
        citizen = a_citizen("O'Nêu; DROP 100 % \\ 'nữa'")
        write(citizen)
        write(Handle(citizen=citizen, kind="email", value="an@example.vn"))
        write(an_act([]))
        first = number("case_number")
    # The key of the handle was not drawn beforehand: a question of its own.
    assert [q["sql"].split()[0] for q in asked] == ["SELECT", "SELECT", "INSERT"]
    kept = Handle.objects.select_related("citizen").get()
    assert kept.citizen == citizen
    assert kept.citizen.name == "O'Nêu; DROP 100 % \\ 'nữa'"
    assert Act.objects.get(kind="test.happened").actor == {"tên": "An; 100 %"}
    assert number("case_number") > first


def test_a_saved_row_is_an_ordinary_row() -> None:
    with together():
        citizen = a_citizen()
        write(citizen)
    citizen.name = "Nguyễn Văn Bình"
    citizen.save(update_fields=["name"])
    assert Citizen.objects.get().name == "Nguyễn Văn Bình"


def test_a_block_that_fails_writes_nothing() -> None:
    def attempt() -> None:
        with together(Citizen):
            write(a_citizen())
            raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed my mind"):
        attempt()
    write(a_citizen("Lê Thị Hoa"))  # and what comes after is not kept for a batch that is gone
    assert Citizen.objects.get().name == "Lê Thị Hoa"


def test_the_constraint_that_was_broken_is_named() -> None:
    citizen = a_citizen()
    write(citizen)
    write(Handle(citizen=citizen, kind="phone", value="+84905123456"))

    def twice() -> None:
        with transaction.atomic(), together(Handle):
            write(Handle(citizen=citizen, kind="phone", value="+84905123456"))

    with pytest.raises(IntegrityError) as broken:
        twice()
    assert broken.value.__cause__.diag.constraint_name == "one_citizen_per_handle"


def test_a_verb_within_a_verb_is_one_batch() -> None:
    with CaptureQueriesContext(connection) as asked, together(Citizen, Citizen):
        write(a_citizen())
        with together(Act):
            write(a_citizen("Lê Thị Hoa"))
        assert len(asked) == 1
    assert Citizen.objects.count() == 2


def test_several_at_once_without_a_batch_are_one_statement() -> None:
    with CaptureQueriesContext(connection) as asked:
        write(an_act(["desk"]), an_act([]), an_act(["case:1"]))
    assert len(asked) == 1
    assert [act.topics for act in Act.objects.filter(kind="test.happened")] == [["desk"], [], ["case:1"]]


@pytest.mark.parametrize("how", ["at once", "together"])
def test_a_deferred_job_is_as_procrastinate_would_have_made_it(how: str) -> None:
    if how == "together":
        with together():
            defer("react", queue="letters", lock="case-7", act_id=7, words="Đường hỏng; 100 %")
    else:
        defer("react", queue="letters", lock="case-7", act_id=7, words="Đường hỏng; 100 %")
    job = ProcrastinateJob.objects.get()
    assert (job.queue_name, job.task_name, job.lock, job.queueing_lock) == ("letters", "react", "case-7", None)
    assert (job.status, job.priority, job.attempts, job.scheduled_at) == ("todo", 0, 0, None)
    assert job.args == {"act_id": 7, "words": "Đường hỏng; 100 %"}


def test_outside_a_transaction_nothing_is_kept_together() -> None:
    def attempt() -> None:
        with together():
            pass

    with ThreadPoolExecutor(1) as elsewhere, pytest.raises(RuntimeError, match="outside a transaction"):
        elsewhere.submit(attempt).result()  # a thread has a connection of its own, and no transaction yet
