"""From a handle or an address to its page, from words to what is found by them; and what this server is."""

import flask
from flask import Blueprint, Response, request

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import resolver
from fediterr.core import site
from fediterr.moderation import rules, texts
from fediterr.social import names, tags
from fediterr.social import search as found
from fediterr.social.models import Post
from fediterr.social.models.filters import Context
from fediterr.territories import search as territories
from fediterr.territories.models import Territory
from fediterr.web import directory, rendering, session
from fediterr.web.cards import Cards

blueprint = Blueprint("search", __name__)

LONGEST = found.LONGEST
FARTHEST = 1000  # results that one may go past
MOST = 100  # counted no further
NAMED = 3  # territories shown above what else is found
SHORTEST = 3  # characters of what may name a territory
KINDS = ("messages", "personnes", "mots-diese")


@blueprint.get("/recherche")
def search() -> Response:
    """Where a handle, a hashtag or an address leads; else what is found by these words."""
    wanted = rendering.asked("q")[:LONGEST]
    if wanted.startswith("#") and tags.NAME.fullmatch(wanted[1:]) and "dans" not in request.args:
        return rendering.lead(flask.url_for("web.feed.tagged", tag=wanted[1:]))
    if _names_one_thing(wanted):
        return _named(wanted)
    return _found(wanted)


def _names_one_thing(wanted: str) -> bool:
    """An address, or somebody's handle."""
    if wanted.startswith(("https://", "http://")):
        return True
    return "@" in wanted and " " not in wanted


def _named(wanted: str) -> Response:
    """Known here, or fetched from its server when somebody of here asks for it."""
    if not wanted.startswith("http") and (account := accounts.by_handle(wanted)) is not None and account.active:
        return rendering.lead(rendering.address_of(account))
    session.require()
    return _lead_to(wanted)


def _found(wanted: str, status: int = 200) -> Response:
    """One kind of what is found, with how much there is of each; visitors do not search in posts."""
    me, view, offset = session.viewer(), request.args.get("dans", ""), rendering.offset(FARTHEST)
    kinds = KINDS if me else KINDS[1:]
    sizes = _counts(me, wanted) if wanted else {}
    full = [kind for kind in kinds if sizes.get(kind)]
    view = view if view in kinds else (full or kinds)[0]
    people, listed, named = _of_kind(me, wanted, view, offset) if wanted else ([], [], [])
    return rendering.show(
        "search.html", status=status, wanted=wanted, view=view, kinds=kinds, sizes=sizes, most=MOST, offset=offset,
        people=people[: rendering.PAGE], tags=named[: rendering.PAGE], listed=listed,
        more=max(len(people), len(named)) > rendering.PAGE,
        relations=directory.between(me, people) if me else {}, territories=_territories(wanted),
        cards=Cards.of(me, listed, Context.PUBLIC),
    )  # fmt: skip


def _territories(wanted: str) -> list[Territory]:
    """The first few that are called so; nothing while most of France is meant."""
    return territories.suggest(wanted, NAMED) if len(wanted) >= SHORTEST else []


def _counts(me: Account | None, wanted: str) -> dict[str, int]:
    """How much is found of each kind, up to MOST."""
    return {
        "messages": found.count(me, wanted, MOST) if me else 0,
        "personnes": len(names.people(me, wanted, MOST)),
        "mots-diese": len(names.tags(wanted, MOST)),
    }


def _of_kind(me: Account | None, wanted: str, view: str, offset: int) -> tuple[list[Account], list[Post], list[str]]:
    """A page of one kind; of people and hashtags one more, to know whether there is another page."""
    if view == "messages" and me:
        return [], found.posts(me, wanted, rendering.page()), []
    if view == "personnes":
        return names.people(me, wanted, rendering.PAGE + 1, offset), [], []
    return [], [], names.tags(wanted, rendering.PAGE + 1, offset)


@blueprint.get("/authorize_interaction")
def interact() -> Response:
    """Where other servers send one of our people who wants to follow or answer somebody there."""
    session.require()
    return _lead_to(request.args.get("uri", "").strip().removeprefix("acct:")[:LONGEST])


def _lead_to(wanted: str) -> Response:
    if site.is_here(wanted):
        return rendering.lead(session.local_path(wanted.removeprefix(site.settings().base_url)))
    thing = resolver.look_up(wanted) if wanted else None
    if thing is not None:
        return rendering.lead(rendering.address_of(thing))
    return _found(wanted, 404 if wanted else 200)


@blueprint.get("/about")
def about() -> Response:
    """What this server is, what people agree to here, and what it keeps about them."""
    language, terms = rendering.choose_language(), texts.all_terms()
    return rendering.show(
        "about.html",
        is_open=site.settings().federation_mode == "open",
        people=accounts.administrators(),
        described=texts.description().content,
        rules=[rules.in_language(rule, language) for rule in rules.listed()],
        privacy=texts.privacy_policy(language).content,
        terms=texts.terms().content if terms else "",
    )
