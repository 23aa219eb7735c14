"""What may be added to a trip: products, what is left of the limited ones on each flight, and seats by their names."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from altis.store.pipeline import put, together
from altis.store.reading import find
from altis.store.statements import Row
from catalog.models import AircraftCabin, Product

_DESIGNATOR = re.compile(r"([1-9][0-9]{0,2})([A-Z])")
_LIMITED = b"SELECT flight_id, product_id, id FROM catalog_inventory WHERE flight_id = ANY($1) AND product_id = ANY($2)"
_CABINS = b"""
SELECT f.id, c.cabin, c.first_row, c.last_row, c.columns
  FROM catalog_flight f JOIN catalog_aircraftcabin c ON c.aircraft_id = f.aircraft_id WHERE f.id = ANY($1)
"""


@dataclass(frozen=True, slots=True)
class ExtrasOnSale:
    """Products by id; inventory ids by flight and product; the seat rows of each flight's cabins."""

    products: Mapping[str, Product]
    inventory: Mapping[tuple[str, str], int]
    cabins: Mapping[tuple[str, str], AircraftCabin]

    def has_seat(self, flight_id: str, cabin: str, designator: str) -> bool:
        """Whether the flight's aircraft has this seat (`12A`) in this cabin."""
        seat, rows = _DESIGNATOR.fullmatch(designator), self.cabins.get((flight_id, cabin))
        if seat is None or rows is None:
            return False
        return rows.first_row <= int(seat[1]) <= rows.last_row and seat[2] in rows.letters


def extras_on_sale(product_ids: Collection[str], flight_ids: Collection[str]) -> ExtrasOnSale:
    """All that choosing extras needs, on sale or not, in one round trip; in none when nothing is chosen."""
    if not product_ids:
        return ExtrasOnSale({}, {}, {})
    wanted, flights = list(set(product_ids)), list(set(flight_ids))
    with together():
        products = find(Product, "WHERE id = ANY($1)", wanted)
        limited, cabins = put(_LIMITED, flights, wanted), put(_CABINS, flights)
    return ExtrasOnSale(
        products={product.pk: product for product in products.all()},
        inventory={(str(flight), str(product)): int(str(id)) for flight, product, id in limited.rows()},
        cabins={(str(row[0]), str(row[1])): _cabin(row) for row in cabins.rows()},
    )


def _cabin(row: Row) -> AircraftCabin:
    _, cabin, first, last, columns = map(str, row)
    return AircraftCabin(cabin=cabin, first_row=int(first), last_row=int(last), columns=columns)
