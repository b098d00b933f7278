"""What an author does with what is published already: change it, see how it read before, delete it, write it anew."""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts.models import Account
from fediterr.core import db, errors
from fediterr.moderation import offices
from fediterr.social import media, posts, quotes, saved_drafts
from fediterr.social.models import Medium, Post, Revision
from fediterr.web import composing, forms, rendering, session, sheets, uploads
from fediterr.web.cards import Cards
from fediterr.web.posts import seen
from fediterr.web.sheets import Sheet
from fediterr.web.writing import STATUS, look_up_mentioned

blueprint = Blueprint("rewriting", __name__)

PLACE = "/@<handle>/<int:identifier>"


def _own(handle: str, identifier: int) -> tuple[Account, Post]:
    me, post = session.require(), seen(handle, identifier)
    if not sheets.may_change(post):
        raise errors.Forbidden("Only its author may change a post.")
    return me, post


# --- changing ------------------------------------------------------------------------------------------------------


@blueprint.get(f"{PLACE}/modifier")
def change(handle: str, identifier: int) -> Response:
    me, post = _own(handle, identifier)
    kept = rendering.number("brouillon")
    draft = saved_drafts.get(me, kept) if kept is not None else None
    typed = {**draft.typed, "draft": str(draft.id)} if draft else composing.as_it_is(post)
    return _show(sheets.lay_out(me, forms.Form(typed), draft, post))


def _show(sheet: Sheet, status: int = 200) -> Response:
    return rendering.show("edit.html", status=status, sheet=sheet, post=sheet.edited)


@blueprint.post(f"{PLACE}/modifier")
@uploads.takes_files
def save(handle: str, identifier: int) -> Response:
    me, post = _own(handle, identifier)
    sheet = sheets.take_up(me, post)
    if not sheet.form.wrong and sheet.wish == sheets.PUBLISH:
        sheets.refuse_undescribed(sheet)
    if sheet.form.wrong:
        return _show(sheet, 400)
    if sheet.wish != sheets.PUBLISH:
        assert sheet.draft is not None
        return rendering.lead(f"{rendering.address_of(post)}/modifier?brouillon={sheet.draft.id}#files")
    look_up_mentioned(sheet.form.value("words"))
    try:
        media.hand_over(sheet.files, post.author)
        posts.edit(post, posts.compose(post.author, sheet.form.value("words"), sheets.as_change(sheet, post)))
        offices.note_change(session.person(), post.author, post.url or "", "edit")
        sheets.finish(sheet)
    except (errors.Invalid, errors.Conflict, errors.NotFound) as problem:
        db.end()
        me, post = _own(handle, identifier)
        status = next((code for kind, code in STATUS.items() if isinstance(problem, kind)), 400)
        return _show(sheets.lay_out(me, sheet.form.refuse(problem), sheet.draft, post), status)
    flask.flash(_("Votre message est modifié."))
    return rendering.lead(rendering.address_of(post))


# --- how it read before --------------------------------------------------------------------------------------------


@blueprint.get(f"{PLACE}/versions")
def versions(handle: str, identifier: int) -> Response:
    """How a post has read, the newest first."""
    post = seen(handle, identifier)
    before = posts.revisions(post)
    files = media.as_they_were([each.media for each in before])
    told: list[tuple[Revision, list[Medium]]] = list(zip(before, files, strict=True))
    return rendering.show("versions.html", post=post, cards=Cards.of(session.viewer(), [post]), told=told[::-1])


# --- deleting ------------------------------------------------------------------------------------------------------


@blueprint.get(f"{PLACE}/supprimer")
def confirm(handle: str, identifier: int) -> Response:
    _me, post = _own(handle, identifier)
    return rendering.show("delete.html", post=post, cards=Cards.of(session.viewer(), [post]))


@blueprint.post(f"{PLACE}/supprimer")
def delete(handle: str, identifier: int) -> Response:
    """For good, or to be written anew: then what was typed and its files become a draft."""
    me, post = _own(handle, identifier)
    offices.note_change(session.person(), post.author, post.url or "", "delete")
    if request.form.get("do") != "rewrite":
        posts.delete(post)
        flask.flash(_("Votre message est supprimé, et les serveurs qui l’ont reçu sont prévenus."))
        return rendering.lead(flask.url_for("web.feed.home"))
    typed = {name: value for name, value in composing.rewritten(post).items() if value}
    if post.author_id != me.id:
        typed["as"] = str(post.author_id)
    files = list(post.media)
    posts.delete(post, keep_files=True)
    media.hand_over(files, me)
    draft = saved_drafts.save(me, typed, files)
    flask.flash(_("Votre message est supprimé. Le voici tel qu’il était, pour le réécrire."))
    return rendering.lead(flask.url_for("web.writing.write", brouillon=draft.id))


# --- being quoted --------------------------------------------------------------------------------------------------


@blueprint.post(f"{PLACE}/ne-plus-citer")
def withdraw(handle: str, identifier: int) -> Response:
    """Show a post of one's own no longer in this one, which quotes it."""
    session.require()
    quoting = seen(handle, identifier)
    quote = quotes.of(quoting)
    if quote is None or quote.quoted is None:
        raise errors.NotFound("There is no such quote.")
    if not sheets.may_change(quote.quoted):
        raise errors.Forbidden("Only its author may change a post.")
    quoted = quote.quoted
    quotes.revoke(quote)
    flask.flash(_("Votre message n’est plus montré dans celui-là."))
    return rendering.lead(f"{rendering.address_of(quoted)}/citations")
