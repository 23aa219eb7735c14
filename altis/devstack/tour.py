"""The demonstration: a purchase step by step, shown on the terminal."""

from typing import Any

from rich.console import Console
from rich.table import Table

from altis.devstack.pictures import draw
from altis.devstack.shopper import Json, Shopper

# Not LHR to JFK: the price curve of AL 100 is what people watch by hand.
_TRIP = ("LHR", "DXB")


def buy_a_trip(url: str, console: Console) -> None:
    """Search, accept, pay and show the documents; raises UnexpectedReply at the first reply that is not promised."""
    with Shopper(url) as shopper:
        shopper.become_guest()
        console.rule("Search")
        found = shopper.search(*_TRIP)
        console.print(f"{' to '.join(_TRIP)}, two adults, search {found['search_id']} as a guest")
        console.print(_offers_table(found["offers"]))
        email = shopper.register()
        console.rule("Accept")
        best = found["offers"][0]
        order = shopper.accept(best["id"], email)
        console.print(f"registered as {email}, accepted offer {best['id']}")
        _show_order(order, console)
        console.rule("Pay")
        order = shopper.pay(order["id"])
        console.print(f"paid {_money(order['total'])} with tok_visa")
        console.print(_history_table(shopper.history(order["id"])))
        console.rule("Documents")
        for document in shopper.documents(order["id"]):
            _show_document(document, shopper, console)
        console.rule(f"Order {order['reference']} is {order['status']}")


def _offers_table(offers: list[Json]) -> Table:
    table = Table(show_lines=True)
    for heading in ("Rank", "Bundle", "Itinerary"):
        table.add_column(heading, no_wrap=True)
    table.add_column("What is in it", overflow="fold")
    table.add_column("Total", justify="right")
    table.add_column("Score", justify="right")
    for offer in offers:
        contents = "\n".join(
            f"{item['quantity']} × {item['name']} {item['total']['amount']}" for item in offer["items"]
        )
        rank, score = str(offer["rank"]), str(offer["score"])
        table.add_row(rank, offer["bundle_name"], _itinerary(offer), contents, _money(offer["total"]), score)
    return table


def _itinerary(offer_or_order: Json) -> str:
    segments = [segment for each in offer_or_order["slices"] for segment in each["segments"]]
    return "\n".join(
        f"{segment['carrier']} {segment['flight_number']} {str(segment['departing_at'])[:16].replace('T', ' ')}Z"
        for segment in segments
    )


def _show_order(order: Json, console: Console) -> None:
    console.print(f"order [bold]{order['reference']}[/bold] ({order['id']}) is {order['status']}")
    console.print(f"to pay: {_money(order['total'])}, seats are held until {order['expires_at']}")


def _history_table(moves: list[Json]) -> Table:
    table = Table(title="The order's way")
    for heading in ("At", "From", "To"):
        table.add_column(heading, no_wrap=True)
    for heading in ("By", "Reason"):
        table.add_column(heading, overflow="fold")
    for move in moves:
        clock = str(move["at"]).partition("T")[2]
        table.add_row(clock, *(_text(move.get(name)) for name in ("from", "to", "actor", "reason")))
    return table


def _show_document(document: Json, shopper: Shopper, console: Console) -> None:
    barcode, owner = document["barcode"], document["passenger_id"]
    whose = f" for {owner}" if owner else ""
    console.print(f"\n[bold]{document['type']}[/bold] {document['id']}{whose}, {barcode['format']}", soft_wrap=True)
    console.print(barcode["payload"], markup=False, highlight=False, soft_wrap=True)
    if document["type"] == "boarding_document":
        for line in draw(shopper.barcode(document["id"])):
            console.print(line, markup=False, highlight=False, no_wrap=True)


def _money(value: Json) -> str:
    return f"{value['amount']} {value['currency']}"


def _text(value: Any) -> str:
    return "" if value is None else str(value)
