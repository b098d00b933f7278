"""The page of an account, of here or of elsewhere; whom it follows, who follows it; following and keeping away."""

from typing import Any

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts.models import Account, Kind
from fediterr.core import text
from fediterr.social import blocks, follows, posts, relations, tags, timelines
from fediterr.social.models import Follow
from fediterr.social.models.filters import Context
from fediterr.territories import authorities, employments
from fediterr.web import rendering, session
from fediterr.web.cards import Cards
from fediterr.web.communities import home
from fediterr.web.directory import between
from fediterr.web.handles import find

blueprint = Blueprint("accounts", __name__, url_prefix="/@<handle>")


@blueprint.get("")
def profile(handle: str) -> Response:
    account, me = find(handle), session.viewer()
    if account.kind == Kind.APPLICATION and account.local:
        return rendering.lead(flask.url_for("web.search.about"))
    if account.handle != handle:
        return rendering.lead(rendering.address_of(account))
    if me is None and not account.local:
        return rendering.show("outside.html", address=account.url, author=account)
    if account.kind == Kind.GROUP:
        return home.show(account)
    page = rendering.page()
    pinned = [] if page.max_id else timelines.whole([post.id for post in posts.pinned(account, me)], me)
    listed = timelines.of_account(account, me, page, replies=False)
    cards = Cards.of(me, [*pinned, *listed], Context.ACCOUNT)
    return rendering.show(
        "profile.html", account=account, **_standing(account), pinned=pinned, listed=listed, cards=cards,
        entries=cards.shown(listed),
        relation=relations.between(me, [account.id])[0] if me else None, tags=tags.featured(account),
        description=text.excerpt(account.summary, 200),
    )  # fmt: skip


def _standing(account: Account) -> dict[str, Any]:
    """What an authority stands for and who works there; or for whom a person works."""
    if account.kind == Kind.ORGANIZATION:
        agents = employments.agents_of(account)
        return {"row": authorities.of(account), "agents": agents, "office": session.office_for(account)}
    employment = employments.of(account)
    employer = employments.employer_of(account) if employment else None
    return {"employment": employment, "employer": employer}


@blueprint.get("/abonnes")
def followers(handle: str) -> Response:
    account, me = find(handle), session.require()
    listed = follows.followers(account, rendering.page(), me) if _open_to(me, account) else []
    return _people("followers", account, listed, [each.follower for each in listed])


@blueprint.get("/abonnements")
def following(handle: str) -> Response:
    account, me = find(handle), session.require()
    listed = follows.following(account, rendering.page(), me) if _open_to(me, account) else []
    return _people("following", account, listed, [each.target for each in listed])


def _people(view: str, account: Account, listed: list[Follow], people: list[Account]) -> Response:
    known = between(session.require(), people)
    return rendering.show(
        "people.html", view=view, account=account, listed=listed, people=people, relations=known,
        hidden_by_choice=not _open_to(session.require(), account),
    )  # fmt: skip


def _open_to(me: Account, account: Account) -> bool:
    return me.id == account.id or not account.hide_collections


# --- gestures ------------------------------------------------------------------------------------------------------


def back(account: Account) -> Response:
    """To the page that the button was on."""
    onward = session.local_path(request.form.get("next"), rendering.address_of(account))
    return rendering.lead(onward)


@blueprint.post("/suivre")
def follow(handle: str) -> Response:
    me, account = session.require(), find(handle)
    if request.form.get("on") == "0":
        found = follows.find(me, account)
        if found:
            follows.leave(found)
        return back(account)
    if follows.ask(me, account).accepted:
        flask.flash(_("Vous suivez maintenant %(name)s.", name=account.shown_name))
    else:
        flask.flash(_("Votre demande est envoyée à %(name)s.", name=account.shown_name))
    return back(account)


@blueprint.post("/bloquer")
def block(handle: str) -> Response:
    me, account = session.require(), find(handle)
    if request.form.get("on") == "0":
        blocks.unblock(me, account)
        flask.flash(_("Vous ne bloquez plus %(name)s.", name=account.shown_name))
    else:
        blocks.block(me, account)
        flask.flash(
            _("Vous bloquez %(name)s : plus rien ne passe, dans un sens ni dans l’autre.", name=account.shown_name)
        )
    return back(account)
