"""The second factor: switched on by a first code, its recovery codes, switched off; on the way in when asked for."""

from urllib.parse import quote

import flask
import segno
from flask import Blueprint, Response, request
from flask_babel import gettext as _
from markupsafe import Markup

from fediterr.accounts import second_factors
from fediterr.accounts.credentials import Stage
from fediterr.accounts.models import User
from fediterr.core import db, errors, site
from fediterr.web import entrance, forms, rendering, second_step, session

blueprint = Blueprint("second_factor", __name__, url_prefix="/reglages/securite/double-authentification")


@blueprint.get("")
def show() -> Response:
    """What waits to be proved, else whether it is on."""
    user, onward = _enrolling(), session.local_path(request.args.get("next"), "")
    secret = second_factors.pending(user)
    if secret is not None:
        return _enrolment(user, secret, forms.Form({"next": onward}))
    return _page(forms.Form({}))


def _page(form: forms.Form, status: int = 200) -> Response:
    user = session.require_user()
    return rendering.show(
        "settings/second_factor.html", status=status, form=form, on=second_factors.is_on(user),
        left=second_factors.codes_left(user), required=second_factors.is_required(user),
    )  # fmt: skip


def _enrolling() -> User:
    """Who is signed in, or must have a second factor before they are."""
    return session.awaiting(Stage.ENROLMENT) or session.require_user()


def _enrolment(user: User, secret: str, form: forms.Form, status: int = 200) -> Response:
    square = segno.make(second_factors.address(user, secret), error="m", micro=False)
    return rendering.show(
        "settings/second_factor_new.html", status=status, form=form, forced=session.user() is None,
        square=Markup(square.svg_inline(scale=5, light="#fff")),  # noqa: S704 (drawn here)
        spelt=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
    )  # fmt: skip


# --- on ------------------------------------------------------------------------------------------------------------


@blueprint.post("")
def begin() -> Response:
    form = forms.sent()
    try:
        second_factors.begin(entrance.require_password(form.value("password")))
    except (errors.Forbidden, errors.Conflict) as problem:
        db.end()
        return _page(form.refuse(problem), 403 if isinstance(problem, errors.Forbidden) else 409)
    return rendering.lead(flask.url_for("web.second_factor.show"))


@blueprint.post("/activer")
def prove() -> Response:
    """The first code; then the recovery codes are shown, once, and a session begins that has proved both."""
    user, form = _enrolling(), forms.sent()
    onward = session.local_path(form.value("next"), flask.url_for("web.security.show"))
    secret = second_factors.pending(user)
    if secret is None:
        flask.flash(_("Cela a pris trop de temps : recommencez."), "bad")
        return rendering.lead(flask.url_for("web.second_factor.show"))
    second_step.require_patience(user)
    try:
        codes = second_factors.prove(user, form.value("code"), session_id=None)
    except errors.Problem as problem:
        db.end()
        return _enrolment(user, secret, form.refuse(problem), 400)
    session.renew(user)
    return _show_codes(codes, onward, is_new=True)


# --- recovery codes, and off ---------------------------------------------------------------------------------------


@blueprint.post("/codes")
def renew_codes() -> Response:
    form = forms.sent()
    try:
        user = entrance.require_password(form.value("password"))
        _require_on(user)
    except (errors.Forbidden, errors.Conflict) as problem:
        db.end()
        return _page(form.refuse(problem), 403)
    return _show_codes(second_factors.renew_codes(user), flask.url_for("web.security.show"), is_new=False)


def _show_codes(codes: list[str], onward: str, *, is_new: bool) -> Response:
    title = _("Codes de secours de %(name)s", name=site.settings().name)
    file = "data:text/plain;charset=utf-8," + quote("\r\n".join([title, "", *codes, ""]))
    return rendering.show("settings/recovery_codes.html", codes=codes, file=file, onward=onward, is_new=is_new)


@blueprint.get("/retirer")
def ask_to_remove() -> Response:
    _require_on(session.require_user())
    return _removal(forms.Form({}))


def _removal(form: forms.Form, status: int = 200) -> Response:
    required = second_factors.is_required(session.require_user())
    return rendering.show("settings/second_factor_off.html", status=status, form=form, required=required)


@blueprint.post("/retirer")
def remove() -> Response:
    form = forms.sent()
    try:
        user = entrance.require_password(form.value("password"))
        _require_on(user)
    except (errors.Forbidden, errors.Conflict) as problem:
        db.end()
        return _removal(form.refuse(problem), 403)
    second_factors.remove(user)
    session.renew(user)
    flask.flash(_("La double authentification est retirée."))
    return rendering.lead(flask.url_for("web.security.show"))


def _require_on(user: User) -> None:
    if not second_factors.is_on(user):
        raise errors.Conflict("There is no second factor.")
