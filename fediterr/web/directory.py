"""Who is here: people who want to be found, and whom one might follow."""

from flask import Blueprint, Response, request

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.social import names, relations, suggestions
from fediterr.social.relations import Relation
from fediterr.web import rendering, session

blueprint = Blueprint("directory", __name__, url_prefix="/personnes")

FARTHEST = 10_000  # people that one may go past
ORDERS = ("active", "new")


@blueprint.get("")
def listed() -> Response:
    """People of this server, or of all that it knows; those whose name begins as is asked for."""
    me, wanted, offset = session.require(), rendering.asked("q")[:200], rendering.offset(FARTHEST)
    order = request.args.get("ordre", "")
    order, everywhere = order if order in ORDERS else ORDERS[0], request.args.get("ou") == "reseau"
    if wanted:
        found = names.people(me, wanted, rendering.PAGE + 1, offset)
    else:
        found = suggestions.directory(me, order=order, local=not everywhere, limit=rendering.PAGE + 1, offset=offset)
    return rendering.show(
        "directory.html", people=found[: rendering.PAGE], more=len(found) > rendering.PAGE, offset=offset,
        relations=between(me, found), wanted=wanted, order=order, everywhere=everywhere,
    )  # fmt: skip


def between(me: Account, people: list[Account]) -> dict[int, Relation]:
    """What there is between the reader and these people, by their id; nothing is asked for nobody."""
    found = relations.between(me, [account.id for account in people]) if people else []
    return {relation.target_id: relation for relation in found}


@blueprint.post("/<int:identifier>/ecarter")
def dismiss(identifier: int) -> Response:
    """Do not suggest this person again."""
    suggestions.dismiss(session.require(), accounts.get(identifier))
    return rendering.lead(session.local_path(request.form.get("next")))
