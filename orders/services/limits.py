"""Nobody hoards a cabin: a cap on what one customer, and one address, may hold unpaid."""

from altis.api.limits import OpenHolds, open_holds
from altis.store.pipeline import put
from altis.store.statements import Answer
from orders.errors import TooManyHolds

# Each part has an index of open orders, which it alone can use: the needless conditions are those of the indexes.
_COUNT = b"""
SELECT (SELECT count(*) FROM orders_order WHERE owner_id = $1 AND owner_id <> ''
                                            AND status IN ('PROPOSED', 'PAYMENT_PENDING')),
       (SELECT count(*) FROM orders_order WHERE client = $2 AND client <> ''
                                            AND status IN ('PROPOSED', 'PAYMENT_PENDING'))
"""


def counts_in_turn() -> bool:
    """Whether one customer's accepts are to be counted one after the other: only then is the customer's cap exact.

    The address's is not: waiting there would let strangers behind one address block each other.
    """
    return open_holds().customer is not None


def check_open_holds(*, owner_id: str, client: str) -> None:
    """Pass when the owner and the address (a keyed hash, or empty) may hold one order more; raises TooManyHolds."""
    caps = open_holds()
    if caps.customer is None and caps.ip is None:
        return

    def check(counted: Answer) -> None:
        [(customer, address)] = counted.rows()
        if _over(caps, customer=int(str(customer)), address=int(str(address))):
            raise TooManyHolds(retry_after=60)

    put(_COUNT, owner_id, client, check=check)


def _over(caps: OpenHolds, *, customer: int, address: int) -> bool:
    over_customer = caps.customer is not None and customer >= caps.customer
    return over_customer or (caps.ip is not None and address >= caps.ip)
