"""The wall in the database around what is sealed (docs/decisions/0006): a role that owns it, and a key to that role.

The owner's tables are out of reach of the product's own role, which is no superuser and inherits nothing of the owner. It
may only *become* the owner, for one transaction, by saying so. Between the two stands a third role that inherits nothing:
so the same statements mean the same from PostgreSQL 15 on, where inheriting belongs to a role, and from 16 on, where it
belongs to each grant.
"""

from typing import Any

import psycopg
from psycopg import sql

from hotline.database.fault import Fault

SCHEMA = "sealed"
TRIES = 5  # test databases of several workers are made at once; the roles of a server belong to all of them

_STANDS = """
SELECT coalesce(bool_and(pg_has_role(%(login)s, owner.oid, 'MEMBER')
                         AND (login.rolsuper OR NOT pg_has_role(%(login)s, owner.oid, 'USAGE'))), false)
  FROM pg_roles AS owner JOIN pg_roles AS login ON login.rolname = %(login)s
 WHERE owner.rolname = %(owner)s AND NOT owner.rolcanlogin
"""


def owner_of(login: str) -> str:
    """The role that owns what is sealed, for the product that signs in as `login`: another installation on the same
    server has another one."""
    return f"{login}_{SCHEMA}"


def statements(login: str) -> list[str]:
    """What makes the roles, for whoever may: a superuser, or a role with CREATEROLE."""
    names = {name: _quoted(role) for name, role in _roles(login).items()}
    return [
        statement.format(**names)
        for statement in (
            "CREATE ROLE {owner} NOLOGIN",
            "CREATE ROLE {key} NOLOGIN NOINHERIT",
            "GRANT {owner} TO {key}",
            "GRANT {key} TO {login}",
        )
    ]


def stands(connection: psycopg.Connection[Any], login: str) -> bool:
    """Whether `login` may become the owner and is not already as good as the owner without saying so."""
    row = connection.execute(_STANDS, {"login": login, "owner": owner_of(login)}).fetchone()
    return bool(row and row[0])


def build(connection: psycopg.Connection[Any], login: str) -> None:
    """Make the roles where they are missing; a second time does nothing. `connection` must be in autocommit mode.

    Raises `Fault` with the very statements an administrator must run when this account may not make roles, or when the
    login inherits from the owner and the wall would be none.
    """
    for attempt in range(1, TRIES + 1):
        if stands(connection, login):
            return
        try:
            _make(connection, login)
        except psycopg.errors.InsufficientPrivilege as error:
            raise not_built(login) from error
        except psycopg.Error:  # another worker makes the same roles in this moment
            if attempt == TRIES:
                raise
    if not stands(connection, login):
        raise not_built(login)


def not_built(login: str) -> Fault:
    """The sentence for whoever must do it, statements included."""
    script = "; ".join(statements(login))
    return Fault(
        f"Cơ sở dữ liệu chưa có tường ngăn cho hồ sơ tố cáo và tài khoản {login} không tự tạo được; hãy nhờ quản trị cơ sở "
        f"dữ liệu chạy một lần rồi chạy lại: {script};  (cơ sở dữ liệu đi kèm: khởi động lại là đủ; nếu vẫn báo, {login} "
        f"đang thừa hưởng quyền của {owner_of(login)} và phải thu lại).",
        f"The database has no wall around sealed records yet and the account {login} may not build it; have the database "
        f"administrator run once, then try again: {script};  (the embedded database: restart it; if this stays, {login} "
        f"inherits from {owner_of(login)}, which must be revoked).",
    )


def keep_ordinary(connection: psycopg.Connection[Any], login: str) -> None:
    """A superuser walks through every wall: the product's own role of an embedded server is and stays an ordinary one."""
    row = connection.execute(
        "SELECT rolsuper OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = %s", [login]
    ).fetchone()
    if row and row[0]:
        connection.execute(sql.SQL("ALTER ROLE {} NOSUPERUSER NOCREATEROLE NOBYPASSRLS").format(sql.Identifier(login)))


def _make(connection: psycopg.Connection[Any], login: str) -> None:
    roles = _roles(login)
    there = {
        row[0]
        for row in connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [[roles["owner"], roles["key"]]]
        )
    }
    for statement in statements(login):
        if any(statement.startswith(f"CREATE ROLE {_quoted(role)} ") for role in there):
            continue
        connection.execute(statement.encode())


def _roles(login: str) -> dict[str, str]:
    return {"login": login, "owner": owner_of(login), "key": f"{owner_of(login)}_key"}


def _quoted(role: str) -> str:
    return '"' + role.replace('"', '""') + '"'
