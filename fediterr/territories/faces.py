"""A territory's face, its outline on a tinted square: worn by an authority of here that has no picture of its own."""

import hashlib

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import site
from fediterr.core.db import session
from fediterr.territories.models import Authority, Outline, Territory

DRAWING = 1  # renewed when faces are drawn in another way


def address(territory: Territory) -> str:
    """Where its picture is handed out; nothing while its outline is not known. Another picture has another address."""
    outline = session.get(Outline, territory.id)
    return site.address(f"{_path(territory)}?v={mark(outline, colour_of(territory))}") if outline else ""


def _path(territory: Territory) -> str:
    return f"/territoires/{territory.code}/contour.png"


def is_face(picture: str) -> bool:
    """Whether the picture of an account is the face of a territory of here."""
    return picture.startswith(site.address("/territoires/")) and "/contour.png" in picture


def mark(outline: Outline, colour: str | None) -> str:
    """What tells this picture from another of the same territory."""
    return hashlib.sha256(f"{DRAWING} {colour} {outline.path}".encode()).hexdigest()[:12]


def colour_of(territory: Territory) -> str | None:
    """The colour that its verified authority gave to its pages here; none: that of what it is in law."""
    wanted = sa.select(Authority.colour).join(Account, Account.id == Authority.account_id)
    ours = (Authority.territory_id == territory.id, Authority.verified_at.is_not(None), Account.local)
    return session.scalar(wanted.where(*ours, Authority.colour.is_not(None)).order_by(Authority.account_id).limit(1))


def wear(account: Account) -> None:
    """Show the face of its territory, or no longer, unless there is a picture of its own."""
    if not account.local or (account.icon_url and not is_face(account.icon_url)):
        return
    authority = session.get(Authority, account.id)
    territory = authority.territory if authority else None
    account.icon_url = (address(territory) if territory else "") or None
    account.icon_description = territory.name if territory and account.icon_url else ""
