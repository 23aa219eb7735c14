"""What happens between two healthy machines: cuts, delays, lost routes, half-closed connections, spoilt answers."""

import random

from bench.torture.faults.base import Fault, Missed
from bench.torture.rig import Rig

_ANSWERS = {
    "500": b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\nConnection: close\r\n\r\noops",
    "429": b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    "half a JSON text": b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\n[1, 2,\x00",
    "a redirect": b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
    "a body that is too long": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\nConnection: close\r\n\r\n{",
    "noise": b"\x00\xff\x00\xff no protocol at all",
}


class Line(Fault):
    """A fault of one proxy that the healing of the proxy ends."""

    def __init__(self, code: str, line: str, title: str, *, weight: int, seconds: tuple[float, float]) -> None:
        super().__init__(code, f"{line} line: {title}", target=f"{line} line", weight=weight, seconds=seconds)
        self.line = line

    def heal(self, rig: Rig) -> None:
        """Pass on again."""
        rig.proxies[self.line].heal()


class Cut(Line):
    """Every connection is reset."""

    def __init__(self, code: str, line: str, *, weight: int = 8) -> None:
        super().__init__(code, line, "connections reset", weight=weight, seconds=(0, 0))

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """Once."""
        proxy = rig.proxies[self.line]
        if not (count := len(proxy.links)):
            raise Missed("nobody is connected")
        proxy.cut()
        return f"{count} of them"


class HalfClose(Line):
    """Clients read the end of the stream; the server does not know."""

    def __init__(self, code: str, line: str, *, weight: int = 4) -> None:
        super().__init__(code, line, "half closed", weight=weight, seconds=(0, 0))

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """Every present connection."""
        proxy = rig.proxies[self.line]
        if not (count := len(proxy.links)):
            raise Missed("nobody is connected")
        proxy.half_close()
        return f"{count} connections"


class Delay(Line):
    """A slow network."""

    def __init__(
        self, code: str, line: str, *, most: float = 0.2, weight: int = 6, seconds: tuple[float, float] = (2, 6)
    ) -> None:
        super().__init__(code, line, "slow", weight=weight, seconds=seconds)
        self._most = most

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """In both directions."""
        delay = chance.uniform(0.02, self._most)
        rig.proxies[self.line].delay(delay)
        return f"{delay * 1000:.0f} ms each way"


class Blackhole(Line):
    """A lost route: nothing arrives, nothing is refused."""

    def __init__(self, code: str, line: str, *, seconds: tuple[float, float] = (1, 5), weight: int = 6) -> None:
        super().__init__(code, line, "blackhole", weight=weight, seconds=seconds)

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """Until it is healed."""
        rig.proxies[self.line].blackhole()
        return ""


class _Answers(Line):
    """A trap for the next answers."""

    def evidence(self, rig: Rig) -> int:
        """Answers that did not arrive."""
        return rig.proxies[self.line].counts["answers_lost"]


class LoseAnswers(_Answers):
    """The request arrives and is carried out; the answer does not come back."""

    def __init__(self, code: str, line: str, *, most: int = 6, weight: int = 8) -> None:
        super().__init__(code, line, "answers lost", weight=weight, seconds=(1, 5))
        self._most = most

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """The next few."""
        count = chance.randint(1, self._most)
        rig.proxies[self.line].lose_answers(count)
        return f"the next {count}"


class SpoilAnswers(_Answers):
    """The request is carried out, and something else is answered: an error, a redirect, no JSON, no HTTP."""

    def __init__(self, *, weight: int = 8) -> None:
        super().__init__("G3", "gateway", "answers spoilt", weight=weight, seconds=(1, 5))

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """The next few, all in the same way."""
        count, what = chance.randint(1, 6), chance.choice(list(_ANSWERS))
        rig.proxies["gateway"].lose_answers(count, _ANSWERS[what])
        return f"{what} in place of the next {count}"
