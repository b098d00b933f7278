"""Colours can be read: every pair of the style sheet, in light and in dark, and whatever an operator wishes for."""

import re
from pathlib import Path

import pytest

from fediterr.web import colours, livery

SHEET = (Path(livery.__file__).parent / "static" / "style.css").read_text(encoding="utf-8")
SCHEMES = dict(zip(("light", "dark"), colours.roles(SHEET), strict=True))
DESIGN = Path(__file__).parents[2] / "docs" / "design.md"
# Words and their grounds.
READ = (
    ("ink", "card"), ("ink", "paper"), ("soft", "card"), ("soft", "paper"), ("paper", "ink"),
    ("accent", "card"), ("accent", "paper"), ("accent", "accent-weak"), ("accent-hover", "card"),
    ("accent-hover", "paper"), ("accent-hover", "accent-weak"), ("on-accent", "accent"), ("on-accent", "accent-hover"),
    ("green", "card"), ("green", "green-weak"), ("ochre", "card"), ("ochre", "ochre-weak"), ("slate", "slate-weak"),
    ("brick", "card"), ("brick", "paper"), ("brick", "brick-weak"), ("ink", "green-weak"), ("ink", "ochre-weak"),
    ("ink", "slate-weak"), ("ink", "brick-weak"), ("accent", "green-weak"), ("accent", "ochre-weak"),
    ("accent", "slate-weak"), ("accent", "brick-weak"), ("soft", "line"),
)  # fmt: skip
SEEN = (("edge", "card"), ("edge", "paper"), ("accent", "card"), ("accent", "line"), ("brick", "card"))
WISHES = ("#ffcc00", "#e30613", "#0055a4", "#00ffff", "#808080", "#ffffff", "#000000", "#ff00ff", "#7fd3bd", "#123456")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_pair_has_contrast(scheme: str) -> None:
    roles = SCHEMES[scheme]
    weak = [
        (words, ground, round(colours.contrast(roles[words], roles[ground]), 2), least)
        for pairs, least in ((READ, colours.TEXT), (SEEN, colours.EDGE))
        for words, ground in pairs
        if colours.contrast(roles[words], roles[ground]) < least
    ]
    assert weak == []


def test_the_contrasts_that_are_written_down_are_true() -> None:
    rows = re.findall(
        r"\| `--([\w-]+)`[^|]* on `--([\w-]+)`[^|]*\|[^|]*\|[^|]*\| ([\d.]+) / ([\d.]+)", DESIGN.read_text("utf-8")
    )
    assert len(rows) > 5
    for words, ground, *told in rows:
        for roles, figure in zip(SCHEMES.values(), told, strict=True):
            assert abs(colours.contrast(roles[words], roles[ground]) - float(figure)) < 0.1, (words, ground)


def test_the_contrast_of_black_and_white_is_as_the_rules_count_it() -> None:
    assert round(colours.contrast("#000", "#ffffff"), 6) == 21
    assert round(colours.contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("wish", WISHES)
def test_an_operators_colour_is_always_read(wish: str) -> None:
    found = livery.of(wish)
    for roles, accent in zip(SCHEMES.values(), (found.light, found.dark), strict=True):
        for ground in (*(roles[name] for name in livery.GROUNDS), accent.accent_weak):
            assert colours.contrast(accent.accent, ground) >= colours.TEXT
            assert colours.contrast(accent.accent_hover, ground) >= colours.TEXT
        assert colours.contrast(accent.on_accent, accent.accent) >= colours.TEXT
        assert colours.contrast(accent.on_accent, accent.accent_hover) >= colours.TEXT


def test_a_colour_that_is_read_stays_and_another_keeps_its_hue() -> None:
    assert livery.of("#0055A4").light.accent == "#0055a4"
    assert livery.of("#0055a4").is_as_wished
    red, green, blue = colours.rgb(livery.of("#ffcc00").light.accent)
    assert red > green > blue == 0
    assert not livery.of("#ffcc00").is_as_wished


def test_what_is_no_colour_is_none() -> None:
    with pytest.raises(ValueError, match="no colour"):
        colours.rgb("vert")
