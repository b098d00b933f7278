"""Acting for an authority: while its agent does, all that they read and write is in its name, and is written down.

Pages about the person (how they sign in, their data, moderation, administration) stay the person's.
"""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts.models import Office, Speaker
from fediterr.core import errors
from fediterr.moderation import acts
from fediterr.web import forms, navigation, rendering, session

blueprint = Blueprint("acting", __name__)

# Pages about the person, by their blueprint; so are all of moderation and administration.
PERSONAL = {
    "acting", "authorization", "claiming", "departure", "entrance", "first_run", "forgotten", "imports", "my_data",
    "openid", "passkeys", "reading", "registration", "second_factor", "second_step", "security",
    "authority_agents", "authority_journal", "authority_leaving", "authority_settings",
}  # fmt: skip
MANAGED = {"settings", "moving", "reach"}  # what only those change who manage the authority
# They write down themselves what they do: some of what they are sent is done in nobody's name yet.
TELLING = {"web.writing.publish", "web.rewriting.save", "web.rewriting.delete"}


def part() -> str:
    """The blueprint of this page, as navigation calls it."""
    return (request.blueprint or "").removeprefix("web.")


def is_personal() -> bool:
    return part() in PERSONAL or part() in navigation.OF_STAFF


def guard() -> None:
    """Whose page this is; Forbidden for what the office does not allow."""
    if is_personal():
        session.be_oneself()
        return
    if request.method in session.SAFE and part() not in MANAGED:
        return
    office = session.acting()
    if office is None:
        return
    if part() in MANAGED and office.office != Office.MANAGE:
        raise errors.Forbidden("Only those who manage this authority change this.")
    if request.method not in session.SAFE and office.office == Office.READ:
        raise errors.Forbidden("You may read for this authority, not write: go back to your own name first.")


def write_down(response: Response) -> None:
    """Put what was just done for an authority into its journal, in the same unit of work."""
    if request.method in session.SAFE or response.status_code >= 400 or is_personal() or request.endpoint in TELLING:
        return
    office = session.acting()
    if office is None or _was_refused():
        return
    action = (request.endpoint or "").removeprefix("web.") + (":off" if request.form.get("on") == "0" else "")
    acts.write_down(session.person(), office.account, action, _subject())


def _was_refused() -> bool:
    """Whether the page that is led to will say what was wrong."""
    return any(kind == "bad" for kind, _words in flask.session.get("_flashes", ()))


def _subject() -> str:
    """The path of whom or what it was about."""
    named = request.view_args or {}
    if "handle" not in named:
        return request.path
    return f"/@{named['handle']}" + (f"/{named['identifier']}" if "identifier" in named else "")


# --- choosing ------------------------------------------------------------------------------------------------------


@blueprint.get("/au-nom-de")
def choose() -> Response:
    """In whose name one reads and writes."""
    session.require()
    return rendering.show("acting.html")


@blueprint.post("/au-nom-de")
def change() -> Response:
    session.require()
    wanted = forms.number("account")
    if wanted is None:
        session.act_for(None)
        flask.flash(_("Vous lisez et écrivez de nouveau en votre nom."))
        return rendering.lead(flask.url_for("web.feed.home"))
    session.act_for(_office(wanted))
    return rendering.lead(flask.url_for("web.feed.home"))


def _office(account: int) -> Speaker:
    found = next((each for each in session.offices() if each.account_id == account), None)
    if found is None:
        raise errors.Forbidden("You do not speak for this authority.")
    return found
