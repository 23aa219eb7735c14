"""Whether a process has reached a server, seen from outside."""

import contextlib
from pathlib import Path

_ESTABLISHED = "01"
_STATE_COLUMN, _INODE_COLUMN = 3, 9  # of /proc/net/tcp


def is_connected(pid: int) -> bool:
    """Whether the process holds an established TCP connection. False for one that has gone."""
    held = _sockets(pid)
    return any(inode in held for name in ("tcp", "tcp6") for inode in _established(Path(f"/proc/{pid}/net/{name}")))


def _sockets(pid: int) -> set[str]:
    found: set[str] = set()
    with contextlib.suppress(OSError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):  # closed meanwhile
                kind, _, inode = str(link.readlink()).partition(":")
                if kind == "socket":
                    found.add(inode.strip("[]"))
    return found


def _established(table: Path) -> list[str]:
    try:
        rows = [line.split() for line in table.read_text().splitlines()[1:]]
    except OSError:
        return []
    return [row[_INODE_COLUMN] for row in rows if row[_STATE_COLUMN] == _ESTABLISHED]
