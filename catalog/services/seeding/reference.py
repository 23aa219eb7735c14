"""Airports, aircraft, products and bundles: what flights and offers are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.db import models

from altis.shared.ids import derived_id
from altis.shared.money import Money
from altis.store.database import command
from catalog.models import Aircraft, AircraftCabin, Airport, Bundle, BundleItem, Product
from catalog.services.seeding.assortment import BUNDLES, PRODUCTS, BundlePlan, ProductPlan
from catalog.services.seeding.fleet import FLEET, TRANSATLANTIC
from catalog.services.seeding.places import places

M = TypeVar("M", bound=models.Model)

# 2026-01-01T00:00Z. Derived ids carry a time; a fixed one gives the same ids on every machine.
_EPOCH_MS = 1_767_225_600_000


@dataclass(frozen=True, slots=True)
class ReferenceSeeded:
    """How many rows were missing and have been added."""

    airports: int
    aircraft: int
    products: int
    bundles: int


def seed_reference() -> ReferenceSeeded:
    """Add the airports, aircraft, products and bundles that are missing; what exists, edited or not, stays as it is."""
    with command():
        return ReferenceSeeded(
            airports=len(_add_missing(Airport, {code: _airport(code) for code in places()})),
            aircraft=_add_aircraft(),
            products=len(_add_missing(Product, {plan.code: _product(plan) for plan in PRODUCTS})),
            bundles=_add_bundles(),
        )


def _add_missing(model: type[M], wanted: Mapping[str, M]) -> set[str]:
    """Insert the rows whose code is not there yet; returns their codes."""
    manager: Any = model._default_manager
    missing = wanted.keys() - set(manager.filter(code__in=wanted).values_list("code", flat=True))
    rows = [row for code, row in wanted.items() if code in missing]
    # Another seeder may be faster: then its row is the one that exists.
    manager.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    return missing


def _airport(code: str) -> Airport:
    place = places()[code]
    return Airport(code=code, name=place.name, city=place.city, country=place.country, time_zone=place.zone)


def _add_aircraft() -> int:
    plans = {plan.code: plan for plan in (*FLEET, TRANSATLANTIC)}
    added = _add_missing(Aircraft, {code: Aircraft(code=code, name=plan.name) for code, plan in plans.items()})
    cabins = [
        AircraftCabin(
            aircraft_id=code,
            cabin=cabin.cabin,
            first_row=cabin.first_row,
            last_row=cabin.last_row,
            columns=cabin.columns,
        )
        for code in sorted(added)
        for cabin in plans[code].cabins
    ]
    AircraftCabin.objects.bulk_create(cabins, ignore_conflicts=True)
    return len(added)


def _product(plan: ProductPlan) -> Product:
    return Product(
        id=derived_id("prd", _EPOCH_MS, plan.code),
        type=plan.type,
        code=plan.code,
        name=plan.name,
        description=plan.description,
        base_price_minor=_minor(plan.price),
        currency=settings.ALTIS_CURRENCY,
        applies_to=plan.applies_to,
        capacity_controlled=plan.capacity_controlled,
        attributes=dict(plan.attributes),
    )


def _add_bundles() -> int:
    rows = {plan.code: _bundle(plan, position) for position, plan in enumerate(BUNDLES, 1)}
    added = _add_missing(Bundle, rows)
    product_ids = dict(Product.objects.values_list("code", "id"))
    items = [
        BundleItem(bundle_id=plan.code, product_id=product_ids[code], quantity=quantity)
        for plan in BUNDLES
        if plan.code in added
        for code, quantity in plan.items.items()
    ]
    BundleItem.objects.bulk_create(items, ignore_conflicts=True)
    return len(added)


def _bundle(plan: BundlePlan, position: int) -> Bundle:
    return Bundle(
        code=plan.code,
        name=plan.name,
        description=plan.description,
        discount_percent=plan.discount_percent,
        position=position,
        refundable=plan.refund_penalty is not None,
        refund_penalty_minor=_minor(plan.refund_penalty or 0),
        changeable=plan.change_penalty is not None,
        change_penalty_minor=_minor(plan.change_penalty or 0),
        currency=settings.ALTIS_CURRENCY,
    )


def _minor(major: int) -> int:
    return Money.of(major, settings.ALTIS_CURRENCY).minor
