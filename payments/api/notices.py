"""Reading what gateways post: verified first, then parsed, and strict about money."""

import re
from decimal import Decimal
from typing import Any

from django.conf import settings

from altis.api.parsing import strict_object
from altis.shared.cards import looks_like_card_number
from altis.shared.clock import now
from altis.shared.errors import Malformed, NotFound
from altis.shared.money import InexactAmount, Money
from payments.services.webhook import KNOWN_TYPES, Notice
from payments.signatures import verify

_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,3})?")
# A gateway names its events as it likes, and may tell of payments that are not ours.
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_DECLINE_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_CURRENCY = re.compile(r"[A-Z]{3}")


def read_notice(gateway: str, body: bytes, signature: str) -> Notice:
    """The notice in a gateway's post; raises NotFound for a gateway that is not ours, and what its reader raises."""
    reader = _READERS.get(gateway)
    if reader is None:
        raise NotFound
    return reader(body, signature)


def simulator_notice(body: bytes, signature: str) -> Notice:
    """The notice in a simulator's post; raises InvalidSignature, StaleSignature, or Malformed for another shape.

    Of a type that we do not know, only its id matters: it is received once, and ignored.
    """
    verify(signature, body, settings.ALTIS_WEBHOOK_SECRETS, int(now().timestamp()))
    event = strict_object(body)
    try:
        event_id, type = _matching(_ID, event["id"]), _matching(_ID, event["type"])
        if type not in KNOWN_TYPES:
            return Notice(event_id=event_id, type=type, payment_id="", amount=None)
        data = event["data"]
        return Notice(
            event_id=event_id,
            type=type,
            payment_id=_matching(_ID, data["payment_id"]),
            amount=_money(data),
            retryable=data.get("retryable") is True,
            decline_code=_decline_code(data.get("decline_code")),
        )
    except (KeyError, TypeError, ValueError, AttributeError, InexactAmount) as error:
        raise Malformed("The event does not have the shape that was agreed.") from error


def _decline_code(value: Any) -> str:
    """The gateway's word for the reason; whatever is no word is dropped, since it is kept with the payment."""
    return value if isinstance(value, str) and _DECLINE_CODE.fullmatch(value) else ""


def _money(data: dict[str, Any]) -> Money:
    amount = _matching(_AMOUNT, data["amount"])
    return Money.of(Decimal(amount), _matching(_CURRENCY, data["currency"]))


def _matching(pattern: re.Pattern[str], value: Any) -> str:
    if not isinstance(value, str) or pattern.fullmatch(value) is None or looks_like_card_number(value):
        raise ValueError(pattern.pattern)
    return value


_READERS = {"simulator": simulator_notice}
