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
    name, address = name.strip()[:200], address.strip()[:300]
    with transaction.atomic(savepoint=False):
        if known := _known(keys):
            citizen = _preferred(known)
            _add_handles(citizen, [k for k in keys if k not in {(h.kind, h.value) for h in known}])
            return _fill(citizen, name, address)
        citizen = Citizen(
            kind=kind, name=name, folded=fold(name)[:200], address=address, language=language[:8], created_at=now
        )
        won = _insert(citizen, keys)
        if not keys or keys[0] in won:
            return citizen
        # Somebody else's transaction gave this very handle a citizen between our question and our answer; the insert
        # waited for it to commit, so now it can be read (READ COMMITTED).
        winner = _preferred(_known(keys[:1]))
        Handle.objects.filter(citizen=citizen).update(citizen=winner)
        citizen.delete()
        return winner


def correct(citizen: Citizen, *, language: str = "", organisation: bool = False) -> tuple[dict[str, str], dict[str, str]]:
    """Write down what a call-taker heard: it counts more than what is on record. What was not said stays.

    Returns what changed, as it was and as it is, for the journal of whoever calls."""
    heard = {"language": language, "kind": str(Citizen.Kind.ORGANISATION) if organisation else ""}
    new = {name: value for name, value in heard.items() if value and value != getattr(citizen, name)}
    old = {name: str(getattr(citizen, name)) for name in new}
    for name, value in new.items():
        setattr(citizen, name, value)
    if new:
        citizen.save(update_fields=[*new])
    return old, new


def _known(keys: _Keys) -> list[Handle]:
    """The handles among these that somebody has already, with their citizens. By hand, as `_insert`: on every way in."""
    if not keys:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN.format(pairs=", ".join(["(%s, %s)"] * len(keys))), [str(part) for key in keys for part in key])
        rows = cursor.fetchall()
    size = len(_HANDLE)
    found = []
    for row in rows:
        handle = Handle.from_db(connection.alias, _HANDLE, row[:size])
        handle.citizen = Citizen.from_db(connection.alias, _CITIZEN, row[size:])
        found.append(handle)
    return found


_HANDLE = [f.attname for f in Handle._meta.concrete_fields]
_CITIZEN = [f.attname for f in Citizen._meta.concrete_fields]
_KNOWN = (
    f"SELECT {', '.join([*(f'h.{name}' for name in _HANDLE), *(f'c.{name}' for name in _CITIZEN)])}"
    f" FROM {Handle._meta.db_table} h JOIN {Citizen._meta.db_table} c ON c.id = h.citizen_id"
    " WHERE (h.kind, h.value) IN ({pairs})"
)


def _preferred(handles: list[Handle]) -> Citizen:
    return min(handles, key=lambda h: h.kind != Handle.Kind.PHONE).citizen


def _insert(citizen: Citizen, keys: _Keys) -> set[tuple[str, str]]:
    """Write a citizen and the handles nobody has yet in one statement; returns those that became theirs.

    By hand: the ORM needs two statements, and does not say which rows an ON CONFLICT let through.
    """
    columns = ("kind", "name", "folded", "address", "language", "created_at")
    made = (
        f"WITH made AS (INSERT INTO {Citizen._meta.db_table} ({', '.join(columns)})"
        f" VALUES ({', '.join(['%s'] * len(columns))}) RETURNING id)"
    )
    values: list[str | datetime] = [getattr(citizen, column) for column in columns]
    if keys:
        made += (
            f", ours AS (INSERT INTO {Handle._meta.db_table} (citizen_id, kind, value)"
            f" SELECT made.id, k.kind, k.value FROM made, (VALUES {', '.join(['(%s, %s)'] * len(keys))}) k (kind, value)"
            " ON CONFLICT (kind, value) DO NOTHING RETURNING kind, value)"
            " SELECT made.id, ours.kind, ours.value FROM made LEFT JOIN ours ON true"
        )
        values += [str(part) for key in keys for part in key]
    else:
        made += " SELECT id, NULL, NULL FROM made"
    with connection.cursor() as cursor:
        cursor.execute(made, values)
        rows = cursor.fetchall()
    citizen.pk = rows[0][0]
    citizen._state.adding, citizen._state.db = False, connection.alias
    return {(kind, value) for _, kind, value in rows if kind}


def _add_handles(citizen: Citizen, keys: _Keys) -> None:
    """Handles a known citizen had not yet; what somebody else has meanwhile stays theirs."""
    if keys:
        Handle.objects.bulk_create(
            [Handle(citizen=citizen, kind=kind, value=value) for kind, value in keys], ignore_conflicts=True
        )


def _fill(citizen: Citizen, name: str, address: str) -> Citizen:
    blanks = []
    if name and not citizen.name:
        citizen.name, citizen.folded = name, fold(name)[:200]
        blanks += ["name", "folded"]
    if address and not citizen.address:
        citizen.address = address
        blanks.append("address")
    if blanks:
        citizen.save(update_fields=blanks)
    return citizen
