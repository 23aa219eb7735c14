"""Boarding barcodes after IATA Resolution 792 (BCBP, format M): strict, pure, in both directions.

    boarding_payloads(…)  flights of one passenger → payloads, up to four legs in each
    encode(pass)          BoardingPass → text       decode(text)  text → BoardingPass

The field tables are in `fields`; widths, order and alignment are written nowhere else.
"""

from orders.barcodes.decode import decode
from orders.barcodes.encode import encode
from orders.barcodes.fields import (
    BoardingPass,
    Details,
    InvalidBarcode,
    Leg,
    Security,
    Unencodable,
)
from orders.barcodes.issue import FlightLeg, boarding_payloads, split_legs
from orders.barcodes.names import barcode_name

__all__ = [
    "BoardingPass",
    "Details",
    "FlightLeg",
    "InvalidBarcode",
    "Leg",
    "Security",
    "Unencodable",
    "barcode_name",
    "boarding_payloads",
    "decode",
    "encode",
    "split_legs",
]
