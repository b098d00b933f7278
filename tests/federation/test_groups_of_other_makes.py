"""Communities of Lemmy and PieFed, with people of here in them: what is read, what is sent, what nobody believes."""

import json
from pathlib import Path
from typing import Any

import pytest

from fediterr.accounts import service as accounts
from fediterr.core import errors
from fediterr.core.paging import Page
from fediterr.social import communities
from fediterr.social import posts as said
from fediterr.social.models import CommunityPost
from tests.fediverse import Fediverse
from tests.strangers import PUBLIC, Json, Somebody, Stranger

RECORDED = Path(__file__).parents[1] / "recorded"
READ_BY_LEMMY = {"Link", "Image", "Document"}


class Far:
    """A server of another make with two communities, and bob of here in the first."""

    def __init__(self, fediverse: Fediverse, host: str = "lemmy.test") -> None:
        self.fediverse, self.brest, self.far = fediverse, fediverse["brest.test"], Stranger(fediverse, host)
        self.bob = self.brest.register("bob")
        self.alice, self.carol = self.person("alice"), self.person("carol")
        self.compost, self.velo = self.group("compost"), self.group("velo")
        self.join(self.compost)

    def person(self, name: str) -> Somebody:
        return self.far.person(name, id=f"https://{self.far.host}/u/{name}")

    def group(self, name: str) -> Somebody:
        uri = f"https://{self.far.host}/c/{name}"
        rules = {"attributedTo": f"{uri}/moderators", "featured": f"{uri}/featured", "postingRestrictedToMods": False}
        made = self.far.person(name, id=uri, type="Group", followers=f"{uri}/followers", **rules)
        listed = {"id": f"{uri}/moderators", "type": "OrderedCollection", "orderedItems": [self.carol.uri]}
        self.far.serve(listed)
        return made

    def join(self, group: Somebody) -> None:
        self.bob.follow(group.handle)
        self.fediverse.settle()
        group.tells(self.brest, group.does("Accept", self.far.received_of("Follow")[-1]))

    def announces(self, group: Somebody, what: Any) -> None:
        group.tells(self.brest, group.does("Announce", what, to=[PUBLIC], cc=[group.followers]))

    def act(self, by: Somebody, kind: str, about: Any, group: Somebody, **more: Any) -> Json:
        return by.does(kind, about, to=[PUBLIC], cc=[group.uri], audience=group.uri, **more)

    def page(self, name: str, group: Somebody) -> Json:
        to = {"to": [group.uri, PUBLIC], "cc": [], "audience": group.uri}
        page = self.alice.note(f"<p>{name}</p>", kind="Page", name=name, **to)
        self.announces(group, self.act(self.alice, "Create", page, group))
        return page

    def place(self, group: Somebody, uri: str) -> CommunityPost:
        with self.bob.acting():
            account, post = accounts.by_uri(group.uri), said.by_uri(uri)
            assert account is not None
            assert post is not None
            found = communities.place_of(account, post)
            assert found is not None
            said.session.expunge(found)
            return found


@pytest.fixture
def far(fediverse: Fediverse) -> Far:
    return Far(fediverse)


def test_what_is_sent_to_lemmy_is_what_lemmy_reads(far: Far) -> None:
    with far.bob.acting():
        group = accounts.by_uri(far.compost.uri)
    uri = far.bob.says("Qui composte en pied d’immeuble ?", title="Pied d’immeuble", community=group)
    far.fediverse.settle()
    create = next(each for each in far.far.received_of("Create") if each["object"]["id"] == uri)
    page = create["object"]
    assert (page["type"], page["name"], page["attributedTo"]) == ("Page", "Pied d’immeuble", far.bob.uri)
    assert {far.compost.uri, PUBLIC} <= {*page["to"], *page["cc"]}
    assert {far.compost.uri, PUBLIC} <= {*create["to"], *create["cc"]}
    assert create["audience"] == page["audience"] == far.compost.uri
    assert {each["type"] for each in page["attachment"]} <= READ_BY_LEMMY
    thread = far.page("Odeurs", far.compost)
    answer = far.bob.says("Retournez-le", answers=thread["id"])
    far.fediverse.settle()
    note = next(each for each in far.far.received_of("Create") if each["object"]["id"] == answer)["object"]
    assert (note["type"], note["inReplyTo"], note["audience"]) == ("Note", thread["id"], far.compost.uri)
    assert "name" not in note
    far.bob.likes(thread["id"])
    far.bob.edits(uri, "Qui composte ?")
    far.bob.deletes(answer)
    far.fediverse.settle()
    assert far.compost.uri in [each.get("audience") for each in far.far.received_of("Like")]
    changed = far.far.received_of("Update")[-1]
    assert (changed["audience"], changed["object"]["name"]) == (far.compost.uri, "Pied d’immeuble")
    assert far.far.received_of("Delete")[-1]["audience"] == far.compost.uri


def test_who_is_not_in_it_does_not_begin_a_thread(far: Far) -> None:
    jean = far.brest.register("jean")
    with jean.acting():
        group = accounts.by_uri(far.compost.uri)
    with pytest.raises(errors.Forbidden):
        jean.says("Bonjour", community=group)


def test_what_moderators_do_is_said_by_their_community_and_of_it_alone(far: Far) -> None:
    page = far.page("Odeurs", far.compost)
    with far.bob.acting():
        group = accounts.by_uri(far.compost.uri)
        assert group is not None
        assert [each.account.uri for each in communities.moderators(group)] == [far.carol.uri]
    lock = far.act(far.carol, "Lock", page["id"], far.compost)
    far.announces(far.velo, lock)  # another community, in which nobody is
    far.join(far.velo)
    far.announces(far.velo, lock)
    far.announces(far.velo, far.act(far.carol, "Delete", page["id"], far.velo))
    far.announces(far.velo, far.act(far.carol, "Add", page["id"], far.compost, target=f"{far.compost.uri}/featured"))
    far.announces(
        far.velo, far.act(far.carol, "Add", far.alice.uri, far.compost, target=f"{far.compost.uri}/moderators")
    )
    far.carol.tells(far.brest, lock)  # not to us: it is not our community
    stands = far.place(far.compost, page["id"])
    assert (stands.locked_at, stands.removed_at, stands.pinned_at) == (None, None, None)
    far.announces(far.compost, lock)
    far.announces(far.compost, far.act(far.carol, "Add", page["id"], far.compost, target=f"{far.compost.uri}/featured"))
    stands = far.place(far.compost, page["id"])
    assert stands.locked_at is not None
    assert stands.pinned_at is not None
    with pytest.raises(errors.Forbidden):
        far.bob.says("Retournez-le", answers=page["id"])
    far.announces(far.compost, far.act(far.carol, "Undo", lock, far.compost))
    assert far.place(far.compost, page["id"]).locked_at is None
    far.announces(far.compost, far.act(far.carol, "Delete", page["id"], far.compost, summary="hors sujet"))
    assert far.place(far.compost, page["id"]).removed_at is not None
    assert far.bob.home() == []
    assert far.bob.post(page["id"]) is not None


def test_nobody_speaks_for_others_because_a_community_says_so(far: Far) -> None:
    page = far.page("Odeurs", far.compost)
    uri = far.bob.says("Bonjour")
    for activity in (
        far.act(far.alice, "Like", page["id"], far.compost),
        far.act(far.alice, "Update", page | {"content": "<p>inventé</p>", "name": "Inventé"}, far.compost),
        far.act(far.alice, "Create", page | {"id": f"{page['id']}9", "content": "<p>faux</p>"}, far.compost),
        far.carol.proven(far.act(far.alice, "Like", page["id"], far.compost)),
        far.alice.proven(far.act(far.alice, "Like", page["id"], far.compost)) | {"object": uri},
        far.act(far.carol, "Delete", uri, far.compost),
        far.alice.does("Delete", uri) | {"actor": far.bob.uri},
    ):
        far.announces(far.compost, activity)
    post, own = far.bob.post(page["id"]), far.bob.post(uri)
    assert post is not None
    assert own is not None
    assert (post.title, post.likes_count, own.likes_count) == ("Odeurs", 0, 0)
    assert far.bob.home() == ["Bonjour", "Odeurs"]
    far.announces(far.compost, far.alice.proven(far.act(far.alice, "Like", page["id"], far.compost)))
    liked = far.bob.post(page["id"])
    assert liked is not None
    assert liked.likes_count == 1


def test_piefed_announces_whole_activities(fediverse: Fediverse) -> None:
    far = Far(fediverse, "piefed.test")
    create, lock = (
        json.loads((RECORDED / "piefed" / f"announce_{name}.json").read_text()) for name in ("create_page", "lock")
    )
    far.far.serve({"@context": [], **create["object"]["object"]})
    far.compost.tells(far.brest, create)
    far.compost.tells(far.brest, lock)
    uri = create["object"]["object"]["id"]
    assert far.place(far.compost, uri).locked_at is not None
    with far.bob.acting() as me:
        group = accounts.by_uri(far.compost.uri)
        assert group is not None
        [post] = communities.timeline(group, me, Page())
        assert post.title == "Compost et rongeurs"
