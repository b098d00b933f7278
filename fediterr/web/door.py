"""The door for people: all pages under one roof, how a problem looks, and what every page forbids the browser."""

import logging

import flask
from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from fediterr.core import db, errors, logs, site
from fediterr.web import (
    accounts,
    acting,
    assets,
    authorization,
    complaints,
    compression,
    decisions,
    directory,
    drafts,
    echoes,
    elsewhere,
    entrance,
    faces,
    feed,
    first_run,
    forgotten,
    keeping,
    legal,
    lists,
    livery,
    messages,
    notifications,
    openid,
    passkeys,
    pictures,
    posts,
    problems,
    protection,
    registration,
    relations,
    rendering,
    rewriting,
    search,
    second_step,
    session,
    syndication,
    tags,
    territories,
    territory_directory,
    territory_map,
    uploads,
    writing,
)
from fediterr.web.administration import (
    appearance,
    checks,
    custom_emoji,
    federation,
    house_rules,
    identity,
    legal_texts,
    machinery,
    news,
    people,
    registers,
    territory,
)
from fediterr.web.administration import claims as decided_claims
from fediterr.web.administration import overview as administration_overview
from fediterr.web.authorities import agents as authority_agents
from fediterr.web.authorities import claiming
from fediterr.web.authorities import journal as authority_journal
from fediterr.web.authorities import leaving as authority_leaving
from fediterr.web.authorities import settings as authority_settings
from fediterr.web.communities import charter, founding, joining, members, summary, threads
from fediterr.web.communities import listed as communities
from fediterr.web.moderation import accounts as moderated_accounts
from fediterr.web.moderation import (
    appeals,
    blocklists,
    entrance_blocks,
    invitations,
    journal,
    newcomers,
    overview,
    reports,
    servers,
)
from fediterr.web.settings import (
    data,
    departure,
    distances,
    filters,
    imports,
    moving,
    profile,
    reach,
    reading,
    second_factor,
    security,
)

blueprint = Blueprint("web", __name__)
log = logging.getLogger(__name__)

for pages in (
    assets,
    compression,
    livery,
    legal,
    first_run,
    entrance,
    second_step,
    forgotten,
    openid,
    registration,
    authorization,
    feed,
    writing,
    drafts,
    posts,
    rewriting,
    accounts,
    notifications,
    pictures,
    profile,
    moving,
    security,
    second_factor,
    data,
    departure,
    passkeys,
    imports,
    search,
    administration_overview,
    checks,
    federation,
    machinery,
    registers,
    identity,
    territory,
    appearance,
    legal_texts,
    complaints,
    decisions,
    overview,
    reports,
    moderated_accounts,
    appeals,
    servers,
    blocklists,
    entrance_blocks,
    invitations,
    newcomers,
    journal,
    elsewhere,
    syndication,
    people,
    news,
    house_rules,
    custom_emoji,
    directory,
    tags,
    keeping,
    lists,
    messages,
    relations,
    reading,
    filters,
    distances,
    reach,
    echoes,
    territories,
    territory_directory,
    territory_map,
    faces,
    acting,
    authority_agents,
    authority_journal,
    authority_leaving,
    authority_settings,
    claiming,
    decided_claims,
    communities,
    founding,
    joining,
    members,
    charter,
    threads,
    summary,
):
    blueprint.register_blueprint(pages.blueprint)

STATUS: dict[type[errors.Problem], int] = {
    errors.Invalid: 400,
    errors.Unauthorized: 401,
    errors.Forbidden: 403,
    errors.Gone: 410,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.TooLarge: 413,
    errors.TooMany: 429,
    errors.Refused: 403,
    errors.Unreachable: 503,
}
LARGEST = 2**63 - 1
# Programs send these by a word in their address, which no other site knows: no form of ours, and nobody's session.
BY_WORD = ("web.summary.stop",)
SAID = {
    404: "There is no such page.",
    413: "This is too much at once: go back, and send fewer files, or smaller ones.",
}
# Addresses that programs ask: they are answered in JSON.
MACHINES = (
    "/api/", "/oauth/token", "/oauth/revoke", "/oauth/userinfo", "/actor", "/posts/", "/activities/", "/contexts/",
    "/inbox", "/former", "/.well-known/", "/nodeinfo", "/healthz", "/readyz",
)  # fmt: skip


@blueprint.record_once
def prepare(state: flask.blueprints.BlueprintSetupState) -> None:
    assert isinstance(state.app, flask.Flask)
    rendering.init(state.app)


blueprint.app_context_processor(rendering.context)


@blueprint.before_request
def check_form() -> None:
    uploads.make_room()
    _refuse_nonsense()
    if request.endpoint not in BY_WORD:
        session.check_form()
    acting.guard()


def _refuse_nonsense() -> None:
    """What no database takes names nothing: a number beyond its largest, a character that no text holds."""
    named = (request.view_args or {}).values()
    if any((isinstance(place, int) and place > LARGEST) or "\x00" in str(place) for place in named):
        raise errors.NotFound("There is no such page.")


@blueprint.after_request
def write_down(response: Response) -> Response:
    acting.write_down(response)
    return response


@blueprint.after_request
def note_use(response: Response) -> Response:
    if response.status_code < 400:
        session.note_use()
    return response


# --- problems ------------------------------------------------------------------------------------------------------


@blueprint.errorhandler(errors.Problem)
def show_problem(problem: errors.Problem) -> Response:
    """A problem as a page; whoever is not signed in and looks for a page is led to the sign-in first."""
    db.end()
    if isinstance(problem, errors.Unauthorized) and request.method == "GET":
        path = session.local_path(rendering.here())
        return rendering.lead(flask.url_for("web.entrance.sign_in", next=path))
    status = next((code for kind, code in STATUS.items() if isinstance(problem, kind)), 400)
    page = _page(status, problems.words_of(problem))
    if problem.retry_after is not None:
        page.headers["Retry-After"] = str(problem.retry_after)
    return page


@blueprint.app_errorhandler(HTTPException)
def show_http_problem(problem: HTTPException) -> Response | HTTPException:
    """What Flask itself answers: no such page, too large a form…"""
    status = problem.code or 500
    if problem.response is not None or status < 400:
        return problem
    if status >= 500:
        session.forget()
    db.end()
    if request.path.startswith(MACHINES):
        answer = flask.jsonify(error=problem.name)
        answer.status_code = status
        return answer
    kind = next((kind for kind, code in STATUS.items() if code == status), None)
    words = problems.words_of(kind(SAID.get(status, ""))) if kind else ""
    return _page(status, words)


def _page(status: int, words: str) -> Response:
    same_site = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    typed = request.form.get("words", "") if request.method == "POST" and status != 413 and same_site else ""
    return rendering.show(
        "error.html", status=status, code=status, words=words, typed=typed, trace=logs.request_id.get()
    )


# --- what every page forbids ---------------------------------------------------------------------------------------


@blueprint.after_app_request
def protect(response: Response) -> Response:
    """No script, no foreign content, no frame, no shared copy of what one person sees."""
    if response.mimetype != "text/html":
        return response
    headers = response.headers
    headers.setdefault("Content-Security-Policy", protection.content_security(openid.way_out()))
    if f"frame-ancestors {protection.ANYWHERE}" not in headers["Content-Security-Policy"]:
        headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    response.vary.update(("Accept", "Accept-Language", "Cookie"))
    personal = bool(flask.session) or request.method != "GET"
    headers.setdefault("Cache-Control", "private, no-store" if personal else "no-cache")
    if site.settings().base_url.startswith("https://"):
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
