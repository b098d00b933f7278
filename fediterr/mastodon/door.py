"""The client API as a whole: its routes, its guard at the entrance, its problems, what it says to browsers."""

import contextlib
from typing import Any

import flask
import sqlalchemy as sa
from flask import Response, request
from werkzeug.exceptions import HTTPException

from fediterr.accounts import tokens
from fediterr.accounts.registration import Mistakes
from fediterr.core import db, errors
from fediterr.mastodon import (  # noqa: F401 - to import a subject makes its routes
    accounts,
    admin_accounts,
    admin_domains,
    admin_entrance,
    admin_figures,
    admin_reports,
    admin_tags,
    announcements,
    annual_reports,
    applications,
    collections,
    conversations,
    edits,
    filters,
    instance,
    keeping,
    lists,
    markers,
    media,
    notification_groups,
    notification_policies,
    notifications,
    oauth,
    oembed,
    polls,
    problems,
    profile,
    pushes,
    quotes,
    registration,
    relationships,
    reports,
    routes,
    scheduled,
    search,
    statuses,
    suggestions,
    tags,
    texts,
    throttle,
    timelines,
    trends,
)
from fediterr.moderation import acts

__all__ = ["blueprint"]

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
EXPOSED = "Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id"

blueprint = routes.blueprint


@blueprint.before_request
def enter() -> Response | None:
    """Answer a browser's question before its question; let in whoever may ask."""
    if request.method == "OPTIONS":
        return Response()
    try:
        routes.authorize()
    finally:
        throttle.admit()
    return None


@blueprint.route("/api/<path:anything>", methods=METHODS)
def nothing_here(anything: str) -> Response:
    """An address of the client API that does not exist (yet)."""
    raise errors.NotFound(anything)


routes.ACCESS["mastodon.nothing_here"] = routes.Access(routes.PUBLIC, anyone=True)


@blueprint.after_request
def leave(response: Response) -> Response:
    """Any web page may call the API: a token, not a cookie, opens it. What it answers is for the asker alone."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    response.headers.setdefault("Cache-Control", "private, no-store")
    throttle.tell(response)
    _write_down(response)
    _note_use(response)
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = ", ".join(METHODS)
        asked = request.headers.get("Access-Control-Request-Headers")
        response.headers["Access-Control-Allow-Headers"] = asked or "Authorization, Content-Type, Idempotency-Key"
        response.headers["Access-Control-Max-Age"] = "7200"
    return response


def _write_down(response: Response) -> None:
    """What an application did for an authority, in its journal, with whose application it was."""
    token = flask.g.get("token")
    if token is None or token.authority is None or response.status_code >= 400 or request.method == "GET":
        return
    answered = response.get_json(silent=True)
    address = answered.get("url") if isinstance(answered, dict) else None
    action = f"application.{(request.endpoint or '').partition('.')[2]}"
    acts.write_down(token.user.account, token.authority, action, address or request.path)


def _note_use(response: Response) -> None:
    """Remember that the token was used: with what it changes, or once an hour in a unit of work of its own."""
    token = flask.g.get("token")
    if token is None or response.status_code >= 400 or not tokens.is_stale(token):
        return
    identifier = token.id
    with contextlib.suppress(sa.exc.OperationalError), db.transaction():  # of no importance to who asks
        tokens.note_use(identifier)


@blueprint.errorhandler(errors.Problem)
def answer_problem(problem: errors.Problem) -> Response:
    """A problem of the domain as Mastodon would put it."""
    db.end()
    status, words = problems.answer(problem)
    told: dict[str, Any] = {"error": words}
    if isinstance(problem, Mistakes):
        told["details"] = {
            name: [{"error": code, "description": said} for code, said in listed]
            for name, listed in problem.found.items()
        }
    made = flask.jsonify(told)
    made.status_code = status
    if status == 401:
        made.headers["WWW-Authenticate"] = 'Bearer realm="fediterr", error="invalid_token"'
    if problem.retry_after is not None:
        made.headers["Retry-After"] = str(problem.retry_after)
    return made


@blueprint.errorhandler(HTTPException)
def answer_http(problem: HTTPException) -> Response:
    """What the framework refuses (a body too large, a broken form), and what we did not foresee."""
    db.end()
    made = flask.jsonify(error=problem.description or problem.name)
    made.status_code = problem.code or 500
    return made
