"""What waits for moderators, and what they did last."""

from flask import Blueprint, Response

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core.paging import Page
from fediterr.moderation import appeals, journal, registry, reports
from fediterr.moderation.models import Decision
from fediterr.web import rendering, session
from fediterr.web.moderation import words

blueprint = Blueprint("moderation", __name__, url_prefix="/moderation")

LINES = 8


@blueprint.get("")
def overview() -> Response:
    me = session.require_moderator()
    lines = journal.listed(Page(limit=LINES))
    return rendering.show(
        "moderation/overview.html",
        open_reports=reports.waiting(), mine=reports.waiting(mine=me), newcomers=registry.waiting(),
        appeals=appeals.waiting(), lines=lines, act=words.act, people=people_of(lines),
    )  # fmt: skip


def people_of(lines: list[Decision]) -> dict[int, Account]:
    """Who decided, and about whom, in lines of the journal."""
    return accounts.many({each for line in lines for each in (line.actor_id, line.target_id) if each is not None})
