"""What an authority takes along besides what any account has: its territory, its agents, its journal."""

from contextlib import suppress
from typing import Any

from fediterr.accounts import speakers
from fediterr.accounts.models import Account, Speaker
from fediterr.activitypub import vocabulary
from fediterr.core import errors, paging
from fediterr.core.db import session
from fediterr.moderation import acts
from fediterr.territories import authorities, hearsay
from fediterr.territories.models import Authority

FILE = "authority.json"
LINES = 10_000  # of the journal

Document = dict[str, Any]


def of(account: Account) -> Document:
    """All of it; the journal, last line first, goes along to be read, not to be believed by another server."""
    authority = session.get(Authority, account.id)
    agents = [
        {"handle": user.account.full_handle, "office": speaker.office}
        for user in speakers.for_authority(account)
        if (speaker := session.get(Speaker, (user.id, account.id))) is not None
    ]
    return {"territory": _territory(authority) if authority else None, "agents": agents, "journal": _journal(account)}


def _territory(authority: Authority) -> Document:
    known = authority.territory
    return {
        "code": known.code if known else None,
        "name": known.name if known else None,
        "siren": authority.siren or (known.siren if known else None),
        "inseeCode": authority.insee_code or (known.insee_code if known else None),
        "kind": authority.kind or (known.kind if known else None),
        "density7": authority.density7,
        "website": authority.website,
        "colour": authority.colour,
        "verifiedBy": authority.verified_by,
    }


def _journal(account: Account) -> list[Document]:
    """What each agent did in its name."""
    return [
        {
            "at": vocabulary.datetime_out(line.created_at),
            "agent": line.agent,
            "action": line.action,
            "subject": line.subject,
        }
        for line in acts.listed(account, paging.Page(limit=LINES))
    ]


def restore(account: Account, claim: vocabulary.Claim | None, said: Document) -> None:
    """Let an account of here stand for what its document said it was; this server has yet to verify it."""
    if claim is None:
        return
    numbers = hearsay.Said(claim.siren, claim.insee_code, claim.kind, claim.density7, None)
    authority = hearsay.note_authority(account, numbers)
    if authority.territory is not None:
        authorities.link(account, authority.territory)
    told = said.get("territory")
    colour = told.get("colour") if isinstance(told, dict) else None
    with suppress(errors.Invalid):  # then it says it anew
        authorities.change(
            account,
            website=claim.website or "",
            colour=colour if isinstance(colour, str) and authorities.COLOUR.fullmatch(colour.lower()) else "",
        )


def agents(said: Document) -> list[str]:
    """The handles of those who spoke for it before: they are told to the operator, who decides."""
    listed = said.get("agents")
    named = [each.get("handle") for each in listed[:1000] if isinstance(each, dict)] if isinstance(listed, list) else []
    return [each for each in named if isinstance(each, str) and len(each) < 300 and each.isprintable()]
