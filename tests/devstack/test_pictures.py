"""Barcodes as text: what a reader sees in the drawing is what was drawn."""

import io

import zxingcpp
from PIL import Image

from altis.devstack.pictures import draw
from tests.devstack.stub_api import PAYLOAD, barcode_png

_LIGHT = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}


def test_drawing_reads_back_to_the_payload() -> None:
    lines = draw(barcode_png())

    rows = [[_LIGHT[character][half] for character in line] for line in lines for half in (0, 1)]
    picture = Image.new("L", (len(rows[0]), len(rows)))
    picture.putdata([255 * value for row in rows for value in row])
    found = zxingcpp.read_barcodes(picture.resize((picture.width * 4, picture.height * 4), Image.Resampling.NEAREST))
    assert [symbol.text for symbol in found] == [PAYLOAD]


def test_empty_picture_is_an_empty_frame() -> None:
    out = io.BytesIO()
    Image.new("L", (8, 8), 255).save(out, "PNG")

    assert draw(out.getvalue()) == ["█████", "█████", "█████"]
