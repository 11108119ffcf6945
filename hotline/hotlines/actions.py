"""Verbs on hotlines: loading them, their editions, fields and mailboxes as a pack has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from hotline.calendars.models import Calendar
from hotline.hotlines.models import Domain, Edition, Field, Hotline, Mailbox
from hotline.hotlines.queries import regulation_of
from hotline.hotlines.rules import FieldEntry
from hotline.journal.actions import record
from hotline.journal.models import Act
from hotline.journal.rules import Actor
from hotline.organisation.models import Agency
from hotline.organisation.queries import standing
from hotline.refusals import Refused, unchanged
from hotline.regulation import edition as regulation
from hotline.regulation import succession
from hotline.regulation.labels import Label
from hotline.regulation.pack import PackDomain, PackHotline


@transaction.atomic
def load_hotline(given: PackHotline, authority: str) -> Hotline:
    """Make a hotline, or bring it up to date. Its calendar and its agencies must have been loaded before it.

    Its address becomes a mailbox without a server: mail can be piped in; an administrator adds the server to fetch from.
    """
    agencies = {a.key: standing(a).pk for a in Agency.objects.filter(key__in=[given.coordinator, given.desk])}
    hotline, _ = Hotline.objects.update_or_create(key=given.key, defaults={
        "name": given.name, "short_name": given.short_name, "authority": authority, "code_prefix": given.code_prefix,
        "numbers": [{"number": number, "label": label.vi, "label_en": label.en} for number, label in given.numbers],
        "email": given.email, "website": given.website, "document": dict(given.document),
        "coordinator_id": agencies.get(given.coordinator), "desk_id": agencies.get(given.desk),
        "calendar": Calendar.objects.get(key=given.calendar),
    })
    if given.email:
        Mailbox.objects.get_or_create(address=given.email, defaults={"hotline": hotline})
    return hotline


@transaction.atomic
def follow_agency(old: Agency, new: Agency, *, decision: str, actor: Actor, now: datetime) -> int:
    """Hotlines that an agency coordinated, or whose desk it was, belong to its successor. How many; name, number and
    edition of a hotline stay."""
    changed = 0
    for hotline in Hotline.objects.select_for_update().filter(Q(coordinator=old) | Q(desk=old)).order_by("id"):
        roles = [name for name in ("coordinator", "desk") if getattr(hotline, f"{name}_id") == old.pk]
        for name in roles:
            setattr(hotline, name, new)
        hotline.save(update_fields=roles)
        record("hotline.followed", "hotline", hotline.pk, actor, now, before=dict.fromkeys(roles, old.key),
               after=dict.fromkeys(roles, new.key), note=decision)
        changed += 1
    return changed


@transaction.atomic
def load_edition(
    hotline: Hotline, edition: regulation.Edition, *, in_use: bool, among: Sequence[regulation.Edition] = (), actor: Actor,
    now: datetime,
) -> Edition:
    """Make an edition, or change one that no case uses yet; the one before it, where it has no last day, ends the day
    before. `among`: the editions that are loaded with it, in place of those of the same keys.

    Raises Refused when cases were received under it and anything but its last day and the questions of the desk differs:
    their due moments were promised under its words, and a changed regulation is a new edition with its own dates. And when
    a day would have two editions, or none between two.
    """
    others = list(Edition.objects.select_for_update().filter(hotline=hotline).exclude(key=edition.key))
    loaded = {other.key: other for other in among}
    everyone = [edition, *(loaded.get(row.key) or regulation_of(row) for row in others)]
    if wrong := succession.faults(everyone):
        raise Refused(wrong[0])
    ends = {each.key: each.valid_to for each in succession.in_order(everyone)}
    for other in others:
        if other.key not in loaded and other.valid_to != ends[other.key]:
            _end_on(other, ends[other.key], actor, now)
    edition = replace(edition, valid_to=ends[edition.key])
    document = edition.to_document()
    row = Edition.objects.select_for_update().filter(hotline=hotline, key=edition.key).first()
    if row is not None and row.document == document:
        return row
    if row is not None and in_use and _settled(row.document) != _settled(document):
        different = sorted(k for k in {*row.document, *document} if row.document.get(k) != document.get(k))
        raise Refused(Label(
            f"Quy chế {row.decision} đã có phiếu áp dụng nên không được sửa ({', '.join(different)}). "
            "Hãy ghi thay đổi thành một bản quy chế mới có ngày hiệu lực riêng.",
            f"Cases were received under edition {row.decision}, so it may not be changed ({', '.join(different)}). "
            "Write the change as a new edition with dates of its own.",
        ))
    before = {k: row.document.get(k) for k in document if row.document.get(k) != document[k]} if row else {}
    row = row or Edition(hotline=hotline, key=edition.key)
    row.decision, row.title = edition.decision, edition.title.vi[:300]
    row.valid_from, row.valid_to, row.document = edition.valid_from, edition.valid_to, document
    row.save()
    after = {k: document[k] for k in before} or {"decision": row.decision, "valid_from": row.valid_from.isoformat()}
    record("edition.changed" if before else "edition.loaded", "edition", row.pk, actor, now, before=before, after=after)
    return row


def _end_on(row: Edition, last: date | None, actor: Actor, now: datetime) -> None:
    """Another edition follows: this one's last day is known now."""
    ended = replace(regulation_of(row), valid_to=last)
    before = {"valid_to": row.document.get("valid_to")}
    row.valid_to, row.document = last, ended.to_document()
    row.save(update_fields=["valid_to", "document"])
    record("edition.changed", "edition", row.pk, actor, now, before=before,
           after={"valid_to": row.document.get("valid_to")})


def _settled(document: Mapping[str, Any]) -> dict[str, Any]:
    """What must not change once used: all but the last day, which a following edition sets, and what the desk asks before
    there is a case, which promises nothing to any. Read and written again, so that a table the product has learned of since
    means what its absence meant."""
    whole = regulation.parse_edition(document, "").to_document()
    lanes = {k: v for k, v in (whole.get("lanes") or {}).items() if k != "questions"}
    return {k: v for k, v in whole.items() if k not in ("valid_to", "lanes")} | {"lanes": lanes}


@transaction.atomic
def load_domains(given: Sequence[PackDomain]) -> None:
    """Make the walled domains those of the pack. Their supervising agencies must have been loaded before."""
    agencies = dict(Agency.objects.filter(key__in=[d.supervisor for d in given]).values_list("key", "id"))
    for position, domain in enumerate(given, 1):
        Domain.objects.update_or_create(key=domain.key, defaults={
            "vi": domain.label.vi, "en": domain.label.en, "supervisor_id": agencies[domain.supervisor], "position": position,
            "heading": str(domain.heading),
        })
    Domain.objects.exclude(key__in=[d.key for d in given]).delete()


@transaction.atomic
def load_fields(hotline: Hotline, entries: Iterable[FieldEntry]) -> None:
    """Make fields as a pack has them, in its order; one the pack no longer has is switched off, never deleted. A field
    that people made or changed in this installation stays as they left it."""
    by_hand = _fields_by_hand(hotline)
    entries = [e for e in entries if e.key not in by_hand]
    for parents in (True, False):  # parents first: rows below need their ids
        ids = dict(Field.objects.filter(hotline=hotline).values_list("key", "id"))
        Field.objects.bulk_create(
            [
                Field(
                    hotline=hotline, key=e.key, vi=e.vi, en=e.en, parent_id=ids[e.parent] if e.parent else None,
                    words=list(e.words), urgent_words=list(e.urgent_words), public=e.public, position=n, active=True,
                    domain=e.domain,
                )
                for n, e in enumerate(entries, 1) if (not e.parent) == parents
            ],
            update_conflicts=True, unique_fields=["hotline", "key"],
            update_fields=["vi", "en", "parent", "words", "urgent_words", "public", "position", "active", "domain"],
        )
    Field.objects.filter(hotline=hotline).exclude(key__in=[*(e.key for e in entries), *by_hand]).update(
        active=False
    )


FIELD_COLUMNS = ("vi", "en", "words", "urgent_words", "public", "active")
MAILBOX_COLUMNS = ("address", "host", "port", "tls", "username", "password_env", "folder", "active")


@transaction.atomic
def add_field(
    hotline: Hotline, key: str, vi: str, en: str = "", *, parent: Field | None = None, words: Sequence[str] = (),
    urgent_words: Sequence[str] = (), public: bool = True, actor: Actor, now: datetime,
) -> Field:
    """Add a field of work, last in its group. Raises Refused for a key that is taken, or without key or name."""
    key, vi = key.strip(), vi.strip()
    if not key or not vi:
        raise Refused(Label("Lĩnh vực cần có mã và tên.", "A field needs a key and a name."))
    if Field.objects.filter(hotline=hotline, key=key).exists():
        raise Refused(Label(f"Đã có lĩnh vực với mã “{key}”.", f"There is a field “{key}” already."))
    if parent is not None and parent.parent_id is not None:
        raise Refused(Label("Danh mục lĩnh vực chỉ có hai cấp.", "Fields have two levels."))
    last = Field.objects.filter(hotline=hotline).aggregate(Max("position"))["position__max"] or 0
    field = Field.objects.create(
        hotline=hotline, key=key, vi=vi, en=en.strip(), parent=parent, words=list(words), urgent_words=list(urgent_words),
        public=public, position=last + 1,
    )
    record("field.added", "field", field.pk, actor, now, after={"key": key, "vi": vi})
    return field


@transaction.atomic
def change_field(
    field: Field, *, vi: str, en: str = "", words: Sequence[str] = (), urgent_words: Sequence[str] = (), public: bool = True,
    active: bool = True, seen: Mapping[str, Any] | None = None, actor: Actor, now: datetime,
) -> Field:
    """Change the names and words of a field, show or hide it. Raises Refused without a name; Stale when it is no more
    what was `seen`."""
    if not vi.strip():
        raise Refused(Label("Lĩnh vực cần có tên.", "A field needs a name."))
    field = Field.objects.select_for_update().get(pk=field.pk)
    given = {"vi": vi.strip(), "en": en.strip(), "words": list(words), "urgent_words": list(urgent_words),
             "public": public, "active": active}
    _change(field, FIELD_COLUMNS, given, seen, "field", actor, now)
    return field


@transaction.atomic
def add_mailbox(hotline: Hotline, *, actor: Actor, now: datetime, **given: Any) -> Mailbox:
    """Add a mailbox (MAILBOX_COLUMNS). Raises Refused when its address is known already, or a server lacks what it needs."""
    _check_mailbox(given)
    if Mailbox.objects.filter(address=given["address"]).exists():
        raise Refused(Label(f"Đã có hộp thư {given['address']}.", f"There is a mailbox {given['address']} already."))
    mailbox = Mailbox.objects.create(hotline=hotline, **given)
    record("mailbox.added", "mailbox", mailbox.pk, actor, now, after=given)
    return mailbox


@transaction.atomic
def change_mailbox(
    mailbox: Mailbox, *, seen: Mapping[str, Any] | None = None, actor: Actor, now: datetime, **given: Any
) -> Mailbox:
    """Change how a mailbox is fetched, or pause it (`active`). Raises Refused and Stale as above.

    Another server or folder is looked into anew: what is old there is left alone.
    """
    _check_mailbox(given)
    mailbox = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
    if Mailbox.objects.filter(address=given["address"]).exclude(pk=mailbox.pk).exists():
        raise Refused(Label(f"Đã có hộp thư {given['address']}.", f"There is a mailbox {given['address']} already."))
    elsewhere = any(getattr(mailbox, name) != given[name] for name in ("host", "username", "folder"))
    _change(mailbox, MAILBOX_COLUMNS, given, seen, "mailbox", actor, now)
    if elsewhere:
        mailbox.uidvalidity = mailbox.last_uid = None
        mailbox.failed_uids = {}
    mailbox.last_error = ""
    mailbox.save(update_fields=["uidvalidity", "last_uid", "failed_uids", "last_error"])
    return mailbox


def _check_mailbox(given: Mapping[str, Any]) -> None:
    if given["host"] and not (given["username"] and given["password_env"]):
        raise Refused(Label(
            "Máy chủ thư cần tên đăng nhập và tên biến môi trường chứa mật khẩu.",
            "A mail server needs a username and the name of the environment variable with the password.",
        ))


def _change(
    row: Field | Mailbox, columns: Sequence[str], given: Mapping[str, Any], seen: Mapping[str, Any] | None, noun: str,
    actor: Actor, now: datetime,
) -> None:
    before = {name: getattr(row, name) for name in columns}
    unchanged(before, seen)
    changed = [name for name in columns if before[name] != given[name]]
    for name in changed:
        setattr(row, name, given[name])
    if changed:
        row.save(update_fields=changed)
        record(f"{noun}.changed", noun, row.pk, actor, now,
               before={n: before[n] for n in changed}, after={n: given[n] for n in changed})


def _fields_by_hand(hotline: Hotline) -> set[str]:
    """Keys of the fields that people made or changed here: the journal knows."""
    touched = Act.objects.filter(subject="field", actor__kind="person").values("subject_id")
    return set(Field.objects.filter(hotline=hotline, pk__in=touched).values_list("key", flat=True))
