"""How far one has read, the same in each application."""

from typing import Any

from fediterr.mastodon import routes
from fediterr.mastodon.entities import Entity, moment
from fediterr.social import markers
from fediterr.social.models import Marker


@routes.get("/api/v1/markers", "read:statuses")
def listed() -> Any:
    return _shown(markers.of(routes.me(), routes.sent().texts("timeline")))


@routes.post("/api/v1/markers", "write:statuses")
def put() -> Any:
    sent = routes.sent()
    places = {name: sent.part(name).number("last_read_id") for name in (markers.HOME, markers.NOTIFICATIONS)}
    return _shown(markers.put(routes.me(), {name: place for name, place in places.items() if place is not None}))


def _shown(found: list[Marker]) -> Entity:
    return {
        marker.timeline: {
            "last_read_id": str(marker.last_read_id),
            "version": marker.version,
            "updated_at": moment(marker.updated_at),
        }
        for marker in found
    }
