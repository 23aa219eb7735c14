"""The state folder: who runs here (a lock that the kernel frees), what was started, and where others find it."""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

from altis.devstack.account import can_enter, server_account
from altis.devstack.errors import AlreadyRunning, StackError
from altis.devstack.log import say
from altis.devstack.process import Identity, is_alive

_STACK, _LOCK, _ID = "stack.json", "lock", "id"


class StateFolder:
    """An open state folder. `take()` it before writing anything into it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None

    def take(self, port: int) -> None:
        """Become the only stack of this folder; raises AlreadyRunning naming the one that is."""
        handle = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            # The kernel frees the lock when its holder dies, however it dies: there is no stale lock to judge.
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid, _, used = os.read(handle, 100).decode(errors="replace").partition(" ")
            os.close(handle)
            raise AlreadyRunning(
                f"already running here: process {pid} on port {used} (state folder {self.path}). "
                "Stop it first, or choose another PORT and another ALTIS_STATE_DIR."
            ) from None
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()} {port}".encode())
        self._lock = handle

    def release(self) -> None:
        """Let others start here. Safe to call twice."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def read(self) -> dict[str, Any]:
        """What the last run wrote about itself; empty when there is nothing or nothing readable."""
        return _read_json(self.path / _STACK)

    def write(self, content: dict[str, Any]) -> None:
        """Replace the record at once: a reader sees the old one or the new one."""
        write_private(self.path / _STACK, json.dumps(content, indent=1))

    def folder(self, name: str) -> Path:
        """A sub-folder for the caller's own processes."""
        made = self.path / name
        made.mkdir(mode=0o700, exist_ok=True)
        return made

    def identifier(self) -> str:
        """A random name of this folder's life: it changes when somebody deletes the folder to start afresh."""
        file = self.path / _ID
        if not file.exists():
            write_private(file, secrets.token_hex(8))
        return file.read_text()


def open_state(wanted: Path) -> StateFolder:
    """The state folder at `wanted`, or under the temporary folder when the caller may not write there."""
    path = wanted if _is_ours(wanted) else private_temporary(wanted)
    if path != wanted:
        say("state", f"{wanted} is not writable for this user: using {path}")
    return StateFolder(path)


def private_temporary(wanted: Path) -> Path:
    """A folder of the caller's own under the system's temporary one, always the same for `wanted`.

    Raises StackError when somebody else owns that name. Others may pass through it, not list it.
    """
    path = temporary_name(wanted, temporary_root())
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o711)
    found = path.lstat()
    if path.is_symlink() or not path.is_dir() or found.st_uid != os.geteuid():
        raise StackError(f"{path} belongs to somebody else: remove it, or set ALTIS_STATE_DIR")
    path.chmod(0o711)
    return path


def temporary_root() -> Path:
    """The system's temporary folder, or the first usual one that the servers' account may enter.

    A login can have a TMPDIR that is closed to everybody else.
    """
    account = server_account()
    candidates = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]  # nosec B108 # owners are checked
    return next((path for path in candidates if can_enter(path, account)), candidates[0])


def running_urls(state_dir: Path | str) -> dict[str, str]:
    """The environment (URLs, development secrets) of the stack that runs on `state_dir`; {} when none does.

    Cheap and never raises: the settings ask it at every start.
    """
    wanted = Path(state_dir).absolute()
    for path in (wanted, temporary_name(wanted)):
        stack = _read_json(path / _STACK)
        with contextlib.suppress(Exception):
            if is_alive(Identity(**stack["supervisor"])):
                return {str(name): str(value) for name, value in stack["environment"].items()}
    return {}


def running_port(state_dir: Path) -> int | None:
    """The port of the stack that runs on `state_dir` and is ready; None when there is none."""
    for path in (state_dir, temporary_name(state_dir)):
        stack = _read_json(path / _STACK)
        if stack.get("ready") and is_alive(Identity(**stack["supervisor"])):
            return int(stack["port"])
    return None


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(draft, "w", opener=lambda name, flags: os.open(name, flags | os.O_TRUNC, 0o600)) as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)


def temporary_name(wanted: Path, root: Path | None = None) -> Path:
    """What `wanted` is called under the temporary folder: stable, and different for each user."""
    root = root or Path(tempfile.gettempdir())
    digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:10]
    return root / f"altis-{os.geteuid()}-{digest}"


def _is_ours(path: Path) -> bool:
    try:
        if not path.exists():
            path.mkdir(parents=True)
            path.chmod(0o711)  # whatever the umask: the servers' account must pass through
    except OSError:
        return False
    everything = os.R_OK | os.W_OK | os.X_OK
    return os.access(path, everything) and all(os.access(item, os.R_OK | os.W_OK) for item in path.iterdir())


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
