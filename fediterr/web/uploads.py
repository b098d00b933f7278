"""Files sent with a form: who may send them, how large they may be together, and each looked at before it is kept."""

from collections.abc import Callable
from typing import Any, TypeVar

import flask
from flask import request

from fediterr.accounts.models import Account
from fediterr.core import db, errors, site
from fediterr.social import media
from fediterr.web import session

BESIDE = 512 * 1024  # bytes of a form besides its files

_TAKES = "takes_files"

View = TypeVar("View", bound=Callable[..., Any])


def takes_files(view: View) -> View:
    """Say of a page that its form may come with as many files as a post has."""
    setattr(view, _TAKES, True)
    return view


def make_room() -> None:
    """Read longer forms where files may come; from people with a session of here only, and asking no database."""
    view = flask.current_app.view_functions.get(request.endpoint or "")
    if getattr(view, _TAKES, False) and isinstance(flask.session.get(session.WORD), str):
        settings = site.settings()
        request.max_content_length = settings.limits_media_per_post * settings.limits_media + BESIDE


def take(me: Account, name: str = "new-files") -> tuple[list[media.Kept], list[tuple[str, errors.Problem]]]:
    """Put the files of a form into the store, one after the other; those that are not taken, by name, and why.

    Nothing may have been changed before: pictures are drawn anew outside of the unit of work.
    """
    kept: list[media.Kept] = []
    refused: list[tuple[str, errors.Problem]] = []
    limit, most = site.settings().limits_media, site.settings().limits_media_per_post
    sent = [part for part in request.files.getlist(name) if part.filename]
    for part in sent[: most + 1]:  # one too many is told where all are known to be too many
        called = part.filename or ""
        try:
            media.admit(me)
            with db.aside():
                kept.append(media.keep(part.stream.read(limit + 1), called, later=True))
        except (errors.Invalid, errors.TooLarge, errors.TooMany, errors.Unreachable) as problem:
            refused.append((called, problem))
    return kept, refused
