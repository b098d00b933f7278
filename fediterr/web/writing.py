"""Where one writes: a page of its own, which the small forms of the Fil and of answers lead to."""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.activitypub import resolver
from fediterr.core import db, errors, site, text
from fediterr.moderation import offices
from fediterr.social import media, posts, saved_drafts, scheduling
from fediterr.social.models import SavedDraft
from fediterr.web import composing, forms, rendering, session, sheets, uploads
from fediterr.web.cards import Cards
from fediterr.web.sheets import Sheet

blueprint = Blueprint("writing", __name__)

LOOKED_UP = 10  # unknown handles of one post that are asked for
STATUS: dict[type[errors.Problem], int] = {errors.Conflict: 409, errors.NotFound: 404, errors.Forbidden: 403}


@blueprint.get("/publier")
def write() -> Response:
    """An empty sheet, a draft, or the beginning of an answer or of a quote."""
    me = session.require()
    if (identifier := rendering.number("brouillon")) is not None:
        draft = saved_drafts.get(me, identifier)
        if (changed := posts.by_id(int(draft.typed.get("edits", 0)))) is not None:
            return rendering.lead(f"{rendering.address_of(changed)}/modifier?brouillon={draft.id}")
        form = forms.Form({**draft.typed, "draft": str(draft.id)})
        return show(_found_again(form, draft))
    start: dict[str, str] = {}
    if answered := request.args.get("reponse"):
        parent = sheets.lay_out(me, forms.Form({"in_reply_to": answered})).parent
        start |= composing.answer_to(me, parent) if parent else {}
    if (group := rendering.number("communaute")) is not None:
        start["community"] = str(group)
    if quoted := request.args.get("citer"):
        start["quoted"] = quoted
    return show(sheets.lay_out(me, forms.Form(start)))


def _found_again(form: forms.Form, draft: SavedDraft) -> Sheet:
    """A draft as it was left; what it answered or quoted may have gone meanwhile."""
    me = session.require()
    try:
        return sheets.lay_out(me, form, draft)
    except errors.NotFound as problem:
        left = {name: value for name, value in form.values.items() if name not in ("in_reply_to", "quoted")}
        return sheets.lay_out(me, forms.Form(left).refuse(problem), draft)


def show(sheet: Sheet, status: int = 200) -> Response:
    shown = [post for post in (sheet.parent, sheet.quoted) if post]
    return rendering.show("compose.html", status=status, sheet=sheet, cards=Cards.of(sheet.me, shown))


@blueprint.post("/publier")
@uploads.takes_files
def publish() -> Response:
    """What is wished: published, written down for later, kept as a draft, or back with its files."""
    sheet = sheets.take_up(session.require())
    if sheet.form.wrong:
        return show(sheet, 400)
    if sheet.wish != sheets.PUBLISH:
        return _come_back(sheet)
    sheets.refuse_undescribed(sheet)
    if sheet.form.wrong:
        return show(sheet, 400)
    look_up_mentioned(sheet.form.value("words"))
    try:
        return _publish(sheet)
    except (errors.Invalid, errors.Conflict, errors.NotFound, errors.Forbidden) as problem:
        db.end()
        status = next((code for kind, code in STATUS.items() if isinstance(problem, kind)), 400)
        return show(_again(sheet, problem), status)


def _come_back(sheet: Sheet) -> Response:
    """On with writing, or away from it for a while."""
    assert sheet.draft is not None
    if sheets.is_blank(sheet) and sheet.wish in (sheets.SAVE, sheets.MORE):
        saved_drafts.discard(sheet.draft)
        return rendering.lead(flask.url_for("web.writing.write"))
    if sheet.wish == sheets.SAVE:
        flask.flash(_("Votre brouillon est gardé."))
        return rendering.lead(flask.url_for("web.drafts.listed"))
    anchor = "" if sheet.wish == sheets.MORE else "#files"
    return rendering.lead(flask.url_for("web.writing.write", brouillon=sheet.draft.id) + anchor)


def _publish(sheet: Sheet) -> Response:
    author, words, draft = sheet.author, sheet.form.value("words"), sheets.as_draft(sheet)
    media.hand_over(sheet.files, author)
    due_at = composing.due_at(sheet.form)
    if due_at is not None:
        seconds = int(composing.poll_length(sheet.form).total_seconds())
        unsaid = {"idempotency": None, "allowed_mentions": None}  # which applications say
        row = scheduling.schedule(author, words, draft, due_at, poll_seconds=seconds, **unsaid)
        offices.note_voice(session.person(), author, rendering.iso(row.due_at), "schedule")
        sheets.finish(sheet)
        flask.flash(_("Votre message sera publié le %(date)s.", date=rendering.exact(row.due_at)))
        return rendering.lead(flask.url_for("web.drafts.listed"))
    post = posts.publish(author, posts.compose(author, words, draft))
    offices.note_voice(session.person(), author, post.url or "")
    sheets.finish(sheet)
    flask.flash(_("Votre message est publié."))
    address = rendering.address_of(post)
    return rendering.lead(address if sheet.parent else session.local_path(sheet.form.value("next"), address))


def _again(sheet: Sheet, problem: errors.Problem) -> Sheet:
    """The same sheet with what is wrong with it, from the database as it stands."""
    me = session.require()
    gone = ("in_reply_to", "quoted") if isinstance(problem, errors.NotFound) else ()
    form = forms.Form({name: value for name, value in sheet.form.values.items() if name not in gone})
    return sheets.lay_out(me, form.refuse(problem), sheet.draft)


def look_up_mentioned(words: str) -> None:
    """Get to know who is mentioned and not known yet; outside of the unit of work, since their servers may be slow."""
    handles = [handle for handle in text.find_mentions(words) if "@" in handle]
    unknown = [handle for handle in handles if accounts.by_handle(handle) is None][:LOOKED_UP]
    if unknown:
        db.end()
        with resolver.budget(site.settings().limits_fetches_per_activity):
            for handle in unknown:
                resolver.look_up(handle)
        db.begin_writing()
