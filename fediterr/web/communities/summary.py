"""The weekly summary of a community: as it will leave, its foreword and its day; and asking for no more of them."""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import errors
from fediterr.social import membership, summaries, summary_letters
from fediterr.social.models import Community
from fediterr.web import forms, rendering, session
from fediterr.web.communities import doors, words

blueprint = Blueprint("summary", __name__)

NEVER = ""  # in the choice of days


@blueprint.get("/@<handle>/resume")
def show(handle: str) -> Response:
    """The summary as its reader would get it now; moderators write its foreword and choose its day."""
    me, found = session.require(), doors.require_member(handle)
    community = found.known
    letter = summary_letters.write(summaries.of(community, me), rendering.language())
    day = community.summary_day
    form = {
        "foreword": community.foreword,
        "day": NEVER if day is None else str(day),
        "posted": "1" if community.summary_posted else "",
    }
    return rendering.show(
        "communities/summary.html", hall=found, letter=letter, form=forms.Form(form), longest=summaries.FOREWORD,
        days=[(NEVER, _("Jamais"))] + [(str(number), word) for number, word in enumerate(words.DAYS)],
        day=words.DAYS[day] if day is not None else "", hour=summaries.HOUR, wants=summaries.wants(me, community),
    )  # fmt: skip


@blueprint.post("/@<handle>/resume")
def save(handle: str) -> Response:
    """What the next summary begins with, and when it leaves."""
    found, form = doors.require_moderator(handle), forms.sent()
    day = form.value("day")
    if day not in {NEVER, *(str(number) for number in range(len(words.DAYS)))}:
        raise errors.Invalid("There is no such day of the week.")
    summaries.arrange(
        found.known,
        day=int(day) if day != NEVER else None,
        foreword=form.value("foreword").strip(),
        posted=form.is_on("posted"),
    )
    flask.flash(_("Le résumé est enregistré : le voici tel qu’il partira."))
    return rendering.lead(flask.url_for("web.summary.show", handle=handle))


@blueprint.post("/@<handle>/resume/recevoir")
def choose(handle: str) -> Response:
    """Get the letter, or not."""
    me, found = session.require(), doors.require_member(handle)
    wanted = request.form.get("on") != "0"
    summaries.choose(me, found.known, wanted=wanted)
    flask.flash(_("Vous recevrez le résumé par courriel.") if wanted else _("Vous ne recevrez plus ce résumé."))
    return rendering.lead(flask.url_for("web.summary.show", handle=handle))


# --- by the link of the letter -------------------------------------------------------------------------------------


@blueprint.get("/resumes/arret")
def ask_to_stop() -> Response:
    account, community = _named()
    return rendering.show("communities/stop.html", account=account, group=community.account)


@blueprint.post("/resumes/arret")
def stop() -> Response:
    """No more of these letters, by whoever holds one: a page of ours, or the one click of a mail program (RFC 8058)."""
    account, community = _named()
    summaries.choose(account, community, wanted=False)
    return rendering.show("communities/stopped.html", group=community.account)


def _named() -> tuple[Account, Community]:
    """Who asks, and of which community: the word in the letter opens nothing else. Raises NotFound."""
    account_id, community_id = rendering.number("compte"), rendering.number("communaute")
    if account_id is None or community_id is None:
        raise errors.NotFound("There is no such page.")
    account, community = accounts.get(account_id), membership.of(accounts.get(community_id))
    if community is None or not summaries.opens(account, community, request.args.get("mot", "")):
        raise errors.NotFound("There is no such page.")
    return account, community
