"""Who is on the network, told across servers: authorities say what they are, agents for whom they work."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub.models import PeerDirectory
from fediterr.core.db import session
from fediterr.moderation import service as moderation
from fediterr.social import follows
from fediterr.territories import authorities, directory
from fediterr.territories.models import Authority, Employment
from tests import territories as cast
from tests.federation.test_moves import moves_to, says_it_was  # noqa: F401 (used by the stories of leaving)
from tests.fediverse import Fediverse, Person, Server
from tests.strangers import Somebody, Stranger

SITE = "https://alvane.example"


def open_authority(server: Server, name: str, code: str, *, website: str = "") -> str:
    """An account of a server that stands for a territory; its id."""
    with server.inside():
        account = accounts.open_authority(name, directory.get(code).name)
        territory = directory.get(code)
        made = Authority(account_id=account.id, territory_id=territory.id, siren=territory.siren)
        made.website = website or None
        session.add(made)
        return account.uri


def works_for(person: Person, uri: str, *, confirmed: bool) -> None:
    with person.acting() as me:
        employer = accounts.by_uri(uri)
        made = Employment(account_id=me.id, employer_uri=uri, employer_id=employer and employer.id, confirmed=confirmed)
        session.add(made)


def on_the_network(server: Server) -> list[tuple[str, str, str]]:
    """(where, who, which territory), of those elsewhere that the directory of a server knows."""
    with server.app.app_context():
        mine = sa.select(Authority).join(Account, Account.id == Authority.account_id).where(~Account.local)
        found = session.scalars(mine.order_by(Account.domain, Account.name)).all()
        return [(e.account.domain, e.account.name, e.territory.code if e.territory else "") for e in found]


def authority_of(server: Server, uri: str) -> Authority | None:
    with server.app.app_context():
        account = accounts.by_uri(uri)
        found = session.get(Authority, account.id) if account is not None else None
        _ = found and (found.account, found.territory)
        return found


@pytest.fixture
def three(fediverse: Fediverse) -> tuple[Server, Server, Server]:
    """A communauté de communes that hosts three of its communes, an agglomeration, a métropole; strangers to two."""
    servers = fediverse["alvane.test"], fediverse["portelande.test"], fediverse["sorel.test"]
    for server in servers:
        cast.plant(server)
    first, second, third = servers
    for name, code in (("cc", cast.ALVANE), ("saintelme", "96001"), ("etang", "96002"), ("hautval", "96004")):
        open_authority(first, name, code)
    open_authority(second, "portelande", cast.PORTELANDE)
    open_authority(third, "sorel", cast.SOREL)
    return servers


def meet(fediverse: Fediverse, *people: Person) -> None:
    """Somebody of each server follows somebody of each other one: that is how servers know each other."""
    for one in people:
        for other in people:
            if one is not other:
                one.follow(other.handle)
    fediverse.settle()
    run_upkeep(fediverse)


def run_upkeep(fediverse: Fediverse) -> None:
    for server in fediverse.servers.values():
        server.run("clear")
    fediverse.settle()


HOSTED = [
    ("alvane.test", "cc", cast.ALVANE),
    ("alvane.test", "etang", "96002"),
    ("alvane.test", "hautval", "96004"),
    ("alvane.test", "saintelme", "96001"),
]


def test_everybody_sees_who_is_on_the_network_and_where(
    fediverse: Fediverse, three: tuple[Server, Server, Server]
) -> None:
    first, second, third = three
    maria, paul, anne = first.register("maria"), second.register("paul"), third.register("anne")
    assert on_the_network(second) == []
    meet(fediverse, maria, paul, anne)
    portelande, sorel = ("portelande.test", "portelande", cast.PORTELANDE), ("sorel.test", "sorel", cast.SOREL)
    assert on_the_network(first) == [portelande, sorel]
    assert on_the_network(second) == [*HOSTED, sorel]
    assert on_the_network(third) == [*HOSTED, portelande]
    with third.app.app_context():
        peers = session.scalars(sa.select(PeerDirectory).order_by(PeerDirectory.host)).all()
        assert [(each.host, each.territory, each.listed) for each in peers] == [
            ("alvane.test", cast.ALVANE, 4),
            ("portelande.test", cast.PORTELANDE, 1),
        ]
    page = third.get("/territoires/96001", accept="text/html").get_data(as_text=True)
    assert "@saintelme@alvane.test" in page
    assert "sur alvane.test" in page


def test_one_that_hides_or_leaves_is_forgotten_and_a_newcomer_found(
    fediverse: Fediverse, three: tuple[Server, Server, Server]
) -> None:
    first, second, _ = three
    meet(fediverse, first.register("maria"), second.register("paul"))
    with first.inside():
        accounts.local("hautval").discoverable = False
        accounts.suspend(accounts.local("etang"))
    open_authority(first, "brumeville", "96003")
    fediverse.wait(hours=25)
    run_upkeep(fediverse)
    assert [name for host, name, _ in on_the_network(second) if host == "alvane.test"] == [
        "brumeville", "cc", "saintelme",
    ]  # fmt: skip


def test_a_blocked_server_is_not_asked(fediverse: Fediverse, three: tuple[Server, Server, Server]) -> None:
    first, second, _ = three
    meet(fediverse, first.register("maria"), second.register("paul"))
    with second.inside():
        moderation.block_domain("alvane.test")
    fediverse.settle()
    fediverse.requests.clear()
    fediverse.wait(days=2)
    second.run("clear")
    fediverse.settle()
    assert [url for _, url in fediverse.requests if "alvane.test/actor/authorities" in url] == []


def test_a_server_that_is_away_is_asked_ever_less_and_then_forgotten(
    fediverse: Fediverse, three: tuple[Server, Server, Server]
) -> None:
    first, second, _ = three
    meet(fediverse, first.register("maria"), second.register("paul"))
    first.down = True
    asked = []
    for _ in range(70):
        fediverse.requests.clear()
        fediverse.wait(days=1, hours=1)
        second.run("clear")
        fediverse.settle()
        asked.append(len([url for _, url in fediverse.requests if url.endswith("alvane.test/actor/authorities")]))
    assert 5 <= sum(asked) <= 10
    assert [each for each in on_the_network(second) if each[0] == "alvane.test"] == []


# --- what an authority says ------------------------------------------------------------------------------------------


def test_its_document_says_it_twice_for_everybody_and_for_peers(fediverse: Fediverse) -> None:
    server = fediverse["alvane.test"]
    cast.plant(server)
    open_authority(server, "cc", cast.ALVANE, website=SITE)
    with server.inside():
        accounts.local("cc").fields = [{"name": "N° SIREN", "value": "296 100 001", "verified_at": None}]
    document = server.get("/actors/cc").get_json()
    lines = {each["name"]: each["value"] for each in document["attachment"]}
    assert list(lines) == ["N° SIREN", "Nature", "Population", "Site"]
    assert lines["Nature"] == "Communauté de communes"
    assert 'rel="nofollow noopener noreferrer me"' in lines["Site"]
    assert (document["type"], document["siren"], document["territoryKind"]) == ("Organization", cast.ALVANE, "CC")
    assert document["location"]["name"] == "CC des Trois-Rivières-d’Alvane"
    assert document["@context"][-1]["siren"] == "ft:siren"
    assert server.get(document["agents"]).get_json()["items"] == []


def claim(stranger: Stranger, name: str = "mairie", **document: Any) -> Somebody:
    return stranger.person(name, **({"type": "Organization"} | document))


def heard(brest: Server, bob: Person, somebody: Somebody) -> Authority | None:
    bob.look_up(somebody.handle)
    brest.fediverse.settle()
    return authority_of(brest, somebody.uri)


@pytest.fixture
def bob(fediverse: Fediverse) -> Person:
    brest = fediverse["brest.test"]
    cast.plant(brest)
    return brest.register("bob")


def line(name: str, value: str) -> dict[str, str]:
    return {"type": "PropertyValue", "name": name, "value": value}


SAID: dict[str, Callable[[], dict[str, Any]]] = {
    "as peers say it": lambda: {"ft:siren": cast.ALVANE, "ft:kind": "CC"},
    "as we say it": lambda: {"siren": cast.ALVANE, "territoryKind": "CC", "density7": 6},
    "as lines alone": lambda: {"attachment": [line("SIREN", "296 100 001")]},
    "as a list": lambda: {"siren": [cast.ALVANE, "296200009"]},
    "as a number": lambda: {"siren": int(cast.ALVANE)},
    "with nonsense beside": lambda: {"siren": cast.ALVANE, "density7": "99", "territoryKind": {"a": 1}},
}


@pytest.mark.parametrize("how", SAID)
def test_what_it_says_is_read_in_every_shape_and_not_believed(fediverse: Fediverse, bob: Person, how: str) -> None:
    found = heard(bob.server, bob, claim(Stranger(fediverse, "far.test"), **SAID[how]()))
    assert found is not None
    assert found.territory is not None
    assert (found.territory.code, found.verified_by) == (cast.ALVANE, None)


HOSTILE: dict[str, dict[str, Any]] = {
    "a wrong last digit": {"siren": "296100002"},
    "zeros": {"siren": "000000000"},
    "no digits": {"siren": "SIREN"},
    "a huge string": {"siren": "2961000010" * 100_000, "inseeCode": "9" * 1_000_000},
    "lists in lists": {"siren": [[[cast.ALVANE]]], "inseeCode": [["96001"]]},
    "objects": {"siren": {"@value": cast.ALVANE}, "inseeCode": {}},
    "truth": {"siren": True},
    "other digits": {"siren": "٢٩٦١٠٠٠٠١"},
    "markup": {"inseeCode": "<b>96001</b>"},
}


@pytest.mark.parametrize("how", HOSTILE)
def test_what_makes_no_sense_is_no_claim(fediverse: Fediverse, bob: Person, how: str) -> None:
    assert heard(bob.server, bob, claim(Stranger(fediverse, "far.test"), **HOSTILE[how])) is None


def test_two_numbers_of_two_territories_name_neither(fediverse: Fediverse, bob: Person) -> None:
    found = heard(bob.server, bob, claim(Stranger(fediverse, "far.test"), siren=cast.ALVANE, inseeCode="96003"))
    assert found is not None
    assert found.territory is None


def test_a_person_is_no_authority_whatever_they_say(fediverse: Fediverse, bob: Person) -> None:
    somebody = Stranger(fediverse, "far.test").person("alice", siren=cast.ALVANE)
    assert heard(bob.server, bob, somebody) is None


def page_of(fediverse: Fediverse, host: str, body: str) -> None:
    """A website."""
    fediverse.strangers[host] = lambda request: (200, {"Content-Type": "text/html"}, body.encode())


def test_only_a_site_that_points_back_verifies_and_only_as_long_as_it_does(fediverse: Fediverse, bob: Person) -> None:
    site = line("Site", f'<a href="{SITE}" rel="me">{SITE}</a>')
    right = claim(Stranger(fediverse, "far.test"), siren=cast.ALVANE, attachment=[site])
    liar = claim(Stranger(fediverse, "evil.test"), siren=cast.ALVANE, attachment=[site])
    page_of(fediverse, "alvane.example", f'<a rel="me" href="{right.uri}">Notre compte</a>')
    one, other = heard(bob.server, bob, right), heard(bob.server, bob, liar)
    assert one is not None
    assert other is not None
    assert (one.verified_by, one.verified_link) == ("domain", SITE)
    with bob.server.app.app_context():
        shown = authorities.of_territory(directory.get(cast.ALVANE))
        assert [each.account.domain for each in shown] == ["far.test", "evil.test"]
    assert (other.territory_id, other.verified_by) == (one.territory_id, None)
    page_of(fediverse, "alvane.example", "Rien")
    for _ in range(7 * 24):
        fediverse.wait(hours=1)
        bob.server.run("clear")
    fediverse.settle()
    again = authority_of(bob.server, right.uri)
    assert again is not None
    assert again.verified_by is None


def test_a_new_site_is_proven_anew(fediverse: Fediverse, bob: Person) -> None:
    site = line("Site", SITE)
    mairie = claim(Stranger(fediverse, "far.test"), siren=cast.ALVANE, attachment=[site])
    page_of(fediverse, "alvane.example", f'<link rel="me" href="{mairie.uri}">')
    page_of(fediverse, "evil.example", "")
    assert (heard(bob.server, bob, mairie) or Authority()).verified_by == "domain"
    mairie.document["attachment"] = [line("Site", "https://evil.example")]
    mairie.tells(bob.server, mairie.does("Update", mairie.document, to=["as:Public"]))
    bob.server.fediverse.settle()
    found = authority_of(bob.server, mairie.uri)
    assert found is not None
    assert (found.website, found.verified_by) == ("https://evil.example", None)


# --- agents ----------------------------------------------------------------------------------------------------------


def employment_of(server: Server, uri: str) -> tuple[str, bool] | None:
    with server.app.app_context():
        account = accounts.by_uri(uri)
        found = session.get(Employment, account.id) if account is not None else None
        return (found.employer_uri, found.confirmed) if found is not None else None


def test_an_agent_says_for_whom_they_work_and_the_authority_confirms(
    fediverse: Fediverse, three: tuple[Server, Server, Server]
) -> None:
    first, second, _ = three
    maria, carl, paul = first.register("maria"), first.register("carl"), second.register("paul")
    uri = "https://alvane.test/actors/cc"
    works_for(maria, uri, confirmed=True)
    works_for(carl, uri, confirmed=False)
    for person in (maria, carl):
        paul.look_up(person.handle)
    fediverse.settle()
    assert first.get("/actors/maria").get_json()["worksFor"] == uri
    assert employment_of(second, maria.uri) == (uri, True)
    assert employment_of(second, carl.uri) == (uri, False)


def test_nobody_is_an_agent_by_being_named(fediverse: Fediverse, bob: Person) -> None:
    far, evil = Stranger(fediverse, "far.test"), Stranger(fediverse, "evil.test")
    alice = far.person("alice")
    agents = {"id": "https://evil.test/agents", "type": "Collection", "items": [alice.uri, "https://far.test/nobody"]}
    evil.serve(agents)
    boss = claim(evil, siren=cast.ALVANE, agents=agents["id"])
    mallory = evil.person("mallory", worksFor=boss.uri)
    for somebody in (alice, boss, mallory):
        bob.look_up(somebody.handle)
    fediverse.settle()
    assert employment_of(bob.server, alice.uri) is None
    assert employment_of(bob.server, mallory.uri) == (boss.uri, False)


# --- servers that lie, or that are of another make -------------------------------------------------------------------


def lies(fediverse: Fediverse, server: Server, listed: list[Any], **page: Any) -> Stranger:
    """A server that says that it is one of ours, and gives this list."""
    evil = Stranger(fediverse, "evil.test")
    info = {"software": {"name": "fediterr", "version": "9"}, "metadata": {"fediterr": {
        "version": "9", "territory": cast.SOREL, "authorities": "https://evil.test/list",
        "features": ["x", 7, "y" * 999],
    }}}  # fmt: skip
    links = [{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.1", "href": "https://evil.test/nodeinfo"}]
    kind = {"Content-Type": "application/json"}
    evil.answers["/.well-known/nodeinfo"] = (200, kind, json.dumps({"links": links}).encode())
    evil.answers["/nodeinfo"] = (200, kind, json.dumps(info).encode())
    evil.serve({"id": "https://evil.test/list", "type": "OrderedCollection", "orderedItems": listed} | page)
    return evil


def test_a_lying_server_speaks_for_itself_only(fediverse: Fediverse, bob: Person) -> None:
    brest = bob.server
    far = Stranger(fediverse, "far.test")
    other = claim(far, siren=cast.SOREL)
    evil = lies(fediverse, brest, [])
    mine = claim(evil, siren=cast.ALVANE)
    person = evil.person("mallory")
    listed = [other.uri, "https://brest.test/actors/bob", mine.uri, person.uri, "https://evil.test/nobody", 7, None]
    again = "https://evil.test/list?more"
    evil.documents["/list"] |= {"orderedItems": listed, "next": again}
    evil.serve({"id": again, "type": "OrderedCollectionPage", "orderedItems": [], "next": again})
    mallory = evil.person("m")
    bob.follow(mallory.handle)
    fediverse.settle()
    run_upkeep(fediverse)
    assert on_the_network(brest) == [("evil.test", "mairie", cast.ALVANE)]
    assert "/users/mairie" not in far.asked
    with brest.app.app_context():
        peer = session.get(PeerDirectory, "evil.test")
        assert peer is not None
        assert (peer.listed, peer.features) == (3, ["x"])


def test_a_list_without_end_is_read_to_its_bounds(fediverse: Fediverse, bob: Person) -> None:
    evil = lies(fediverse, bob.server, [])

    def endless(request: Any) -> tuple[int, dict[str, str], bytes]:
        if "/list" not in request.url:
            return evil(request)
        evil.asked.append("/list")
        number = len([path for path in evil.asked if path == "/list"])
        items = ",".join(f'"https://evil.test/users/n{number}-{each}"' for each in range(1000))
        body = f'{{"id":"{request.url}","type":"CollectionPage","items":[{items}],"next":"https://evil.test/list?{number}"}}'
        return 200, {"Content-Type": "application/activity+json"}, body.encode()

    bob.follow(evil.person("m").handle)
    fediverse.strangers["evil.test"] = endless
    fediverse.settle()
    run_upkeep(fediverse)
    assert evil.asked.count("/list") <= 3
    assert len([path for path in evil.asked if path.startswith("/users/n")]) <= 200


def test_mastodon_shaped_peers_are_followed_as_ever_and_no_peers(fediverse: Fediverse, bob: Person) -> None:
    far = Stranger(fediverse, "far.test")
    open_authority(bob.server, "cc", cast.ALVANE)
    alice = far.person("alice")
    alice.tells(bob.server, alice.does("Follow", "https://brest.test/actors/cc"))
    fediverse.settle()
    with bob.server.app.app_context():
        assert follows.find(accounts.by_uri(alice.uri), accounts.local("cc")) is not None
    run_upkeep(fediverse)
    assert bob.server.count(PeerDirectory) == 0
