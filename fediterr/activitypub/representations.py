"""Looking at the websites of authorities: whether they point to the page that stands for them here (rel=me)."""

from urllib.parse import urlsplit

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import known, profiles
from fediterr.core import clock, db, errors
from fediterr.moderation import acts, claims
from fediterr.moderation.models import Claim
from fediterr.territories import authorities
from fediterr.territories.models import Authority

NOT_THERE, NO_ANSWER = "not_there", "no_answer"


def ask_for_claim(fact: claims.ClaimMade) -> None:
    """Somebody says that a website will point here: look at it soon."""
    known.ask_for("claim", str(fact.claim_id))


def ask_for_website(fact: authorities.WebsiteGiven) -> None:
    """An authority of here names another website."""
    known.ask_for("website", str(fact.account_id))


def ask_around() -> None:
    """Now and then: whether the websites that verified authorities still point to them."""
    for account in authorities.due():
        known.ask_for("website", str(account.id))


def check_claim(subject: str) -> None:
    """Look at the website of a claim, once; whoever made it asks again when it is ready."""
    claim = claims.get(int(subject))
    if claim.accepted is not None or not claim.website:
        return
    try:
        problem = "" if proves(claim.website, {claims.page_of(claim)}) else NOT_THERE
    except errors.Problem:
        problem = NO_ANSWER
    with db.transaction():
        claim = claims.get(int(subject))
        _settle(claim, problem)


def _settle(claim: Claim, problem: str) -> None:
    if problem:
        claims.note_problem(claim, problem)
    else:
        claims.note_proof(claim)


def check_authority(subject: str) -> None:
    """Look at the website of an authority: it proves what it is, still does, or no longer."""
    account = accounts.get(int(subject))
    found = authorities.of(account)
    address = found and ((found.verified_by == "domain" and found.verified_link) or found.website)
    if found is None or not address or not account.local:
        return
    try:
        points = proves(address, {account.url, account.uri})
    except (errors.Unreachable, errors.Refused) as problem:
        if not has_long_been_away(found):
            raise errors.Unreachable(problem.message) from problem
        points = False
    with db.transaction():
        _note(accounts.get(account.id), address, points=points)


def _note(account: Account, address: str, *, points: bool) -> None:
    found = authorities.of(account)
    if found is None or address not in (found.website, found.verified_link):
        return
    if found.verified_by == "domain":
        (authorities.confirm if points else authorities.doubt)(found)
        if not points:
            acts.write_down(None, account, "unverify", address)
    elif points and found.verified_by is None:
        authorities.verify(account, "domain", address)
        acts.write_down(None, account, "verify:domain", address)


def has_long_been_away(found: Authority) -> bool:
    return found.checked_at is None or found.checked_at < clock.now() - authorities.FAREWELL


def proves(address: str, pages: set[str]) -> bool:
    """Whether a website itself, and not one that it leads to, points to one of these pages."""
    answered = profiles.points_back(address, pages)
    return answered is not None and _name(answered) == _name(address)


def _name(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")
