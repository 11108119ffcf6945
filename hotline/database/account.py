"""Who the server runs as, and what that account can reach.

PostgreSQL refuses to run as root. Then it runs as `postgres` if the machine has that account, else as `nobody`; no account
is created and no permission of somebody else's folder is changed.
"""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from hotline.database.fault import Fault


@dataclass(frozen=True)
class Account:
    """The account of the server's processes; `dropped` when it is not the one that starts them."""

    name: str
    uid: int
    gid: int
    dropped: bool

    def for_process(self) -> dict[str, object]:
        """Arguments of `subprocess.Popen` that make the child run as this account."""
        if not self.dropped:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give a file or folder that we have just made to this account."""
        if self.dropped:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        """Whether this account may walk down to `folder` (all parents included)."""
        if not self.dropped:
            return True
        resolved = folder.resolve()
        return all(self._has(path, stat.S_IXUSR) for path in (resolved, *resolved.parents) if path.exists())

    def _has(self, path: Path, bit: int) -> bool:
        found = path.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & bit)
        if found.st_gid == self.gid:
            return bool(found.st_mode & (bit >> 3))
        return bool(found.st_mode & (bit >> 6))


def server_account() -> Account:
    """The account for the server's processes.

    Raises `Fault` for root on a machine that has neither `postgres` nor `nobody`.
    """
    if os.geteuid() != 0:
        return Account(name=str(os.geteuid()), uid=os.geteuid(), gid=os.getegid(), dropped=False)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid, dropped=True)
    raise Fault(
        "PostgreSQL không chạy bằng quyền root và máy này không có tài khoản postgres hay nobody; hãy chạy bằng một "
        "tài khoản thường.",
        "PostgreSQL refuses to run as root and this machine has neither a postgres nor a nobody account; run as an "
        "ordinary user.",
    )
