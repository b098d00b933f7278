"""How servers and people are found: WebFinger both ways, host-meta, NodeInfo, the actor of the server itself."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from fediterr.accounts.models import Account, KeyPair
from fediterr.activitypub import vocabulary
from tests.fediverse import Fediverse
from tests.strangers import Stranger

FINGER = "/.well-known/webfinger?resource="


def test_webfinger_knows_people_by_handle_and_by_address(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    brest.register("Maria")
    for resource in (
        "acct:Maria@brest.test",
        "acct:maria@brest.test",
        "acct:@maria@BREST.test",
        "maria@brest.test",
        "https://brest.test/actors/Maria",
        "https://brest.test/@Maria",
    ):
        answer = brest.get(FINGER + resource)
        assert answer.status_code == 200, resource
        assert answer.content_type.startswith("application/jrd+json")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        found = vocabulary.read_webfinger(answer.get_json())
        assert found.subject == "acct:Maria@brest.test"
        assert found.self_link == "https://brest.test/actors/Maria"
        assert found.profile_page == "https://brest.test/@Maria"
        assert found.subscribe_template is not None


def test_webfinger_says_nothing_of_others(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    maria = brest.register("maria")
    Stranger(fediverse, "far.test").person("alice")
    maria.look_up("alice@far.test")
    for resource in (
        "acct:nobody@brest.test",
        "acct:alice@far.test",
        "acct:maria@far.test",
        "https://far.test/users/alice",
        "https://brest.test/@nobody",
        "acct:",
        "x",
        "https://brest.test/@maria/../../x",
    ):
        assert brest.get(FINGER + resource).status_code == 404, resource
    assert brest.get("/.well-known/webfinger").status_code == 400


def test_handles_may_live_at_another_domain(fediverse: Fediverse) -> None:
    """`@maria@ville.test` while the server answers at reseau.ville.test; ville.test redirects what others ask it."""
    reseau = fediverse.add("reseau.ville.test", handle_domain="ville.test")

    def ville(request: object) -> tuple[int, dict[str, str], bytes]:
        path = getattr(request, "url", "").removeprefix("https://ville.test")
        return 301, {"Location": f"https://reseau.ville.test{path}"}, b""

    fediverse.strangers["ville.test"] = ville
    maria, paul = reseau.register("maria"), fediverse["nantes.test"].register("paul")
    assert reseau.get("/actors/maria").get_json()["webfinger"] == "maria@ville.test"
    paul.follow("maria@ville.test")
    fediverse.settle()
    assert paul.follows("maria@ville.test") is True
    assert paul.sees("maria@reseau.ville.test") is None
    for handle in ("maria@ville.test", "maria@reseau.ville.test"):
        found = paul.look_up(handle)
        assert found is not None
        assert found.full_handle == "maria@ville.test"
    maria.says("Bonjour @paul@nantes.test")
    fediverse.settle()
    assert paul.notifications() == [("mention", "maria@ville.test")]


def test_a_handle_domain_must_confirm(fediverse: Fediverse) -> None:
    """evil.test says that its mallory is director@ville.test; ville.test knows nothing of it."""
    bob = fediverse["brest.test"].register("bob")
    evil = Stranger(fediverse, "evil.test", handle_domain="ville.test")
    evil.person("director")
    ville = Stranger(fediverse, "ville.test")
    assert bob.look_up("director@ville.test") is None
    real = ville.person("director")
    found = bob.look_up("https://evil.test/users/director")
    assert found is not None
    assert found.full_handle == "director@evil.test"
    found = bob.look_up("director@ville.test")
    assert found is not None
    assert found.uri == real.uri


def test_a_name_that_webfinger_gives_to_another_is_refused(fediverse: Fediverse) -> None:
    bob = fediverse["brest.test"].register("bob")
    far = Stranger(fediverse, "far.test")
    far.person("alice")
    mallory = far.person("mallory", preferredUsername="alice")
    assert bob.look_up(mallory.uri) is None


def test_nobody_of_elsewhere_takes_a_handle_of_here(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    bob = brest.register("bob")
    evil = Stranger(fediverse, "evil.test", handle_domain="brest.test")
    evil.person("bob")
    found = bob.look_up("https://evil.test/users/bob")
    assert found is not None
    assert found.full_handle == "bob@evil.test"
    assert bob.account().uri == "https://brest.test/actors/bob"


def test_software_without_webfinger_speaks_for_its_own_host(fediverse: Fediverse) -> None:
    bob = fediverse["brest.test"].register("bob")
    far = Stranger(fediverse, "far.test")
    alice = far.person("alice")
    far.answers["/.well-known/webfinger"] = (404, {}, b"")
    found = bob.look_up(alice.uri)
    assert found is not None
    assert found.full_handle == "alice@far.test"


def test_host_meta_leads_to_webfinger(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    xml = brest.get("/.well-known/host-meta").get_data(as_text=True)
    assert 'template="https://brest.test/.well-known/webfinger?resource={uri}"' in xml
    [link] = brest.get("/.well-known/host-meta.json").get_json()["links"]
    assert link["template"] == "https://brest.test/.well-known/webfinger?resource={uri}"


def test_nodeinfo_says_what_this_is(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    maria = brest.register("maria")
    maria.says("Bonjour")
    links = brest.get("/.well-known/nodeinfo").get_json()
    assert vocabulary.read_nodeinfo_links(links) == "https://brest.test/nodeinfo/2.1"
    for version in ("2.0", "2.1"):
        answer = brest.get(f"/nodeinfo/{version}")
        assert f'profile="http://nodeinfo.diaspora.software/ns/schema/{version}#"' in answer.content_type
        document = answer.get_json()
        assert document["version"] == version
        assert ("repository" in document["software"] or "homepage" in document["software"]) is (version == "2.1")
        read = vocabulary.read_nodeinfo(document)
        assert (read.software_name, read.protocols, read.users, read.local_posts) == (
            "fediterr",
            ("activitypub",),
            1,
            1,
        )
        assert document["usage"]["users"] == {"total": 1, "activeMonth": 1, "activeHalfyear": 1}
        assert "fep-8b32" in read.metadata["fediterr"]["features"]
    assert brest.get("/nodeinfo/3.0").status_code == 404


def test_the_server_itself_is_an_actor(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    document = brest.get("/actor").get_json()
    actor = vocabulary.read_actor(document)
    assert (actor.type, actor.id, actor.inbox) == (
        "Application",
        "https://brest.test/actor",
        "https://brest.test/actor/inbox",
    )
    assert {each["href"] for each in document["implements"]} >= {"https://w3id.org/fep/8b32"}
    assert brest.get("/actor").get_json()["publicKey"] == document["publicKey"]
    assert brest.get("/actor/outbox").get_json()["totalItems"] == 0
    found = vocabulary.read_webfinger(brest.get(FINGER + "acct:brest.test@brest.test").get_json())
    assert found.self_link == actor.id
    bob = fediverse["nantes.test"].register("bob")
    assert bob.look_up("https://brest.test/actor") is not None


def test_the_actor_of_a_server_is_made_once_however_many_ask(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    with ThreadPoolExecutor(8) as pool:
        keys = {answer.get_json()["publicKey"]["publicKeyPem"] for answer in pool.map(brest.get, ["/actor"] * 16)}
    assert len(keys) == 1
    assert brest.count(Account, Account.kind == "Application") == 1
    assert brest.count(KeyPair) == 1


@pytest.mark.parametrize(
    "accept", ["application/activity+json", 'application/ld+json; profile="x"', "text/html, */*;q=0.1"]
)
def test_the_address_of_a_page_is_that_of_a_document_for_who_prefers_it(fediverse: Fediverse, accept: str) -> None:
    brest = fediverse["brest.test"]
    uri = brest.register("maria").says("Bonjour")
    number = uri.rpartition("/")[2]
    for path, identifier in (("/@maria", "https://brest.test/actors/maria"), (f"/@maria/{number}", uri)):
        answer = brest.get(path, accept=accept)
        if accept.startswith("text/html"):
            assert "json" not in answer.content_type
        else:
            assert answer.get_json()["id"] == identifier
    paul = fediverse["nantes.test"].register("paul")
    assert paul.look_up("https://brest.test/@maria") is not None
    assert paul.look_up(f"https://brest.test/@maria/{number}") is not None
