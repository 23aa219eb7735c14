"""Every image, read back by zxing-cpp, gives the payload again, character for character."""

import io
import re
from typing import get_args
from xml.etree import ElementTree as ET

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from orders.drawing import Symbology, draw

PAYLOAD = "M1PASSENGER/TEST      EK7QW2M LHRJFKAL 0100 335Y         011>60B0  6326IAL 00"
FOUR_LEGS = PAYLOAD + "K7QW2M LHRJFKAL 0100 335Y         000" * 3 + "^164" + "GIWVC5EH7J" * 10
SYMBOLOGIES = get_args(Symbology)
READ_AS = {"aztec": "Aztec", "pdf417": "PDF417", "qr": "QR Code"}


def read(image: Image.Image) -> list[tuple[str, str]]:
    return [(str(code.symbology), code.text) for code in zxingcpp.read_barcodes(image)]


def png(payload: str, symbology: Symbology) -> Image.Image:
    return Image.open(io.BytesIO(draw(payload, symbology=symbology, fmt="png"))).convert("L")


def rendered(svg: bytes) -> Image.Image:
    """The few SVG elements that we write, drawn at the SVG's own size."""
    root = ET.fromstring(svg)
    image = Image.new("L", (int(root.attrib["width"]), int(root.attrib["height"])), 128)
    scale = image.width // int(root.attrib["viewBox"].split()[2])
    pen = ImageDraw.Draw(image)
    background, path = root
    pen.rectangle((0, 0, int(background.attrib["width"]) * scale, int(background.attrib["height"]) * scale), fill=255)
    for run in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z", path.attrib["d"]):
        x, y, wide, tall = (int(number) * scale for number in run)
        pen.rectangle((x, y, x + wide - 1, y + tall - 1), fill=0)
    return image


@pytest.mark.parametrize("payload", [PAYLOAD, FOUR_LEGS, PAYLOAD + "   "], ids=["one leg", "four legs", "blanks"])
@pytest.mark.parametrize("symbology", SYMBOLOGIES)
def test_an_image_reads_back_to_its_payload(symbology: Symbology, payload: str) -> None:
    image = png(payload, symbology)

    assert [text for _, text in read(image)] == [payload]
    assert image.width >= 300


@pytest.mark.parametrize("symbology", SYMBOLOGIES)
def test_png_and_svg_are_the_same_picture_in_the_symbology_asked_for(symbology: Symbology) -> None:
    svg = rendered(draw(PAYLOAD, symbology=symbology, fmt="svg"))

    assert svg.tobytes() == png(PAYLOAD, symbology).tobytes()
    assert read(svg) == [(READ_AS[symbology], PAYLOAD)]


@pytest.mark.parametrize("symbology", SYMBOLOGIES)
def test_four_modules_of_white_surround_the_code(symbology: Symbology) -> None:
    image = png(PAYLOAD, symbology)
    scale = image.width // int(
        ET.fromstring(draw(PAYLOAD, symbology=symbology, fmt="svg")).attrib["viewBox"].split()[2]
    )

    left, top, right, bottom = image.point(lambda shade: 255 - shade).getbbox() or (0, 0, 0, 0)

    assert (left, top, image.width - right, image.height - bottom) == (4 * scale,) * 4


def test_an_svg_stands_alone() -> None:
    svg = draw(PAYLOAD, fmt="svg").decode()

    root = ET.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert {"width", "height", "viewBox"} <= set(root.attrib)
    assert "PASSENGER" not in svg
    assert svg.count("http") == 1


@settings(max_examples=20, deadline=None)
@given(st.from_regex(r"[ -~]{1,200}", fullmatch=True), st.sampled_from(SYMBOLOGIES))
def test_any_printable_payload_reads_back(payload: str, symbology: Symbology) -> None:
    assert [text for _, text in read(png(payload, symbology))] == [payload]


@pytest.mark.parametrize("payload", ["", "É", "A\nB", "X" * 9999], ids=["empty", "accent", "line end", "too long"])
def test_a_payload_that_cannot_be_drawn_is_refused(payload: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        draw(payload)
