"""Search: who, what, and under which hashtag; and what the server says of itself."""

from urllib.parse import urlsplit

from tests.fediverse import Fediverse, Server
from tests.mastodon import shapes
from tests.mastodon.client import Application


def test_somebody_of_elsewhere_is_fetched_when_asked_for(fediverse: Fediverse, brest: Server) -> None:
    alice = brest.register("alice")
    fediverse["nantes.test"].register("bob")
    app, nobody = Application(alice), Application(alice, scopes=None)
    for words in ("bob@nantes.test", "@bob@nantes.test", "https://nantes.test/actors/bob"):
        assert nobody.ask("GET", "/api/v2/search", query_string={"q": words, "resolve": "true"}).status_code == 401
        assert nobody.get("/api/v2/search", q=words)["accounts"] == []
        assert app.get("/api/v2/search", q=words)["accounts"] == []
    [found] = app.get("/api/v2/search", q="@bob@nantes.test", resolve="true")["accounts"]
    shapes.check(found, shapes.ACCOUNT)
    assert nobody.get("/api/v2/search", q="bob@nantes.test")["accounts"] == [found]
    assert app.get("/api/v1/accounts/search", q="https://nantes.test/actors/bob", resolve="true") == [found]
    assert app.get("/api/v2/search", q="@nobody@nantes.test", resolve="true")["accounts"] == []
    assert app.get("/api/v2/search", q="@bob@nowhere.test", resolve="true")["accounts"] == []


def test_a_post_is_found_by_its_address(fediverse: Fediverse, brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(fediverse["nantes.test"].register("bob"))
    here, there = alice.says("Ici"), bob.says("Là-bas")
    hidden = bob.says("Caché", visibility="private")

    def found(address: str) -> list[str]:
        answer = alice.get("/api/v2/search", q=address, resolve="true", type="statuses")
        assert answer["accounts"] == answer["hashtags"] == []
        return [status["uri"] for status in answer["statuses"]]

    assert found(there["uri"]) == [there["uri"]]
    assert found(here["uri"]) == found(here["url"]) == [here["uri"]]
    assert found(hidden["uri"]) == []
    assert alice.get("/api/v2/search", q=here["account"]["url"])["accounts"][0]["username"] == "alice"
    assert alice.get("/api/v2/search", q=here["uri"], type="accounts")["statuses"] == []


def test_a_hidden_post_of_here_is_not_found_by_its_address(brest: Server) -> None:
    alice, erin = Application(brest.register("alice")), Application(brest.register("erin"))
    hidden = alice.says("Caché", visibility="private")
    for address in (hidden["uri"], hidden["url"]):
        assert erin.get("/api/v2/search", q=address, resolve="true")["statuses"] == []
        assert len(alice.get("/api/v2/search", q=address)["statuses"]) == 1


def test_people_are_found_by_the_beginning_of_their_name_or_by_what_they_are_called(brest: Server) -> None:
    alice = Application(brest.register("alice", display_name="Alice du Port"))
    brest.register("alicia").follow("alice")
    brest.register("bob", display_name="Bob (port)")

    def found(words: str, **query: str) -> list[str]:
        return [each["username"] for each in alice.get("/api/v1/accounts/search", q=words, **query)]

    assert found("ali") == ["alice", "alicia"]
    assert found("PORT") == ["alice", "bob"]
    assert found("ali", limit="1", offset="1") == ["alicia"]
    assert found("ali", following="true") == []
    assert found("alice@brest") == ["alice"]
    assert found("%") == found("_lice") == []
    assert alice.get("/api/v1/accounts/search") == []
    assert alice.ask("GET", "/api/v2/search", query_string={"q": " "}).status_code == 400


def test_people_are_found_without_accents_and_those_one_follows_come_first(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    brest.register("helene", display_name="Hélène Le Goff")
    brest.register("legoff", display_name="Œuvre de Le Goff")
    brest.register("famous", display_name="Goffinet").follow("alice")

    def found(words: str, **query: str) -> list[str]:
        return [each["username"] for each in alice.get("/api/v2/search", q=words, type="accounts", **query)["accounts"]]

    assert found("HELENE") == found("hélène le") == ["helene"]
    assert found("oeuvre") == ["legoff"]
    assert found("goff") == ["helene", "legoff", "famous"]
    alice.person.follow("famous")
    assert found("goff") == ["famous", "helene", "legoff"]
    assert found("goff", following="true") == ["famous"]
    assert found("legoff") == found("@legoff@brest.test") == ["legoff"]
    assert found("elene") == found("#goff") == []
    alice.put("/api/v1/accounts/update_credentials", display_name="Élise")
    assert found("elise") == ["alice"]


def test_the_first_form_of_search_names_hashtags_only(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    alice.says("#port")
    assert alice.get("/api/v1/search", q="port") == {"accounts": [], "statuses": [], "hashtags": ["port"]}
    assert Application(alice.person, scopes=None).ask("GET", "/api/v1/search?q=port").status_code == 401


def test_hashtags_are_found_by_their_beginning_in_public_posts(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    alice.says("#Éclairage et #Eclairs")
    alice.says("#eclat", visibility="private")
    found = alice.get("/api/v2/search", q="#écla", type="hashtags")["hashtags"]
    assert [tag["name"] for tag in found] == ["eclairage", "eclairs"]
    assert urlsplit(found[0]["url"]).path == "/tags/eclairage"


def test_the_server_says_what_it_is_to_anybody(brest: Server) -> None:
    alice = Application(brest.register("alice", role="admin"))
    alice.says("Bonjour")
    nobody = Application(brest.register("bob"), scopes=None)
    first, second = nobody.get("/api/v1/instance"), nobody.get("/api/v2/instance")
    assert first["version"] == second["version"]
    assert first["version"].startswith("4.5.0 (compatible; fediterr ")
    assert (first["uri"], second["domain"]) == ("brest.test", "brest.test")
    assert first["stats"] == {"user_count": 2, "status_count": 1, "domain_count": 0}
    assert first["urls"]["streaming_api"] == second["configuration"]["urls"]["streaming"] == "wss://brest.test"
    assert second["configuration"]["statuses"]["max_characters"] == 5000
    assert first["configuration"]["polls"] == second["configuration"]["polls"]
    shapes.check(first["contact_account"], shapes.LOCAL_ACCOUNT)
    assert second["contact"]["account"] == first["contact_account"]
    for picture in ("avatar", "header"):
        with nobody.ask("GET", urlsplit(first["contact_account"][picture]).path) as answer:
            assert (answer.status_code, answer.content_type) == (200, "image/png")
