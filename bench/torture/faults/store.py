"""What Redis suffers: data lost, data of earlier, memory used up, scripts and keys forgotten."""

import random
import shutil
from pathlib import Path
from typing import Any, cast

from altis.devstack.account import give_tree, server_account
from bench.torture.faults.base import Fault, Missed, valkey
from bench.torture.rig import Rig

_FILES = "appendonlydir"
_KEYS = 500


class Command(Fault):
    """One command that an operator, or bad luck, may run."""

    def __init__(self, code: str, title: str, words: tuple[str, ...], *, weight: int = 6) -> None:
        super().__init__(code, f"valkey {title}", target="valkey", weight=weight)
        self._words = words

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """Run it."""
        with valkey(rig) as client:
            client.execute_command(*self._words)
        return ""


class ForgetKeys(Fault):
    """Inventory hashes vanish one by one, as by eviction."""

    def __init__(self) -> None:
        super().__init__("R6", "valkey loses inventory keys", target="valkey", weight=6)

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """About half of those that one look finds."""
        with valkey(rig) as client:
            _, found = cast("tuple[int, list[bytes]]", client.scan(0, match="inv:*", count=_KEYS))
            victims = sorted(key for key in found if chance.random() < 0.5)  # noqa: PLR2004 (half)
            if not victims:
                raise Missed("no keys")
            client.delete(*victims)
        return f"{len(victims)} keys"


class MemoryFull(Fault):
    """Every write is refused."""

    def __init__(self) -> None:
        super().__init__("R5", "valkey out of memory", target="valkey", weight=6, seconds=(1, 5))
        self._before = ""

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """The limit falls below what is used."""
        with valkey(rig) as client:
            self._before = str(cast("dict[str, Any]", client.config_get("maxmemory"))["maxmemory"])
            client.config_set("maxmemory", "1")
        return "maxmemory 1"

    def heal(self, rig: Rig) -> None:
        """The limit of before. A server that was started anew has read it from its file."""
        with valkey(rig) as client:
            client.config_set("maxmemory", self._before)


class Restart(Fault):
    """Killed, and back with its data, with none, or with those of a while ago."""

    def __init__(self, code: str, how: str, *, weight: int = 6) -> None:
        super().__init__(code, f"valkey killed, back {how}", target="valkey", weight=weight, seconds=(0.1, 4))
        self._how = how

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """Change the data while it is down: a running server would write its own over them."""
        data = rig.ground.services.folder_of("valkey") / _FILES
        copy = rig.folder / "stale"
        if self._how == "stale":
            if not copy.exists():
                keep_copy(rig)
                raise Missed("no older copy yet")
            rig.hold("valkey")
            shutil.rmtree(data, ignore_errors=True)
            shutil.copytree(copy, data)
            give_tree(data, server_account())
            shutil.rmtree(copy)  # next time a younger one
        else:
            rig.hold("valkey")
            if self._how == "empty":
                shutil.rmtree(data, ignore_errors=True)
        return ""

    def heal(self, rig: Rig) -> None:
        """Start it."""
        rig.release("valkey")

    def is_over(self, rig: Rig) -> bool:
        """It answers."""
        return rig.is_up("valkey")


def keep_copy(rig: Rig) -> Path:
    """Copy the append-only files as they are now, for a later restart that goes back to them.

    The server stands still meanwhile: a file that is rewritten under the copy would not fit the others.
    """
    copy = rig.folder / "stale"
    shutil.rmtree(copy, ignore_errors=True)
    rig.freeze("valkey")
    try:
        shutil.copytree(rig.ground.services.folder_of("valkey") / _FILES, copy)
    finally:
        rig.thaw("valkey")
    return copy
