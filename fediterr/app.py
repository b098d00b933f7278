"""Where everything is put together: settings, database, queue, the doors, and the one commit per request."""

import contextlib
import dataclasses
import importlib.resources
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import flask
import sqlalchemy as sa
import werkzeug.routing
from flask import Flask, Response, request
from flask_migrate import Migrate

from fediterr import reactions
from fediterr.accounts import openid, visits
from fediterr.accounts.models import User
from fediterr.activitypub import discovery, voice
from fediterr.activitypub import door as activitypub_door
from fediterr.activitypub.client import Client
from fediterr.cli import main as cli
from fediterr.cli import parts
from fediterr.core import beats, broker, db, errors, jobs, logs, proxies, site
from fediterr.core.settings import Settings
from fediterr.mastodon import door as mastodon_door
from fediterr.mastodon import problems as mastodon_problems
from fediterr.mastodon.streaming import server as streaming
from fediterr.moderation import entrance
from fediterr.web import door as web_door
from fediterr.web import media
from fediterr.web import problems as web_problems

__all__ = ["create_app", "main", "reactions"]

LARGEST = 2**63 - 1  # what a database calls a large number
SAFE = ("GET", "HEAD", "OPTIONS")
MIGRATIONS = "migrations"


class Rule(werkzeug.routing.Rule):
    """The place of a page; the code that builds its address is compiled when one is first built.

    As it comes, Werkzeug compiles it twice for each of our hundreds of places: four fifths of a start, for what is
    hardly ever built. Were its method to change its name, the start would be slow again, and nothing else.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_, built = super()._compile_builder, None

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            nonlocal built
            if built is None:
                built = compile_(append_unknown)
            return built(rule, **values)

        return build


class Number(werkzeug.routing.IntegerConverter):
    """A number in an address: one that a database has room for, else there is no such page."""

    def __init__(self, map: werkzeug.routing.Map, **more: Any) -> None:  # noqa: A002 (Werkzeug's name)
        super().__init__(map, **{"max": LARGEST, **more})


class Application(Flask):
    url_rule_class = Rule

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.url_map.converters["int"] = Number


def create_app(settings: Settings, *, queue: jobs.Queue | None = None, client: Client | None = None) -> Flask:
    """The application; `queue` and `client` take the place of the broker and of the network."""
    app = Application("fediterr", static_folder="web/static", template_folder="web/templates")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": not settings.database_url.startswith("sqlite")},
        MAX_CONTENT_LENGTH=settings.limits_body + 1024,
        MAX_FORM_MEMORY_SIZE=500_000,  # of a form without its files
        MAX_FORM_PARTS=200,
        SESSION_COOKIE_NAME=_cookie_name(settings),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
    )
    app.wsgi_app = proxies.Proxied(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]
    app.extensions[site.EXTENSION] = settings
    app.extensions[jobs.EXTENSION] = queue or broker.CeleryQueue(broker.make_celery(settings))
    app.extensions[parts.STREAMING] = streaming.serve
    app.extensions[mastodon_problems.EXTENSION] = web_problems.in_french
    app.extensions[voice.EXTENSION] = client or Client(settings)
    if settings.oidc_issuer:
        app.extensions[openid.EXTENSION] = openid.Provider(settings, client or _client_of_sign_in(settings))
    db.init(app)
    Migrate(app, db.db, directory=str(_migrations()))
    _keep_units_of_work(app)
    app.register_blueprint(discovery.blueprint)
    app.register_blueprint(activitypub_door.blueprint)
    app.register_blueprint(mastodon_door.blueprint)
    app.register_blueprint(web_door.blueprint)
    app.register_blueprint(media.blueprint)
    app.register_error_handler(errors.Problem, activitypub_door.answer_problem)
    app.add_url_rule("/healthz", view_func=healthz)
    app.add_url_rule("/readyz", view_func=readyz)
    return app


def _client_of_sign_in(settings: Settings) -> Client:
    """The way out to the service that lets people sign in: whom the operator named may live in their own network.

    The federation has a client of its own, for which this is no reason to call there.
    """
    host = urlsplit(settings.oidc_issuer).netloc
    return Client(dataclasses.replace(settings, federation_allow_hosts=(host,)))


def _cookie_name(settings: Settings) -> str:
    """A name that only we may set; on plain http, one for each port, since browsers do not tell ports apart."""
    secure = settings.base_url.startswith("https://")
    return "__Host-fediterr" if secure else f"fediterr-{settings.host.rpartition(':')[2]}"


def _migrations() -> Any:
    return importlib.resources.files("fediterr") / MIGRATIONS


def _keep_units_of_work(app: Flask) -> None:
    """A request that changes something begins as a writer and ends with one commit, if it ends well."""

    @app.before_request
    def begin() -> None:
        logs.request_id.set(secrets.token_hex(6))
        if not entrance.may_enter(request.remote_addr):
            raise errors.Forbidden("This server does not answer to your network.")
        inbox = request.endpoint is not None and request.endpoint.endswith("_inbox")
        if request.method not in SAFE and not inbox:
            db.begin_writing()

    @app.after_request
    def finish(response: Response) -> Response:
        if response.status_code < 400 and (user := _who_asked()) is not None:
            with contextlib.suppress(sa.exc.OperationalError):  # of no importance to who asks
                visits.note(user, request.remote_addr)
        if request.method not in SAFE and response.status_code < 400:
            db.commit()
        response.headers["X-Request-Id"] = logs.request_id.get()
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response

    @app.teardown_request
    def leave(_problem: BaseException | None) -> None:
        db.end()


def _who_asked() -> User | None:
    """Whose session or token came with the request, as far as a door looked."""
    token = flask.g.get("token")
    found: User | None = token.user if token else flask.g.get("user")
    return found


def healthz() -> Response:
    """The process answers."""
    return flask.jsonify(status="ok")


def readyz() -> tuple[Response, int]:
    """The process can do its work: the database answers; when a worker last did is told beside."""
    try:
        db.session.execute(sa.text("SELECT 1"))
        last = beats.last()
    except sa.exc.SQLAlchemyError:
        return flask.jsonify(status="unavailable", database="away"), 503
    return flask.jsonify(status="ok", database="ok", worker_seen_at=last.isoformat() if last else None), 200


def main() -> None:
    """The command line."""
    cli.fediterr(obj=create_app)
