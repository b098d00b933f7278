"""What waits to be done, who does it, and the room that everything takes."""

import shutil
from datetime import timedelta
from typing import NamedTuple

from flask import Blueprint, Response
from flask_babel import format_date, format_decimal
from flask_babel import gettext as _

from fediterr.activitypub import backlog
from fediterr.core import beats, clock, copies, db, memory, site
from fediterr.core.checks import work
from fediterr.moderation import figures
from fediterr.web import rendering, session

blueprint = Blueprint("machinery", __name__)

DAYS = 14
MIB, GIB = 1 << 20, 1 << 30
COUNTED = timedelta(minutes=10)  # the room that copies take is looked at this often


class Queue(NamedTuple):
    """Work that waits: its words, how much, since when (seconds), and what was set aside after failing."""

    words: str
    depth: int
    oldest: int | None = None
    set_aside: int = 0


class Room(NamedTuple):
    words: str
    files: int | None
    size: str


@blueprint.get("/administration/machines")
def show() -> Response:
    session.require_administrator()
    days, came, last = figures.last_days(DAYS), backlog.received(DAYS), beats.last()
    return rendering.show(
        "administration/machinery.html",
        queues=_queues(),
        rooms=_rooms(),
        free=_free(),
        worker_seen_at=last,
        is_silent=last is None or clock.now() - last > work.SILENCE,
        labels=[format_date(each.day, "d MMM") for each in days],
        said=[each.statuses for each in days],
        added=[round(each.size / MIB, 1) for each in days],
        received=list(came.values()),
    )


def _queues() -> list[Queue]:
    measured, beside = backlog.measure(), backlog.beside()
    words = {
        "inbox": _("Reçu d’autres serveurs, à traiter"),
        "facts": _("Arrivé ici, à faire savoir"),
        "deliveries": _("À envoyer à d’autres serveurs"),
    }
    found = [
        Queue(words[name], row["depth"], row["oldest_seconds"], row["set_aside"]) for name, row in measured.items()
    ]
    return [
        *found,
        Queue(_("À demander à d’autres serveurs"), beside["errands"]),
        Queue(_("Courriels à envoyer"), beside["letters"]),
        Queue(_("Images, vidéos et sons à préparer"), beside["files"]),
        Queue(_("Notifications à pousser"), beside["pushes"]),
    ]


def _rooms() -> list[Room]:
    kinds = {
        "image": _("Images"),
        "video": _("Vidéos"),
        "audio": _("Sons"),
        "document": _("Documents"),
    }
    piles = [Room(kinds.get(each.kind, each.kind), each.files, _size(each.size)) for each in figures.piles()]
    return [
        Room(_("Base de données"), None, _size(db.size())),
        *piles,
        Room(_("Copies d’images d’ailleurs (elles peuvent être jetées)"), None, _size(_copies())),
    ]


def _free() -> str:
    """What is left on the disk of the data directory; nothing while there is none."""
    place = site.settings().data_dir
    return _size(shutil.disk_usage(place).free) if place.is_dir() else ""


def _size(number: int) -> str:
    """So many bytes, as people read them."""
    if number >= GIB:
        return str(_("%(number)s Gio", number=format_decimal(round(number / GIB, 1))))
    return str(_("%(number)s Mio", number=format_decimal(round(number / MIB, 1))))


def _copies() -> int:
    return memory.lately("room of copies", COUNTED, copies.taken)
