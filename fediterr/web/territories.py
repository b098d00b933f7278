"""The page of a territory: what is known of it, who speaks for it on the network, and whom it is like."""

from collections.abc import Iterable
from dataclasses import dataclass

import flask
from flask import Blueprint, Response, request
from flask_babel import format_decimal
from flask_babel import gettext as _

from fediterr.accounts.models import Account
from fediterr.core.db import session as database
from fediterr.core.paging import Page
from fediterr.social import timelines
from fediterr.social.models import Post
from fediterr.social.models.filters import Context
from fediterr.territories import authorities, directory, employments, kin, loading, twins
from fediterr.territories.models import Authority, Nature, Outline, Territory
from fediterr.web import likeness, natures, particulars, rendering, session
from fediterr.web.cards import Cards

blueprint = Blueprint("territories", __name__, url_prefix="/territoires")

MEMBERS = 100  # on one page


@dataclass(frozen=True)
class Members:
    """The part of a list of territories that a page shows, and what the list is of."""

    what: str  # members, epci
    shown: list[Territory]
    number: int
    offset: int

    @property
    def before(self) -> int | None:
        return max(0, self.offset - MEMBERS) if self.offset else None

    @property
    def after(self) -> int | None:
        return self.offset + MEMBERS if self.offset + MEMBERS < self.number else None


@dataclass(frozen=True)
class Likeness:
    """A comparable territory, whether it is on the network, and in words why it is alike."""

    territory: Territory
    reasons: list[str]
    present: bool
    has_outline: bool


@blueprint.get("/<code>")
def show(code: str) -> Response:
    """A territory by its code; by another number of it, or the code of what became a part of it: on to that page."""
    territory = directory.by_code(code)
    if territory is None and (found := directory.by_number(code)) is not None:
        return rendering.lead(flask.url_for("web.territories.show", code=found.code))
    successors = directory.successors_of(code) if territory is None or territory.ended_on else []
    if len(successors) == 1:
        return rendering.lead(flask.url_for("web.territories.show", code=successors[0].code, ancien=code))
    if territory is None:
        return rendering.show("territories/unknown.html", status=404, code=code, successors=successors)
    return _page(territory, successors)


def _page(territory: Territory, successors: list[Territory]) -> Response:
    me = session.viewer()
    spoken = authorities.of_territory(territory)
    listed = posts_of(spoken, me, rendering.page())
    cards = Cards.of(me, listed, Context.PUBLIC)
    before, members = directory.merged_into(territory.code), _members(territory)
    return rendering.show(
        "territories/show.html", territory=territory, successors=successors, before=before,
        former=directory.by_codes({each.code for each in before}), arrived_by=request.args.get("ancien"),
        outline=database.get(Outline, territory.id), lines=particulars.of(territory), members=members,
        attributions=loading.CREDIT,
        shown_figures=_figures(territory, members), alike=_alike(territory), agents=_agents(spoken, me),
        groupings=directory.groupings_of(territory), competences=directory.competences_of(territory),
        competence_source=particulars.source_of(territory, "competences"), authorities=spoken,
        listed=listed, cards=cards, entries=cards.shown(listed),
    )  # fmt: skip


def posts_of(spoken: Iterable[Authority], me: Account | None, page: Page) -> list[Post]:
    """What these say in public; to visitors what those of here say, as everywhere."""
    authors = [each.account_id for each in spoken if me is not None or each.account.local]
    return timelines.said_by(authors, me, page)


def _agents(spoken: Iterable[Authority], me: Account | None) -> list[Account]:
    """Who says that they work there and is one of theirs; to visitors those of here who want to be found."""
    found = {each.id: each for authority in spoken for each in employments.agents_of(authority.account)}
    return [each for each in found.values() if me is not None or (each.local and each.discoverable)]


def _members(territory: Territory) -> Members:
    """Whom it is made of; the communautés of a department or region whose members no register lists."""
    found, what = directory.members_of(territory), "members"
    if not found and territory.kind in (Nature.DEPARTMENT, Nature.REGION):
        found, what = directory.epci_within(territory), "epci"
    offset = rendering.offset(len(found))
    return Members(what, found[offset : offset + MEMBERS], len(found), offset)


def _figures(territory: Territory, members: Members) -> list[tuple[str, str]]:
    """What one asks first."""
    known = [
        (_("Habitants"), format_decimal(territory.population) if territory.population is not None else ""),
        (_("Superficie"), natures.area_of(territory)),
        (_("Membres"), format_decimal(members.number) if members.what == "members" and members.number else ""),
    ]
    return [(label, value) for label, value in known if value]


def _alike(territory: Territory) -> list[Likeness]:
    found = twins.of(territory)
    identifiers = {each.other.id for each in found}
    outlines, there = directory.outlines_of(identifiers), kin.present(identifiers)
    return [
        Likeness(each.other, likeness.phrases(each.reasons), each.other.id in there, each.other.id in outlines)
        for each in found
    ]
