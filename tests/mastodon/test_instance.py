"""What a server says of itself: its rules and texts, the servers it knows and blocks, its weeks, its announcements."""

from datetime import date, timedelta

from fediterr.core import clock
from fediterr.moderation import announcements, rules, service, texts
from fediterr.social import emojis, media
from tests import files
from tests.fediverse import Fediverse, Server
from tests.mastodon import shapes
from tests.mastodon.client import Application

TEXT = {"updated_at": shapes.MOMENT, "content": str}


def test_rules_are_told_with_their_translations(brest: Server, bob: Application) -> None:
    with brest.inside():
        rules.add("Restez courtois", "Pas d’insultes")
        rules.add("Parlez de la ville")
        rules.translate(rules.at(1), "en", "Be civil", "No insults")
        rules.move(rules.at(2), 1)
    first, second = bob.get("/api/v1/instance/rules")
    shapes.check(first, shapes.RULE)
    assert (first["text"], second["hint"]) == ("Parlez de la ville", "Pas d’insultes")
    assert second["translations"] == {"en": {"text": "Be civil", "hint": "No insults"}}
    assert bob.get("/api/v1/instance")["rules"] == bob.get("/api/v2/instance")["rules"] == [first, second]
    english = brest.get("/about", accept="text/html")
    assert "Restez courtois" in english.text
    with brest.inside():
        rules.withdraw(rules.at(1))
    assert [each["id"] for each in bob.get("/api/v1/instance/rules")] == [second["id"]]


def test_the_texts_are_those_of_the_operator_and_privacy_is_never_empty(brest: Server, bob: Application) -> None:
    privacy = bob.get("/api/v1/instance/privacy_policy")
    shapes.check(privacy, TEXT)
    assert "réseau ouvert" in privacy["content"]
    english = bob.ask("GET", "/api/v1/instance/privacy_policy", headers={"Accept-Language": "en"}).json
    assert "open network" in english["content"]
    shapes.check(bob.get("/api/v1/instance/extended_description"), TEXT)
    with brest.inside():
        texts.put(texts.Kind.PRIVACY, "<p>La nôtre<script>x</script></p>")
        texts.put(texts.Kind.DESCRIPTION, "<p>La ville</p>")
    assert bob.get("/api/v1/instance/privacy_policy")["content"] == "<p>La nôtre</p>"
    assert bob.get("/api/v1/instance/extended_description")["content"] == "<p>La ville</p>"
    assert "La ville" in brest.get("/about", accept="text/html").text


def test_terms_hold_from_a_day_on_and_give_way_to_others(brest: Server, bob: Application) -> None:
    address = "/api/v1/instance/terms_of_service"
    assert bob.ask("GET", address).status_code == 404
    assert bob.get("/api/v2/instance")["configuration"]["urls"]["terms_of_service"] is None
    today, later = clock.now().date(), clock.now().date() + timedelta(days=30)
    with brest.inside():
        texts.put(texts.Kind.TERMS, "<p>Un</p>", effective_on=date(2020, 1, 1))
        texts.put(texts.Kind.TERMS, "<p>Deux</p>", effective_on=later)
    first = bob.get(address)
    assert first == {
        "effective_date": "2020-01-01", "effective": True, "content": "<p>Un</p>", "succeeded_by": later.isoformat(),
    }  # fmt: skip
    second = bob.get(f"{address}/{later}")
    assert (second["effective"], second["succeeded_by"]) == (False, None)
    assert bob.get(address, date=later.isoformat()) == second
    for wrong in (today.isoformat(), "tomorrow"):
        assert bob.ask("GET", f"{address}/{wrong}").status_code == 404


def test_people_know_whom_to_write_to(fediverse: Fediverse) -> None:
    brest = fediverse.add("brest.test", contact_email="mairie@brest.test")
    alice = Application(brest.register("alice", role="admin"))
    assert alice.get("/api/v1/instance")["email"] == "mairie@brest.test"
    contact = alice.get("/api/v2/instance")["contact"]
    assert (contact["email"], contact["account"]["acct"]) == ("mairie@brest.test", "alice")
    assert "mailto:mairie@brest.test" in brest.get("/about", accept="text/html").text


def test_the_servers_that_are_blocked_are_shown_to_whom_the_operator_says(fediverse: Fediverse) -> None:
    path = "/api/v1/instance/domain_blocks"
    for shown_to, seen in (("nobody", (404, 404)), ("members", (404, 200)), ("all", (200, 200))):
        server = fediverse.add(f"{shown_to}.test", show_domain_blocks=shown_to)
        bob = Application(server.register("bob"))
        with server.inside():
            service.block_domain("bad.test", service.Block("silence", public_comment="spam"))
            service.block_domain("indecent.test", service.Block(obfuscate=True))
            service.block_domain("only-files.test", service.Block("noop", reject_media=True))
        answers = [app.ask("GET", path) for app in (Application(bob.person, None), bob)]
        assert tuple(answer.status_code for answer in answers) == seen
        if seen[1] == 200:
            first, second = answers[1].json
            assert (first["domain"], first["severity"], first["comment"]) == ("bad.test", "silence", "spam")
            assert (second["domain"], second["comment"]) == ("ind*****.*est", None)
            assert second["digest"] == service.digest("indecent.test")


def test_a_server_names_its_peers_its_weeks_and_its_languages(fediverse: Fediverse, brest: Server) -> None:
    bob = Application(brest.register("bob"))
    fediverse["nantes.test"].register("paul")
    bob.person.follow("paul@nantes.test")
    fediverse.settle()
    bob.says("Bonjour")
    assert bob.get("/api/v1/instance/peers") == ["nantes.test"]
    weeks = bob.get("/api/v1/instance/activity")
    assert len(weeks) == 12
    shapes.check(weeks[0], dict.fromkeys(("week", "statuses", "logins", "registrations"), shapes.ID))
    assert (weeks[0]["statuses"], weeks[0]["logins"], weeks[0]["registrations"]) == ("1", "1", "1")
    assert {"code": "br", "name": "breton"} in bob.get("/api/v1/instance/languages")
    english = bob.ask("GET", "/api/v1/instance/languages", headers={"Accept-Language": "en-GB"}).json
    assert {"code": "br", "name": "Breton"} in english
    assert bob.get("/api/v1/instance/translation_languages") == {}
    health = bob.ask("GET", "/health")
    assert (health.status_code, health.text) == (200, "OK")


# --- announcements -------------------------------------------------------------------------------------------------


def test_an_announcement_is_read_answered_and_over(brest: Server, bob: Application) -> None:
    with brest.inside():
        announcements.publish("Travaux demain, @bob #pont :ville:", ends_at=clock.now() + timedelta(days=1))
        announcements.publish("Plus tard", at=clock.now() + timedelta(days=2))
    [told] = bob.get("/api/v1/announcements")
    shapes.check(told, shapes.ANNOUNCEMENT)
    assert (told["read"], told["reactions"]) == (False, [])
    assert ([each["acct"] for each in told["mentions"]], told["tags"][0]["name"]) == (["bob"], "pont")
    address = f"/api/v1/announcements/{told['id']}"
    assert bob.post(f"{address}/dismiss") == {}
    assert bob.put(f"{address}/reactions/👍🏽") == {}
    assert bob.put(f"{address}/reactions/👍🏽") == {}
    carol = Application(brest.register("carol"))
    carol.put(f"{address}/reactions/👍🏽")
    [told] = carol.get("/api/v1/announcements")
    assert (told["read"], told["reactions"]) == (False, [{"name": "👍🏽", "count": 2, "me": True}])
    carol.delete(f"{address}/reactions/👍🏽")
    [told] = bob.get("/api/v1/announcements")
    assert (told["read"], told["reactions"]) == (True, [{"name": "👍🏽", "count": 1, "me": True}])
    assert carol.ask("DELETE", f"{address}/reactions/👍🏽").status_code == 404
    assert carol.ask("PUT", f"{address}/reactions/bravo").status_code == 422
    brest.fediverse.wait(days=3)
    assert [each["content"] for each in bob.get("/api/v1/announcements")] == ["<p>Plus tard</p>"]
    assert Application(bob.person, None).ask("GET", "/api/v1/announcements").status_code == 401


def test_an_emoji_of_here_answers_an_announcement_too(brest: Server, bob: Application) -> None:
    with brest.app.app_context():
        kept = media.keep(files.picture(), "ville.png")
    with brest.inside():
        emojis.add("ville", kept, category="Lieux")
        announcements.publish("Bonjour :ville:")
    [told] = bob.get("/api/v1/announcements")
    bob.put(f"/api/v1/announcements/{told['id']}/reactions/ville")
    [told] = bob.get("/api/v1/announcements")
    [emoji] = bob.get("/api/v1/custom_emojis")
    assert emoji["category"] == "Lieux"
    assert told["emojis"] == [emoji]
    reaction = {"name": "ville", "count": 1, "me": True}
    assert told["reactions"] == [{**reaction, "url": emoji["url"], "static_url": emoji["static_url"]}]
