"""Pages leave compressed, except where somebody could learn a secret from their length (BREACH).

That takes words of the attacker beside the secret, and pages asked for at the attacker's will. So what is for one
person is compressed only when this site, or the person, asks for it, never when another site leads there; and the word
of our forms looks different on every page (`session.csrf_token`).
"""

import gzip

import flask
from flask import Blueprint, Response, request

blueprint = Blueprint("compression", __name__)

KINDS = {"text/html", "application/atom+xml", "application/rss+xml"}
LEAST = 1000  # bytes below which nothing is gained
LEVEL = 6
NEAR = ("same-origin", "none")  # as browsers say who asks


@blueprint.after_app_request
def pack(response: Response) -> Response:
    if response.mimetype not in KINDS or response.is_streamed or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] <= 0 or not _tells_nothing():
        return response
    data = response.get_data()
    if len(data) < LEAST:
        return response
    response.set_data(gzip.compress(data, LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)
    return response


def _tells_nothing() -> bool:
    return not flask.session or request.headers.get("Sec-Fetch-Site") in NEAR
