"""Which communities there are: one's own, those of this server, those of others; and the way to one by its address."""

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts.models import Account, Kind
from fediterr.activitypub import resolver
from fediterr.core import db, errors
from fediterr.social import communities, community_lists
from fediterr.web import forms, rendering, session
from fediterr.web.communities import words

blueprint = Blueprint("communities", __name__, url_prefix="/communautes")

FARTHEST = 10_000
MINE, HERE, ELSEWHERE = "miennes", "ici", "ailleurs"


@blueprint.get("")
def listed() -> Response:
    return _listed(forms.Form({}))


def _listed(form: forms.Form, status: int = 200) -> Response:
    me, wanted, offset = session.viewer(), rendering.asked("q")[:200], rendering.offset(FARTHEST)
    views = [(MINE, _("Les miennes"))] if me else []
    views += [(HERE, _("Sur ce serveur")), (ELSEWHERE, _("Connues d’ailleurs"))]
    asked = request.args.get("ou", "")
    view = asked if asked in dict(views) else HERE
    found = community_lists.listed(me, _SCOPES[view], wanted, rendering.PAGE + 1, offset)
    return rendering.show(
        "communities/listed.html", status=status, views=views, view=view, wanted=wanted, form=form, offset=offset,
        invitations=communities.invitations(me) if me else [],
        listed=found[: rendering.PAGE], more=len(found) > rendering.PAGE, way_of=words.way_of,
    )  # fmt: skip


_SCOPES = {
    MINE: community_lists.Scope.MINE,
    HERE: community_lists.Scope.HERE,
    ELSEWHERE: community_lists.Scope.ELSEWHERE,
}


@blueprint.post("/rejoindre")
def look_up() -> Response:
    """To the page of a community of elsewhere, asked for at its server; there one joins it."""
    session.require()
    form = forms.sent()
    wanted = form.value("address").strip()[:500]
    db.end()
    found = resolver.look_up(f"@{wanted[1:]}" if wanted.startswith("!") else wanted)
    if found is None:
        return _listed(form.refuse(errors.NotFound("No community answers at this address.")), 404)
    if not isinstance(found, Account) or not found.active or found.kind != Kind.GROUP:
        return _listed(form.refuse(errors.NotFound("This is no community.")), 404)
    return rendering.lead(rendering.address_of(found))
