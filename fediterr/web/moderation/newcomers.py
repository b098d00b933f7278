"""Those who ask to come in: why, from where, and the answer, to several at once if wanted."""

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _
from flask_babel import ngettext

from fediterr.accounts.models import User
from fediterr.moderation import welcoming
from fediterr.web import forms, rendering, session

blueprint = Blueprint("newcomers", __name__, url_prefix="/moderation/demandes")

LONGEST = 1000  # characters of the word that goes with an answer


@blueprint.get("")
def listed() -> Response:
    return _page(forms.Form({}))


def _page(form: forms.Form, status: int = 200) -> Response:
    session.require_moderator()
    found = welcoming.newcomers(rendering.page())
    return rendering.show("moderation/newcomers.html", status=status, listed=found, form=form, longest=LONGEST)


@blueprint.post("")
def answer() -> Response:
    """Accept at once; ask once more before somebody is sent away, since what they sent goes with them."""
    me, form = session.require_moderator(), forms.sent()
    chosen = _chosen(form)
    if not chosen:
        form.wrong[""] = _("Cochez au moins une demande ; d’autres ont peut-être déjà répondu.")
    if len(form.value("words")) > LONGEST:
        form.wrong["words"] = _("C’est trop long.")
    if form.wrong:
        return _page(form, 400)
    said = form.value("words").strip()
    if form.value("answer") == "accept":
        welcoming.accept(me, chosen, said)
        flask.flash(
            ngettext("Une personne est accueillie.", "%(num)d personnes sont accueillies.", len(chosen))
            + " "
            + _("La réponse part par courriel.")
        )
    elif not form.is_on("confirmed"):
        return rendering.show("moderation/newcomers_refused.html", chosen=chosen, form=form)
    else:
        welcoming.refuse(me, chosen, said)
        flask.flash(ngettext("Une demande est refusée.", "%(num)d demandes sont refusées.", len(chosen)))
    return rendering.lead(flask.url_for("web.newcomers.listed"))


def _chosen(form: forms.Form) -> list[User]:
    named = [name.removeprefix("user-") for name in form.values if name.startswith("user-")]
    return welcoming.among([int(name) for name in named if name.isascii() and name.isdigit() and len(name) < 20])
