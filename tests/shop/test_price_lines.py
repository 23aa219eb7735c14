"""Why it costs what it costs: alike things on one line, and every line adds up."""

from typing import Any

from altis.shop.price_lines import lines_of


def item(name: str, unit: str, parts: dict[str, str], quantity: int = 1) -> dict[str, Any]:
    """An item of an offer."""
    total = f"{float(unit) * quantity:.2f}"
    return {
        "name": name,
        "quantity": quantity,
        "unit_price": {"amount": unit, "currency": "USD"},
        "total": {"amount": total, "currency": "USD"},
        "price_explanation": [{"label": label, "amount": amount} for label, amount in parts.items()],
    }


def test_what_is_alike_stands_on_one_line() -> None:
    bag = item("Bag", "31.50", {"base price": "35.00", "Comfort discount": "-3.50"}, 3)

    [line] = lines_of([bag, bag])

    assert (line["quantity"], line["total"]) == (6, {"amount": "189.00", "currency": "USD"})
    assert line["parts"] == [
        {"label": "Price on its own", "amount": "35.00"},
        {"label": "Comfort discount", "amount": "-3.50"},
    ]


def test_another_price_or_another_reason_is_another_line() -> None:
    one, dearer = item("Bag", "35.00", {"base price": "35.00"}), item("Bag", "40.00", {"base price": "40.00"})
    reduced = item("Bag", "35.00", {"base price": "40.00", "member": "-5.00"})

    lines = lines_of([one, dearer, reduced])

    assert [(line["quantity"], line["total"]["amount"]) for line in lines] == [(1, "35.00"), (1, "40.00"), (1, "35.00")]


def test_demand_and_route_are_told_in_words() -> None:
    flight = item("AL 100 LHR-JFK, economy, adult", "208.80", {"base fare": "200.00", "demand x1.0440": "8.80"})

    [line] = lines_of([flight])

    assert line["name"] == "AL 100 LHR to JFK, economy, adult"
    assert line["parts"][1]["label"] == "Demand × 1.04, by how full the cabin is"
