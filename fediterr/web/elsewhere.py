"""For visitors with an account on another server: they say which, and are led there to follow or to answer."""

import math

from flask import Blueprint, Response, request

from fediterr.accounts.models import Account
from fediterr.activitypub import resolver
from fediterr.core import db, errors, limits, site
from fediterr.social.models import Post
from fediterr.web import forms, rendering, session
from fediterr.web.handles import find
from fediterr.web.posts import seen

blueprint = Blueprint("elsewhere", __name__, url_prefix="/@<handle>")

OFTEN = {"most": 20, "seconds": 900}  # servers that one network may have us ask


@blueprint.get("/d-ailleurs")
def follow(handle: str) -> Response:
    return _show(_account(handle), None, forms.Form({}))


@blueprint.post("/d-ailleurs")
def lead_to_follow(handle: str) -> Response:
    account = _account(handle)
    return _lead(account, None, account.uri)


@blueprint.get("/<int:identifier>/d-ailleurs")
def answer(handle: str, identifier: int) -> Response:
    post = _post(handle, identifier)
    return _show(post.author, post, forms.Form({}))


@blueprint.post("/<int:identifier>/d-ailleurs")
def lead_to_answer(handle: str, identifier: int) -> Response:
    post = _post(handle, identifier)
    return _lead(post.author, post, post.uri)


def _account(handle: str) -> Account:
    account = find(handle)
    if not account.local:
        raise errors.NotFound("There is no such account.")
    return account


def _post(handle: str, identifier: int) -> Post:
    post = seen(handle, identifier)
    if not post.local or not post.is_public or post.boost_of is not None:
        raise errors.NotFound("There is no such post.")
    return post


def _lead(account: Account, post: Post | None, uri: str) -> Response:
    """The page of their server is a link to follow: forms of ours lead to no other site (see `protection`)."""
    form = forms.sent()
    theirs = form.value("account").strip()[:500].removeprefix("@")
    host = theirs.partition("@")[2]
    if not host:
        return _show(account, post, form.refuse(errors.Invalid("Give your address as @name@server.")), 400)
    if site.is_own_host(host):
        return _show(account, post, form.refuse(errors.Invalid("This is an account of here: sign in instead.")), 400)
    _require_patience()
    db.end()
    address = rendering.outward(resolver.subscribe_address(theirs, uri))
    if not address:
        return _show(
            account,
            post,
            form.refuse(errors.Invalid(f"{host[:100]} does not answer, or offers no page for this.")),
            400,
        )
    page = _show(account, post, form, onward=address)
    page.headers["Refresh"] = f"0; url={address}"
    return page


def _show(account: Account, post: Post | None, form: forms.Form, status: int = 200, onward: str = "") -> Response:
    return rendering.show(
        "elsewhere.html", status=status, account=account, post=post, form=form, onward=onward,
        signed_in=session.viewer() is not None,
    )  # fmt: skip


def _require_patience() -> None:
    if not site.settings().rate_limits:
        return
    wait = limits.wait_for("remote follow", limits.network_of(request.remote_addr), **OFTEN)
    if wait:
        raise errors.TooMany("Too many servers were asked from here: wait a few minutes.", retry_after=math.ceil(wait))
