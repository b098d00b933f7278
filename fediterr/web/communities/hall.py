"""What the pages of a community need to know of it and of their reader."""

from dataclasses import dataclass, field

from flask_babel import LazyString
from flask_babel import gettext as _

from fediterr.accounts.models import STAFF, Account
from fediterr.core import errors
from fediterr.social import communities, community_lists, follows, membership
from fediterr.social.models import Community, CommunityMember, Joining, Standing
from fediterr.web import session
from fediterr.web.communities import words
from fediterr.web.communities.words import Way


@dataclass(frozen=True)
class Hall:
    """A community as one reader may know it."""

    group: Account
    community: Community | None  # None for what is not known of a community of elsewhere
    standing: str | None = None
    moderates: bool = False
    admitted: bool = False  # whether the reader is in as soon as they ask
    moderators: list[CommunityMember] = field(default_factory=list)
    linked: list[Account] = field(default_factory=list)  # other communities: those it carries, those that carry it
    members_count: int = 0
    waiting: int = 0  # who ask to come in

    @property
    def known(self) -> Community:
        """Its rules, of one of here."""
        if self.community is None:
            raise errors.NotFound("There is no such community.")
        return self.community

    @property
    def private(self) -> bool:
        return self.community is not None and self.community.private

    @property
    def rules(self) -> list[str]:
        return list(self.community.rules) if self.community else []

    @property
    def moderators_only(self) -> bool:
        return self.community is not None and self.community.moderators_only

    @property
    def is_member(self) -> bool:
        return self.standing == Standing.IN

    @property
    def asked(self) -> bool:
        return self.standing == Standing.ASKED

    @property
    def invited(self) -> bool:
        return self.standing == Standing.INVITED

    @property
    def banned(self) -> bool:
        return self.standing == Standing.BANNED

    @property
    def may_read(self) -> bool:
        return not self.private or self.is_member

    @property
    def sees_members(self) -> bool:
        return self.group.local and self.is_member

    @property
    def may_begin(self) -> bool:
        """Whether the reader may begin a thread."""
        return self.is_member and (self.moderates or not self.moderators_only)

    @property
    def may_join(self) -> bool:
        return self.standing is None and self.admitted

    @property
    def may_ask(self) -> bool:
        if self.standing is not None or self.admitted:
            return False
        return self.community is None or self.community.joining != Joining.INVITATION

    @property
    def way(self) -> Way | None:
        return words.way_of(self.community.joining) if self.community and self.group.local else None

    @property
    def natures(self) -> list[LazyString]:
        if self.community is None or self.community.joining != Joining.NATURE:
            return []
        return words.named(self.community.natures)

    @property
    def how_to_come_in(self) -> str:
        """What somebody who is not in may do about it."""
        if self.community is not None and self.community.joining == Joining.INVITATION:
            words_ = _("On y entre sur invitation d’une personne qui la modère.")
        elif session.viewer() is None:
            words_ = _("Pour y entrer, rejoignez-la depuis votre serveur, ou connectez-vous.")
        else:
            words_ = _("Pour y entrer, demandez-le ci-dessus.")
        return str(words_)


def of(group: Account, me: Account | None) -> Hall:
    """A community as that reader may know it."""
    community = membership.of(group)
    moderates = me is not None and group.local and membership.is_moderator(me, group)
    return Hall(
        group,
        community,
        _standing(me, group, community) if me else None,
        moderates,
        me is not None and membership.admits(group, me),
        communities.moderators(group),
        community_lists.beside(group),
        communities.count_members(group) if group.local and community else group.followers_count,
        communities.count_members(group, standing=Standing.ASKED) if moderates else 0,
    )


def may_moderate(me: Account, group: Account) -> bool:
    """Its own moderators, and for a community of here those of this server."""
    user = session.user()
    is_staff = user is not None and user.role in STAFF
    return membership.is_moderator(me, group) or (group.local and is_staff)


def _standing(me: Account, group: Account, community: Community | None) -> str | None:
    """In a community of elsewhere is whoever follows it."""
    if group.local and community is not None:
        return membership.standing(me, group)
    follow = follows.find(me, group)
    if follow is None:
        return None
    return Standing.IN if follow.accepted else Standing.ASKED
