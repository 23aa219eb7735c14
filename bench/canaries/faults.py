"""A fault of ours at the worst moment: the database refuses a row and quotes all of it."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from httpx import codes

from bench.canaries.client import Client
from bench.canaries.people import Person
from bench.torture.market import Trip

_TABLES = ("accounts_user", "orders_passenger")
_BREAK = "ALTER TABLE {} ADD CONSTRAINT no_more CHECK (false) NOT VALID"
_MEND = "ALTER TABLE {} DROP CONSTRAINT no_more"


@contextmanager
def broken_tables(database_url: str) -> Iterator[None]:
    """Nobody can register or be a passenger inside: an IntegrityError with `Failing row contains (…)`."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        for table in _TABLES:
            connection.execute(_BREAK.format(table))
        try:
            yield
        finally:
            for table in _TABLES:
                connection.execute(_MEND.format(table))


def meet(client: Client, person: Person, trip: Trip) -> int:
    """Log in, register once more, buy; how many replies were 500."""
    account = {"email": person.email, "password": person.password}
    client.log_in(client.post("/v1/auth/token", account).json()["access"])
    wanted = {"origin": trip.origin, "destination": trip.destination, "departure_date": trip.day}
    search = {"slices": [wanted], "passengers": [{"type": "adult"}], "cabin": trip.cabin}
    offers = client.post("/v1/offers/search", search).json()["offers"]
    booking = {"passengers": [person.traveller()], "contact": person.contact()}
    replies = [client.post("/v1/auth/register", {**account, "email": f"again.{person.email}"})]
    for offer in offers[:1]:
        key = {"Idempotency-Key": f"broken {person.email}"}
        replies.append(client.post(f"/v1/offers/{offer['id']}/accept", booking, headers=key))
    return sum(reply.status_code == codes.INTERNAL_SERVER_ERROR for reply in replies)
