"""What the page of the documents shows of an order, also after its travellers were moved to another flight."""

from typing import Any

from altis.shop.offer_cards import card_of
from altis.shop.order_documents import documents_of

SEGMENT = {"origin": "LHR", "destination": "JFK", "departing_at_local": "2026-12-01T10:00:00"}
WHEN = {
    "departing_at": "2026-12-01T10:00:00Z",
    "arriving_at": "2026-12-01T18:00:00Z",
    "arriving_at_local": "2026-12-01T13:00:00",
}


def item(type: str, status: str = "CONFIRMED", seat: str | None = None) -> dict[str, Any]:
    """One item of the traveller's only flight, at 10.00."""
    return {
        "id": f"itm_{type}_{status}",
        "type": type,
        "name": type,
        "status": status,
        "quantity": 1,
        "passenger_id": "pax_1",
        "segment": 0,
        "seat": seat,
        "price_explanation": [{"label": "base price", "amount": "10.00"}],
        "unit_price": {"amount": "10.00", "currency": "USD"},
        "total": {"amount": "10.00", "currency": "USD"},
    }


def order(items: list[dict[str, Any]], payload: str = "M1SILVA/ANA") -> dict[str, Any]:
    """A fulfilled order with one boarding document."""
    document = {"id": "doc_1", "type": "boarding_document", "passenger_id": "pax_1", "barcode": {"payload": payload}}
    return {
        "status": "FULFILLED",
        "slices": [{"origin": "LHR", "destination": "JFK", "segments": [{**SEGMENT, **WHEN}]}],
        "passengers": [{"id": "pax_1", "family_name": "Silva"}],
        "items": items,
        "documents": [document],
        "conditions": {},
    }


def test_seat_is_that_of_the_seat_and_not_of_a_bag_on_the_same_flight() -> None:
    [document] = documents_of(order([item("seat", seat="12A"), item("bag")]))

    assert document["legs"] == [{**SEGMENT, **WHEN, "seat": "12A"}]


def test_exchanged_seat_is_not_shown() -> None:
    [document] = documents_of(order([item("seat", "EXCHANGED", "12A"), item("seat")]))

    assert document["legs"][0]["seat"] == ""


def test_documents_of_an_erased_person_are_left_out() -> None:
    assert documents_of(order([item("flight")], payload="")) == []


def test_exchanged_items_count_neither_in_the_price_nor_in_what_is_included() -> None:
    shown = card_of(order([item("flight", "EXCHANGED"), item("bag", "EXCHANGED"), item("flight"), item("bag")]))

    assert [line["status"] for line in shown["lines"]] == ["CONFIRMED", "CONFIRMED"]
    assert shown["included"] == ["bag"]
