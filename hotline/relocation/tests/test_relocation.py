"""A hotline goes from one installation to another: everything by its own name is as it was; halfway leaves nothing.

The old home lives in a transaction that is taken back once the archive is written: the new one begins with an empty database
and an empty folder of files. Only the sequences run on, so that no number means in one what it meant in the other.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import ForeignKey, Model
from django.test import override_settings

from hotline.cases import actions as cases
from hotline.cases.models import Answer, Case, Clock
from hotline.cases.queries import by_token, lookup
from hotline.cases.sweeping import sweep_once
from hotline.cases.tests.conftest import CITIZEN, Desk, at
from hotline.citizens.models import Citizen, Handle
from hotline.conversations.models import Attachment, Contact, Conversation, RawMessage
from hotline.hotlines.models import Edition, Field, Hotline, Mailbox
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM
from hotline.organisation.models import Agency
from hotline.people.models import Person, Post
from hotline.refusals import Refused
from hotline.regulation.reading import PackInvalid
from hotline.relocation import queries, rules
from hotline.relocation.actions import Archive, absorb, export_hotline
from hotline.relocation.models import AbsorbedHotline
from hotline.routing.models import Route
from hotline.testing.cast import FRIDAY_BEFORE_TET, Cast, make_cast

NOW = at("23/02 08:00")
THERE = "1022.cu.example"

# By what a row is known in every home; rows of other tables are known by everything they hold.
NAMES = {
    "hotlines.Hotline": "key", "hotlines.Field": "key", "hotlines.Edition": "key", "hotlines.Mailbox": "address",
    "conversations.Conversation": "ref", "conversations.Attachment": "key", "conversations.RawMessage": "sha256",
    "cases.Case": "code", "organisation.Agency": "key", "organisation.Area": "code", "calendars.Calendar": "key",
    "citizens.Citizen": "name",
}  # fmt: skip
# Numbers of rows that JSON holds.
IN_JSON: dict[str, type[Model]] = {
    "case": Case, "answer": Answer, "contact": Contact, "agency_id": Agency,
    "suggested_agency_id": Agency, "proposed_agency": Agency,
    "focal_person_id": Person, "merged_into_id": Case, "field_id": Field, "conversation_id": Conversation,
}  # fmt: skip
# What is meant to differ: a number of the machine's, and what the docs of `absorb` say.
MAY_DIFFER = {"cases.Case": {"number", "search"}, "hotlines.Mailbox": {"active"}}


@dataclass(frozen=True)
class OldHome:
    """The archive, and what was in it when it was written."""

    archive: Path
    held: dict[str, list[Any]]
    links: list[tuple[str, str]]  # code, secret link


@pytest.fixture(scope="module")
def old_home(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> OldHome:
    folder = tmp_path_factory.mktemp("noi-cu")
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=folder / "files", SITE_URL=f"https://{THERE}"),
        transaction.atomic(),
    ):
        cast = make_cast()
        fill(cast)
        export_hotline("cast", folder / "tong-dai.zip", actor=SYSTEM, now=NOW)
        links = list(Case.objects.order_by("pk").values_list("code", "token"))
        home = OldHome(folder / "tong-dai.zip", held(cast.hotline), links)
        transaction.set_rollback(True)
    return home


@pytest.fixture
def archive(db: None, old_home: OldHome, settings: Any, tmp_path: Path) -> Path:
    """The archive, at the door of a house with other people's cases in it."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SITE_URL = "https://1022.moi.example"
    assert not Hotline.objects.exists(), "nothing is left of the old home"
    return old_home.archive


def fill(cast: Cast) -> Desk:
    """Cases in every state a clock can be in, with letters, pictures, a message as it arrived and words about it all."""
    desk = Desk(cast)
    waiting, held, done = desk.opened(), desk.accepted(), desk.answered()
    merged = cases.merge(desk.opened(), done, reason="cùng một nơi", actor=desk.actor("cuong"), now=at("13/02 16:40"))
    assert merged.merged_into_id == done.pk
    cases.return_case(desk.accepted(), "không thuộc thẩm quyền", cast.agency["dien-luc"], actor=desk.actor("binh"),
                      now=at("13/02 16:20"))  # fmt: skip
    cases.ask_verification(held, "cần xem tận nơi", actor=desk.actor("binh"), now=at("13/02 16:10"))
    cases.rate(done, 2, "chưa sạch", False, actor=CITIZEN, now=at("13/02 16:50"))
    citizen = waiting.conversation.citizen
    Handle.objects.create(citizen=citizen, kind="phone", value="+84905123456")
    raw = RawMessage.objects.create(sha256="a" * 64, content=b"From: sau@example.vn\r\n\r\n\xff\x00", received_at=NOW)
    contact = Contact.objects.create(
        conversation=waiting.conversation, direction="in", channel="email", source="1022@quangnam.example",
        external_id="<1@example.vn>", message_id="<1@example.vn>", text="Cống lại tràn", at=NOW, raw=raw,
    )  # fmt: skip
    Contact.objects.create(
        conversation=waiting.conversation, direction="out", kind="notice", channel="email", external_id="act-1", at=NOW,
        delivery="queued",
    )  # fmt: skip
    picture = Attachment(contact=contact, name="cong.jpg", content_type="image/jpeg", size=5)
    picture.file.save("x", ContentFile(b"\xff\xd8\xff\xe0!"), save=True)
    proof = Attachment(name="sau.jpg", content_type="image/jpeg", size=3)
    proof.file.save("x", ContentFile(b"abc"), save=True)
    Answer.objects.filter(case=done).first().attachments.add(proof)
    Mailbox.objects.create(hotline=cast.hotline, address="1022@quangnam.example", last_uid=77)
    return desk


def new_home() -> Cast:
    """Another province: its own hotline, agencies and cases; two agencies bear a key that is taken in the old home too."""
    cast = make_cast()
    Hotline.objects.filter(pk=cast.hotline.pk).update(
        key="1022-moi", name="Tổng đài 1022 Mới", code_prefix="MOI", email=""
    )
    for key in ("so-xay-dung", "dien-luc", "van-phong-ubnd", "tong-dai-1022"):
        Agency.objects.filter(key=key).update(key=f"{key}-moi")
    cast.hotline.refresh_from_db()
    desk = Desk(cast)
    desk.count = 100
    for _ in range(3):
        desk.accepted()
    return cast


def held(hotline: Hotline) -> dict[str, list[Any]]:
    """Everything of a hotline, table by table, in words that do not know the numbers of rows."""
    found = {model._meta.label: told(model, queries.rows_of(model, hotline)) for model in queries.carried()}
    acts = []
    for model in queries.carried():
        ids = queries.rows_of(model, hotline).values("pk")
        for act in Act.objects.filter(subject=queries.subject_of(model), subject_id__in=ids).order_by("id"):
            if act.kind not in ("hotline.absorbed", "hotline.exported"):
                actor = {k: v for k, v in act.actor.items() if k not in ("id", "installation")}
                subject = model._base_manager.get(pk=act.subject_id)
                acts.append((act.at, act.kind, name_of(subject), actor, act.note, plain(act.before), plain(act.after)))
    return {**found, "acts": acts}


def told(model: type[Model], rows: Any) -> list[Any]:
    skip = MAY_DIFFER.get(model._meta.label, set())
    said = []
    for row in rows.order_by("pk"):
        values = {}
        for column in queries.columns(model):
            value = getattr(row, column.attname)
            if column.primary_key or column.name in skip:
                continue
            if isinstance(column, ForeignKey):
                value = name_of(getattr(row, column.name)) if value else None
            if model is Contact and column.name == "external_id" and row.direction == "out":
                value = value.removeprefix(f"{THERE}/")
            if column.name == "file":
                value = (str(value), default_storage.open(str(value)).read())
            values[column.name] = plain(value)
        said.append(values)
    return said


def plain(value: Any) -> Any:
    """JSON without the numbers of rows."""
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, dict):
        return {k: named(k, v) for k, v in value.items() if k != "id" or "post" not in value}
    return [plain(v) for v in value] if isinstance(value, list) else value


def named(key: str, value: Any) -> Any:
    """A number of a row inside JSON, by the name of that row."""
    model = IN_JSON.get(key)
    return name_of(model._base_manager.get(pk=value)) if model and isinstance(value, int) else plain(value)


def name_of(row: Model) -> Any:
    if isinstance(row, Person):
        return row.full_name
    if name := NAMES.get(row._meta.label):
        return str(getattr(row, name))
    return type(row).__name__, *(
        str(getattr(row, n)) for n in ("kind", "key", "at", "started_at", "value") if hasattr(row, n)
    )


def test_everything_is_in_the_new_home_as_it_was(archive: Path, old_home: OldHome) -> None:
    before, links = old_home.held, old_home.links
    assert all(before[label] for label in (
        "cases.Case", "cases.Clock", "cases.Assignment", "cases.Answer", "cases.Rating", "cases.Answer_attachments",
        "conversations.Contact", "conversations.Attachment", "conversations.RawMessage", "citizens.Handle", "acts",
        "hotlines.Edition", "hotlines.Mailbox", "routing.Route",
    )), "an empty table would prove nothing"  # fmt: skip
    home = new_home()
    theirs = held(home.hotline)

    done = absorb(Archive(archive), rules.Names(), actor=SYSTEM, now=NOW)

    assert done.changed and done.counts["cases.Case"] == len(links)
    hotline = Hotline.objects.get(key="cast")
    after = held(hotline)
    for label in before:
        assert after[label] == before[label], label
    assert held(home.hotline) == theirs, "nobody else's rows were touched"

    for code, token in links:
        assert by_token(token).code == code
    assert lookup(links[0][0], "0905 123 456").code == links[0][0]
    absorbed = AbsorbedHotline.objects.get()
    marked = Act.objects.filter(pk__range=(absorbed.first_act, absorbed.last_act))
    assert set(marked.values_list("actor__installation", flat=True)) == {THERE}
    assert not Act.objects.exclude(pk__in=marked).filter(actor__has_key="installation").exists()
    assert not any(marked.values_list("topics", flat=True)), "nobody is told of old acts a second time"


def test_life_goes_on_in_the_new_home(archive: Path, old_home: OldHome) -> None:
    """Clocks are swept, new codes do not meet old ones, old names sign in nowhere, queued letters go out."""
    old = [code for code, _ in old_home.links]
    home = new_home()
    absorb(Archive(archive), rules.Names(), actor=SYSTEM, now=NOW)
    hotline = Hotline.objects.get(key="cast")
    late = Case.objects.filter(hotline=hotline, late_at__isnull=False).count()
    swept = sweep_once(NOW + timedelta(days=20))
    assert swept.failed == 0 and Case.objects.filter(hotline=hotline, late_at__isnull=False).count() > late
    binh = Person.objects.get(username=f"binh@{THERE}")
    assert (binh.full_name, binh.is_active, binh.has_usable_password()) == ("Lê Thị Bình", False, False)
    assert not Post.objects.filter(person=binh).exists()
    held_by_her = Case.objects.filter(hotline=hotline, focal_person=binh)
    assert held_by_her.exists() and held_by_her.first().agency.key == "so-xay-dung"
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'deliver'")
        jobs = [
            args["contact_id"] if isinstance(args, dict) else orjson.loads(args)["contact_id"] for (args,) in cursor
        ]
    queued = Contact.objects.filter(delivery="queued", conversation__hotline=hotline)
    assert {contact.pk for contact in queued} and {contact.pk for contact in queued} <= set(jobs)
    assert not Mailbox.objects.get().active, "until the old home has let go of it"

    desk = Desk(home)
    desk.count = 900
    field = Field.objects.get(hotline=hotline, key="thoat_nuoc")
    conversation = Conversation.objects.filter(hotline=hotline).first()
    case = desk.opened(NOW, conversation=conversation, field=field, suggestion=None)
    assert case.code.startswith("QNM-2026-") and case.code not in old
    assert Edition.objects.get(hotline=hotline).pk == case.edition_id
    assert Route.objects.filter(field=field, agency__key="so-xay-dung").exists()


def test_absorbed_twice_is_absorbed_once_and_another_archive_of_it_is_refused(
    archive: Path, old_home: OldHome, tmp_path: Path
) -> None:
    new_home()
    absorb(Archive(archive), rules.Names(), actor=SYSTEM, now=NOW)
    counts = {m: m._base_manager.count() for m in queries.models_of_product() if m._meta.app_label != "sealed"}
    again = absorb(Archive(archive), rules.Names(), actor=SYSTEM, now=NOW)
    assert not again.changed
    assert counts == {m: m._base_manager.count() for m in counts}
    second = tmp_path / "lan-hai.zip"
    export_hotline("cast", second, actor=SYSTEM, now=NOW)
    with pytest.raises(PackInvalid) as refused:
        absorb(Archive(second), rules.Names(), actor=SYSTEM, now=NOW)
    keys = {error.key for error in refused.value.errors}
    assert not any(token in str(refused.value) for _, token in old_home.links), "a secret link is not printed"
    assert {"hotlines.Hotline.key", "cases.Case.code", "cases.Case.token", "conversations.Conversation.ref"} <= keys


def test_interrupted_it_leaves_nothing(archive: Path, tmp_path: Path) -> None:
    new_home()
    tables = [m for m in queries.models_of_product() if m._meta.app_label != "sealed"]
    before = {m._meta.label: list(m._base_manager.order_by("pk").values()) for m in tables}

    def pulled(what: str, rows: int) -> None:
        if what == "journal.Act":
            raise KeyboardInterrupt  # the last table: everything else is written by now

    with pytest.raises(KeyboardInterrupt):
        absorb(Archive(archive), rules.Names(), actor=SYSTEM, now=NOW, told=pulled)
    assert {m._meta.label: list(m._base_manager.order_by("pk").values()) for m in tables} == before
    assert not [p for p in (tmp_path / "files").rglob("*") if p.is_file()]
    assert absorb(Archive(archive), rules.Names(), actor=SYSTEM, now=NOW).changed, "and can be done again"


def test_a_dry_run_says_what_stands_in_the_way_and_writes_nothing(archive: Path) -> None:
    home = new_home()
    Agency.objects.filter(key="dien-luc-moi").update(key="dien-luc", name="Công ty Điện lực Miền Trung")
    agencies = Agency.objects.count()
    with pytest.raises(PackInvalid) as refused:
        absorb(Archive(archive), rules.Names(), dry_run=True, actor=SYSTEM, now=NOW)
    [fault] = refused.value.errors
    assert "[agencies] dien-luc" in fault.text("vi") and "“Công ty Điện lực Miền Trung”" in fault.text("vi")
    names = rules.read_names(
        b'[agencies]\n"dien-luc" = "dien-luc-qn"\n"so-xay-dung" = "so-xay-dung-moi"\n', "anh-xa.toml"
    )
    assert absorb(Archive(archive), names, dry_run=True, actor=SYSTEM, now=NOW).counts["cases.Case"]
    assert Agency.objects.count() == agencies and not Hotline.objects.filter(key="cast").exists()
    absorb(Archive(archive), names, actor=SYSTEM, now=NOW)
    assert Agency.objects.get(key="dien-luc-qn").name == "Công ty Điện lực"
    assert Route.objects.get(field__hotline__key="cast", field__key="thoat_nuoc").agency == home.agency["so-xay-dung"]


def test_a_citizen_whom_both_know_by_their_telephone_is_one(archive: Path) -> None:
    new_home()
    known = Citizen.objects.create(name="Nguyễn Thị Sáu", created_at=NOW)
    Handle.objects.create(citizen=known, kind="phone", value="+84905123456")
    absorb(Archive(archive), rules.Names(), actor=SYSTEM, now=NOW)
    assert Handle.objects.filter(value="+84905123456").count() == 1
    assert Case.objects.filter(hotline__key="cast", citizen=known).exists()


def test_an_archive_that_was_cut_off_or_changed_is_not_taken_in(archive: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.zip"
    cut.write_bytes(archive.read_bytes()[:-2000])
    with pytest.raises(PackInvalid, match="cut off"):
        Archive(cut)
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace("Cống".encode(), "Sống".encode()) if "Case.jsonl" in name else content)
    with pytest.raises(PackInvalid, match=r"rows/cases\.Case\.jsonl: is not what was written"):
        absorb(Archive(changed), rules.Names(), actor=SYSTEM, now=NOW)


def test_a_hotline_that_is_not_there_and_a_picture_that_is_lost(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    with pytest.raises(Refused, match="there are: cast"):
        export_hotline("khong-co", tmp_path / "a.zip", actor=SYSTEM, now=NOW)
    picture = Attachment(contact=None, name="a.jpg", content_type="image/jpeg", size=1)
    picture.file.save("x", ContentFile(b"x"), save=True)
    answer = Answer.objects.get(case=Desk(cast).answered(FRIDAY_BEFORE_TET))
    answer.attachments.add(picture)
    default_storage.delete(picture.file.name)
    with pytest.raises(Refused, match="restore it from the backup"):
        export_hotline("cast", tmp_path / "a.zip", actor=SYSTEM, now=NOW)
    assert not list(tmp_path.glob("a.zip*"))


def test_what_is_sealed_never_leaves(archive: Path) -> None:
    with zipfile.ZipFile(archive) as file:
        assert not [name for name in file.namelist() if "sealed" in name]
        manifest = orjson.loads(file.read(rules.MANIFEST))
    assert "niêm phong" in manifest["left_out"]["sealed"]["vi"]
    assert (archive.stat().st_mode & 0o077) == 0, "citizens' data: nobody else reads it"


def test_every_table_goes_along_or_is_named_as_left_out() -> None:
    """A table made tomorrow either leads to a hotline by itself or must be named with the reason it stays."""
    unnamed = {
        model._meta.label for model in queries.models_of_product()
        if model not in queries.carried() and model._meta.label not in rules.MATCHED and not rules.stays(model._meta.label)
    }  # fmt: skip
    assert not unnamed
    for label in rules.LEFT_OUT:
        assert "." not in label or apps.get_model(label), "named, and there"
    for folder in ("cases", "conversations"):
        assert all(
            model in queries.carried() for model in apps.get_app_config(folder).get_models(include_auto_created=True)
        )
    for model in queries.carried():
        str(queries.rows_of(model, Hotline(pk=1)).query)  # every one of them has a way to the hotline
        for column in model._meta.concrete_fields:
            to = column.related_model
            assert to is None or to in queries.carried() or to._meta.label in rules.MATCHED, (
                f"{column} points at what stays"
            )


def test_spans_of_time_are_written_so_that_they_can_be_read() -> None:
    column = Clock._meta.get_field("remaining")
    for span in (timedelta(days=3, hours=2, microseconds=5), timedelta(0), timedelta(minutes=-7, microseconds=3)):
        assert column.to_python(rules.plain(span)) == span
