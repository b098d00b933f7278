"""The files of people here, handed out so that no browser and no server takes them for anything else."""

import flask
from flask import Blueprint, Response, current_app, request

from fediterr.core import errors, filetypes, site, storage
from fediterr.social import media

blueprint = Blueprint("media", __name__)

YEAR = 365 * 86400  # seconds: a file never changes, its name would
SECURITY = "sandbox; default-src 'none'; frame-ancestors 'none'"


@blueprint.before_app_request
def keep_apart() -> None:
    """A host that is for files serves nothing else."""
    own = site.settings().media_host
    if own and request.host == own and request.endpoint != "media.show":
        raise errors.NotFound("There are only files here.")


@blueprint.get("/avatars/original/missing.png")
def no_avatar() -> Response:
    """The picture of whoever has none, at the address by which applications know it."""
    return current_app.send_static_file("avatar.png")


@blueprint.get("/headers/original/missing.png")
def no_header() -> Response:
    return current_app.send_static_file("header.png")


@blueprint.get("/media/<name>")
def show(name: str) -> Response:
    """The bytes of a file, or the part that is asked for; as the one type that its name stands for."""
    medium = media.by_path(name)
    found = filetypes.BY_EXTENSION[name.rpartition(".")[2]]
    answer = flask.send_file(
        storage.find(name), mimetype=found.media_type, as_attachment=not found.shown,
        download_name=medium.name if not found.shown else name, etag=name, max_age=YEAR,
    )  # fmt: skip
    answer.headers["Content-Type"] = found.media_type
    answer.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    answer.headers["Content-Security-Policy"] = SECURITY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
