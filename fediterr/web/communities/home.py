"""The page of a community: what is said in it, for whoever may read it."""

from flask import Response, request

from fediterr.accounts.models import Account
from fediterr.core import text
from fediterr.social import communities, community_lists
from fediterr.social.models import Post
from fediterr.social.models.filters import Context
from fediterr.web import forms, rendering, session
from fediterr.web.cards import Cards
from fediterr.web.communities import hall, words

FARTHEST = 1000


def show(group: Account) -> Response:
    """A community: its threads for whoever may read them, else what it is and how to come in."""
    me = session.viewer()
    found = hall.of(group, me)
    page, offset = rendering.page(), rendering.offset(FARTHEST)
    by_answers = request.args.get("tri") == "reponses"
    pinned, listed, more = list[Post](), list[Post](), False
    if found.may_read:
        pinned = communities.pinned(group, me) if page.max_id is None and not offset else []
        if by_answers:
            listed = community_lists.last_answered(group, me, rendering.PAGE + 1, offset)
            listed, more = listed[: rendering.PAGE], len(listed) > rendering.PAGE
        else:
            listed = communities.timeline(group, me, page)
    cards = Cards.of(me, [*pinned, *listed], Context.PUBLIC, within=group.id)
    above = {post.id for post in pinned}
    return rendering.show(
        "communities/show.html", account=group, hall=found, pinned=pinned, listed=listed, cards=cards,
        entries=[post for post in cards.shown(listed) if post.id not in above], by_answers=by_answers, offset=offset,
        more=more, form=forms.Form({}), rank_words=words.RANKS, description=text.excerpt(group.summary, 200),
    )  # fmt: skip
