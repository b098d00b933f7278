"""Faces of territories as pictures: their outline on a square, in the tint of what they are or of their own pages."""

import importlib
from dataclasses import dataclass
from typing import Any

import flask
from flask import Blueprint, Response, request

from fediterr.core import errors
from fediterr.core.db import session
from fediterr.territories import directory, faces
from fediterr.territories.models import SYNDICATES, Nature, Outline
from fediterr.web import assets, colours

blueprint = Blueprint("faces", __name__, url_prefix="/territoires/<code>")

FILLED = 0.74  # of the square
TINT = 0.14  # of a colour in the ground that it stands on
DAY = 86400  # seconds
OTHERS: dict[str, str] = {
    Nature.COMMUNE: "slate",
    Nature.DEPARTMENT: "ochre",
    Nature.REGION: "ochre",
    Nature.SINGLE: "ochre",
}
TYPES = {"svg": "image/svg+xml", "png": "image/png"}


@dataclass(frozen=True)
class Tint:
    """A ground and what is drawn on it, in light and in dark."""

    ground: str
    ink: str
    dark_ground: str
    dark_ink: str


def tint_of(kind: str, colour: str | None) -> Tint:
    """The colour that was chosen, as far as it can be seen; else one that goes by what a territory is in law."""
    light, dark = colours.roles(assets.asset("style.css").data.decode())
    if colour:
        ground, dark_ground = (colours.mix(colour, scheme["card"], TINT) for scheme in (light, dark))
        inks = (colours.legible(colour, [each], colours.EDGE) for each in (ground, dark_ground))
        return Tint(ground, next(inks), dark_ground, next(inks))
    role = "slate" if kind in SYNDICATES else OTHERS.get(kind, "green")
    return Tint(light[f"{role}-weak"], light[role], dark[f"{role}-weak"], dark[role])


@blueprint.get("/contour.<any(svg, png):form>")
def drawn(code: str, form: str) -> Response:
    """The face of a territory; for good under the address that names these very lines and colours."""
    territory = directory.get(code)
    outline = session.get(Outline, territory.id)
    if outline is None:
        raise errors.NotFound("There is no such picture.")
    colour = faces.colour_of(territory)
    mark, tint = faces.mark(outline, colour), tint_of(territory.kind, colour)
    answer = flask.make_response(as_svg(outline, tint).encode() if form == "svg" else as_png(outline, tint))
    answer.headers["Content-Type"] = TYPES[form]
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    named = request.args.get("v") == mark
    answer.headers["Cache-Control"] = f"public, max-age={assets.YEAR}, immutable" if named else f"public, max-age={DAY}"
    answer.set_etag(f"{mark}-{form}")
    answer.make_conditional(request)
    return answer


def as_svg(outline: Outline, tint: Tint) -> str:
    """The face as a drawing that knows the dark."""
    scale, x, y = _place(outline, 100)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f"<style>rect{{fill:{tint.ground}}}path{{fill:{tint.ink}}}@media(prefers-color-scheme:dark)"
        f"{{rect{{fill:{tint.dark_ground}}}path{{fill:{tint.dark_ink}}}}}</style>"
        '<rect width="100" height="100"/>'
        f'<path fill-rule="evenodd" transform="translate({x:.4g} {y:.4g})scale({scale:.4g})" d="{outline.path}"/></svg>'
    )


def _place(outline: Outline, side: float) -> tuple[float, float, float]:
    """By how much it is drawn larger, and where its origin lies, so that it stands in the middle of a square."""
    scale = side * FILLED / max(outline.width, outline.height, 1)
    x = side / 2 - scale * (outline.left + outline.width / 2)
    y = side / 2 - scale * (outline.top + outline.height / 2)
    return scale, x, y


def as_png(outline: Outline, tint: Tint) -> bytes:
    """The same in pixels; the library that draws them is read when the first is asked for, not at each start."""
    pixels: Any = importlib.import_module("fediterr.web.pixels")
    drawn: bytes = pixels.painted(outline.path, _place(outline, pixels.SIDE * pixels.FINER), tint.ground, tint.ink)
    return drawn
