"""Timelines: what is in them, page by page, in a number of questions that does not grow."""

import re
from typing import Any

from tests.counting import counted
from tests.fediverse import Fediverse, Server
from tests.mastodon import shapes
from tests.mastodon.client import Application


def test_home_is_walked_back_and_forth_by_its_links(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), brest.register("bob")
    bob.follow("alice")
    said = [alice.says(f"Numéro {number}")["id"] for number in range(7)][::-1]
    app = Application(bob)

    back: list[str] = []
    address: str | None = "/api/v1/timelines/home?limit=3"
    while address:
        answer = app.ask("GET", address)
        page = [status["id"] for status in answer.json]
        back += page
        links = _links(answer.headers.get("Link", ""))
        assert ("next" in links) is (len(page) == 3)
        address = links.get("next")
    assert back == said

    forth: list[str] = []
    address = f"/api/v1/timelines/home?limit=3&min_id={said[-1]}"
    while address:
        answer = app.ask("GET", address)
        page = [status["id"] for status in answer.json]
        forth = page + forth
        address = _links(answer.headers.get("Link", "")).get("prev")
    assert forth == said[:-1]
    assert [each["id"] for each in app.get("/api/v1/timelines/home", since_id=said[2])] == said[:2]
    assert [each["id"] for each in app.get("/api/v1/timelines/home", max_id=said[5])] == said[6:]
    assert app.get("/api/v1/timelines/home", max_id="0") == []


def test_pages_lead_to_their_neighbours_and_keep_what_was_asked(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    said = [alice.says(f"Numéro {number} #pont")["id"] for number in range(45)][::-1]

    def page(**query: Any) -> tuple[list[str], dict[str, str]]:
        answer = alice.ask("GET", "/api/v1/timelines/tag/pont", query_string=query)
        assert answer.status_code == 200
        return [each["id"] for each in answer.json], _links(answer.headers.get("Link", ""))

    ids, links = page(limit=2, local="true", **{"any[]": ["quai", "rive"]})
    base = "https://brest.test/api/v1/timelines/tag/pont?limit=2&local=true&any%5B%5D=quai&any%5B%5D=rive"
    assert ids == said[:2]
    assert links == {"next": f"{base}&max_id={said[1]}", "prev": f"{base}&min_id={said[0]}"}
    assert page(limit=99999)[0] == said[:40]
    assert page(limit=0)[0] == page(limit=-3)[0] == page(limit="many")[0] == said[:20]
    assert page(max_id="abc", since_id="", min_id="null")[0] == said[:20]
    assert page(min_id=said[10], limit=3)[0] == said[7:10]  # those just after it
    assert page(since_id=said[10], limit=3)[0] == said[:3]  # the newest
    assert page(max_id=said[5], since_id=said[8])[0] == said[6:8]
    assert page(max_id=said[-1]) == ([], {})


def test_hashtags_are_joined_and_left_out(fediverse: Fediverse, brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), fediverse["nantes.test"].register("bob")
    alice.person.follow("bob@nantes.test")
    fediverse.settle()
    words = ("#pont", "#rive", "#pont #rive", "#Pont #quai")
    said = {each: alice.says(each)["content"] for each in words}
    bob.says("#pont d'ailleurs")
    fediverse.settle()

    def found(**query: Any) -> list[str]:
        listed = alice.get("/api/v1/timelines/tag/pont", **{f"{name}[]": value for name, value in query.items()})
        return [next((words for words in said if said[words] == each["content"]), "ailleurs") for each in listed]

    assert found() == ["ailleurs", "#Pont #quai", "#pont #rive", "#pont"]
    assert found(any=["rive"]) == ["ailleurs", "#Pont #quai", "#pont #rive", "#rive", "#pont"]
    assert found(all=["RIVE"]) == ["#pont #rive"]
    assert found(all=["rive", "quai"]) == []
    assert found(none=["rive", "quai"]) == ["ailleurs", "#pont"]
    for query, texts in (({"local": "true"}, 3), ({"remote": "true"}, 1), ({"only_media": "true"}, 0)):
        assert len(alice.get("/api/v1/timelines/tag/pont", **query)) == texts
    assert len(alice.get("/api/v1/timelines/tag/pont", local="true", remote="true")) == 4


def test_ones_own_thread_is_public_and_answers_to_others_are_not(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    first = alice.says("Un")
    second = alice.says("Deux", in_reply_to_id=first["id"])
    answer = bob.says("Trois", in_reply_to_id=second["id"])
    assert [each["id"] for each in alice.get("/api/v1/timelines/public")] == [second["id"], first["id"]]
    assert [each["id"] for each in bob.get("/api/v1/timelines/home")] == [answer["id"]]


def _links(header: str) -> dict[str, str]:
    found = re.findall(r'<(https://brest\.test/[^>]*)>; rel="(next|prev)"', header)
    return {relation: address for address, relation in found}


def test_public_timelines_part_here_from_elsewhere(fediverse: Fediverse, brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), fediverse["nantes.test"].register("bob")
    Application(brest.register("carol")).person.follow("bob@nantes.test")
    fediverse.settle()
    here, elsewhere = alice.says("Ici #pont"), Application(bob).says("Là-bas #pont")
    alice.says("Entre nous #pont", visibility="private")
    alice.says("Discret #pont", visibility="unlisted")
    fediverse.settle()
    nobody = Application(brest.register("dave"), scopes=None)

    def uris(path: str, **query: str) -> set[str]:
        return {status["uri"] for status in nobody.get(path, **query)}

    assert uris("/api/v1/timelines/public") == {here["uri"], elsewhere["uri"]}
    assert uris("/api/v1/timelines/public", local="true") == {here["uri"]}
    assert uris("/api/v1/timelines/public", remote="true") == {elsewhere["uri"]}
    assert uris("/api/v1/timelines/tag/Pont") == {here["uri"], elsewhere["uri"]}
    assert uris("/api/v1/timelines/tag/%23pont") == {here["uri"], elsewhere["uri"]}
    assert uris("/api/v1/timelines/public", only_media="true") == set()


def test_what_one_keeps_away_is_in_no_timeline(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), brest.register("bob")
    bob.follow("alice")
    said, app = alice.says("Bonjour #pont"), Application(bob)
    paths = ("/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/timelines/tag/pont")
    assert all(app.get(path) for path in paths)
    app.post(f"/api/v1/accounts/{said['account']['id']}/mute")
    assert [app.get(path) for path in paths] == [[], [], []]
    app.post(f"/api/v1/accounts/{said['account']['id']}/unmute")
    app.post(f"/api/v1/accounts/{said['account']['id']}/block")
    assert [app.get(path) for path in paths] == [[], [], []]
    assert alice.ask("GET", "/api/v1/timelines/home").status_code == 200


def test_a_page_of_twenty_posts_takes_as_many_questions_as_one_of_three(brest: Server) -> None:
    watcher = brest.register("watcher")
    app = Application(watcher)
    people = [brest.register(f"p{number}") for number in range(6)]
    for person in people:
        watcher.follow(person.name)

    def publish(number: int) -> None:
        author, other = Application(people[number % 6]), people[(number + 1) % 6]
        poll = {"options": ["a", "b"], "expires_in": 600} if number % 3 == 0 else {}
        said = author.says(f"@{other.name} numéro {number} #pont", poll=poll)
        if number % 2:
            Application(other).post(f"/api/v1/statuses/{said['id']}/reblog")

    for number in range(4):
        publish(number)
    app.get("/api/v1/timelines/home")
    with counted(brest) as few:
        assert 3 < len(app.get("/api/v1/timelines/home")) < 10
    for number in range(4, 20):
        publish(number)
    with counted(brest) as many:
        page = app.get("/api/v1/timelines/home")
    assert len(page) == 20
    for status in page:
        shapes.check(status, shapes.SEEN_STATUS)
    assert len(many) == len(few) <= 11, "\n".join(many)

    brest.sweep()
    brest.fediverse.settle()
    mentioned = Application(people[0])
    with counted(brest) as told:
        assert len(mentioned.get("/api/v1/notifications")) > 3
    assert len(told) <= 14, "\n".join(told)
    with counted(brest) as context:
        mentioned.get(f"/api/v1/statuses/{page[0]['id']}/context")
    assert len(context) <= 12, "\n".join(context)
    with counted(brest) as followers:
        mentioned.get(f"/api/v1/accounts/{page[0]['account']['id']}/followers")
    assert len(followers) <= 5, "\n".join(followers)
