"""Communities: who comes in, who looks after them, who writes there, and who reads it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from fediterr.accounts import service as accounts
from fediterr.accounts import speakers
from fediterr.accounts.models import Account, Role
from fediterr.core import errors
from fediterr.core.paging import Page
from fediterr.core.text import plain
from fediterr.social import communities, membership
from fediterr.social.communities import Charter
from fediterr.social.models import Joining, Rank, Standing
from fediterr.territories import authorities, directory, employments
from fediterr.territories.models import Nature
from tests import territories as cast
from tests.fediverse import Fediverse, Person, Server
from tests.strangers import Stranger


class Community:
    """A community in a story, and those who do something in it."""

    def __init__(self, server: Server, name: str) -> None:
        self.server, self.name = server, name
        self.handle = f"{name}@{server.host}"

    @classmethod
    def founded(cls, founder: Person, name: str, **charter: object) -> "Community":
        with founder.acting() as me:
            communities.found(me, name, Charter(title=name.title(), **charter))  # type: ignore[arg-type]
        return cls(founder.server, name)

    @contextmanager
    def seen_by(self, person: Person) -> Iterator[tuple[Account, Account]]:
        """Somebody, and the community as their server knows it."""
        with person.acting() as me:
            group = accounts.by_handle(self.handle)
            assert group is not None
            yield me, group

    def joined_by(self, *people: Person) -> None:
        for person in people:
            person.look_up(self.handle)
            with self.seen_by(person) as (me, group):
                communities.ask_in(me, group)
        self.server.fediverse.settle()

    def read_by(self, person: Person) -> list[str]:
        with self.seen_by(person) as (me, group):
            return [plain(each.content) for each in communities.timeline(group, me, Page(), replies=True)]

    def standing_of(self, person: Person) -> str | None:
        with self.server.inside():
            account, group = accounts.by_handle(person.handle), accounts.local(self.name)
            return membership.standing(account, group) if account else None

    def hears(self, person: Person, words: str, **draft: object) -> str:
        with self.seen_by(person) as (_, group):
            pass
        return person.says(words, community=group, **draft)


@pytest.fixture
def maria(fediverse: Fediverse) -> Person:
    return fediverse["brest.test"].register("maria")


def test_whoever_founds_a_community_looks_after_it_and_one_who_does_stays(fediverse: Fediverse, maria: Person) -> None:
    eau = Community.founded(maria, "eau")
    anne = fediverse["brest.test"].register("anne")
    eau.joined_by(anne)
    with eau.seen_by(maria) as (me, group):
        assert [each.rank for each in communities.moderators(group)] == [Rank.ANIMATOR]
        assert communities.count_members(group) == 2
        with pytest.raises(errors.Conflict):
            communities.leave(me, group)
        communities.set_rank(me, group, accounts.local("anne"), Rank.ANIMATOR)
        communities.leave(me, group)
    with eau.seen_by(anne) as (me, group):
        assert communities.is_moderator(me, group)
        assert not communities.is_member(accounts.local("maria"), group)


def test_a_guest_founds_none(fediverse: Fediverse) -> None:
    guest = fediverse["brest.test"].register("hote", role=Role.GUEST)
    with pytest.raises(errors.Forbidden):
        Community.founded(guest, "eau")


def test_who_asks_is_let_in_by_moderators_and_who_is_sent_away_does_not_come_back(
    fediverse: Fediverse, maria: Person
) -> None:
    eau = Community.founded(maria, "eau", joining=Joining.REQUEST)
    paul, lise = fediverse["nantes.test"].register("paul"), fediverse["brest.test"].register("lise")
    eau.joined_by(paul, lise)
    assert (eau.standing_of(paul), eau.standing_of(lise)) == (Standing.ASKED, Standing.ASKED)
    assert [kind for kind, _ in maria.notifications()] == ["community.asked", "community.asked"]
    with eau.seen_by(maria) as (me, group):
        communities.let_in(me, group, accounts.by_handle(paul.handle))  # type: ignore[arg-type]
        communities.refuse(me, group, accounts.local("lise"))
    fediverse.settle()
    assert paul.follows(eau.handle) is True
    assert eau.standing_of(lise) is None
    assert maria.notifications() == []
    with eau.seen_by(lise) as (me, group), pytest.raises(errors.Forbidden):
        communities.let_in(me, group, me)
    with eau.seen_by(maria) as (me, group):
        communities.send_away(me, group, accounts.by_handle(paul.handle))  # type: ignore[arg-type]
    fediverse.settle()
    assert paul.follows(eau.handle) is None
    eau.joined_by(paul)
    assert paul.follows(eau.handle) is None
    assert eau.standing_of(paul) == Standing.BANNED


def test_one_comes_in_by_invitation_where_there_is_no_other_way(fediverse: Fediverse, maria: Person) -> None:
    eau = Community.founded(maria, "eau", joining=Joining.INVITATION)
    lise, paul = fediverse["brest.test"].register("lise"), fediverse["nantes.test"].register("paul")
    with eau.seen_by(lise) as (me, group), pytest.raises(errors.Forbidden):
        communities.ask_in(me, group)
    eau.joined_by(paul)
    assert paul.follows(eau.handle) is None
    with eau.seen_by(maria) as (me, group):
        communities.invite(me, group, accounts.local("lise"))
        communities.invite(me, group, accounts.by_handle(paul.handle))  # type: ignore[arg-type]
    with eau.seen_by(lise) as (me, group):
        communities.take_invitation(me, group)
    eau.joined_by(paul)
    assert (eau.standing_of(lise), paul.follows(eau.handle)) == (Standing.IN, True)


def test_authorities_of_one_nature_are_among_themselves(fediverse: Fediverse, maria: Person) -> None:
    brest = fediverse["brest.test"]
    cast.plant(brest)
    eau = Community.founded(maria, "eau", joining=Joining.NATURE, natures=(Nature.CC,), private=True)
    agent, other, jean = (brest.register(name) for name in ("agent", "autre", "jean"))
    with brest.inside():
        for code, name, person in ((cast.ALVANE, "alvane", agent), (cast.SOREL, "sorel", other)):
            authority = authorities.open(directory.get(code), name)
            user = accounts.user_of(accounts.local(person.name))
            assert user is not None
            speakers.grant(user, authority)
            employments.say(user.account, authority)
    far = Stranger(fediverse, "far.test").person("alvane", type="Organization", siren=cast.ALVANE)
    far.tells(brest, far.does("Follow", Person(brest, "eau").uri))
    eau.joined_by(agent, other, jean, Person(brest, "alvane"))
    assert [eau.standing_of(person) for person in (agent, Person(brest, "alvane"))] == [Standing.IN, Standing.IN]
    assert [eau.standing_of(person) for person in (other, jean)] == [Standing.ASKED, Standing.ASKED]
    with eau.seen_by(maria) as (_, group):
        asked = communities.members(group, Page(), standing=Standing.ASKED)
        assert far.uri in [each.account.uri for each in asked]


def test_members_write_there_and_read_it(fediverse: Fediverse, maria: Person) -> None:
    eau = Community.founded(maria, "eau")
    lise, jean = fediverse["brest.test"].register("lise"), fediverse["brest.test"].register("jean")
    eau.joined_by(lise)
    asked = eau.hears(lise, "Qui a changé ses compteurs ?")
    jean.says("Nous, en mars", answers=asked)
    with pytest.raises(errors.Forbidden):
        eau.hears(jean, "Bonjour")
    assert eau.read_by(jean) == ["Nous, en mars", "Qui a changé ses compteurs ?"]
    with eau.seen_by(maria) as (me, group):
        post = communities.timeline(group, me, Page())[0]
        communities.pin(me, group, post)
        communities.lock(me, group, post)
        assert communities.pinned(group, None) == [post]
    with pytest.raises(errors.Forbidden):
        jean.says("Encore un mot", answers=asked)
    with eau.seen_by(maria) as (me, group):
        communities.remove_post(me, group, communities.timeline(group, me, Page())[0])
    assert eau.read_by(lise) == ["Nous, en mars"]
