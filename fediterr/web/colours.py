"""Colours that can be read: their contrast as WCAG 2 counts it, and the nearest to a wish that has enough of it."""

import colorsys
import re
from collections.abc import Iterable

TEXT = 4.5  # contrast of words on their ground
EDGE = 3.0  # of the edge of a field, or what has the focus
STEPS = 255  # of lightness that are tried

Rgb = tuple[float, float, float]


def rgb(colour: str) -> Rgb:
    """The parts of #rrggbb or #rgb, from 0 to 1. Raises ValueError."""
    digits = colour.strip().removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    if not re.fullmatch("[0-9a-fA-F]{6}", digits):
        raise ValueError(f"{colour} is no colour")
    red, green, blue = (int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4))
    return red, green, blue


def written(parts: Iterable[float]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def luminance(colour: str) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mix(one: str, other: str, part: float) -> str:
    """So much of one in the other."""
    return written(first * part + second * (1 - part) for first, second in zip(rgb(one), rgb(other), strict=True))


def legible(wish: str, grounds: Iterable[str], least: float = TEXT) -> str:
    """The wish if it is read on all these grounds; else the same hue, as little lighter or darker as it takes."""
    on = tuple(grounds)
    hue, lightness, saturation = colorsys.rgb_to_hls(*rgb(wish))
    for step in range(STEPS + 1):
        for tried in (lightness - step / STEPS, lightness + step / STEPS):
            if 0 <= tried <= 1:
                colour = written(colorsys.hls_to_rgb(hue, tried, saturation)) if step else wish.lower()
                if all(contrast(colour, ground) >= least for ground in on):
                    return colour
    raise ValueError(f"nothing is read on {', '.join(on)}")


def roles(sheet: str) -> tuple[dict[str, str], dict[str, str]]:
    """The colours of a style sheet by their role: in light, and in dark where what differs is said."""
    blocks = re.findall(r":root \{(.*?)\}", sheet, re.DOTALL)
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-fA-F]{3,6});", block)) for block in blocks[:2])
    return light, light | dark
