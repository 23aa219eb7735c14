"""From a well-formed request to one that makes sense: a schema cannot say which airports there are, or who flies.

Only the parts that Schemathesis meant to be valid are mended, and no more of them than is needed.
"""

from collections.abc import Callable
from random import Random
from typing import Any

from bench.fuzz.world import CONTACT, World

Json = dict[str, Any]
_TOKENS = ("tok_visa",) * 12 + ("tok_declined", "tok_insufficient_funds", "tok_stolen_card", "tok_pending", "tok_error")
_SLOW = "tok_timeout"  # each costs two seconds
_ONE_IN_SLOW = 60
_MOST_TRAVELLERS = 9


def search(world: World, body: Json) -> Json:
    """Trips that are sold in one cabin, one after the other, for a party that may fly."""
    cabin = body.get("cabin", "economy")
    trips = [trip for trip in world.trips if trip.cabin == cabin] or world.trips
    chosen = sorted(world.rng.sample(trips, max(1, len(body["slices"]))), key=lambda trip: trip.day)
    slices = [{"origin": one.origin, "destination": one.destination, "departure_date": one.day} for one in chosen]
    return {**body, "slices": slices, "passengers": _party(body["passengers"])}


def _party(passengers: list[Json]) -> list[Json]:
    party: list[Json] = []
    adults = 0
    for passenger in passengers[:_MOST_TRAVELLERS]:
        kind = passenger["type"]
        infants = sum(one["type"] == "infant" for one in party)
        if kind == "infant" and infants >= adults:
            kind = "adult"
        adults += kind == "adult"
        ages = {"adult": range(12, 131), "child": range(2, 12), "infant": range(2)}[kind]
        age = passenger.get("age")
        party.append({"type": kind} if age is None else {"type": kind, "age": age if age in ages else ages[0]})
    return party


def travellers(world: World, offer: str, body: Json) -> Json:
    """The people that the offer is for, under names of their own where these are names."""
    passengers = world.travellers(offer)
    for traveller, given in zip(passengers, body["passengers"], strict=False):
        for name in ("given_name", "family_name"):
            if any(character.isalpha() for character in given[name]):
                traveller[name] = given[name]
    contact = CONTACT if "phone" in body["contact"] else {"email": CONTACT["email"]}
    mended = {"passengers": passengers, "contact": contact}
    if body.get("items"):
        mended["items"] = [{"product_id": world.bag, "passenger": 0, "quantity": body["items"][0].get("quantity", 1)}]
    return mended


def payment(world: World, body: Json) -> Json:
    """Mostly tokens that the gateway knows; now and then the generated one, which is a decline."""
    if world.rng.randrange(_ONE_IN_SLOW) == 0:
        return {"payment_method": {"token": _SLOW}}
    generated = body["payment_method"]["token"]
    usable = not any(character.isdigit() for character in generated)  # never something like a card number
    return {"payment_method": {"token": world.rng.choice((*_TOKENS, *([generated] if usable else [])))}}


def registration(world: World, body: Json) -> Json:
    """An address that nobody has, and a password that is not weak."""
    return {"email": f"fuzz-{world.serial()}@example.com", "password": _strong(world, body["password"])}


def password_change(world: World, body: Json) -> Json:
    """The changer's present password, and a good one."""
    return {
        "current_password": world.changer["password"],
        "new_password": _strong(world, body["new_password"]),
    }


def password_reset(world: World, body: Json) -> Json:
    """By a link that was sent."""
    return {"token": world.reset_token(), "new_password": _strong(world, body["new_password"])}


def _strong(world: World, password: str) -> str:
    # In letters that the addresses here do without: what resembles an address is weak.
    return f"{password[:80]} {''.join(world.rng.choices('ghjkmpqrtvwxy', k=20))}"


def address(world: World, body: Json) -> Json:
    """Somebody's, or nobody's."""
    return {"email": world.rng.choice((world.account["email"], f"nobody-{world.serial()}@example.com"))}


def verification(world: World, body: Json) -> Json:
    """The token of a link that was sent."""
    return {"token": world.verify_token()}


def credentials(world: World, body: Json) -> Json:
    """The customer's own, two times of three."""
    return world.account if world.rng.randrange(3) else body


def refresh(world: World, body: Json) -> Json:
    """A token that was not used yet, while there is one."""
    return {"refresh": world.refresh_tokens.popleft()} if world.refresh_tokens else body


def event(world: World, body: Json) -> Json:
    """About a payment of ours, every other time; without members that the schema does not name."""
    payment = world.any("pay") if world.rng.randrange(2) else body["data"]["payment_id"]
    data = {"payment_id": payment, "amount": "12.34", "currency": "USD"}
    if "retryable" in body["data"]:
        data["retryable"] = body["data"]["retryable"]
    return {"id": f"evt_{world.serial()}", "type": body["type"], "data": data}


def flights(world: World, query: Json) -> Json:
    """A day and a pair of airports that are served."""
    trip = world.rng.choice(world.trips)
    return {**query, "origin": trip.origin, "destination": trip.destination, "departure_date": trip.day}


BODIES: dict[str, Callable[[World, Json], Json]] = {
    "search_offers": search,
    "pay_order": payment,
    "register": registration,
    "log_in": credentials,
    "refresh_tokens": refresh,
    "change_password": password_change,
    "request_password_reset": address,
    "reset_password": password_reset,
    "verify_email": verification,
    "receive_payment_webhook": event,
}


def history(world: World, query: Json) -> Json:
    """The order as it is now, or all that became of it; before it began there was none."""
    return {"at": "2100-01-01T00:00:00Z"} if world.rng.randrange(2) else {}


QUERIES: dict[str, Callable[[World, Json], Json]] = {"list_flights": flights, "get_order_history": history}


def whole_numbers(value: Any) -> Any:
    """3 for 3.0: to a schema both are integers, to Altis a number with a fraction is none."""
    if isinstance(value, dict):
        return {name: whole_numbers(each) for name, each in value.items()}
    if isinstance(value, list):
        return [whole_numbers(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def identifier(world: World, operation: str, name: str, *, usable: bool) -> str | None:
    """An id that exists, and mostly a `usable` one that the operation can change; None for no id of ours."""
    stale = not usable or _sometimes(world.rng)
    if name == "offer_id":
        return world.fresh_offer() if operation in ("accept_offer", "reject_offer") and not stale else world.any_offer()
    if name == "order_id":
        return world.fresh_order() if operation in ("pay_order", "cancel_order") and not stale else world.any("ord")
    return world.any("doc") if name == "document_id" else None


def _sometimes(rng: Random) -> bool:
    return rng.randrange(8) == 0
