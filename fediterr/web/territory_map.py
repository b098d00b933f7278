"""The map of territories, drawn by the server: France by department, a region or department by its communautés."""

from bisect import bisect_right
from dataclasses import dataclass

import flask
from flask import Blueprint, Response, request
from flask_babel import format_decimal
from flask_babel import gettext as _

from fediterr.territories import atlas, directory, search
from fediterr.territories.atlas import Area
from fediterr.territories.models import Nature, Territory
from fediterr.web import natures, rendering, session, territory_directory

blueprint = Blueprint("territory_map", __name__, url_prefix="/territoires/carte")

COLOURS = ("reseau", "nombre", "population", "densite")
SHARES = (0.0001, 0.05, 0.2, 0.5)  # where the classes of what is on the network begin
INSET = 900  # the width and height of the drawing of an overseas department, in units of the map
INSETS = ((1000, 6650), (1950, 6650), (1000, 7850), (1950, 7850), (1000, 9050))  # where they stand, in the sea
OVERSEAS = "D97"


@dataclass(frozen=True)
class Piece:
    """An area as it is drawn and told: where it leads, what it says, its class of colour."""

    area: Area
    address: str
    words: str
    step: str


@dataclass(frozen=True)
class Drawing:
    """A part of a map with a frame of its own: its pieces, the borders over them, and where it stands."""

    pieces: list[Piece]
    borders: list[str]
    place: tuple[int, int] | None = None  # of an inset

    @property
    def frame(self) -> str:
        left, top, right, bottom = atlas.box_of(each.area for each in self.pieces)
        edge = max(right - left, bottom - top) // 50 + 1
        return f"{left - edge} {top - edge} {right - left + 2 * edge} {bottom - top + 2 * edge}"


@dataclass(frozen=True)
class Table:
    """The same figures as words: what the lines are, and the lines."""

    caption: str
    pieces: list[Piece]


@blueprint.get("")
def france() -> Response:
    """All departments; each leads to its own map."""
    areas = atlas.departments(territory_directory.asked()[1])
    painter = Painter(areas)
    pieces = [painter.piece(each, leads_to_map=True) for each in areas]
    near = [each for each in pieces if not each.area.code.startswith(OVERSEAS)]
    far = [each for each in pieces if each.area.code.startswith(OVERSEAS)]
    drawings = [Drawing(near, atlas.borders(Nature.REGION) if near else [])]
    drawings += [Drawing([each], [], place) for each, place in zip(far, INSETS, strict=False)]
    return _page(None, drawings, painter, [Table(_("Départements"), pieces)])


@blueprint.get("/<code>")
def zoomed(code: str) -> Response:
    """A region by its communautés, a department by its communes; anything else has its own page."""
    place, filters = directory.get(code), territory_directory.asked()[1]
    if place.kind == Nature.DEPARTMENT:
        wide, fine = (
            atlas.epci(filters, department=place.insee_code or ""),
            atlas.communes(filters, place.insee_code or ""),
        )
        captions = _("Intercommunalités"), _("Communes")
    elif place.kind in (Nature.REGION, Nature.SINGLE):
        wide, fine = atlas.departments(filters, place.region or ""), atlas.epci(filters, region=place.region or "")
        captions = _("Départements"), _("Intercommunalités")
    else:
        return rendering.lead(flask.url_for("web.territories.show", code=code))
    painter, other = Painter(fine), Painter(wide)
    pieces = [painter.piece(each) for each in fine]
    listed = [other.piece(each, leads_to_map=place.kind != Nature.DEPARTMENT) for each in wide]
    drawings = [Drawing(pieces, [each.path for each in wide])] if pieces else []
    return _page(place, drawings, painter, [Table(captions[0], listed), Table(captions[1], pieces)])


def _page(place: Territory | None, drawings: list[Drawing], painter: "Painter", tables: list[Table]) -> Response:
    """A map; to visitors it is the same until something changes, so their browsers keep it."""
    filters = territory_directory.asked()[1]
    counted = search.find("", filters, limit=0).facets
    answer = rendering.show(
        "territories/map.html", seen=place, drawings=drawings, painter=painter, tables=tables, inset=INSET,
        choices=territory_directory.choices(counted, filters), colours=_colours(),
        region=directory.region_of(place) if place is not None and place.kind == Nature.DEPARTMENT else None,
        regions=directory.of_kind(Nature.REGION) if place is None else [],
        map_with=address_of, density_word=density_word,
    )  # fmt: skip
    if session.viewer() is None and not flask.session:
        answer.add_etag()
        answer.make_conditional(request)
    return answer


def _colours() -> dict[str, str]:
    words = (_("Sur le réseau"), _("Nombre"), _("Population"), _("Densité"))
    return dict(zip(COLOURS, words, strict=True))


def address_of(code: str | None) -> str:
    """The map of another place, or of France: the filters and what is coloured stay."""
    kept = territory_directory.kept("couleur")
    if code is None:
        return flask.url_for("web.territory_map.france", **kept)
    return flask.url_for("web.territory_map.zoomed", code=code, **kept)


class Painter:
    """Gives areas the class of their colour, and says what it means."""

    def __init__(self, areas: list[Area]) -> None:
        colour = request.args.get("couleur", "")
        self.colour = colour if colour in COLOURS else COLOURS[0]
        self.are_single = all(each.number <= 1 for each in areas)
        self._marks = atlas.steps(_figure(each, self.colour) for each in areas if each.number)

    def piece(self, area: Area, *, leads_to_map: bool = False) -> Piece:
        address = address_of(area.code) if leads_to_map else flask.url_for("web.territories.show", code=area.code)
        return Piece(area, address, f"{area.name} : {self._words(area)}", self._step(area))

    @property
    def legend(self) -> list[tuple[str, str]]:
        """Each class of colour, in words."""
        if self.colour == "reseau" and self.are_single:
            return [("0", _("pas encore sur le réseau")), ("4", _("sur le réseau"))]
        if self.colour == "reseau":
            words = (_("personne"), _("moins de 5 %"), _("5 à 20 %"), _("20 à 50 %"), _("la moitié ou plus"))
            return [(str(step), word) for step, word in enumerate(words)]
        if self.colour == "densite":
            return [(f"d{step}", str(word)) for step, word in natures.DENSITIES.items()]
        ends = [*self._marks, None]
        starts = [None, *self._marks]
        return [(str(step), _between(*pair)) for step, pair in enumerate(zip(starts, ends, strict=True))]

    def _step(self, area: Area) -> str:
        if not area.number:
            return "none"
        if self.colour == "reseau":
            return ("4" if area.present else "0") if self.are_single else str(bisect_right(SHARES, area.share))
        if self.colour == "densite":
            return f"d{area.density7}" if area.density7 else "none"
        return str(bisect_right(self._marks, _figure(area, self.colour)))

    def _words(self, area: Area) -> str:
        if not area.number:
            return str(_("hors du filtre"))
        if self.colour == "reseau" and self.are_single:
            return str(_("sur le réseau") if area.present else _("pas encore sur le réseau"))
        if self.colour == "reseau":
            present, number = format_decimal(area.present), format_decimal(area.number)
            return str(_("%(present)s sur %(number)s sur le réseau", present=present, number=number))
        if self.colour == "densite":
            return str(natures.DENSITIES.get(area.density7 or 0) or _("densité inconnue"))
        if self.colour == "population":
            return str(_("%(people)s hab.", people=format_decimal(area.population or 0)))
        return str(_("%(number)s territoires", number=format_decimal(area.number)))


def density_word(step: int | None) -> str:
    return str(natures.DENSITIES.get(step or 0, ""))


def _figure(area: Area, colour: str) -> int:
    return (area.population or 0) if colour == "population" else area.number


def _between(start: int | None, end: int | None) -> str:
    if start is None and end is None:
        return str(_("tous"))
    if start is None:
        return str(_("moins de %(end)s", end=format_decimal(end or 0)))
    if end is None:
        return str(_("%(first)s et plus", first=format_decimal(start)))
    return str(_("%(first)s à %(end)s", first=format_decimal(start), end=format_decimal(end)))
