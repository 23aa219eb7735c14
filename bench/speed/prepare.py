"""One process that fills the database: `python -m bench.speed.prepare DAYS ROUTES USERS PRODUCTS START OUT`.

All through the product's own models and services, so that keys, envelopes and tokens are those of real customers.
"""

import os
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import django
import orjson
from django.core.management import call_command

USER_HEAD = "usr_0bench0000"  # sixteen digits follow, so that a script can count through the users
FIRST_USER = 10**15
_ROOMY = 1_000_000
# Numbers that nothing else in a statement can be taken for, see bench/speed/script.py: versions of the ledger, rows of
# idempotency keys, and inventories.
FIRST_VERSION, FIRST_CLAIM, FIRST_INVENTORY = 8_000_000_000, 7_000_000_000, 1_600_000_000
_COUNT_ON = """
SELECT setval(%(counter)s::regclass, %(first)s)
WHERE coalesce(pg_sequence_last_value(%(counter)s::regclass), 0) < %(first)s
"""
_COUNTERS = {"store_idempotencykey_id_seq": FIRST_CLAIM, "catalog_inventory_id_seq": FIRST_INVENTORY}
_BATCH = 500
_KINDS = (("bag", "BAG", "journey"), ("meal", "MEAL", "segment"), ("seat", "SEAT", "segment"))


def main(words: list[str]) -> None:
    """Migrate and seed, then write what the cases need to know."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "altis.settings")
    django.setup()
    days, routes, users, products = (int(word) for word in words[:4])
    start, out = date.fromisoformat(words[4]), Path(words[5])
    call_command("migrate", "--no-input", verbosity=0)
    _count_on()
    seed_catalogue(days=days, routes=routes, products=products, start=start)
    make_room(on=start + timedelta(days=days - 1))
    out.write_bytes(orjson.dumps({"tokens": list(seed_users(users)), "start": start, "days": days}))


def seed_catalogue(*, days: int, routes: int, products: int, start: date) -> None:
    """The season as `make seed` makes it, and more products until there are so many."""
    from catalog.services.seeding import seed_flights, seed_reference  # noqa: PLC0415  (only after setup)

    seed_reference()
    _add_products(products)
    seed_flights(days=days, routes=routes, seed=1, start=start)


def _count_on() -> None:
    """Let ids that statements pass on begin where they can be told from other numbers."""
    from django.db import connection  # noqa: PLC0415  (only after setup)

    with connection.cursor() as cursor:
        for counter, first in _COUNTERS.items():
            cursor.execute(_COUNT_ON, {"counter": counter, "first": first})


def make_room(*, on: date) -> None:
    """Let the flights of one day never be full, with versions that can be searched for in statements."""
    from django.db.models import F  # noqa: PLC0415  (only after setup)

    from catalog.models import Inventory  # noqa: PLC0415  (only after setup)

    rows = Inventory.objects.filter(flight__departure_date=on, version__lt=FIRST_VERSION)
    rows.update(capacity=_ROOMY, version=F("version") + FIRST_VERSION)
    call_command("rebuild_availability", verbosity=0)


def seed_users(count: int) -> Iterator[str]:
    """Bearer tokens of so many users, who are inserted when they are missing; nobody knows a password of theirs."""
    from altis.accounts.models import User  # noqa: PLC0415  (only after setup)
    from altis.accounts.tokens import AccessToken, password_stamp  # noqa: PLC0415  (only after setup)
    from altis.privacy.keys import prefetch  # noqa: PLC0415  (only after setup)
    from altis.store.database import command  # noqa: PLC0415  (only after setup)

    ids = [f"{USER_HEAD}{FIRST_USER + number}" for number in range(count)]
    known = set(User.objects.filter(pk__in=ids).values_list("pk", flat=True))
    fresh = [id for id in ids if id not in known]
    for first in range(0, len(fresh), _BATCH):
        batch = fresh[first : first + _BATCH]
        with command():
            prefetch(batch, create=True)
            User.objects.bulk_create(User(pk=id, email=f"{id}@example.com", password="!speed") for id in batch)
    stamp = password_stamp("!speed")
    for id in ids:
        yield str(AccessToken.about(id, kind="user", stamp=stamp))


def _add_products(count: int) -> None:
    from django.conf import settings  # noqa: PLC0415  (only after setup)

    from altis.shared.ids import derived_id  # noqa: PLC0415  (only after setup)
    from catalog.models import Product  # noqa: PLC0415  (only after setup)

    missing = max(0, count - Product.objects.count())
    rows = []
    for number in range(missing):
        type, head, applies_to = _KINDS[number % len(_KINDS)]
        code = f"{head}-X{number:03d}"
        rows.append(
            Product(
                id=derived_id("prd", 0, code),
                type=type,
                code=code,
                name=f"Extra {number}",
                description="One of many products on sale.",
                base_price_minor=500 + 10 * number,
                currency=settings.ALTIS_CURRENCY,
                applies_to=applies_to,
                attributes={"max_weight_kg": 23} if type == "bag" else {},
            )
        )
    Product.objects.bulk_create(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
