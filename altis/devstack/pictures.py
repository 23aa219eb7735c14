"""A barcode picture as text: one character for two modules, upper and lower."""

import io
import math
from itertools import groupby

from PIL import Image

_HALVES = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}
_QUIET = 2  # modules of light border
_DARK_BELOW = 128


def draw(png: bytes) -> list[str]:
    """The lines that show the picture on a dark terminal: light modules are drawn, dark ones left out."""
    modules = _modules(png)
    width = len(modules[0]) + 2 * _QUIET
    blank = [[False] * width for _ in range(_QUIET)]
    framed = [*blank, *([False] * _QUIET + row + [False] * _QUIET for row in modules), *blank]
    if len(framed) % 2:
        framed.append([False] * width)
    pairs = zip(framed[::2], framed[1::2], strict=True)
    return ["".join(_HALVES[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in pairs]


def _modules(png: bytes) -> list[list[bool]]:
    """The symbol without its border, one value per module, True where it is dark."""
    with Image.open(io.BytesIO(png)) as picture:
        grey = picture.convert("L")
    dark = [[_is_dark(grey, x, y) for x in range(grey.width)] for y in range(grey.height)]
    rows = [y for y, row in enumerate(dark) if any(row)]
    columns = [x for x in range(grey.width) if any(row[x] for row in dark)]
    if not rows:
        return [[False]]
    cropped = [row[columns[0] : columns[-1] + 1] for row in dark[rows[0] : rows[-1] + 1]]
    size = math.gcd(*(len(list(run)) for row in cropped for _, run in groupby(row)))
    return [row[::size] for row in cropped[::size]]


def _is_dark(grey: Image.Image, x: int, y: int) -> bool:
    value = grey.getpixel((x, y))
    return isinstance(value, int) and value < _DARK_BELOW
