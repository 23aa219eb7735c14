"""The life of a hold."""

from enum import StrEnum

from altis.shared.lifecycle import Lifecycle


class HoldStatus(StrEnum):
    """What has become of held units."""

    HELD = "HELD"
    SOLD = "SOLD"
    RELEASED = "RELEASED"


HOLD = Lifecycle(
    {
        HoldStatus.HELD: (HoldStatus.SOLD, HoldStatus.RELEASED),  # nobody else can buy these units
        HoldStatus.SOLD: (HoldStatus.RELEASED,),  # paid for; comes back when the airline gives the money back
        HoldStatus.RELEASED: (),  # for sale again
    },
    start=HoldStatus.HELD,
)
