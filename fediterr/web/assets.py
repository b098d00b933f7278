"""The style sheet and the script: compressed once, kept for good by browsers, under addresses that change with them."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import flask
from flask import Blueprint, Response, request

blueprint = Blueprint("assets", __name__)

YEAR = 365 * 86400  # seconds
KINDS = {"css": "text/css", "js": "text/javascript"}
COMMENT = re.compile(r"^\s*/\*.*?\*/", re.DOTALL | re.MULTILINE)
INDENT = re.compile(r"\n\s*")


@dataclass(frozen=True)
class Asset:
    """A text that browsers keep: its bytes, the same compressed, and a mark that is another for other bytes."""

    name: str
    data: bytes
    packed: bytes
    mark: str

    @property
    def address(self) -> str:
        return f"/static/{self.name}?v={self.mark}"


def made_of(name: str, data: bytes) -> Asset:
    packed = gzip.compress(data, 9, mtime=0)
    return Asset(name, data, packed, hashlib.sha256(data).hexdigest()[:12])


@cache
def asset(name: str) -> Asset:
    """One of our files, without what is written in it for those who work on it."""
    source = (Path(__file__).parent / "static" / name).read_text(encoding="utf-8")
    return made_of(name, INDENT.sub("\n", COMMENT.sub("", source)).strip().encode())


def style_address() -> str:
    return asset("style.css").address


def script_address() -> str:
    return asset("script.js").address


def passkeys_address() -> str:
    return asset("passkeys.js").address


def suggestions_address() -> str:
    return asset("suggestions.js").address


@blueprint.get("/static/style.css")
def style() -> Response:
    return answer(asset("style.css"))


@blueprint.get("/static/script.js")
def script() -> Response:
    return answer(asset("script.js"))


@blueprint.get("/static/passkeys.js")
def passkeys() -> Response:
    return answer(asset("passkeys.js"))


@blueprint.get("/static/suggestions.js")
def suggestions() -> Response:
    return answer(asset("suggestions.js"))


def answer(found: Asset) -> Response:
    """The bytes, packed if the browser can unpack them; for good only under the address that names these bytes."""
    packs = request.accept_encodings["gzip"] > 0
    made = flask.make_response(found.packed if packs else found.data)
    if packs:
        made.headers["Content-Encoding"] = "gzip"
    made.headers["Content-Type"] = f"{KINDS[found.name.rpartition('.')[2]]}; charset=utf-8"
    named = request.args.get("v") == found.mark
    made.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if named else "no-cache"
    made.vary.add("Accept-Encoding")
    made.set_etag(found.mark)
    made.make_conditional(request)
    return made
