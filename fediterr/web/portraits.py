"""What is seen of people and of what they attach: a picture that lies here, our copy of it, or initials."""

import hashlib
import re

import flask

from fediterr.accounts.models import Account, Kind
from fediterr.core import site
from fediterr.social import media
from fediterr.social.models import Medium
from fediterr.territories import faces
from fediterr.web import session

TINTS = ("", "tint-ochre", "tint-slate")
PARTS = {"portrait": "icon", "banniere": "image"}  # as pages call them, as accounts do


def initials(name: str) -> str:
    """One or two letters that stand for a name: `Élodie Martin` is ÉM."""
    words = [word for word in re.split(r"[\W_]+", name) if word]
    letters = [word[0] for word in words if word[0].isalpha()] or [word[0] for word in words]
    return ((letters[0] + letters[-1]) if len(letters) > 1 else "".join(letters) or "·").upper()


def is_authority(account: Account) -> bool:
    """Whether a rounded square speaks: an authority or a community; a circle is a person."""
    return account.kind in (Kind.ORGANIZATION, Kind.GROUP, Kind.APPLICATION)


def tint(account: Account) -> str:
    """One of the grounds of avatars, the same for the same account everywhere."""
    return TINTS[hashlib.sha256(account.uri.encode()).digest()[0] % len(TINTS)]


def picture_of(account: Account) -> str:
    """Where the picture of an account is, standing still: here, or our copy of it for whoever is signed in."""
    return _shown(account, "portrait")


def banner_of(account: Account) -> str:
    """The same of the wide picture above its profile."""
    return _shown(account, "banniere")


def source(account: Account, part: str) -> str:
    """Where a picture of an account comes from."""
    name = PARTS[part]
    return getattr(account, f"{name}_still_url") or getattr(account, f"{name}_url") or ""


def _shown(account: Account, part: str) -> str:
    address = source(account, part)
    if not address or not account.active:
        return ""
    if account.local and faces.is_face(address):
        return address.removeprefix(site.settings().base_url).replace(".png", ".svg")
    if account.local:
        return address if address.startswith(site.media_address("")) else ""
    if session.viewer() is None:
        return ""
    mark = hashlib.sha256(address.encode()).hexdigest()[:8]
    return flask.url_for("web.pictures.of_account", identifier=account.id, part=part, v=mark)


def shown_address(medium: Medium) -> str:
    """Where the picture is that stands for a file of a post, on our pages; empty when none may be shown."""
    if medium.remote_url is None:
        return media.preview_address(medium) or ""
    reachable = medium.kind == "image" and medium.remote_url.startswith(("https://", "http://"))
    shown = reachable and medium.post_id is not None and session.viewer() is not None
    return flask.url_for("web.pictures.of_post", identifier=medium.id) if shown else ""
