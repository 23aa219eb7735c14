"""Reads of the catalog: frozen views, no lazy rows, and a fixed number of queries each."""

from catalog.selectors.cancelled import StrandedOrder, orders_of_cancelled_flights, stranded_holds
from catalog.selectors.extras import ExtrasOnSale, extras_on_sale
from catalog.selectors.flights import (
    CabinSeats,
    FlightView,
    cabin_inventory,
    connections_on,
    extras_inventory,
    flights_by_id,
    flights_for_sale,
    flights_on,
    known_airports,
)
from catalog.selectors.instead import flights_instead, seats_left
from catalog.selectors.products import (
    BundleView,
    ProductView,
    bundle,
    bundle_row,
    bundle_view,
    bundles,
    flight_products,
    product_map,
    products,
    products_on_sale,
)
from catalog.selectors.seats import seats_off_the_map

__all__ = [
    "BundleView",
    "CabinSeats",
    "ExtrasOnSale",
    "FlightView",
    "ProductView",
    "StrandedOrder",
    "bundle",
    "bundle_row",
    "bundle_view",
    "bundles",
    "cabin_inventory",
    "connections_on",
    "extras_inventory",
    "extras_on_sale",
    "flight_products",
    "flights_by_id",
    "flights_for_sale",
    "flights_instead",
    "flights_on",
    "known_airports",
    "orders_of_cancelled_flights",
    "product_map",
    "products",
    "products_on_sale",
    "seats_left",
    "seats_off_the_map",
    "stranded_holds",
]
