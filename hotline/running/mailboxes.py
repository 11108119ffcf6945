"""Which mailboxes this machine fetches: those of the table whose password this environment has."""

from collections.abc import Mapping

# A word of the tables, here alone: the supervisor starts before Django's settings can be read.
_FETCHED = "SELECT address, password_env FROM hotlines_mailbox WHERE active AND host <> '' ORDER BY address"


def fetched_here(url: str, environ: Mapping[str, str]) -> list[str]:
    """The addresses that `hotline mail fetch` can sign in to with this environment. The database at `url` must be prepared.

    A mailbox names the environment variable of its password; where that is not set, another machine fetches it."""
    import psycopg  # only here, as in database/external.py

    with psycopg.connect(url) as connection:
        rows = connection.execute(_FETCHED).fetchall()
    return [address for address, variable in rows if variable and environ.get(variable)]
