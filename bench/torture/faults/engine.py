"""What strikes inside the product: failpoints, the clock, the webhooks."""

import random

from altis.store.failpoints import POINTS
from bench.torture.errand import Errand
from bench.torture.faults.base import Fault
from bench.torture.rig import Rig
from bench.torture.webhooks import Mischief

_JUMP_SECONDS = 31 * 60.0
_RARE = ("relay", "janitor", "refund", "sweep")  # few passes: a small chance would never strike
_CLOCK_TRIES = 40


class ArmFailpoints(Fault):
    """A few places in the code become dangerous for a while."""

    def __init__(self, do: str, *, weight: int = 12) -> None:
        code = "A1-A6" if do == "kill9" else "A3"
        super().__init__(code, f"failpoints {do}", target="failpoints", weight=weight, seconds=(2, 6))
        self._do = do

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """One place to three of them."""
        points = chance.sample(sorted(POINTS), chance.randint(1, 3))
        orders: dict[str, dict[str, object]] = {}
        for point in points:
            share = 1.0 if point.split(".")[0] in _RARE else round(chance.uniform(0.03, 0.3), 2)
            orders[point] = {"do": self._do, "chance": share, "most": 3}
            if self._do in {"sleep", "hang"}:
                orders[point]["seconds"] = round(chance.uniform(0.05, 2.0) if self._do == "sleep" else 8.0, 2)
        rig.failpoints.arm(orders)
        return ", ".join(f"{point} {order['chance']:.0%}" for point, order in orders.items())

    def evidence(self, rig: Rig) -> int:
        """Strikes of all processes."""
        return len(rig.failpoints.struck())

    def heal(self, rig: Rig) -> None:
        """Safe again."""
        rig.failpoints.disarm()


class JumpClock(Fault):
    """Half an hour passes in an instant: every unpaid order is overdue, every payment past its deadline. And back."""

    def __init__(self, *, weight: int = 5) -> None:
        super().__init__("T1", "clock +31 min", target="clock", weight=weight, seconds=(1, 2.5))
        self._errand: Errand | None = None
        self._jumps = 0

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """Forward, in a thread: it waits for the orders that are being changed."""

        def forward() -> None:
            rig.set_clock(_JUMP_SECONDS)
            self._jumps += 1

        self._errand = Errand(forward, tries=3)
        return ""

    def evidence(self, rig: Rig) -> int:
        """Jumps that PostgreSQL has confirmed."""
        return self._jumps

    def heal(self, rig: Rig) -> None:
        """Back, however often PostgreSQL is away meanwhile."""
        self._errand = Errand(lambda: rig.set_clock(0), tries=_CLOCK_TRIES, after=self._errand)

    def is_over(self, rig: Rig) -> bool:
        """The clock is right."""
        return self._errand is None or self._errand.is_over


class SpoilWebhooks(Fault):
    """The gateway's webhooks are dropped, repeated, delivered late, and forged."""

    def __init__(self, *, weight: int = 10) -> None:
        super().__init__("W1-W7", "webhooks spoilt", target="webhooks", weight=weight, seconds=(4, 12))

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """Often all of it, sometimes everything lost."""
        if chance.random() < 0.2:  # noqa: PLR2004 (one in five)
            rig.webhooks.spoil(Mischief(drop=1.0))
            return "all dropped"
        drop, repeat, late = (round(chance.uniform(0, most), 2) for most in (0.3, 0.6, 0.6))
        rig.webhooks.spoil(Mischief(drop=drop, repeat=repeat, late=late, forge=0.1))
        return f"{drop:.0%} dropped, {repeat:.0%} repeated, {late:.0%} late, 10% forged"

    def evidence(self, rig: Rig) -> int:
        """Deliveries that something happened to."""
        return sum(rig.webhooks.counts[kind] for kind in ("dropped", "repeated", "late", "forged"))

    def heal(self, rig: Rig) -> None:
        """An honest line."""
        rig.webhooks.heal()
