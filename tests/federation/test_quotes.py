"""Quotes between towns (FEP-044f): asked for, granted or refused, shown to readers, taken back."""

import json
from typing import Any

import pytest

from fediterr.activitypub import quotes as wire
from fediterr.core import errors
from fediterr.social import posts, quotes
from fediterr.social.drafts import Draft
from tests.fediverse import Fediverse, Person

Towns = tuple[Person, Person, Person]


@pytest.fixture
def towns(fediverse: Fediverse) -> Towns:
    """Alice writes in Brest, Bob follows her from Nantes, Carol follows Bob from Lorient."""
    alice, bob = fediverse["brest.test"].register("alice"), fediverse["nantes.test"].register("bob")
    carol = fediverse["lorient.test"].register("carol")
    bob.follow("alice@brest.test")
    carol.follow("bob@nantes.test")
    fediverse.settle()
    return alice, bob, carol


def quote(person: Person, uri: str) -> tuple[str, str | None]:
    """What became of a quote, as a town knows it: its state, and the text of what it shows."""
    post = person.post(uri)
    assert post is not None
    assert post.quote is not None
    shown = post.quote.quoted if post.quote.state == quotes.State.ACCEPTED else None
    return post.quote.state, shown.content if shown else None


def document(person: Person, uri: str) -> dict[str, Any]:
    answer = person.server.get(uri.removeprefix(f"https://{person.server.host}"))
    found: dict[str, Any] = json.loads(answer.data)
    return found


def test_somebody_quotes_from_another_town_and_everybody_sees_it(fediverse: Fediverse, towns: Towns) -> None:
    alice, bob, carol = towns
    said = alice.says("Le pont ferme")
    fediverse.settle()
    shown = bob.says("Voyez", quotes=said)
    assert quote(bob, shown) == ("pending", None)
    fediverse.settle()
    for person in (alice, bob, carol):
        assert quote(person, shown) == ("accepted", "<p>Le pont ferme</p>"), person.handle
    assert ("quote", "bob@nantes.test") in alice.notifications()
    known = alice.post(said)
    assert known is not None
    assert known.quotes_count == 1


def test_how_a_quote_and_what_grants_it_are_written(fediverse: Fediverse, towns: Towns) -> None:
    alice, bob, _ = towns
    said = alice.says("Le pont ferme")
    assert document(alice, said)["interactionPolicy"] == {
        "canQuote": {"automaticApproval": ["https://www.w3.org/ns/activitystreams#Public"]}
    }
    fediverse.settle()
    shown = bob.says("Voyez", quotes=said)
    fediverse.settle()
    written = document(bob, shown)
    assert {written[name] for name in ("quote", "quoteUrl", "quoteUri", "_misskey_quote")} == {said}
    assert [tag["href"] for tag in written["tag"] if tag["type"] == "Link"] == [said]
    assert written["content"].startswith('<p class="quote-inline">RE: ')
    stamp = written["quoteAuthorization"]
    assert stamp.startswith("https://brest.test/quote_authorizations/")
    granted = document(alice, stamp)
    del granted["@context"]
    assert granted == {
        "id": stamp, "type": "QuoteAuthorization", "attributedTo": "https://brest.test/actors/alice",
        "interactingObject": shown, "interactionTarget": said,
    }  # fmt: skip


def test_what_an_author_does_not_want_is_refused(fediverse: Fediverse, towns: Towns) -> None:
    alice, bob, carol = towns
    said = alice.says("Pour moi", quote_policy=quotes.named("nobody"))
    fediverse.settle()
    with pytest.raises(errors.NotFound):
        bob.says("Voyez", quotes=said)
    with bob.acting():
        believed = posts.by_uri(said)
        assert believed is not None
        believed.quote_policy = dict(quotes.named("public"))  # what they knew was out of date
    shown = bob.says("Voyez", quotes=said)
    fediverse.settle()
    assert quote(bob, shown) == ("rejected", None)
    assert quote(carol, shown)[0] == "pending"
    told = carol.post(shown)
    assert told is not None
    assert told.quote_uri == said
    assert "_misskey_quote" not in document(bob, shown)
    assert alice.post(shown) is None  # nothing of it is kept where it was refused


def test_followers_may_when_the_author_says_so(fediverse: Fediverse, towns: Towns) -> None:
    alice, bob, carol = towns
    said = alice.says("Pour les miens", quote_policy=quotes.named("followers"))
    fediverse.settle()
    assert carol.look_up(said) is not None
    with pytest.raises(errors.NotFound):
        carol.says("Voyez", quotes=said)
    shown = bob.says("Voyez", quotes=said)
    fediverse.settle()
    assert quote(bob, shown)[0] == "accepted"


def test_whoever_is_blocked_is_refused(fediverse: Fediverse, towns: Towns) -> None:
    alice, bob, _ = towns
    said = alice.says("Le pont ferme")
    fediverse.settle()
    shown = bob.says("Voyez", quotes=said)
    alice.blocks("bob@nantes.test")
    fediverse.settle()
    assert quote(bob, shown)[0] == "rejected"


def test_an_author_takes_back_a_quote_everywhere(fediverse: Fediverse, towns: Towns) -> None:
    alice, bob, carol = towns
    said = alice.says("Le pont ferme")
    fediverse.settle()
    shown = bob.says("Voyez", quotes=said)
    fediverse.settle()
    stamp = document(bob, shown)["quoteAuthorization"]
    with alice.acting():
        post = posts.by_uri(shown)
        made = quotes.of(post) if post else None
        assert made is not None
        quotes.revoke(made)
    fediverse.settle()
    assert quote(bob, shown) == ("revoked", None)
    assert quote(carol, shown)[0] != "accepted"
    assert alice.server.get(stamp.removeprefix("https://brest.test")).status_code == 404
    assert "quoteAuthorization" not in document(bob, shown)


def test_a_policy_that_changes_reaches_other_towns(fediverse: Fediverse, towns: Towns) -> None:
    alice, bob, _ = towns
    said = alice.says("Le pont ferme")
    fediverse.settle()
    with alice.acting():
        post = posts.by_uri(said)
        assert post is not None
        quotes.let(post, quotes.named("nobody"))
    fediverse.settle()
    known = bob.post(said)
    assert known is not None
    assert (known.quote_policy, known.edited_at) == ({"automatic": [], "manual": []}, None)
    with pytest.raises(errors.NotFound):
        bob.says("Voyez", quotes=said)


def test_what_is_quoted_is_deleted(fediverse: Fediverse, towns: Towns) -> None:
    alice, bob, _ = towns
    said = alice.says("Le pont ferme")
    fediverse.settle()
    shown = bob.says("Voyez", quotes=said)
    bob.unfollow("alice@brest.test")
    fediverse.settle()
    alice.deletes(said)
    fediverse.settle()
    assert quote(bob, shown) == ("accepted", None)  # the author of the quote is told, though no follower any more
    assert bob.post(said) is None


def test_an_edit_is_told_to_who_quotes(fediverse: Fediverse, towns: Towns) -> None:
    alice, bob, _ = towns
    said = alice.says("Le pont ferme")
    fediverse.settle()
    shown = bob.says("Voyez", quotes=said)
    bob.unfollow("alice@brest.test")
    fediverse.settle()
    alice.edits(said, "Le pont ouvre")
    fediverse.settle()
    assert quote(bob, shown) == ("accepted", "<p>Le pont ouvre</p>")
    assert ("quoted_update", "alice@brest.test") in bob.notifications()


def test_one_quotes_oneself_without_asking(fediverse: Fediverse, towns: Towns) -> None:
    alice, bob, _ = towns
    said = alice.says("Hier")
    shown = alice.says("Aujourd’hui", quotes=said)
    fediverse.settle()
    assert quote(bob, shown) == ("accepted", "<p>Hier</p>")


@pytest.mark.parametrize("wrong", ["interactingObject", "interactionTarget", "attributedTo", "type"])
def test_what_is_granted_to_another_post_is_worth_nothing(fediverse: Fediverse, towns: Towns, wrong: str) -> None:
    alice, bob, carol = towns
    said = alice.says("Le pont ferme")
    fediverse.settle()
    stamp = "https://brest.test/stamps/1"
    granted = {
        "id": stamp, "type": "QuoteAuthorization", "attributedTo": alice.uri,
        "interactingObject": "https://nantes.test/posts/1", "interactionTarget": said,
    }  # fmt: skip
    honest = fediverse.servers["brest.test"].answer

    def answer(request: Any) -> tuple[int, dict[str, str], bytes]:
        if request.url != stamp:
            return honest(request)
        return 200, {"Content-Type": "application/activity+json"}, json.dumps(granted).encode()

    fediverse.strangers["brest.test"] = answer
    with bob.acting() as me:
        shown = posts.publish(me, posts.compose(me, "Voyez", Draft())).uri
        post = posts.by_uri(shown)
        assert post is not None
        post.quote_uri = said
        quotes.attach(post, Draft(quote_uri=said))
        made = quotes.of(post)
        assert made is not None
        quotes.accept(made, stamp)  # so says their own server
    granted["interactingObject"] = shown
    granted[wrong] = "https://nantes.test/other"
    fediverse.settle()
    assert quote(carol, shown)[0] == "pending"
    granted |= {"type": "QuoteAuthorization", "attributedTo": alice.uri, "interactingObject": shown}
    granted["interactionTarget"] = said
    with carol.server.app.app_context():
        wire.verify(shown)
    assert quote(carol, shown) == ("accepted", "<p>Le pont ferme</p>")
