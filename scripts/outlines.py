"""From boundaries in longitude and latitude to simplified outlines that neighbours share, area and centre."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import shapely

Geometries = dict[str, Any]  # by the code of a territory

AXIS, FLATTENING = 6_378_137.0, 1 / 298.257222101  # of the ellipsoid GRS80
ECCENTRICITY = math.sqrt(FLATTENING * (2 - FLATTENING))
PARALLELS, ORIGIN = (44.0, 49.0), (3.0, 46.5)  # of Lambert-93
FALSE_EAST, FALSE_NORTH = 700_000.0, 6_600_000.0
UNIT = 100  # metres
GAP = 0.002  # degrees: what is narrower between neighbours is no land or water of its own, but a flaw
SOUTH = 72_000  # units: what the north is taken from, so that y grows to the south and is positive in France


class Outline(NamedTuple):
    """The data of an SVG path, and the box that holds it."""

    path: str
    left: int
    top: int
    width: int
    height: int


# --- planes ---------------------------------------------------------------------------------------------------------


def to_lambert(degrees: Any) -> Any:
    """Longitudes and latitudes in Lambert-93 (conformal conic, two standard parallels)."""
    first, second = (math.radians(each) for each in PARALLELS)
    cone = math.log(_radius(first) / _radius(second)) / math.log(_slant(first) / _slant(second))
    scale = AXIS * _radius(first) / (cone * _slant(first) ** cone)
    distance = scale * _slant(np.radians(degrees[:, 1])) ** cone
    turned = cone * np.radians(degrees[:, 0] - ORIGIN[0])
    top = scale * _slant(math.radians(ORIGIN[1])) ** cone
    return np.column_stack(
        (FALSE_EAST + distance * np.sin(turned), FALSE_NORTH + top - distance * np.cos(turned)),
    )


def _radius(latitude: float) -> float:
    return math.cos(latitude) / math.sqrt(1 - (ECCENTRICITY * math.sin(latitude)) ** 2)


def _slant(latitude: Any) -> Any:
    bent = ECCENTRICITY * np.sin(latitude)
    return np.tan(np.pi / 4 - latitude / 2) / ((1 - bent) / (1 + bent)) ** (ECCENTRICITY / 2)


def to_plane_of(longitude: float, latitude: float) -> Any:
    """What puts longitudes and latitudes around a point in a plane of their own, that point in its middle."""
    bent = 1 - (ECCENTRICITY * math.sin(math.radians(latitude))) ** 2
    north = AXIS * (1 - ECCENTRICITY**2) / bent**1.5
    east = AXIS / math.sqrt(bent) * math.cos(math.radians(latitude))

    def project(degrees: Any) -> Any:
        away = np.radians(degrees - (longitude, latitude))
        return np.column_stack((FALSE_EAST + away[:, 0] * east, FALSE_NORTH + away[:, 1] * north))

    return project


def area(geometry: Any) -> float:
    """Square kilometres on the ellipsoid: the cylinder of equal areas."""

    def project(degrees: Any) -> Any:
        sine = np.sin(np.radians(degrees[:, 1]))
        bent = ECCENTRICITY * sine
        height = sine / (1 - bent**2) - np.log((1 - bent) / (1 + bent)) / (2 * ECCENTRICITY)
        return np.column_stack((np.radians(degrees[:, 0]), (1 - ECCENTRICITY**2) / 2 * height)) * AXIS

    return float(shapely.area(shapely.transform(geometry, project))) / 1e6


def centre(geometry: Any) -> tuple[float, float]:
    """The latitude and longitude of its middle; of a point inside where the middle lies outside."""
    point = shapely.centroid(geometry)
    if not shapely.covers(geometry, point):
        point = shapely.point_on_surface(geometry)
    return round(point.y, 4), round(point.x, 4)


# --- coverages ------------------------------------------------------------------------------------------------------


def mend(geometries: Geometries, *grown: set[str]) -> Geometries:
    """Communes with each border the same from both sides, and with the land of those that they took in.

    Where a commune was merged into another a short while ago, the boundaries may have a hole: it belongs to the one
    neighbour among those that have `grown`, or to nobody if there are several. The surest groups of them come first.
    """
    codes = list(geometries)
    shapes = shapely.coverage_clean(np.array(list(geometries.values()), dtype=object), gap_width=GAP)
    tree = shapely.STRtree(shapes)
    for hole in _holes(shapely.coverage_union_all(shapes)):
        near = {codes[number]: number for number in tree.query(hole, predicate="intersects")}
        for group in grown:
            found = group & near.keys()
            if len(found) == 1:
                number = near[found.pop()]
                shapes[number] = shapely.union(shapes[number], hole)
                break
    return dict(zip(codes, shapes, strict=True))


def _holes(geometry: Any) -> list[Any]:
    return [shapely.Polygon(ring) for part in shapely.get_parts(geometry) for ring in part.interiors]


def plane(geometries: Geometries, *, overseas: bool) -> Geometries:
    """The communes of one part of the country in their plane."""
    codes, shapes = list(geometries), np.array(list(geometries.values()), dtype=object)
    project = to_lambert
    if overseas:
        west, south, east, north = shapely.total_bounds(shapes)
        project = to_plane_of(round((west + east) / 2, 1), round((south + north) / 2, 1))
    return dict(zip(codes, shapely.transform(shapes, project), strict=True))


def simplify(coverage: Geometries, tolerance: float) -> Geometries:
    """With fewer corners: a border keeps the same ones from both sides. Islets and holes too small to see go."""
    shapes = np.array(list(coverage.values()), dtype=object)
    simple = shapely.coverage_simplify(shapes, tolerance)
    return {code: _without_specks(each, tolerance**2) for code, each in zip(coverage, simple, strict=True)}


def _without_specks(geometry: Any, smallest: float) -> Any:
    """Its largest part stays, however small."""
    parts = sorted(shapely.get_parts(geometry), key=shapely.area, reverse=True)
    kept = parts[:1] + [part for part in parts[1:] if part.area >= smallest]
    return shapely.MultiPolygon([_without_pinholes(part, smallest) for part in kept])


def _without_pinholes(part: Any, smallest: float) -> Any:
    holes = [ring for ring in part.interiors if shapely.Polygon(ring).area >= smallest]
    return shapely.Polygon(part.exterior, holes)


def unite(coverage: Geometries, whole_of: Mapping[str, Iterable[str]]) -> Geometries:
    """The territories that hold each part, made of their parts."""
    parts = defaultdict(list)
    for code, geometry in coverage.items():
        for whole in whole_of.get(code, ()):
            parts[whole].append(geometry)
    return {code: shapely.coverage_union_all(each) for code, each in sorted(parts.items())}


# --- paths ----------------------------------------------------------------------------------------------------------


def draw(geometry: Any) -> Outline:
    """In whole units. A part too small to be drawn is left out, unless it is all there is: then it is a square."""
    rings = [ring for part in shapely.get_parts(geometry) for ring in (part.exterior, *part.interiors)]
    drawn = [corners for ring in rings if len(corners := _corners(ring)) > 2] or [_square(geometry)]
    everything = np.concatenate(drawn)
    left, top = (int(each) for each in everything.min(axis=0))
    right, bottom = (int(each) for each in everything.max(axis=0))
    return Outline("".join(map(_path, drawn)), left, top, right - left, bottom - top)


def _corners(ring: Any) -> Any:
    """Without those that coincide, or lie between two others on one line."""
    corners = _on_grid(np.asarray(ring.coords)[:-1])
    corners = corners[(corners != np.roll(corners, 1, axis=0)).any(axis=1)]
    before, after = corners - np.roll(corners, 1, axis=0), np.roll(corners, -1, axis=0) - corners
    return corners[before[:, 0] * after[:, 1] != before[:, 1] * after[:, 0]]


def _square(geometry: Any) -> Any:
    x, y = _on_grid(np.array([[geometry.centroid.x, geometry.centroid.y]]))[0]
    return np.array([(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)])


def _on_grid(metres: Any) -> Any:
    units = np.rint(metres / UNIT).astype(int)
    return np.column_stack((units[:, 0], SOUTH - units[:, 1]))


def _path(corners: Any) -> str:
    steps = " ".join(f"{x} {y}" for x, y in np.diff(corners, axis=0))
    return f"M{corners[0][0]} {corners[0][1]}l{steps}z".replace(" -", "-")
