"""From a handle, an address or a hashtag to its page; and what this server is."""

import flask
from flask import Blueprint, Response, request

from fediterr.accounts import service as accounts
from fediterr.activitypub import resolver
from fediterr.core import site
from fediterr.moderation import rules, texts
from fediterr.web import rendering, session

blueprint = Blueprint("search", __name__)

LONGEST = 2000


@blueprint.get("/recherche")
def search() -> Response:
    """Whatever a handle or an address leads to, fetched from its server when it is not known here."""
    session.require()
    wanted = request.args.get("q", "").strip()[:LONGEST]
    if wanted.startswith("#") and wanted[1:].strip():
        return rendering.lead(flask.url_for("web.feed.tagged", tag=wanted[1:].strip()))
    return _lead_to(wanted)


@blueprint.get("/authorize_interaction")
def interact() -> Response:
    """Where other servers send one of our people who wants to follow or answer somebody there."""
    session.require()
    return _lead_to(request.args.get("uri", "").strip().removeprefix("acct:")[:LONGEST])


def _lead_to(wanted: str) -> Response:
    if site.is_here(wanted):
        return rendering.lead(session.local_path(wanted.removeprefix(site.settings().base_url)))
    found = resolver.look_up(wanted) if wanted else None
    if found is not None:
        return rendering.lead(rendering.address_of(found))
    return rendering.show("search.html", wanted=wanted, status=404 if wanted else 200)


@blueprint.get("/about")
def about() -> Response:
    """What this server is, what people agree to here, and what it keeps about them."""
    language, terms = rendering.choose_language(), texts.all_terms()
    return rendering.show(
        "about.html",
        is_open=site.settings().federation_mode == "open",
        people=accounts.administrators(),
        described=texts.description().content,
        rules=[rules.in_language(rule, language) for rule in rules.listed()],
        privacy=texts.privacy_policy(language).content,
        terms=texts.terms().content if terms else "",
    )
