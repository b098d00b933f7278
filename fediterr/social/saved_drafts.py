"""Posts that people have begun to write: kept with their files until they are published or thrown away."""

from collections.abc import Sequence

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import clock, errors
from fediterr.core.db import session
from fediterr.social.models import Medium, SavedDraft

MOST = 100  # of one account


def save(
    account: Account, typed: dict[str, str], files: Sequence[Medium], draft: SavedDraft | None = None
) -> SavedDraft:
    """Keep what was typed and these files, in this order; in place of what a draft held before. Raises Invalid."""
    if draft is None:
        held = sa.select(sa.func.count()).where(SavedDraft.account_id == account.id)
        if (session.scalar(held) or 0) >= MOST:
            raise errors.Invalid(f"At most {MOST} drafts are kept: publish some, or throw some away.")
        draft = SavedDraft(account_id=account.id, typed={})
        session.add(draft)
    draft.typed, draft.updated_at = dict(typed), clock.now()
    session.flush()
    _let_go(draft, files)
    for position, medium in enumerate(files):
        if medium.post_id is None:
            medium.draft_id, medium.position = draft.id, position
    session.flush()
    return draft


def _let_go(draft: SavedDraft, kept: Sequence[Medium] = ()) -> None:
    """Files that a draft no longer has wait a while, and are soon forgotten."""
    for medium in session.scalars(sa.select(Medium).where(Medium.draft_id == draft.id)):
        if medium not in kept:
            medium.draft_id = None
            if medium.post_id is None:
                medium.created_at = clock.now()


def get(account: Account, identifier: int) -> SavedDraft:
    """A draft of this account. Raises NotFound."""
    draft = session.get(SavedDraft, identifier)
    if draft is None or draft.account_id != account.id:
        raise errors.NotFound("There is no such draft.")
    return draft


def listed(account: Account) -> list[SavedDraft]:
    """The drafts of an account, last written first."""
    mine = sa.select(SavedDraft).where(SavedDraft.account_id == account.id)
    return list(session.scalars(mine.order_by(SavedDraft.updated_at.desc(), SavedDraft.id.desc())))


def files(drafts: Sequence[SavedDraft]) -> dict[int, list[Medium]]:
    """The files of drafts, by the id of the draft, for a whole page at once."""
    found: dict[int, list[Medium]] = {}
    wanted = sa.select(Medium).where(Medium.draft_id.in_([draft.id for draft in drafts]))
    for medium in session.scalars(wanted.order_by(Medium.position, Medium.id)):
        found.setdefault(medium.draft_id or 0, []).append(medium)
    return found


def discard(draft: SavedDraft) -> None:
    """Forget a draft: thrown away, published, or written down for later."""
    _let_go(draft)
    session.flush()
    session.delete(draft)
    session.flush()
