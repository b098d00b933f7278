"""Reporting a post or an account; for visitors, the notice of unlawful content that the law wants to be easy."""

import re
from urllib.parse import unquote, urlsplit

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Kind
from fediterr.core import db, errors, limits, site
from fediterr.core.paging import Page
from fediterr.moderation import reports, rules
from fediterr.social import blocks, posts, timelines, visibility
from fediterr.social.models import Post
from fediterr.web import forms, rendering, session
from fediterr.web.moderation import words

blueprint = Blueprint("complaints", __name__, url_prefix="/signaler")

OFFERED = 10  # further posts of the account that may be added
OFTEN = {"most": 5, "seconds": 3600}  # notices from one place
PAGE_OF_POST = re.compile(r"/@([^/]+)/(\d+)/?")
PAGE_OF_ACCOUNT = re.compile(r"/@([^/]+)/?")


@blueprint.get("")
def write() -> Response:
    form = forms.Form({"compte": request.args.get("compte", ""), "message": request.args.get("message", "")})
    if session.viewer() is None:
        form.values = {"address": _address_of(form)}
        return rendering.show("complaints/notice.html", form=form)
    if named := _number(form.value("message")):
        form.values = {**form.values, f"post-{named}": "1"}
    return _show(form)


def _show(form: forms.Form, status: int = 200) -> Response:
    me, account = session.require(), _reported(form)
    listed = _offered(me, account, form)
    ours, language = rules.listed(), rendering.language()
    return rendering.show(
        "complaints/write.html", status=status, form=form, account=account, listed=listed,
        categories={name: said for name, said in words.categories().items() if ours or name != "violation"},
        rules=[(rule.id, *rules.in_language(rule, language)) for rule in ours],
        domains=_domains(account, form), longest=reports.COMMENT,
    )  # fmt: skip


@blueprint.post("")
def send() -> Response:
    form, me = forms.sent(), session.require()
    account = _reported(form)
    listed = _offered(me, account, form)
    chosen = [domain for domain in _domains(account, form) if form.is_on(f"to-{domain}")]
    category = form.value("category")
    if category not in reports.CATEGORIES:
        form.wrong["category"] = _("Choisissez ce qui ne va pas.")
        return _show(form, 400)
    broken = [rule.id for rule in rules.listed() if form.is_on(f"rule-{rule.id}")] if category == "violation" else []
    try:
        reports.report(
            me, account,
            comment=form.value("comment").strip(),
            post_uris=[post.uri for post in listed if form.is_on(f"post-{post.id}")],
            category=category, rule_ids=broken, forward=bool(chosen), forward_to=chosen,
        )  # fmt: skip
    except errors.Invalid as problem:
        db.end()
        return _show(form.refuse(problem), 400)
    return rendering.lead(flask.url_for("web.complaints.sent", compte=account.handle, vers=", ".join(chosen)))


@blueprint.get("/envoye")
def sent() -> Response:
    """What happens next, and what one may do oneself meanwhile."""
    me = session.require()
    account = _reported(forms.Form({"compte": request.args.get("compte", "")}))
    kept = blocks.reasons(me, [account.id])
    return rendering.show("complaints/sent.html", account=account, kept_away=bool(kept))


@blueprint.post("/distance")
def keep_away() -> Response:
    """See no more of somebody whom one has just reported."""
    me, form = session.require(), forms.sent()
    account = _reported(form)
    if form.value("how") == "block":
        blocks.block(me, account)
        flask.flash(
            _("Vous bloquez %(name)s : plus rien ne passe, dans un sens ni dans l’autre.", name=account.shown_name)
        )
    else:
        blocks.mute(me, account)
        flask.flash(_("Vous ne verrez plus ce que publie %(name)s, qui n’en saura rien.", name=account.shown_name))
    return rendering.lead(flask.url_for("web.feed.home"))


def _reported(form: forms.Form) -> Account:
    account = accounts.by_handle(form.value("compte")) if form.value("compte") else None
    me = session.viewer()
    if account is None or account.kind == Kind.APPLICATION or (me and account.id == me.id):
        raise errors.NotFound("There is no such account.")
    accounts.require_arrived(account)
    return account


def _offered(me: Account, account: Account, form: forms.Form) -> list[Post]:
    """The post that is reported, then the last ones of its author that the reader may see."""
    recent = timelines.of_account(account, me, Page(limit=OFFERED), boosts=False)
    named = _number(form.value("message"))
    first = [post for post in timelines.whole([named] if named else [], me) if post.author_id == account.id]
    return rendering.once([*first, *recent])


def _domains(account: Account, form: forms.Form) -> list[str]:
    """Whose servers may hear of a report: that of the account, and that of whom the reported post answers."""
    post = posts.by_id(_number(form.value("message")) or 0)
    answered = accounts.many({post.in_reply_to_account_id} if post and post.in_reply_to_account_id else set())
    return list(dict.fromkeys(person.domain for person in (account, *answered.values()) if not person.local))


def _number(value: str) -> int | None:
    return int(value) if value.isdecimal() and len(value) < 19 else None


# --- visitors ------------------------------------------------------------------------------------------------------


def _address_of(form: forms.Form) -> str:
    """The address of what a visitor came from."""
    named = _number(form.value("message"))
    handle = form.value("compte")
    return site.address(f"/@{handle}/{named}" if named else f"/@{handle}") if handle else ""


@blueprint.post("/contenu")
def give_notice() -> Response:
    """A visitor tells of something unlawful or against the rules."""
    form = forms.sent()
    nameless = form.is_on("minors")  # the only notice that the law lets nobody sign
    for name, said in {
        "address": _("Dites de quelle page il s’agit."),
        "comment": _("Dites ce qui ne va pas, et pourquoi."),
        **({} if nameless else {"name": _("Dites votre nom."), "email": _("Dites où vous répondre.")}),
    }.items():
        form.require(name, said)
    found = _known(form.value("address").strip()) if form.value("address").strip() else None
    if found is None and "address" not in form.wrong:
        form.wrong["address"] = _("Ce serveur ne connaît pas cette page. Copiez l’adresse d’un message ou d’un profil.")
    if not form.is_on("faith"):
        form.wrong["faith"] = _("Cette déclaration est nécessaire.")
    if form.wrong or found is None:
        return rendering.show("complaints/notice.html", status=400, form=form)
    _require_patience()
    account, post = found
    visitor = None if nameless else reports.Visitor(form.value("name").strip(), form.value("email").strip())
    category = "legal" if nameless or form.value("category") == "legal" else "other"
    try:
        reports.give_notice(
            account, visitor, comment=form.value("comment"), post_uris=[post.uri] if post else [], category=category
        )
    except errors.Invalid as problem:
        db.end()
        return rendering.show("complaints/notice.html", status=400, form=form.refuse(problem))
    return rendering.show("complaints/noticed.html", email="" if nameless else form.value("email").strip())


def _known(address: str) -> tuple[Account, Post | None] | None:
    """The account, and the post if it is one, of a page that this server shows to anybody, or knows by its address."""
    post: Post | None = posts.by_uri(address)
    account = accounts.by_uri(address)
    path = unquote(urlsplit(address).path) if site.is_here(address) else ""
    if match := PAGE_OF_POST.fullmatch(path):
        post = posts.by_id(_number(match[2]) or 0)
    elif match := PAGE_OF_ACCOUNT.fullmatch(path):
        account = accounts.by_handle(match[1])
    if post is not None:
        return (post.author, post) if visibility.can_see(None, post) else None
    if account is None or account.kind == Kind.APPLICATION:
        return None
    return account, None


def _require_patience() -> None:
    if site.settings().rate_limits and (
        wait := limits.wait_for("notices", limits.network_of(request.remote_addr), **OFTEN)
    ):
        raise errors.TooMany("Too many reports from here: wait a while.", retry_after=int(wait) + 1)
