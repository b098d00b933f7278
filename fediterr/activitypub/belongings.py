"""What an authority takes along besides what any account has: its territory, its agents, its journal."""

import re
from typing import Any

from fediterr.accounts import speakers
from fediterr.accounts.models import Account, Speaker
from fediterr.activitypub import vocabulary
from fediterr.core import paging
from fediterr.core.db import session
from fediterr.moderation import journal
from fediterr.territories import hearsay
from fediterr.territories.models import Authority

FILE = "authority.json"
LINES = 10_000  # of the journal
_COLOUR = re.compile(r"#[0-9a-f]{6}")

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
    lines = journal.listed(paging.Page(limit=LINES), journal.Wanted(target_id=account.id))
    return [
        {
            "at": vocabulary.datetime_out(line.created_at),
            "action": line.action,
            "subject": line.subject,
            "reason": line.reason,
        }
        for line in lines
    ]


def restore(account: Account, claim: vocabulary.Claim | None, said: Document) -> None:
    """Let an account of here stand for what its document said it was; this server has yet to verify it."""
    if claim is None:
        return
    website = claim.website
    numbers = hearsay.Said(claim.siren, claim.insee_code, claim.kind, claim.density7, website)
    authority = hearsay.note_authority(account, numbers)
    territory = said.get("territory")
    colour = territory.get("colour") if isinstance(territory, dict) else None
    if isinstance(colour, str) and _COLOUR.fullmatch(colour.lower()):
        authority.colour = colour.lower()


def agents(said: Document) -> list[str]:
    """The handles of those who spoke for it before: they are told to the operator, who decides."""
    listed = said.get("agents")
    named = [each.get("handle") for each in listed[:1000] if isinstance(each, dict)] if isinstance(listed, list) else []
    return [each for each in named if isinstance(each, str) and len(each) < 300 and each.isprintable()]
