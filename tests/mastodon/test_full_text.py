"""Full text: which posts are found by their words, by whom, and with which operators."""

from datetime import UTC, datetime

import sqlalchemy as sa

from fediterr.core import db
from fediterr.social import index
from fediterr.social.models import Indexed
from tests.fediverse import Fediverse
from tests.mastodon import shapes
from tests.mastodon.client import Application


def found(app: Application, words: str, **query: object) -> list[str]:
    """What somebody finds, newest first: the sources of the posts."""
    app.server.fediverse.settle()
    answer = app.get("/api/v2/search", q=words, type="statuses", **query)
    assert answer["accounts"] == answer["hashtags"] == []
    return [status["content"].removeprefix("<p>").removesuffix("</p>") for status in answer["statuses"]]


# --- words ---------------------------------------------------------------------------------------------------------


def test_words_are_found_in_all_their_forms_and_without_accents(alice: Application) -> None:
    alice.says("Les éclairages publics de la commune")
    alice.says("Rien de tel")
    for words in ("éclairage", "ECLAIRAGES", "eclairage public", "l'éclairage de la commune"):
        assert found(alice, words) == ["Les éclairages publics de la commune"]
    for words in ("éclair de génie", "commun accord", "lampadaire", "éclairage privé"):
        assert found(alice, words) == []


def test_a_phrase_is_found_as_it_is_written(alice: Application) -> None:
    alice.says("La piste cyclable du port")
    alice.says("Les pistes cyclables, du port")
    alice.says("Cyclable est la piste")
    assert found(alice, '"piste cyclable"') == found(alice, "« Piste  cyclable »") == ["La piste cyclable du port"]
    assert found(alice, '"cyclables du"') == ["Les pistes cyclables, du port"]
    assert len(found(alice, "piste cyclable")) == 3
    assert found(alice, 'piste -"piste cyclable"') == ["Cyclable est la piste", "Les pistes cyclables, du port"]
    assert found(alice, "piste -port") == ["Cyclable est la piste"]


def test_the_whole_post_is_read_and_what_it_says_now(alice: Application) -> None:
    warned = alice.says("Voir plus bas", spoiler_text="Inondations")
    alice.says("Laquelle ?", poll={"options": ["La digue", "Le pont"], "expires_in": 600})
    assert found(alice, "inondation") == ["Voir plus bas"]
    assert found(alice, "digue") == ["Laquelle ?"]
    alice.put(f"/api/v1/statuses/{warned['id']}", status="La crue", spoiler_text="")
    assert (found(alice, "inondation"), found(alice, "crue")) == ([], ["La crue"])
    alice.delete(f"/api/v1/statuses/{warned['id']}")
    assert found(alice, "crue") == []
    with alice.server.app.app_context():
        if db.dialect() == "sqlite":
            assert db.session.scalar(sa.text("SELECT count(*) FROM search_index")) == 1


def test_broken_questions_find_nothing_and_break_nothing(alice: Application) -> None:
    alice.says("Un pont")
    for words in (
        '"', "-", "()", "a OR", "AND", "NEAR(pont", "from:", "has:nothing", "before:2024-99-99", "during:0000", "'",
        "\\", "* :* ^", "in:", "language:", "-from:me", "{pont", "words:x", "%", "pont'; DROP TABLE posts", '"' * 500,
        "+" * 900, "x" * 3000, "é" * 1999, "a:b " * 300, "-pont", "is:", "\u0000", "🙂",
    ):  # fmt: skip
        answer = alice.ask("GET", "/api/v2/search", query_string={"q": words})
        assert answer.status_code in (200, 400), words
    assert found(alice, '"pont') == found(alice, "+pont ()") == ["Un pont"]
    assert found(alice, "le") == []


# --- who finds what ------------------------------------------------------------------------------------------------


def test_one_finds_what_one_has_to_do_with_and_what_is_open(alice: Application, bob: Application) -> None:
    alice.put("/api/v1/accounts/update_credentials", indexable=False)
    said = alice.says("Le pont ouvre")
    assert (found(alice, "pont"), found(bob, "pont")) == (["Le pont ouvre"], [])
    for verb, undo in (("favourite", "unfavourite"), ("reblog", "unreblog"), ("bookmark", "unbookmark")):
        bob.post(f"/api/v1/statuses/{said['id']}/{verb}")
        assert found(bob, "pont") == ["Le pont ouvre"], verb
        assert found(bob, "pont in:public") == []
        bob.post(f"/api/v1/statuses/{said['id']}/{undo}")
        assert found(bob, "pont") == [], undo
    alice.put("/api/v1/accounts/update_credentials", indexable=True)
    assert found(bob, "pont") == found(bob, "pont in:public") == ["Le pont ouvre"]
    assert found(bob, "pont in:library") == []


def test_who_is_named_or_voted_finds_the_post_again(alice: Application, bob: Application) -> None:
    alice.says("@bob Le secret du pont", visibility="direct")
    asked = alice.says("Quel pont ?", visibility="unlisted", poll={"options": ["A", "B"], "expires_in": 600})
    assert len(found(bob, "pont")) == 1
    bob.post(f"/api/v1/polls/{asked['poll']['id']}/votes", choices=[0])
    assert len(found(bob, "pont")) == 2


def test_what_one_may_not_see_is_never_found(fediverse: Fediverse, alice: Application, bob: Application) -> None:
    alice.says("Le pont", visibility="private")
    alice.says("Un pont", visibility="unlisted")
    liked = alice.says("Des ponts")
    erin = Application(alice.server.register("erin"))
    assert found(bob, "pont") == ["Des ponts"]
    bob.post(f"/api/v1/statuses/{liked['id']}/favourite")
    erin.post(f"/api/v1/accounts/{liked['account']['id']}/mute")
    assert found(erin, "pont") == []
    alice.person.blocks("bob")
    assert found(bob, "pont") == []
    nobody = Application(bob.person, scopes=None)
    assert nobody.get("/api/v2/search", q="pont")["statuses"] == []


def test_what_came_from_elsewhere_is_found(fediverse: Fediverse, alice: Application) -> None:
    carol = fediverse["nantes.test"].register("carol")
    alice.person.follow("carol@nantes.test")
    fediverse.settle()
    carol.says("Le tramway de Nantes")
    assert found(alice, "tramways") == ["Le tramway de Nantes"]
    assert found(alice, "tramway from:carol@nantes.test") == found(alice, "from:@carol@nantes.test")


# --- operators -----------------------------------------------------------------------------------------------------


def test_operators_narrow_what_is_found(alice: Application, bob: Application) -> None:
    first = alice.says("Un lien https://ville.example/pont", language="en")
    bob.says("@alice Réponse sur le pont", in_reply_to_id=first["id"], sensitive=True)
    bob.says("Un sondage #Pont", poll={"options": ["A", "B"], "expires_in": 600})
    everything = found(alice, "in:all from:me OR") + found(alice, "from:bob")
    assert len(everything) == 2
    counted = {
        "from:me": 1, "from:@bob": 2, "from:bob@brest.test": 2, "from:nobody": 0, "-from:me pont": 2, "has:poll": 1,
        "has:link": 1, "has:embed": 0, "has:media": 0, "has:image": 0, "has:video pont": 0, "has:audio": 0,
        "is:reply": 1, "is:sensitive": 1, "language:en": 1, "language:fr": 2, "-language:en pont": 2,
        "mentions:alice": 1, "mentions:me": 1, "#pont": 1, "-#pont pont": 2, "is:reblog": 0,
        "pont -has:link -has:poll": 1, "ville.example": 1,
    }  # fmt: skip
    assert {words: len(found(alice, words)) for words in counted} == counted
    alice.post(f"/api/v1/statuses/{first['id']}/reblog")
    assert len(found(alice, "is:reblog pont")) == 1


def test_dates_are_days_months_or_years(alice: Application) -> None:
    for month, day in ((1, 31), (2, 1), (2, 29), (3, 1)):
        moment = datetime(2024, month, day, 12, tzinfo=UTC)
        alice.person.says(f"Marché {month}/{day}", published_at=moment)
    assert found(alice, "marché before:2024-02-01") == ["Marché 1/31"]
    assert found(alice, "marché after:2024-02-01") == ["Marché 3/1", "Marché 2/29"]
    assert found(alice, "marché during:2024-02") == ["Marché 2/29", "Marché 2/1"]
    assert len(found(alice, "marché during:2024")) == 4
    assert found(alice, "marché after:2024") == found(alice, "marché during:today") == []


def test_the_newest_come_first_in_pages(alice: Application, bob: Application) -> None:
    for number in range(5):
        (alice if number % 2 else bob).says(f"pont {number}")
    assert found(alice, "pont", limit=2) == ["pont 4", "pont 3"]
    assert found(alice, "pont", limit=2, offset=2) == ["pont 2", "pont 1"]
    answer = alice.get("/api/v2/search", q="pont", limit=3)["statuses"]
    shapes.check(answer[0], shapes.SEEN_STATUS)
    assert found(alice, "pont", max_id=answer[-1]["id"]) == ["pont 1", "pont 0"]
    assert found(alice, "pont", min_id=answer[-1]["id"], limit=1) == ["pont 3"]
    bob_id = bob.get("/api/v1/accounts/verify_credentials")["id"]
    assert found(alice, "pont", account_id=bob_id) == ["pont 4", "pont 2", "pont 0"]


# --- upkeep --------------------------------------------------------------------------------------------------------


def test_what_was_missed_is_filed_later(alice: Application) -> None:
    alice.says("Le pont")
    server = alice.server
    assert found(alice, "pont") == ["Le pont"]
    with server.inside():
        db.session.execute(sa.delete(Indexed))
    assert found(alice, "pont") == []
    server.run("index")
    assert found(alice, "pont") == ["Le pont"]
    with server.inside():
        db.session.execute(sa.update(Indexed).values(version=0))
        assert len(index.missing(10)) == 1
