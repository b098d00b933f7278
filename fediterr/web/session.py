"""Who is signed in, and whether a form really comes from one of our pages.

The signed cookie holds a word of which the database keeps the hash: whatever ends that row, ends the session at the
next request, wherever the cookie was copied to.
"""

import contextlib
import hmac
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

import flask
import sqlalchemy as sa
from flask import request

from fediterr.accounts import service as accounts
from fediterr.accounts import sessions, speakers
from fediterr.accounts.credentials import Stage
from fediterr.accounts.models import Account, Office, Role, Speaker, User
from fediterr.core import db, errors, limits
from fediterr.web import agents, masks

SAFE = ("GET", "HEAD", "OPTIONS")
WORD = "session"  # what the word is called in the cookie
VOICE = "voice"  # the id of the authority that this browser acts for


@dataclass(frozen=True)
class Here:
    """The session of this browser, as it was when the request came; at an early stage nobody is signed in by it."""

    id: int
    user: User
    stage: str
    stale: bool


def user() -> User | None:
    """The user who is signed in and still may be."""
    if "user" not in flask.g:
        flask.g.here = found = _remembered()
        flask.g.user = found.user if found and found.stage == Stage.OPEN else None
    known: User | None = flask.g.user
    return known


def current() -> Here | None:
    """The session of this browser: an open one, or one whose next step is awaited."""
    user()
    found: Here | None = flask.g.get("here")
    return found


def _remembered() -> Here | None:
    word = flask.session.get(WORD)
    found = sessions.by_word(word) if isinstance(word, str) else None
    return Here(found.id, found.user, found.stage, sessions.is_stale(found)) if found else None


def awaiting(stage: Stage) -> User | None:
    """Who gave the right password in this browser a moment ago, and whose next step this is."""
    here = current()
    return here.user if here is not None and here.stage == stage else None


def be_a_visitor() -> None:
    """Know nobody on this page, whatever the cookie says."""
    flask.g.user = None


def viewer() -> Account | None:
    """The account that looks at the page: of the person, or of the authority they act for; None for a visitor."""
    found, office = user(), acting()
    if office is not None and not flask.g.get("personal"):
        return office.account
    return found.account if found else None


def person() -> Account:
    """The account of the person who is signed in, for whomever they act; Unauthorized for a visitor."""
    return require_user().account


def require() -> Account:
    """The account that is signed in, or that of the authority acted for; Unauthorized for a visitor."""
    found = viewer()
    if found is None:
        raise errors.Unauthorized("Sign in first.")
    return found


def is_administrator() -> bool:
    """Whether who looks at the page administers this server."""
    found = user()
    return found is not None and accounts.ranks(found, Role.ADMIN)


def require_user() -> User:
    """The user who is signed in; Unauthorized for a visitor."""
    require()
    found = user()
    assert found is not None  # whoever is required to be signed in is a user
    return found


def require_moderator() -> Account:
    """The account that is signed in, of a moderator or an administrator."""
    return _require_role("This page is for moderators.", Role.MODERATOR)


def require_administrator() -> Account:
    """The account that is signed in, of an administrator."""
    return _require_role("This page is for administrators.", Role.ADMIN)


def _require_role(words: str, role: Role) -> Account:
    found = require_user()
    if not accounts.ranks(found, role):
        raise errors.Forbidden(words)
    return found.account


# --- in whose name -------------------------------------------------------------------------------------------------


def offices() -> list[Speaker]:
    """The authorities that the person acts for, with their office, asked for once for a page."""
    if "offices" not in flask.g:
        flask.g.offices = speakers.offices_of(user())
    found: list[Speaker] = flask.g.offices
    return found


def acting() -> Speaker | None:
    """The office in which this page is looked at; None: in one's own name. One that was taken away ends here."""
    voice = flask.session.get(VOICE)
    if voice is None or user() is None:
        return None
    found = next((each for each in offices() if each.account_id == voice), None)
    if found is None:
        act_for(None)
    return found


def office_for(authority: Account) -> Speaker | None:
    """What the person may do for an authority; None for a visitor, and who is no agent of it."""
    return next((each for each in offices() if each.account_id == authority.id), None) if user() else None


def act_for(office: Speaker | None) -> None:
    """From now on this browser acts for that authority, or for the person again.

    The forms of pages that are open elsewhere hold no more: nothing is sent in another name than its page says.
    """
    flask.session.pop(VOICE, None)
    flask.session.pop("csrf", None)
    if office is not None:
        flask.session[VOICE] = office.account_id


def be_oneself() -> None:
    """This page is about the person, for whomever they act."""
    flask.g.personal = True


def voices() -> list[Account]:
    """In whose names the person may publish besides their own; while they act for one, in no other."""
    return [] if acting() else [each.account for each in offices() if each.office != Office.READ]


def may_change(author: Account) -> bool:
    """Whether what an account published is changed from here: one's own, or of an authority one writes for."""
    office = acting()
    if office is not None:
        return author.id == office.account_id and office.office != Office.READ
    return speakers.may_speak(user(), author)


def start(found: User, *, lasting: bool = False, stage: str = Stage.OPEN) -> None:
    """Begin a session, with a word of its own: nothing of the one before stays.

    A lasting one outlives the browser's window; one at an earlier stage opens nothing but the page of its next step.
    """
    end()
    with db.transaction():
        word = sessions.begin(
            found,
            stage=stage,
            lasting=lasting,
            agent=agents.in_words(request.user_agent.string),
            network=network_here(),
        )
    flask.session.permanent = lasting
    flask.session[WORD] = word
    flask.g.pop("user")
    flask.g.pop("offices", None)
    user()


def renew(found: User) -> None:
    """Begin the session of this browser anew, for as long as it was to last: something was proved, or changed."""
    start(found, lasting=flask.session.permanent)


def end() -> None:
    """End the session of this browser, here and in every copy of its cookie."""
    word = flask.session.get(WORD)
    if isinstance(word, str):
        with db.transaction():
            sessions.end_by_word(word)
    flask.session.clear()
    flask.g.user = flask.g.here = None


def note_use() -> None:
    """Remember once an hour that this session is used, in a unit of work of its own when the page writes nothing."""
    here: Here | None = flask.g.get("here")
    if here is None or here.stage != Stage.OPEN or not here.stale:
        return
    with contextlib.suppress(sa.exc.OperationalError), db.transaction():  # of no importance to who asks
        sessions.note_use(here.id, network_here())


def network_here() -> str:
    """Where this request comes from: an address, or the network of a subscriber."""
    return limits.network_of(request.remote_addr).removesuffix("/32")


def forget() -> None:
    """Look at nobody: what is shown next asks nothing of the database."""
    flask.g.user = None


# --- forms ---------------------------------------------------------------------------------------------------------


def csrf_token() -> str:
    """The word that our forms carry and that no other site can know; under another mask on each page."""
    if "csrf" not in flask.session:
        flask.session["csrf"] = secrets.token_urlsafe(24)
    word = str(flask.session["csrf"])
    if flask.g.get("csrf_word") != word:
        flask.g.csrf_word, flask.g.csrf_masked = word, masks.mask(word)
    return str(flask.g.csrf_masked)


def check_form() -> None:
    """Refuse a form that does not come from a page of this session."""
    if request.method in SAFE:
        return
    acting()  # a form that was to be sent in a name that was taken away holds no more
    expected = str(flask.session.get("csrf", ""))
    given = masks.unmask(request.form.get("csrf", ""))
    if not expected or not hmac.compare_digest(expected.encode(), given.encode()):
        raise errors.Forbidden("This page had become too old: go back, reload it and try again.")


def local_path(value: str | None, otherwise: str = "/") -> str:
    """The value when it is a path of this site, and nothing that a browser could take for another site."""
    if not value or len(value) > 2000 or not value.isprintable() or "\\" in value or " " in value:
        return otherwise
    parts = urlsplit(value)
    if parts.scheme or parts.netloc or not value.startswith("/") or value.startswith("//"):
        return otherwise
    return value
