"""What runs on another server, as it says itself (NodeInfo): asked once, then once a week."""

import zlib

import sqlalchemy as sa

from fediterr.activitypub import directories, known, vocabulary, voice
from fediterr.activitypub.models import Host
from fediterr.core import clock, db, errors, guard
from fediterr.core.db import session

HOURS = 7 * 24
AT_ONCE = 50  # servers asked in one hour, at most


def learn(host: str) -> None:
    """Ask a server, and keep its words; empty when it says nothing. Raises Unreachable."""
    start = f"{voice.client().schemes(host)[0]}://{host}/.well-known/nodeinfo"
    try:
        about = _ask(start)
    except (errors.NotFound, errors.Refused, errors.Invalid):
        about = None
    found = f"{about.software_name or ''} {about.version or ''}".strip() if about is not None else ""
    with db.transaction():
        session.execute(sa.update(Host).where(Host.name == host).values(software=found))
        directories.note(host, about.metadata.get("fediterr") if about is not None else None, start)


def _ask(start: str) -> vocabulary.NodeInfo | None:
    client = voice.client()
    place = vocabulary.read_nodeinfo_links(client.fetch_json(start))
    if place is None or not guard.same_host(place, start):
        return None
    return vocabulary.read_nodeinfo(client.fetch_json(place))


def ask_around() -> None:
    """Once an hour: those who were never asked, and those whose hour of the week it is; not those who are away."""
    now = int(clock.now().timestamp() // 3600) % HOURS
    rows = session.execute(sa.select(Host.name, Host.software).where(Host.failures == 0).order_by(Host.name))
    due = [name for name, software in rows if software is None or zlib.crc32(name.encode()) % HOURS == now]
    for name in due[:AT_ONCE]:
        known.ask_for("software", name)
