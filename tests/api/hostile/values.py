"""Values that can be read and are wrong: hand-written, one row each."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from tests.api.hostile.attack import MARK, Attack, attack
from tests.api.matrix_requests import body_of

SEARCH = "POST /v1/offers/search"
ACCEPT = "POST /v1/offers/{offer_id}/accept"
PAY = "POST /v1/orders/{order_id}/pay"
REGISTER = "POST /v1/auth/register"
LOG_IN = "POST /v1/auth/token"
REFRESH = "POST /v1/auth/token/refresh"
VERIFY = "POST /v1/auth/verify"
RESET = "POST /v1/auth/password/reset"
CONFIRM = "POST /v1/auth/password/reset/confirm"
CHANGE = "POST /v1/auth/password"
HOOK = "POST /v1/webhooks/payments/{gateway}"
RLO, ZWSP, BOM, LSEP, C1 = "\u202e", "\u200b", "\ufeff", "\u2028", "\x85"
_PRODUCT = "prd_01jd5y8t3m4n6p7q9r0s2v4w6x"
_SLICE = body_of(SEARCH, {})["slices"][0]
_ADULT = {"type": "adult"}
_SOMEBODY = body_of(ACCEPT, {})["passengers"][0]
Row = tuple[str, str, Any, str]

_ROWS: tuple[Row, ...] = (
    (SEARCH, "/slices", [], "too_short"),
    (SEARCH, "/slices", [_SLICE] * 5, "too_long"),
    (SEARCH, "/slices", [_SLICE] * 500, "too_long"),
    (SEARCH, "/slices/0/origin", "", "too_short"),
    (SEARCH, "/slices/0/origin", " ", "too_short"),
    (SEARCH, "/slices/0/origin", "A" * 33, "too_long"),
    (SEARCH, "/slices/0/origin", "L\tR", "invalid_characters"),
    (SEARCH, "/slices/0/origin", "LHR\r\nSet-Cookie: a=1", "invalid_characters"),
    (SEARCH, "/slices/0/origin", "LH" + RLO + "R", "invalid_characters"),
    (SEARCH, "/slices/0/origin", "LHR" + ZWSP, "invalid_characters"),
    (SEARCH, "/slices/0/origin", "lhr", "unknown_airport"),
    (SEARCH, "/slices/0/origin", "LHR ", "unknown_airport"),
    (SEARCH, "/slices/0/origin", "' OR 1=1--", "unknown_airport"),
    (SEARCH, "/slices/0/origin", "ＬＨＲ", "unknown_airport"),
    (SEARCH, "/slices/0/origin", MARK, "unknown_airport"),
    (SEARCH, "/slices/0/destination", "%", "unknown_airport"),
    (SEARCH, "/slices/0/destination", "LHR", "same_airport"),
    (SEARCH, "/slices/0/departure_date", "0000-00-00", "invalid_date"),
    (SEARCH, "/slices/0/departure_date", "0001-01-01", "out_of_range"),
    (SEARCH, "/slices/0/departure_date", "1899-12-31", "out_of_range"),
    (SEARCH, "/slices/0/departure_date", "9999-12-31", "out_of_range"),
    (SEARCH, "/slices/0/departure_date", "10000-01-01", "invalid_date"),
    (SEARCH, "/slices/0/departure_date", "-001-01-01", "invalid_date"),
    (SEARCH, "/slices/0/departure_date", "2023-02-29", "invalid_date"),
    (SEARCH, "/slices/0/departure_date", "2024-02-30", "invalid_date"),
    (SEARCH, "/slices/0/departure_date", "2024-02-29", "departure_in_past"),
    (SEARCH, "/slices/0/departure_date", "2026-1-1", "invalid_date"),
    (SEARCH, "/slices/0/departure_date", "01/12/2026", "invalid_date"),
    (SEARCH, "/slices/0/departure_date", "٢٠٢٦-١٢-٠١", "invalid_date"),
    (SEARCH, "/slices/0/departure_date", "2026-12-01\n", "invalid_date"),
    (SEARCH, "/slices/0/departure_date", "2026-12-01T00:00:00Z", "invalid_date"),
    (SEARCH, "/slices/0/departure_date", "tomorrow", "invalid_date"),
    (SEARCH, "/passengers", [], "too_short"),
    (SEARCH, "/passengers", [_ADULT] * 10, "too_many_passengers"),
    (SEARCH, "/passengers", [_ADULT] * 1000, "too_long"),
    (SEARCH, "/passengers", [{"type": "infant", "age": 1}], "too_many_infants"),
    (SEARCH, "/passengers/0/type", "Adult", "not_one_of"),
    (SEARCH, "/passengers/0/type", MARK, "not_one_of"),
    (SEARCH, "/passengers/0/age", -1, "out_of_range"),
    (SEARCH, "/passengers/0/age", 131, "out_of_range"),
    (SEARCH, "/passengers/0/age", 10**9, "out_of_range"),
    (SEARCH, "/passengers/0/age", 2**63, "out_of_range"),
    (SEARCH, "/passengers/0/age", 36.0, "invalid_type"),
    (SEARCH, "/passengers/0/age", "٣", "invalid_type"),
    (SEARCH, "/cabin", "ECONOMY", "not_one_of"),
    (SEARCH, "/cabin", "", "not_one_of"),
    (SEARCH, "/max_offers", 2, "out_of_range"),
    (SEARCH, "/max_offers", 6, "out_of_range"),
    (SEARCH, "/max_offers", 10**9, "out_of_range"),
    (SEARCH, "/max_offers", -(2**63) - 1, "out_of_range"),
    (ACCEPT, "/passengers", [_SOMEBODY] * 10, "too_long"),
    (ACCEPT, "/passengers", [_SOMEBODY] * 300, "too_long"),
    (ACCEPT, "/passengers/0/given_name", "", "too_short"),
    (ACCEPT, "/passengers/0/given_name", "   ", "too_short"),
    (ACCEPT, "/passengers/0/given_name", "A" * 61, "too_long"),
    (ACCEPT, "/passengers/0/given_name", "A" * 50_000, "too_long"),
    (ACCEPT, "/passengers/0/given_name", "a" + "\u0301" * 60, "too_long"),
    (ACCEPT, "/passengers/0/given_name", "\U0001f600", "no_letter"),
    (ACCEPT, "/passengers/0/given_name", "...", "no_letter"),
    (ACCEPT, "/passengers/0/given_name", "12", "no_letter"),
    (ACCEPT, "/passengers/0/given_name", "\u0301", "no_letter"),
    (ACCEPT, "/passengers/0/given_name", "A\tB", "invalid_characters"),
    (ACCEPT, "/passengers/0/given_name", "A\r\nBcc: b@example.com", "invalid_characters"),
    (ACCEPT, "/passengers/0/given_name", "A\x1b[2J", "invalid_characters"),
    (ACCEPT, "/passengers/0/given_name", "A\x7f", "invalid_characters"),
    (ACCEPT, "/passengers/0/given_name", "A" + C1, "invalid_characters"),
    (ACCEPT, "/passengers/0/given_name", "A" + RLO + "gnp", "invalid_characters"),
    (ACCEPT, "/passengers/0/given_name", "A\u2066B\u2069", "invalid_characters"),
    (ACCEPT, "/passengers/0/given_name", "A" + ZWSP + "B", "invalid_characters"),
    (ACCEPT, "/passengers/0/given_name", BOM + "A", "invalid_characters"),
    (ACCEPT, "/passengers/0/given_name", "A" + LSEP + "B", "invalid_characters"),
    (ACCEPT, "/passengers/0/given_name", "A\ufffe", "invalid_characters"),
    (ACCEPT, "/passengers/0/family_name", ZWSP, "invalid_characters"),
    (ACCEPT, "/passengers/0/born_on", "1990-02-30", "invalid_date"),
    (ACCEPT, "/passengers/0/born_on", "0000-01-01", "invalid_date"),
    (ACCEPT, "/passengers/0/born_on", "9999-12-31", "out_of_range"),
    (ACCEPT, "/passengers/0/born_on", "", "invalid_date"),
    (ACCEPT, "/contact/email", "nobody", "invalid_email"),
    (ACCEPT, "/contact/email", "a@b", "invalid_email"),
    (ACCEPT, "/contact/email", "a@b@example.com", "invalid_email"),
    (ACCEPT, "/contact/email", "a@example.com, b@example.com", "invalid_email"),
    (ACCEPT, "/contact/email", "a@example.com\nBcc: b@example.com", "invalid_characters"),
    (ACCEPT, "/contact/email", '"<script>"@example.com', "invalid_email"),
    (ACCEPT, "/contact/email", "a@[127.0.0.1]", "invalid_email"),
    (ACCEPT, "/contact/email", "a" * 250 + "@example.com", "too_long"),
    (ACCEPT, "/contact/email", "a@" + "b" * 64 + ".example", "invalid_email"),
    (ACCEPT, "/contact/phone", "12", "invalid_phone"),
    (ACCEPT, "/contact/phone", "+", "invalid_phone"),
    (ACCEPT, "/contact/phone", "+44" + "0" * 40, "too_long"),
    (ACCEPT, "/contact/phone", "tel:+44", "invalid_phone"),
    (ACCEPT, "/items", [{"product_id": _PRODUCT}] * 51, "too_long"),
    (ACCEPT, "/items", "all", "invalid_type"),
    (ACCEPT, "/items/0/product_id", "bag", "invalid_id"),
    (ACCEPT, "/items/0/product_id", "ord" + _PRODUCT[3:], "invalid_id"),
    (ACCEPT, "/items/0/product_id", _PRODUCT.upper(), "invalid_id"),
    (ACCEPT, "/items/0/product_id", "prd_' OR 1=1--", "invalid_id"),
    (ACCEPT, "/items/0/product_id", 1, "invalid_type"),
    (ACCEPT, "/items/0/product_id", "p" * 65, "invalid_id"),
    (ACCEPT, "/items/0/quantity", 0, "out_of_range"),
    (ACCEPT, "/items/0/quantity", -1, "out_of_range"),
    (ACCEPT, "/items/0/quantity", 10**9, "out_of_range"),
    (ACCEPT, "/items/0/quantity", 10**400, "out_of_range"),
    (ACCEPT, "/items/0/quantity", 1.0, "invalid_type"),
    (ACCEPT, "/items/0/quantity", "1", "invalid_type"),
    (ACCEPT, "/items/0/quantity", True, "invalid_type"),
    (ACCEPT, "/items/0/quantity", None, "invalid_type"),
    (ACCEPT, "/items/0/passenger", -1, "out_of_range"),
    (ACCEPT, "/items/0/passenger", 9, "out_of_range"),
    (ACCEPT, "/items/0/segment", -1, "out_of_range"),
    (ACCEPT, "/items/0/segment", 16, "out_of_range"),
    (ACCEPT, "/items/0/seat", "12", "invalid_type"),
    (ACCEPT, "/items/0/seat", "0A", "invalid_type"),
    (ACCEPT, "/items/0/seat", "1a", "invalid_type"),
    (ACCEPT, "/items/0/seat", " 1A", "invalid_type"),
    (ACCEPT, "/items/0/seat", "1A\n", "invalid_characters"),
    (ACCEPT, "/items/0/seat", "١A", "invalid_type"),
    (ACCEPT, "/items/0/seat", "1000A", "too_long"),
    (ACCEPT, "/items/0/seat", 12, "invalid_type"),
    (ACCEPT, "/items/0/price", "0.00", "unknown_field"),
    (ACCEPT, "/items/0/unit_price", {"amount": -1, "currency": "USD"}, "unknown_field"),
    (ACCEPT, "/passengers/0/type", "infant", "unknown_field"),
    (ACCEPT, "/passengers/0/id", "pax_01jd5y8t3m4n6p7q9r0s2v4w6x", "unknown_field"),
    (ACCEPT, "/contact/owner_id", MARK, "unknown_field"),
    (ACCEPT, "/total", {"amount": "0.01", "currency": "USD"}, "unknown_field"),
    (PAY, "/payment_method/token", "", "too_short"),
    (PAY, "/payment_method/token", " ", "too_short"),
    (PAY, "/payment_method/token", "t" * 129, "too_long"),
    (PAY, "/payment_method/token", "tok\r\nX: 1", "invalid_characters"),
    (PAY, "/payment_method/token", "4242 4242 4242 4242", "card_number_refused"),
    (PAY, "/payment_method/type", "card", "unknown_field"),
    (PAY, "/amount", {"amount": "0.01", "currency": "USD"}, "unknown_field"),
    (PAY, "/currency", "XXX", "unknown_field"),
    (REGISTER, "/email", "nobody", "invalid_email"),
    (REGISTER, "/email", "", "too_short"),
    (REGISTER, "/email", "a@example.com\r\nBcc: b@example.com", "invalid_characters"),
    (REGISTER, "/email", "a" * 255, "too_long"),
    (REGISTER, "/email", "a" + RLO + "@example.com", "invalid_characters"),
    (REGISTER, "/password", "", "too_short"),
    (REGISTER, "/password", "12345678", "weak_password"),
    (REGISTER, "/password", "x" * 129, "too_long"),
    (REGISTER, "/password", "x" * 60_000, "too_long"),
    (REGISTER, "/is_superuser", True, "unknown_field"),
    (LOG_IN, "/password", "a\x01b", "invalid_characters"),
    (LOG_IN, "/email", {"$ne": None}, "invalid_type"),
    (REFRESH, "/refresh", "r" * 4097, "too_long"),
    (VERIFY, "/token", MARK, "invalid_link"),
    (VERIFY, "/token", "", "too_short"),
    (VERIFY, "/token", "a.b.c", "invalid_link"),
    (RESET, "/email", "nobody", "invalid_email"),
    (RESET, "/email", "owner@example.com,x@example.com", "invalid_email"),
    (RESET, "/host", "evil.example", "unknown_field"),
    (CONFIRM, "/token", MARK, "invalid_link"),
    (CONFIRM, "/new_password", "x" * 129, "too_long"),
    (CONFIRM, "/user_id", "usr_01jd5y8t3m4n6p7q9r0s2v4w6x", "unknown_field"),
    (CHANGE, "/new_password", "", "too_short"),
    (CHANGE, "/user_id", "usr_01jd5y8t3m4n6p7q9r0s2v4w6x", "unknown_field"),
)


def attacks() -> Iterator[Attack]:
    """One for each row, and the fields that are missing."""
    for operation, pointer, value, code in _ROWS:
        body = _put(body_of(operation, {}), pointer, value)
        name = f"{pointer} = {str(value)[:40]!r}"
        yield attack(operation, name, 422, code, body=body, pointer=pointer)
    for operation in sorted({row[0] for row in _ROWS}):
        for field in body_of(operation, {}).keys() - {"cabin", "max_offers"}:
            body = {name: value for name, value in body_of(operation, {}).items() if name != field}
            yield attack(operation, f"without {field}", 422, "required", body=body, pointer=f"/{field}")
    yield from _several()
    yield from _hooks()


def _put(body: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    made = copy.deepcopy(body)
    *steps, last = pointer[1:].split("/")
    if steps[:1] == ["items"]:
        made["items"] = [{"product_id": _PRODUCT}]
    inner: Any = made
    for step in steps:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    inner[last] = value
    return made


def _several() -> Iterator[Attack]:
    """Wrong at more than one place: the first is named, the whole has a code of its own."""
    bad = body_of(SEARCH, {}) | {"cabin": MARK, "max_offers": 0}
    yield attack(SEARCH, "two faults", 422, "validation_failed", body=bad, pointer="/cabin")
    many = {"slices": [{MARK: 1}] * 4, "passengers": [{}] * 50}
    yield attack(SEARCH, "hundreds of faults", 422, "validation_failed", body=many)
    later = {**_SLICE, "departure_date": "2100-01-01"}
    order = body_of(SEARCH, {}) | {"slices": [later, {**_SLICE, "origin": "JFK", "destination": "LHR"}]}
    yield attack(SEARCH, "the way back before the way there", 422, "slices_out_of_order", body=order)
    yield attack(REFRESH, "no token of ours", 401, "invalid_token", body={"refresh": MARK})
    wrong = {"email": "owner@example.com", "password": MARK}
    yield attack(LOG_IN, "a wrong password", 401, "invalid_credentials", body=wrong)
    yield attack(LOG_IN, "SQL as the address", 401, "invalid_credentials", body=wrong | {"email": "' OR 1=1--"})


_SHAPES: dict[str, dict[str, Any]] = {
    "no id": {"type": "payment.captured"},
    "id of another type": {"id": 1, "type": "payment.captured"},
    "id of 65 letters": {"id": "e" * 65, "type": "payment.captured"},
    "id of SQL": {"id": "' OR 1=1--", "type": "payment.captured"},
    "no type": {"id": "evt_1"},
    "type in a list": {"id": "evt_1", "type": ["payment.captured"]},
    "no data": {"id": "evt_1", "type": "payment.captured"},
    "data in a list": {"id": "evt_1", "type": "payment.captured", "data": []},
    "data that is null": {"id": "evt_1", "type": "payment.captured", "data": None},
}
_DATA = {"payment_id": "pay_01jd5y8t3m4n6p7q9r0s2v4w6x", "amount": "1.00", "currency": "USD"}
_MONEY: dict[str, dict[str, Any]] = {
    "a float": {"amount": 1.0},
    "a whole number": {"amount": 1},
    "negative": {"amount": "-1.00"},
    "with an exponent": {"amount": "1e9"},
    "NaN": {"amount": "NaN"},
    "Arabic": {"amount": "١.٠٠"},
    "too exact": {"amount": "1.001"},
    "13 digits": {"amount": "1234567890123.00"},
    "a comma": {"amount": "1,00"},
    "no currency": {"currency": None},
    "a currency of nobody": {"currency": "XX"},
    "a small currency": {"currency": "usd"},
    "a payment in a list": {"payment_id": ["pay_1"]},
}


def _hooks() -> Iterator[Attack]:
    """Signed by the gateway, and wrong all the same; then signed by nobody."""
    for name, shape in _SHAPES.items():
        yield attack(HOOK, name, 400, "malformed_request", body=shape)
    for name, data in _MONEY.items():
        event = {"id": "evt_1", "type": "payment.captured", "data": {**_DATA, **data}}
        yield attack(HOOK, f"money: {name}", 400, "malformed_request", body=event)
    body = json.dumps({"id": "evt_1", "type": "payment.captured", "data": _DATA}).encode()
    for name, value in {
        "none": None,
        "empty": "",
        "a word": MARK,
        "of another body": "t=1,v1=" + "0" * 64,
        "no time": "v1=" + "0" * 64,
        "a time of letters": "t=abc,v1=" + "0" * 64,
        "a time in Arabic": "t=٣,v1=" + "0" * 64,
        "a huge time": "t=" + "9" * 400 + ",v1=" + "0" * 64,
        "not hexadecimal": "t=1,v1=zz",
        "not ASCII": "t=1,v1=é",
    }.items():
        yield attack(HOOK, f"signature: {name}", 400, "invalid_signature", body=body, Altis_Signature=value)
