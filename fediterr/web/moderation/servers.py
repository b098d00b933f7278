"""Servers that are kept out, limited or let in, with what follows from each rule before it holds."""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.core import db, errors, site
from fediterr.moderation import service as domains
from fediterr.moderation.models import DomainRule, Severity
from fediterr.web import forms, rendering, session
from fediterr.web.moderation import words

blueprint = Blueprint("servers", __name__, url_prefix="/moderation/serveurs")

COMMENT = 1000  # characters


@blueprint.get("")
def listed() -> Response:
    session.require_moderator()
    kind = "allow" if request.args.get("liste") == "admis" else "block"
    form = forms.Form(request.args)
    return rendering.show(
        "moderation/servers.html", listed=domains.listed(kind, rendering.page(), about=form.value("nom")), kind=kind,
        form=form, severity=words.severity, by_list=site.settings().federation_mode != "open",
        is_administrator=session.is_administrator(),
    )  # fmt: skip


@blueprint.get("/<int:number>")
def rule(number: int) -> Response:
    session.require_moderator()
    found = _rule(number)
    return _show(found, forms.Form(_as_typed(found)))


def _rule(number: int) -> DomainRule:
    return domains.rule_of("block", number)


def _show(found: DomainRule, form: forms.Form, status: int = 200) -> Response:
    return rendering.show(
        "moderation/server.html", status=status, rule=found, form=form, severities=words.severities(),
        severity=words.severity, reach=domains.reach(found.domain), is_administrator=session.is_administrator(),
    )  # fmt: skip


def _as_typed(found: DomainRule) -> dict[str, str]:
    flags = {name: "1" for name in ("reject_media", "reject_reports", "obfuscate") if getattr(found, name)}
    return {
        "domain": found.domain, "severity": found.severity, "reason": found.reason,
        "public_comment": found.public_comment, **flags,
    }  # fmt: skip


# --- blocking ------------------------------------------------------------------------------------------------------


@blueprint.get("/ajouter")
def add() -> Response:
    session.require_administrator()
    return _ask(forms.Form({"domain": request.args.get("domaine", ""), "severity": Severity.SUSPEND}))


def _ask(form: forms.Form, status: int = 200) -> Response:
    return rendering.show("moderation/server_add.html", status=status, form=form, severities=words.severities())


@blueprint.post("/ajouter")
def block() -> Response:
    """A new rule: first what will follow, then, once that is confirmed, the rule."""
    me, form = session.require_administrator(), forms.sent()
    try:
        name = domains.named(form.value("domain"))
        domains.require_new(name, _block(form))
        if not form.is_on("confirmed"):
            return _confirm(form, name, flask.url_for("web.servers.block"))
        domains.add_block(name, _block(form), me)
    except (errors.Invalid, errors.Conflict) as problem:
        db.end()
        return _ask(form.refuse(problem), 400)
    flask.flash(_("La règle sur %(host)s est posée.", host=name))
    return rendering.lead(flask.url_for("web.servers.listed"))


def _block(form: forms.Form) -> domains.Block:
    return domains.Block(
        severity=form.value("severity"),
        reject_media=form.is_on("reject_media"),
        reject_reports=form.is_on("reject_reports"),
        obfuscate=form.is_on("obfuscate"),
        public_comment=form.value("public_comment").strip()[:COMMENT],
        reason=form.value("reason").strip()[:COMMENT],
    )


def _confirm(form: forms.Form, name: str, action: str) -> Response:
    """What will follow, before it does."""
    return rendering.show(
        "moderation/server_confirm.html", form=form, name=name, action=action, reach=domains.reach(name),
        severity=words.severities().get(form.value("severity"), ""),
    )  # fmt: skip


@blueprint.post("/<int:number>")
def change(number: int) -> Response:
    """Make a rule stricter or milder; asked once more when that ends follows."""
    me, form, found = session.require_administrator(), forms.sent(), _rule(number)
    try:
        closes = form.value("severity") == Severity.SUSPEND and found.severity != Severity.SUSPEND
        if closes and not form.is_on("confirmed"):
            return _confirm(form, found.domain, flask.url_for("web.servers.change", number=number))
        domains.change_block(found, _block(form), me)
    except errors.Invalid as problem:
        db.end()
        return _show(_rule(number), form.refuse(problem), 400)
    flask.flash(_("La règle sur %(host)s est changée.", host=found.domain))
    return rendering.lead(flask.url_for("web.servers.rule", number=number))


@blueprint.get("/<int:number>/lever")
def ask_to_lift(number: int) -> Response:
    session.require_administrator()
    found = _rule(number)
    return rendering.show(
        "moderation/server_lift.html", rule=found, reach=domains.reach(found.domain), severity=words.severity
    )


@blueprint.post("/<int:number>/lever")
def lift(number: int) -> Response:
    me, found = session.require_administrator(), _rule(number)
    domains.forget_domain(found.domain, actor=me)
    flask.flash(_("Il n’y a plus de règle sur %(host)s.", host=found.domain))
    return rendering.lead(flask.url_for("web.servers.listed"))


# --- where only those on a list are let in --------------------------------------------------------------------------


@blueprint.post("/admettre")
def allow() -> Response:
    me, form = session.require_administrator(), forms.sent()
    try:
        name = domains.named(form.value("domain"))
        domains.require_unblocked(name)
        domains.allow_domain(name, reason=form.value("reason").strip()[:COMMENT], actor=me)
    except (errors.Invalid, errors.Conflict) as problem:
        db.end()
        flask.flash(form.refuse(problem).wrong.popitem()[1], "bad")
    else:
        flask.flash(_("%(host)s est admis.", host=name))
    return rendering.lead(flask.url_for("web.servers.listed", liste="admis"))


@blueprint.get("/admis/<int:number>/retirer")
def ask_to_dismiss(number: int) -> Response:
    session.require_administrator()
    found = domains.rule_of("allow", number)
    return rendering.show("moderation/server_dismiss.html", rule=found, reach=domains.reach(found.domain))


@blueprint.post("/admis/<int:number>/retirer")
def dismiss(number: int) -> Response:
    me, found = session.require_administrator(), domains.rule_of("allow", number)
    domains.forget_domain(found.domain, actor=me)
    flask.flash(_("%(host)s n’est plus admis.", host=found.domain))
    return rendering.lead(flask.url_for("web.servers.listed", liste="admis"))
