"""What the law wants told on every site: accessibility, who publishes, personal data, ecodesign; from the settings."""

from datetime import timedelta

import flask
import flask_babel
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.core import clock, db, errors, limits, mail, site
from fediterr.moderation import texts
from fediterr.web import assets, conformity, forms, rendering, session

blueprint = Blueprint("legal", __name__)

HALF_A_YEAR = timedelta(days=182)  # a file that names whom to tell of a hole must not grow old
PAGE_WEIGHT = 10  # kB sent of a page of twenty posts, as tests/web/test_look.py measures it
CLOSED = ("/api/", "/oauth/", "/connexion", "/inscription", "/recherche", "/reglages", "/administration", "/moderation")
LONGEST = 4000  # characters of a problem that is told
OFTEN = {"most": 5, "seconds": 3600}  # problems told from one address


def accessibility_contact() -> str:
    return site.settings().legal_accessibility_contact or site.settings().contact_email


def readers() -> list[str]:
    """Whom a problem that is told reaches: who sees to accessibility, else the administrators; nobody without mail."""
    if not site.settings().mail_host:
        return []
    written = accessibility_contact()
    return [written] if written else accounts.administrator_addresses()


@blueprint.get("/accessibilite")
def accessibility() -> Response:
    """The declaration of accessibility, and how to tell of a problem."""
    return _show_accessibility(forms.Form({"page": _page_before()}))


def _page_before() -> str:
    """The page one comes from: probably the one there is something to say about."""
    before = request.referrer or ""
    return before if site.is_here(before) else ""


def _show_accessibility(form: forms.Form, status: int = 200) -> Response:
    settings = site.settings()
    return rendering.show(
        "legal/accessibility.html", status=status, form=form, state=conformity.state(settings),
        state_words=conformity.WORDS[conformity.state(settings)], day=conformity.audited_on(settings),
        contact=accessibility_contact(), may_tell=bool(readers()),
    )  # fmt: skip


@blueprint.post("/accessibilite")
def tell() -> Response:
    """A problem of accessibility goes to whoever sees to it, with an address for the answer."""
    form, people = forms.sent(), readers()
    if not people:
        raise errors.NotFound("There is no such page.")
    form.require("words", _("Dites ce qui vous a empêché de lire ou d’agir."))
    if "@" not in form.value("email"):
        form.wrong["email"] = _("Une adresse est nécessaire pour vous répondre.")
    if form.wrong:
        db.end()
        return _show_accessibility(form, 400)
    where = session.network_here()
    if site.settings().rate_limits and (wait := limits.wait_for("accessibility", where, **OFTEN)):
        raise errors.TooMany("These are many words at once: try again later.", retry_after=int(wait) + 1)
    with flask_babel.force_locale(site.settings().language):
        subject = _("Accessibilité : un problème signalé")
        told = [
            _("Une personne signale un problème d’accessibilité sur %(name)s.", name=site.settings().name),
            _("Page : %(page)s", page=form.value("page")[:500]),
            _("Répondre à : %(email)s", email=form.value("email")[:200]),
            form.value("words")[:LONGEST],
        ]
    for each in people:
        mail.send(each, subject, "\n\n".join(told))
    flask.flash(_("Merci : votre signalement est transmis, et vous aurez une réponse à l’adresse donnée."))
    return rendering.lead(flask.url_for("web.legal.accessibility"))


@blueprint.get("/mentions-legales")
def notice() -> Response:
    """Who publishes, who answers for it, whose machines it runs on."""
    return rendering.show("legal/notice.html", people=accounts.administrators())


@blueprint.get("/confidentialite")
def privacy() -> Response:
    """What is kept about people, for how long, and what they may ask for."""
    said = texts.privacy_policy(rendering.choose_language())
    return rendering.show("legal/privacy.html", policy=said.content, updated_at=said.updated_at)


@blueprint.get("/ecoconception")
def ecodesign() -> Response:
    """What pages weigh and cost, and what is done about it."""
    page, style, script = PAGE_WEIGHT, assets.asset("style.css").packed, assets.asset("script.js").packed
    weights = [
        (_("Une page de vingt messages"), page),
        (_("La feuille de style, une fois"), _kilobytes(style)),
        (_("Le script, une fois"), _kilobytes(script)),
    ]
    return rendering.show("legal/ecodesign.html", weights=weights)


def _kilobytes(data: bytes) -> int:
    return max(1, round(len(data) / 1000))


# --- what programs ask ---------------------------------------------------------------------------------------------


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What is for everybody may be found; the rest costs both sides for nothing."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    return _plain("\n".join(lines) + "\n")


@blueprint.get("/.well-known/security.txt")
def security() -> Response:
    """Whom to tell of a hole (RFC 9116); nothing when the operator named nobody."""
    contact = site.settings().contact_email
    if not contact:
        raise errors.NotFound("There is no such page.")
    expires = (clock.now() + HALF_A_YEAR).isoformat(timespec="seconds")
    lines = [
        f"Contact: mailto:{contact}",
        f"Expires: {expires}",
        "Preferred-Languages: fr, en",
        f"Canonical: {site.address('/.well-known/security.txt')}",
    ]
    return _plain("\n".join(lines) + "\n")


def _plain(words: str) -> Response:
    return Response(words, mimetype="text/plain", headers={"Cache-Control": "public, max-age=86400"})
