"""What moderators of communities decide, in the journal; and a refusal, which somebody of here reads by mail."""

from fediterr.accounts import letters
from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import paging, site
from fediterr.moderation import journal
from fediterr.moderation.models import Decision
from fediterr.social import communities, posts

PLACES = {
    ("pinned", True): "pin_in_community",
    ("pinned", False): "unpin_in_community",
    ("locked", True): "lock_thread",
    ("locked", False): "unlock_thread",
    ("removed", True): "remove_from_community",
    ("removed", False): "restore_in_community",
}


def refuse(by: Account, group: Account, account: Account, reason: str) -> None:
    """Say no to somebody who asks to come in, and why."""
    communities.refuse(by, group, account)
    journal.write_down(by, "refuse_entry", account.full_handle, reason, target=group)
    user = accounts.user_of(account)
    if user is not None:
        letters.refused_entry(user, group.shown_name, reason, site.account_page(group.name))


def of(group: Account, page: paging.Page) -> list[Decision]:
    """What was decided in a community, last first."""
    return journal.listed(page, journal.Wanted(target_id=group.id))


def note_let_in(fact: communities.MemberLetIn) -> None:
    _note(fact.community_id, fact.by_id, "let_in", accounts.get(fact.account_id).full_handle)


def note_sent_away(fact: communities.MemberSentAway) -> None:
    _note(fact.community_id, fact.by_id, "send_away", accounts.get(fact.account_id).full_handle, fact.words)


def note_let_back(fact: communities.MemberLetBack) -> None:
    _note(fact.community_id, fact.by_id, "let_back", accounts.get(fact.account_id).full_handle)


def note_rank(fact: communities.RankChanged) -> None:
    _note(fact.community_id, fact.by_id, f"make_{fact.rank}", accounts.get(fact.account_id).full_handle)


def note_place(fact: communities.PlaceChanged) -> None:
    post = posts.get(fact.post_id)
    _note(fact.community_id, fact.by_id, PLACES[fact.what, fact.now], post.url or post.uri, fact.words)


def _note(community_id: int, by_id: int, action: str, subject: str, reason: str = "") -> None:
    """Of a community of here: those of elsewhere keep their own."""
    group = accounts.get(community_id)
    if group.local:
        journal.write_down(accounts.get(by_id), action, subject, reason, target=group)
