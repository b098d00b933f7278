"""Drawing the outline of a territory in pixels, for those who show no SVG."""

import io
import re
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw

SIDE = 400  # pixels of the picture
FINER = 3  # times, while it is drawn
_PART = re.compile(r"[MmLlHhVvZz]|-?\d+(?:\.\d+)?")


@lru_cache(maxsize=64)
def painted(path: str, place: tuple[float, float, float], ground: str, ink: str) -> bytes:
    """An outline as a PNG: `place` is its scale and its origin, while it is drawn finer.

    Where rings lie in each other, every second one is a hole.
    """
    scale, x, y = place
    whole = Image.new("1", (SIDE * FINER, SIDE * FINER))
    for ring in rings(path):
        if len(ring) > 2:
            one = Image.new("1", whole.size)
            ImageDraw.Draw(one).polygon([(px * scale + x, py * scale + y) for px, py in ring], fill=1)
            whole = ImageChops.logical_xor(whole, one)
    shape = whole.convert("L").resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    picture = Image.composite(Image.new("RGB", shape.size, ink), Image.new("RGB", shape.size, ground), shape)
    written = io.BytesIO()
    picture.quantize(32).save(written, "PNG", optimize=True)
    return written.getvalue()


def rings(path: str) -> list[list[tuple[float, float]]]:
    """The corners of a path of straight lines, ring by ring."""
    found: list[list[tuple[float, float]]] = []
    command, x, y = "M", 0.0, 0.0
    parts = iter(_PART.findall(path))
    for part in parts:
        if part.isalpha():
            command = part
            if part not in "Zz":
                continue
            x, y = found[-1][0] if found else (0.0, 0.0)
            continue
        number, relative = float(part), command.islower()
        if command in "Hh":
            x = x + number if relative else number
        elif command in "Vv":
            y = y + number if relative else number
        else:
            other = float(next(parts, "0"))
            x, y = (x + number, y + other) if relative else (number, other)
        if command in "Mm":
            found.append([])
            command = "l" if relative else "L"  # what follows a move are lines
        found[-1].append((x, y))
    return found
