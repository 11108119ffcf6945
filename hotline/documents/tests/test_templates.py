"""Templates: what an officer changed survives a pack loaded again; what cannot be filled is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hotline.documents.letters.actions import change_template, load_templates
from hotline.documents.letters.rules import general_templates
from hotline.documents.models import Template
from hotline.documents.tests.conftest import MONDAY, Office, refuses
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM
from hotline.refusals import Stale


def test_officers_words_survive_a_pack_that_is_loaded_again(office: Office) -> None:
    hotline, ha = office.cast.hotline, office.actor("ha")
    row = Template.objects.get(key="thank_you_letter")
    assert load_templates(hotline, general_templates(), actor=SYSTEM, now=MONDAY) == 0, "nothing changed"
    change_template(row.pk, {"body": "Cảm ơn {{ reporter.name }}."}, actor=ha, now=MONDAY, version=row.version)
    newer = [replace(given, title=given.title + " (mới)") for given in general_templates() if given.key != "minutes"]
    assert load_templates(hotline, newer, actor=SYSTEM, now=MONDAY) == len(newer), "the others, and minutes is put away"
    row.refresh_from_db()
    assert (row.body, row.title) == ("Cảm ơn {{ reporter.name }}.", "Thư cảm ơn người góp ý, hiến kế")
    assert not Template.objects.get(key="minutes").active
    assert Act.objects.filter(kind="template.changed", actor__name="Phạm Thu Hà").count() == 1


@pytest.mark.parametrize(
    ("who", "changes", "why"),
    [
        ("ha", {"body": "{{ case.kode }}"}, "“case.kode”"), ("ha", {"subject": "{{ dialogue.at }}"}, "“dialogue.at”"),
        ("ha", {"title": " "}, "đặt tên cho mẫu"), ("ha", {"body": " "}, "nội dung của mẫu"),
        ("binh", {"body": "x"}, "Chỉ quản trị viên"), ("son", {"body": "x"}, "Chỉ quản trị viên"),
    ],
)  # fmt: skip
def test_what_is_refused(office: Office, who: str, changes: dict[str, str], why: str) -> None:
    row = Template.objects.get(key="leaders_report")
    with refuses(why):
        change_template(row.pk, changes, actor=office.actor(who), now=MONDAY)
    assert not Template.objects.get(pk=row.pk).by_hand
    with pytest.raises(Stale):
        change_template(row.pk, {"body": "x"}, actor=office.actor("admin"), now=MONDAY, version=row.version + 1)
