"""What runs on another server, as it says itself (NodeInfo): asked once, then once a week."""

import zlib

import sqlalchemy as sa

from fediterr.activitypub import known, vocabulary, voice
from fediterr.activitypub.models import Host
from fediterr.core import clock, db, errors, guard
from fediterr.core.db import session

HOURS = 7 * 24
AT_ONCE = 50  # servers asked in one hour, at most


def learn(host: str) -> None:
    """Ask a server, and keep its words; empty when it says nothing. Raises Unreachable."""
    try:
        found = _ask(host)
    except (errors.NotFound, errors.Refused, errors.Invalid):
        found = ""
    with db.transaction():
        session.execute(sa.update(Host).where(Host.name == host).values(software=found))


def _ask(host: str) -> str:
    client = voice.client()
    start = f"{client.schemes(host)[0]}://{host}/.well-known/nodeinfo"
    place = vocabulary.read_nodeinfo_links(client.fetch_json(start))
    if place is None or not guard.same_host(place, start):
        return ""
    about = vocabulary.read_nodeinfo(client.fetch_json(place))
    return f"{about.software_name or ''} {about.version or ''}".strip()


def ask_around() -> None:
    """Once an hour: those who were never asked, and those whose hour of the week it is; not those who are away."""
    now = int(clock.now().timestamp() // 3600) % HOURS
    rows = session.execute(sa.select(Host.name, Host.software).where(Host.failures == 0).order_by(Host.name))
    due = [name for name, software in rows if software is None or zlib.crc32(name.encode()) % HOURS == now]
    for name in due[:AT_ONCE]:
        known.ask_for("software", name)
