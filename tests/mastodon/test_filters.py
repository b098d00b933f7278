"""Filters: words and posts somebody does not want to read, in both forms of the API, applied where they hold."""

from typing import Any

import pytest

from tests.fediverse import Fediverse, Server
from tests.mastodon import shapes
from tests.mastodon.client import Application


@pytest.fixture
def bob(brest: Server, alice: Application) -> Application:
    """Somebody whom Alice follows."""
    made = Application(brest.register("bob"))
    alice.person.follow("bob")
    return made


def keep(app: Application, *words: str, **more: Any) -> Any:
    keywords = [{"keyword": each, "whole_word": True} for each in words]
    return app.post(
        "/api/v2/filters", **{"title": "Bruit", "context": ["home"], "keywords_attributes": keywords, **more}
    )


def refusal(app: Application, method: str, path: str, **values: Any) -> str:
    answer = app.ask(method, path, json=values)
    assert answer.status_code == 422
    return str(answer.json["error"])


# --- keeping -------------------------------------------------------------------------------------------------------


def test_a_filter_is_made_changed_and_deleted(alice: Application) -> None:
    made = keep(alice, "travaux", "circulation", filter_action="blur", expires_in=3600)
    shapes.check(made, shapes.FILTER)
    assert (made["title"], made["filter_action"], made["statuses"]) == ("Bruit", "blur", [])
    assert made["expires_at"] is not None
    first, second = made["keywords"]
    path = f"/api/v2/filters/{made['id']}"
    changed = alice.put(
        path,
        title="Rues",
        expires_in="",
        keywords_attributes=[{"id": first["id"], "_destroy": True}, {"id": second["id"], "whole_word": False}],
    )
    assert changed["keywords"] == [{**second, "whole_word": False}]
    assert (changed["title"], changed["context"], changed["expires_at"]) == ("Rues", ["home"], None)
    assert alice.get(path) == changed
    assert alice.get("/api/v2/filters") == [changed]
    assert alice.delete(path) == {}
    assert alice.get("/api/v2/filters") == []


def test_keywords_and_posts_have_addresses_of_their_own(alice: Application, bob: Application) -> None:
    path = f"/api/v2/filters/{keep(alice)['id']}"
    word = alice.post(f"{path}/keywords", keyword="grue")
    assert word == alice.get(f"/api/v2/filters/keywords/{word['id']}")
    assert word["whole_word"] is True
    alice.put(f"/api/v2/filters/keywords/{word['id']}", keyword="grues", whole_word="false")
    assert alice.get(f"{path}/keywords") == [{**word, "keyword": "grues", "whole_word": False}]
    said = bob.says("La grue est là")
    named = alice.post(f"{path}/statuses", status_id=said["id"])
    assert named == alice.get(f"/api/v2/filters/statuses/{named['id']}")
    assert alice.get(f"{path}/statuses") == [{"id": named["id"], "status_id": said["id"]}]
    assert refusal(alice, "POST", f"{path}/statuses", status_id=said["id"]).endswith("Status has already been taken")
    alice.delete(f"/api/v2/filters/keywords/{word['id']}")
    alice.delete(f"/api/v2/filters/statuses/{named['id']}")
    assert (alice.get(f"{path}/keywords"), alice.get(f"{path}/statuses")) == ([], [])


def test_what_makes_no_sense_is_refused_in_the_words_clients_know(alice: Application, bob: Application) -> None:
    made = keep(alice, "mot")
    path = f"/api/v2/filters/{made['id']}"
    nothing = "Title can't be blank, Context can't be blank, Context None or invalid context supplied"
    assert refusal(alice, "POST", "/api/v2/filters") == f"Validation failed: {nothing}"
    assert "Context None or invalid" in refusal(alice, "PUT", path, context=["home", "kitchen"])
    assert "Action is not included in the list" in refusal(alice, "PUT", path, filter_action="burn")
    assert refusal(alice, "POST", f"{path}/keywords") == "Validation failed: Keyword can't be blank"
    assert "Keywords keyword can't be blank" in refusal(alice, "PUT", path, keywords_attributes=[{"keyword": ""}])
    assert "Keyword is too long" in refusal(alice, "POST", f"{path}/keywords", keyword="a" * 513)
    secret = bob.says("Pour moi", visibility="direct")
    for identifier in (secret["id"], "12", "nothing", None):
        assert "Status is invalid" in refusal(alice, "POST", f"{path}/statuses", status_id=identifier)
    assert alice.get("/api/v2/filters") == [made]
    assert alice.put(path, expires_in=10**20)["expires_at"] is not None


def test_filters_of_others_do_not_exist(alice: Application, bob: Application, brest: Server) -> None:
    made = keep(alice, "mot")
    [word] = made["keywords"]
    named = alice.post(f"/api/v2/filters/{made['id']}/statuses", status_id=alice.says("Un")["id"])
    for path in (
        f"v2/filters/{made['id']}", f"v2/filters/{made['id']}/keywords", f"v2/filters/keywords/{word['id']}",
        f"v2/filters/statuses/{named['id']}", f"v2/filters/keywords/{named['id']}", f"v1/filters/{word['id']}",
    ):  # fmt: skip
        assert bob.ask("GET", f"/api/{path}").status_code == 404
    assert bob.ask("PUT", f"/api/v2/filters/{keep(bob)['id']}", json={"keywords_attributes": [word]}).status_code == 404
    reader = Application(alice.person, "read:filters")
    assert reader.ask("POST", "/api/v2/filters", json={}).status_code == 403


def test_the_old_form_is_one_keyword_on_the_same_rows(alice: Application) -> None:
    made = alice.post("/api/v1/filters", phrase="anime", context=["notifications"], irreversible=True, whole_word=False)
    shapes.check(made, shapes.FIRST_FILTER)
    assert made["irreversible"] is True
    assert alice.get("/api/v1/filters") == [made] == [alice.get(f"/api/v1/filters/{made['id']}")]
    [same] = alice.get("/api/v2/filters")
    assert (same["title"], same["filter_action"], same["context"]) == ("anime", "hide", ["notifications"])
    changed = alice.put(f"/api/v1/filters/{made['id']}", phrase="animé", context=["home"], irreversible=False)
    assert changed == {**made, "phrase": "animé", "context": ["home"], "irreversible": False}
    alice.post(f"/api/v2/filters/{same['id']}/keywords", keyword="manga")
    assert "more than one filter keyword" in refusal(alice, "PUT", f"/api/v1/filters/{made['id']}", context=["public"])
    assert len(alice.get("/api/v1/filters")) == 2
    for each in alice.get("/api/v1/filters"):
        alice.delete(f"/api/v1/filters/{each['id']}")
    assert alice.get("/api/v2/filters") == []


# --- applying ------------------------------------------------------------------------------------------------------


def test_a_post_that_matches_says_why(alice: Application, bob: Application) -> None:
    made = keep(alice, "grue")
    said = bob.says("Une Grue passe, une grue reste")
    bob.says("Des grues passent")
    plural, first = alice.get("/api/v1/timelines/home")
    shapes.check(first, shapes.SEEN_STATUS)
    told = {key: made[key] for key in shapes.MATCHED_FILTER}
    assert first["filtered"] == [{"filter": told, "keyword_matches": ["Grue"], "status_matches": None}]
    assert plural["filtered"] == []
    alice.post(f"/api/v2/filters/{made['id']}/statuses", status_id=plural["id"])
    [result] = alice.get("/api/v1/timelines/home")[0]["filtered"]
    assert (result["keyword_matches"], result["status_matches"]) == (None, [plural["id"]])
    boost = alice.post(f"/api/v1/statuses/{said['id']}/reblog")
    assert len(boost["filtered"]) == len(boost["reblog"]["filtered"]) == 1
    other = alice.post(f"/api/v1/statuses/{bob.says('Ailleurs')['id']}/reblog")
    named = alice.post(f"/api/v2/filters/{made['id']}/statuses", status_id=other["id"])
    assert named["status_id"] == other["reblog"]["id"]
    assert alice.get(f"/api/v1/statuses/{other['id']}")["filtered"][0]["status_matches"] == [other["reblog"]["id"]]


def test_all_that_one_reads_is_looked_at(alice: Application, bob: Application) -> None:
    keep(alice, "grue", "#chantier")
    bob.says("Regardez", spoiler_text="Une grue")
    bob.says("Laquelle ?", poll={"options": ["La grue", "Le pont"], "expires_in": 600})
    bob.says("Voir le #chantier")
    bob.says("<b>grue</b>ment")
    assert [len(status["filtered"]) for status in alice.get("/api/v1/timelines/home")] == [1, 1, 1, 1]


def test_a_filter_holds_in_its_places_only_and_ends(fediverse: Fediverse, alice: Application, bob: Application) -> None:
    keep(alice, "grue", context=["public", "account"], expires_in=600)
    said = bob.says("La grue")

    def filtered(path: str) -> list[int]:
        return [len(status["filtered"]) for status in alice.get(path)]

    public, profile = "/api/v1/timelines/public", f"/api/v1/accounts/{said['account']['id']}/statuses"
    assert (filtered("/api/v1/timelines/home"), filtered(public), filtered(profile)) == ([0], [1], [1])
    assert len(alice.get(f"/api/v1/statuses/{said['id']}")["filtered"]) == 1
    fediverse.wait(minutes=11)
    assert filtered(public) == filtered(profile) == [0]


def test_what_is_hidden_is_left_out_of_lists(alice: Application, bob: Application) -> None:
    everywhere = ["home", "notifications", "public", "thread", "account"]
    keep(alice, "grue", context=everywhere, filter_action="hide")
    asked = alice.says("Que voyez-vous ? Une grue ?")
    answer = bob.says("@alice La grue", in_reply_to_id=asked["id"])
    shown = bob.says("@alice Le pont")
    bob.person.server.fediverse.settle()
    for path in ("timelines/home", "timelines/public", f"accounts/{answer['account']['id']}/statuses"):
        assert answer["id"] not in [status["id"] for status in alice.get(f"/api/v1/{path}")]
    assert alice.get(f"/api/v1/statuses/{asked['id']}/context")["descendants"] == []
    told = [each["status"]["id"] for each in alice.get("/api/v1/notifications", types=["mention"])]
    assert told == [shown["id"]]
    assert asked["id"] in [status["id"] for status in alice.get("/api/v1/timelines/home")]
    assert len(alice.get(f"/api/v1/statuses/{answer['id']}")["filtered"]) == 1
    assert len(bob.get(f"/api/v1/statuses/{asked['id']}/context")["descendants"]) == 1


def test_words_are_no_pattern_and_a_sign_has_no_boundary(alice: Application, bob: Application) -> None:
    keep(alice, "a.b", "100%", "(", "l'eau")
    for words in ("axb", "plus de 100%!", "a.b", "a.bc", "(", "L'EAU monte"):
        bob.says(words)
    assert [len(each["filtered"]) for each in alice.get("/api/v1/timelines/home")] == [1, 1, 0, 1, 1, 0]
