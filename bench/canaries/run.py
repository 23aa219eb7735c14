"""One run: a stack, people and cards sent through it, everything searched; then the control."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bench.canaries import faults, people, places, plant
from bench.canaries.client import Client
from bench.canaries.scan import Hit, Scanner
from bench.canaries.traffic import Monitor, PostOffice
from bench.canaries.tries import Try, tries_with
from bench.canaries.visits import Visit
from bench.torture.ground import Season
from bench.torture.market import Trip, survey
from bench.torture.rig import Rig

_THREADS = 4
_BROKEN = 10  # people meet a fault of ours, so that tracebacks are written
_LATE_SHARE = 5  # of the people come when no worker runs, so that messages lie in the broker
_SETTLE_SECONDS = 4.0
_SETTINGS = {
    "ALTIS_LOG_LEVEL": "INFO",
    "ALTIS_GATEWAY_TIMEOUT_SECONDS": "2",
    "ALTIS_LOGIN_FAILURES": "off",
    # Whatever the caller has set: every use of Redis is to be searched.
    "CELERY_BROKER_URL": "",
    "ALTIS_CACHE_URL": "",
    "ANALYTICS_DATABASE_URL": "",
}
Say = Callable[[str], None]


@dataclass
class Found:
    """What one place held."""

    parts: int = 0
    characters: int = 0
    hits: list[tuple[str, Hit]] = field(default_factory=list)

    def count(self, kind: str) -> int:
        """How many hits are of this kind."""
        return sum(hit.kind == kind for _, hit in self.hits)


@dataclass
class Report:
    """What was sent, what came back, what was found."""

    people: int
    cards: int
    replies: Counter[str] = field(default_factory=Counter)
    tried: int = 0
    taken: list[str] = field(default_factory=list)  # tries that were not refused as they must be
    orders: int = 0
    broken: int = 0
    mails: int = 0
    places: dict[str, Found] = field(default_factory=dict)
    planted: int = 0
    missed: list[str] = field(default_factory=list)  # places where the control was not found

    @property
    def hits(self) -> int:
        """All of them."""
        return sum(len(found.hits) for found in self.places.values())


class Run:
    """Belongs to the main thread, as its rig does."""

    def __init__(self, folder: Path, *, persons: int, cards: int, say: Say = lambda _line: None) -> None:
        self.report = Report(people=persons, cards=cards)
        self._say = say
        self._cards = people.cards(cards)
        self._scanner = Scanner(people=persons, cards=self._cards)
        self._post_office = PostOffice()
        environment = {**_SETTINGS, "ALTIS_EMAIL_URL": self._post_office.url}
        self._rig = Rig(folder / "state", seed=1, environment=environment, season=Season(days=3, routes=6))
        self._monitor_file = folder / "monitor.txt"
        self._monitor: Monitor | None = None

    @property
    def run_mark(self) -> str:
        """What every process of the stack carries in its environment."""
        return self._rig.ground.services.run

    def go(self) -> Report:
        """Everything in turn; the stack is gone afterwards, whatever happens."""
        try:
            self._rig.start()
            self._monitor = Monitor(self._rig.redis_url, self._monitor_file)
            self._visit()
            self._try_cards()
            self._rig.run_for(_SETTLE_SECONDS)
            self.report.places = self._search(self._monitor)
            self._control(self._monitor)
        finally:
            if self._monitor is not None:
                self._monitor.stop()
            self._rig.stop()
            self._post_office.stop()
        return self.report

    # What is sent

    def _visit(self) -> None:
        trips, extras = survey(self._rig.database_url).trips, self._extras()
        everybody = [people.person(number) for number in range(self.report.people)]
        late = max(2, len(everybody) // _LATE_SHARE)
        self._meet(everybody[:-late], trips, extras)
        self._say(f"{len(everybody) - late} people have been here")
        for name in ("worker", "settler"):
            self._rig.hold(name)
        self._meet(everybody[-late:], trips, extras)
        self._say(f"{late} more, while no worker ran")
        with faults.broken_tables(self._rig.database_url):
            for person in everybody[:: max(1, len(everybody) // _BROKEN)]:
                client = Client(self._rig.api_url, self.report.replies)
                self.report.broken += faults.meet(client, person, trips[0])
                client.close()
                self._rig.tick()
        self.report.mails = self._post_office.delivered
        self._say(f"{self.report.broken} replies of 500, each with its traceback")

    def _meet(self, persons: Sequence[people.Person], trips: Sequence[Trip], extras: Sequence[str]) -> None:
        def visit(person: people.Person) -> bool:
            client = Client(self._rig.api_url, self.report.replies)
            try:
                each = Visit(client, person, trips[person.number % len(trips)], extras)
                each.make()
                return bool(each.order_id)
            finally:
                client.close()

        with ThreadPoolExecutor(_THREADS) as pool:
            waiting = [pool.submit(visit, person) for person in persons]
            self._rig.wait_for(lambda: all(each.done() for each in waiting), 3600)
            self.report.orders += sum(each.result() for each in waiting)

    def _extras(self) -> list[str]:
        client = Client(self._rig.api_url, self.report.replies)
        client.log_in(client.post("/v1/auth/guest", {}).json()["access"])
        products = client.get("/v1/products", params={"limit": 200}).json()["data"]
        client.close()
        return [product["id"] for product in products if product["type"] in ("bag", "lounge", "insurance")]

    def _try_cards(self) -> None:
        client = Client(self._rig.api_url, self.report.replies)
        account = {"email": "tries@example.com", "password": "a password of nobody"}
        client.log_in(client.post("/v1/auth/register", account).json()["access"])
        for number, card in enumerate(self._cards):
            for each in tries_with(card, people.disguised(card, number)):
                self._judge(each, self._send(client, each))
            self._rig.tick()
        client.close()
        self._say(f"{self.report.tried} requests with {len(self._cards)} card numbers")

    def _send(self, client: Client, each: Try) -> httpx.Response:
        more = {"params": list(each.query)} if each.query else {}
        if each.body is not None:
            more["json"] = each.body  # type: ignore[assignment]  # keyword arguments of any kind
        return client.call(each.method, each.path, headers=dict(each.headers), **more)

    def _judge(self, each: Try, reply: httpx.Response) -> None:
        self.report.tried += 1
        if (reply.status_code, reply.json().get("code")) != (each.status, each.code):
            self.report.taken.append(f"{each.method} {each.path} {each.body or each.query}: {reply.text[:200]}")

    # What is searched

    def _search(self, monitor: Monitor) -> dict[str, Found]:
        began = time.monotonic()
        found = {place: Found() for place in places.PLACES}
        for part in places.parts(self._rig, monitor):
            here = found[part.place]
            here.parts += 1
            here.characters += len(part.text)
            here.hits += [(part.name, hit) for hit in self._scanner.scan(part.text, unpack=part.packed)]
        self._say(f"searched in {time.monotonic() - began:.1f} s")
        return found

    def _control(self, monitor: Monitor) -> None:
        wanted = plant.plant_everywhere(self._rig, people.person(0), self._cards[0])
        found = self._search(monitor)
        self.report.planted = len(wanted)
        self.report.missed = [
            f"{kind} in {place}"
            for place, kind in wanted.items()
            if found[place].count(kind) <= self.report.places[place].count(kind)
        ]
