"""Which system account runs the servers: the caller's own, or `nobody` when the caller is root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged account: PostgreSQL refuses to run as root, and the others have no need to."""

    name: str
    uid: int
    gid: int

    def popen_arguments(self) -> dict[str, Any]:
        """What subprocess.Popen needs to become this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def server_account() -> Account | None:
    """`nobody` for root; None (stay as you are) for everybody else."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account("nobody", entry.pw_uid, entry.pw_gid)


def can_enter(folder: Path, account: Account | None) -> bool:
    """Whether `account` may reach things below `folder`: every parent must let it pass."""
    return _test("-x", folder, account)


def can_run(program: Path, account: Account | None) -> bool:
    """Whether `account` may read and execute `program`."""
    return _test("-x", program, account) and _test("-r", program, account)


def give(path: Path, account: Account | None) -> None:
    """Hand `path` to the account; nothing to do when servers run as the caller."""
    if account is not None:
        shutil.chown(path, account.uid, account.gid)


def give_tree(top: Path, account: Account | None) -> None:
    """Hand `top` and all below it to the account, without following symbolic links."""
    if account is None:
        return
    for folder, folders, files in os.walk(top):
        for name in (".", *folders, *files):
            os.chown(Path(folder) / name, account.uid, account.gid, follow_symlinks=False)


def _test(flag: str, path: Path, account: Account | None) -> bool:
    # Only the kernel knows (ACLs, mount options): ask it as that very account.
    script = ["/bin/sh", "-c", f'[ {flag} "$1" ]', "sh", str(path)]
    arguments = account.popen_arguments() if account else {}
    return subprocess.run(script, cwd="/", check=False, **arguments).returncode == 0
