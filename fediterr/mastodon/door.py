"""The client API as a whole: its routes, its guard at the entrance, its problems, what it says to browsers."""

import flask
from flask import Response, request
from werkzeug.exceptions import HTTPException

from fediterr.core import db, errors
from fediterr.mastodon import (
    accounts,
    applications,
    filters,
    instance,
    lists,
    media,
    notifications,
    oauth,
    polls,
    profile,
    relationships,
    reports,
    routes,
    search,
    statuses,
    suggestions,
    tags,
    timelines,
)

__all__ = ["SUBJECTS", "blueprint"]

SUBJECTS = (
    accounts,
    applications,
    filters,
    instance,
    lists,
    media,
    notifications,
    oauth,
    polls,
    profile,
    relationships,
    reports,
    search,
    statuses,
    suggestions,
    tags,
    timelines,
)
STATUS: dict[type[errors.Problem], int] = {
    errors.Invalid: 422,
    errors.Unauthorized: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 422,
    errors.TooLarge: 413,
    errors.TooMany: 429,
    errors.Refused: 422,
    errors.Unreachable: 503,
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
EXPOSED = "Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id"

blueprint = routes.blueprint


@blueprint.before_request
def enter() -> Response | None:
    """Answer a browser's question before its question; let in whoever may ask."""
    if request.method == "OPTIONS":
        return Response()
    routes.authorize()
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
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = ", ".join(METHODS)
        asked = request.headers.get("Access-Control-Request-Headers")
        response.headers["Access-Control-Allow-Headers"] = asked or "Authorization, Content-Type, Idempotency-Key"
        response.headers["Access-Control-Max-Age"] = "7200"
    return response


@blueprint.errorhandler(errors.Problem)
def answer_problem(problem: errors.Problem) -> Response:
    """A problem of the domain as Mastodon would put it."""
    db.end()
    status = next((code for kind, code in STATUS.items() if isinstance(problem, kind)), 400)
    words = problem.message or type(problem).__name__
    if status == 404:
        words = "Record not found"  # the same for what is hidden and what never was
    elif isinstance(problem, errors.Invalid):
        words = f"Validation failed: {words}"
    made = flask.jsonify(error=words)
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
