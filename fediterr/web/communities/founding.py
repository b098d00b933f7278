"""Founding a community, in one's own name or for an authority."""

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.accounts.models import Account
from fediterr.core import db, errors
from fediterr.moderation import offices
from fediterr.social import communities
from fediterr.social.communities import Charter
from fediterr.social.models import Joining, Rank
from fediterr.web import composing, forms, rendering, session
from fediterr.web.communities import charter, words

blueprint = Blueprint("founding", __name__, url_prefix="/communautes/nouvelle")


@blueprint.get("")
def write() -> Response:
    session.require()
    return _write(forms.Form({"joining": Joining.OPEN}))


def _write(form: forms.Form, status: int = 200) -> Response:
    return rendering.show(
        "communities/found.html", status=status, form=form, ways=words.WAYS, natures=words.NATURES,
        voices=composing.voice_choices(),
    )  # fmt: skip


@blueprint.post("")
def found() -> Response:
    me, form = session.require(), forms.sent()
    charter.check(form)
    if form.wrong:
        return _write(form, 400)
    try:
        founder = _founder(me, form.value("as"))
        community = communities.found(founder, form.value("name").strip(), charter.read(form, Charter()))
        if founder.id != me.id:
            _bring_in(founder, community.account, me)
            offices.note_voice(me, founder, community.account.url, "found_community")
    except (errors.Invalid, errors.Conflict, errors.Forbidden) as problem:
        db.end()
        return _write(form.refuse(problem), 409 if isinstance(problem, errors.Conflict) else 400)
    flask.flash(_("La communauté est fondée. Invitez-y, ou ouvrez le premier sujet."))
    return rendering.lead(rendering.address_of(community.account))


def _bring_in(founder: Account, group: Account, agent: Account) -> None:
    """Whoever founds one for an authority moderates it beside that."""
    communities.invite(founder, group, agent)
    communities.take_invitation(agent, group)
    communities.set_rank(founder, group, agent, Rank.MODERATOR)


def _founder(me: Account, chosen: str) -> Account:
    """In whose name it is founded. Raises Forbidden."""
    if chosen in ("", str(me.id)):
        return me
    found = next((each for each in composing.voices() if str(each.id) == chosen), None)
    if found is None:
        raise errors.Forbidden("You do not speak for this authority.")
    return found
