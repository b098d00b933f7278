"""The colour and the picture that an operator gives to a server, as every page wears them.

The colour takes the place of the accent, as near to the wish as it can be read in light and in dark.
"""

from functools import cache, lru_cache
from typing import NamedTuple

import flask
from flask import Blueprint, Response

from fediterr.core import errors, site
from fediterr.territories import authorities
from fediterr.web import assets, colours

blueprint = Blueprint("livery", __name__)

NAME = "look.css"
INKS = ("#ffffff", "#0b1512")  # of words on the accent
GROUNDS = ("card", "paper", "green-weak", "ochre-weak", "slate-weak", "brick-weak")  # where links and buttons may stand
TINT = 0.13  # of the accent in the ground of what is chosen
STRESS = 0.75  # of the accent in what is pointed at; the rest is ink


class Accent(NamedTuple):
    """The roles that a colour takes, in one scheme."""

    accent: str
    accent_hover: str
    on_accent: str
    accent_weak: str


class Livery(NamedTuple):
    wish: str
    light: Accent
    dark: Accent

    @property
    def is_as_wished(self) -> bool:
        return self.wish.lower() == self.light.accent


@lru_cache(256)
def of(wish: str) -> Livery:
    """What becomes of a colour."""
    light, dark = colours.roles(assets.asset("style.css").data.decode())
    return Livery(wish, _accent(wish, light), _accent(wish, dark))


def _accent(wish: str, scheme: dict[str, str]) -> Accent:
    grounds = [scheme[name] for name in GROUNDS]
    # The ground of what is chosen is tinted with the very colour that is read on it: so that this settles, the tint is
    # counted from a colour that is read on all others.
    weak = colours.mix(colours.legible(wish, grounds), scheme["card"], TINT)
    accent = colours.legible(wish, [*grounds, weak])
    hover = colours.legible(colours.mix(accent, scheme["ink"], STRESS), [*grounds, weak])
    on = max(INKS, key=lambda each: min(colours.contrast(each, accent), colours.contrast(each, hover)))
    return Accent(accent, hover, on, weak)


@cache
def usual() -> Livery:
    """The colours of whoever chose none: those of the style sheet."""
    light, dark = colours.roles(assets.asset("style.css").data.decode())
    return Livery(light["accent"], _written(light), _written(dark))


def _written(scheme: dict[str, str]) -> Accent:
    return Accent(scheme["accent"], scheme["accent-hover"], scheme["on-accent"], scheme["accent-weak"])


@lru_cache(256)
def _sheet(wish: str) -> assets.Asset:
    def block(accent: Accent) -> str:
        pairs = zip(("--accent", "--accent-hover", "--on-accent", "--accent-weak"), accent, strict=True)
        return ":root{" + "".join(f"{name}:{colour};" for name, colour in pairs) + "}"

    found = of(wish)
    css = f"@media screen{{{block(found.light)}}}@media screen and (prefers-color-scheme:dark){{{block(found.dark)}}}"
    return assets.made_of(NAME, css.encode())


def sheet_address() -> str:
    """The style sheet of the operator's colour; nothing when none was chosen."""
    wish = site.settings().accent_color
    return _sheet(wish).address if wish else ""


@blueprint.get(f"/static/{NAME}")
def sheet() -> Response:
    wish = site.settings().accent_color
    if not wish:
        raise errors.NotFound("There is no such page.")
    return assets.answer(_sheet(wish))


def tint_address(colour: str) -> str:
    """The style sheet of the colour of an authority, for its own pages."""
    return flask.url_for("web.livery.tint", colour=colour.removeprefix("#"), v=_sheet(colour).mark)


@blueprint.get("/static/teinte/<colour>.css")
def tint(colour: str) -> Response:
    if not authorities.has_colour(f"#{colour}"):
        raise errors.NotFound("There is no such page.")
    return assets.answer(_sheet(f"#{colour}"))


def logo_address() -> str:
    """The picture of this server; nothing when none was chosen."""
    name = site.settings().logo
    return site.media_address(name) if name else ""
