"""Nobody hoards a cabin: a cap on what one customer, and one address, may hold unpaid."""

from altis.api.limits import OpenHolds, open_holds
from altis.store.pipeline import put
from altis.store.statements import Answer
from orders.errors import TooManyHolds

_ONE_AT_A_TIME = b"SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
# Each part has an index: of the owner's orders, and of the address's open ones.
_COUNT = b"""
SELECT (SELECT count(*) FROM orders_order WHERE owner_id = $1 AND status IN ('PROPOSED', 'PAYMENT_PENDING')),
       (SELECT count(*) FROM orders_order WHERE client = $2 AND client <> ''
                                            AND status IN ('PROPOSED', 'PAYMENT_PENDING'))
"""


def check_open_holds(*, owner_id: str, client: str) -> None:
    """Pass when the owner and the address (a keyed hash, or empty) may hold one order more; raises TooManyHolds.

    One customer's accepts are counted one after the other, until their transactions end, so the customer's cap is
    exact. The address's is not: waiting there would let strangers behind one address block each other.
    """
    caps = open_holds()
    if caps.customer is None and caps.ip is None:
        return
    if caps.customer is not None:
        _one_at_a_time(owner_id)

    def check(counted: Answer) -> None:
        [(customer, address)] = counted.rows()
        if _over(caps, customer=int(str(customer)), address=int(str(address))):
            raise TooManyHolds(retry_after=60)

    put(_COUNT, owner_id, client, check=check)


def _over(caps: OpenHolds, *, customer: int, address: int) -> bool:
    over_customer = caps.customer is not None and customer >= caps.customer
    return over_customer or (caps.ip is not None and address >= caps.ip)


def _one_at_a_time(owner_id: str) -> None:
    put(_ONE_AT_A_TIME, f"holds:{owner_id}")
