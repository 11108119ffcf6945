"""What is done with citizens: they are found by how they can be reached, or become known."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from hotline.citizens.models import Citizen, Handle
from hotline.citizens.rules import normal_email, normal_phone
from hotline.organisation.rules import fold

_Keys = list[tuple[str, str]]


def find_or_create(
    *, name: str = "", phone: str = "", email: str = "", address: str = "",
    kind: str = Citizen.Kind.INDIVIDUAL, language: str = "vi", now: datetime,
) -> Citizen:
    """The citizen behind a telephone number or an e-mail address; a new one when neither is known.

    The telephone decides when both are known and disagree: families share a mailbox more often than a telephone.
    What is already on record is kept; only blanks are filled. Eight requests at once with one number make one citizen:
    the unique key of Handle decides, the losers take the winner. At most three queries without a race.
    Without a usable telephone or address the citizen is new each time: a name alone identifies nobody.
    """
    keys: _Keys = []
    if value := normal_phone(phone):
        keys.append((Handle.Kind.PHONE, value))
    if value := normal_email(email):
        keys.append((Handle.Kind.EMAIL, value))
    with transaction.atomic(savepoint=False):
        known = _known(keys)
        if known:
            citizen = _preferred(known)
            _add_handles(citizen, [k for k in keys if k not in {(h.kind, h.value) for h in known}])
            return _fill(citizen, name=name.strip()[:200], address=address.strip()[:300])
        citizen = Citizen.objects.create(
            kind=kind, name=name.strip()[:200], folded=fold(name)[:200], address=address.strip()[:300],
            language=language, created_at=now,
        )
        won = _add_handles(citizen, keys)
        if keys and keys[0] not in won:
            # Somebody else's transaction gave this very handle a citizen between our question and our answer; the insert
            # waited for it to commit, so now it can be read (READ COMMITTED).
            winner = _preferred(_known(keys))
            Handle.objects.filter(citizen=citizen).update(citizen=winner)
            citizen.delete()
            return winner
        return citizen


def _known(keys: _Keys) -> list[Handle]:
    if not keys:
        return []
    by_kind = dict(keys)
    rows = Handle.objects.filter(value__in=by_kind.values()).select_related("citizen")
    return [h for h in rows if by_kind.get(h.kind) == h.value]


def _preferred(handles: list[Handle]) -> Citizen:
    return min(handles, key=lambda h: h.kind != Handle.Kind.PHONE).citizen


def _add_handles(citizen: Citizen, keys: _Keys) -> set[tuple[str, str]]:
    """Write the handles nobody has yet; returns those that became ours."""
    if not keys:
        return set()
    with connection.cursor() as cursor:
        # Raw, because bulk_create(ignore_conflicts=True) does not say which rows were written.
        cursor.execute(
            f"INSERT INTO {Handle._meta.db_table} (citizen_id, kind, value)"
            f" VALUES {', '.join(['(%s, %s, %s)'] * len(keys))}"
            " ON CONFLICT (kind, value) DO NOTHING RETURNING kind, value",
            [part for kind, value in keys for part in (citizen.pk, str(kind), value)],
        )
        return {(kind, value) for kind, value in cursor.fetchall()}


def _fill(citizen: Citizen, **given: str) -> Citizen:
    blanks = {key: value for key, value in given.items() if value and not getattr(citizen, key)}
    if blanks:
        for key, value in blanks.items():
            setattr(citizen, key, value)
        if "name" in blanks:
            citizen.folded = fold(blanks["name"])[:200]
        citizen.save(update_fields=[*blanks, *(["folded"] if "name" in blanks else [])])
    return citizen
