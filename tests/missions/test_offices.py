"""Roles, and who speaks for an authority: given by an administrator, written down, taken back."""

import pytest

from fediterr.accounts import service as accounts
from fediterr.accounts import speakers
from fediterr.accounts.models import Kind, User
from fediterr.core import errors
from fediterr.core.db import session
from fediterr.moderation import offices, people
from fediterr.moderation.models import Decision
from fediterr.social import posts
from fediterr.social.drafts import Draft
from tests.fediverse import Fediverse, Server


def user_of(name: str) -> User:
    found = accounts.user_of(accounts.local(name))
    assert found is not None
    return found


def test_a_person_speaks_for_the_authority_and_is_heard_elsewhere(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    maria, paul = brest.register("maria", role="admin"), nantes.register("paul")
    brest.register("tom")
    with maria.acting() as me:
        offices.open_authority(me, "ville", "Ville de Brest")
    paul.follow("ville@brest.test")
    fediverse.settle()
    with maria.acting() as me:
        town, tom = accounts.local("ville"), user_of("tom")
        assert (town.kind, accounts.user_of(town)) == (Kind.ORGANIZATION, None)
        assert not speakers.may_speak(tom, town)
        offices.let_speak(me, tom, town)
        offices.let_speak(me, tom, town)  # twice does no harm
        assert speakers.of(tom) == [town]
        assert [user.account.name for user in speakers.for_authority(town)] == ["tom"]
        assert list(speakers.everyone()) == [town.id]
        posts.publish(town, posts.compose(town, "Le marché est déplacé.", Draft()))
    fediverse.settle()
    assert paul.home() == ["Le marché est déplacé."]
    with maria.acting() as me:
        offices.end_speaking(me, user_of("tom"), accounts.local("ville"))
        assert not speakers.may_speak(user_of("tom"), accounts.local("ville"))
    assert lines(brest) == [
        ("open_authority", "ville@brest.test", ""),
        ("let_speak", "tom@brest.test", "ville@brest.test"),
        ("end_speaking", "tom@brest.test", "ville@brest.test"),
    ]


def lines(server: Server) -> list[tuple[str, str, str]]:
    with server.app.app_context():
        return [(line.action, line.subject, line.reason) for line in session.query(Decision).order_by(Decision.id)]


def test_only_an_authority_of_here_is_spoken_for(fediverse: Fediverse) -> None:
    maria = fediverse["brest.test"].register("maria", role="admin")
    with maria.acting() as me, pytest.raises(errors.Invalid):
        speakers.grant(user_of("maria"), me)
    with maria.acting() as me:
        for name in ("maria", "instance", "pas bon"):
            with pytest.raises((errors.Invalid, errors.Conflict)):
                offices.open_authority(me, name, "")


def test_an_authority_that_was_suspended_speaks_again_when_it_is_let(fediverse: Fediverse) -> None:
    maria = fediverse["brest.test"].register("maria", role="admin")
    with maria.acting() as me:
        town = offices.open_authority(me, "ville", "Ville de Brest")
        offices.let_speak(me, user_of("maria"), town)
        people.act(me, town, "suspend")
        assert speakers.of(user_of("maria")) == speakers.authorities() == []
        people.unsuspend(me, town)
        assert speakers.of(user_of("maria")) == [town]
        people.act(me, town, "suspend")
        people.delete(me, town)
        with pytest.raises(errors.Forbidden):
            people.unsuspend(me, town)


def test_a_role_is_given_and_the_last_administrator_stays(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    maria = brest.register("maria", role="admin")
    brest.register("tom")
    with maria.acting() as me:
        with pytest.raises(errors.Conflict):
            offices.give_role(me, user_of("maria"), "member")
        offices.give_role(me, user_of("tom"), "admin")
        offices.give_role(me, user_of("tom"), "admin")
        offices.give_role(me, user_of("maria"), "moderator")
    assert lines(brest) == [
        ("give_role", "tom@brest.test", "admin"),
        ("give_role", "maria@brest.test", "moderator"),
    ]
