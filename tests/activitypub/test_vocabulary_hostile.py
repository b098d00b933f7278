"""What attackers send: words redefined, lists and texts without end, and whatever can be written in JSON."""

import dataclasses
import string
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fediterr.activitypub import vocabulary
from fediterr.core import errors
from tests.activitypub.documents import ALICE, BOB, MALLORY, activity, note, person

READERS = (
    vocabulary.read_activity,
    vocabulary.read_actor,
    vocabulary.read_object,
    vocabulary.read_collection,
    vocabulary.read_webfinger,
    vocabulary.read_nodeinfo,
    vocabulary.read_nodeinfo_links,
)


# --- contexts (security case A80) -------------------------------------------------------------------------------------


def test_no_context_redefines_a_word() -> None:
    stolen = {"actor": "x:nobody", "author": "as:actor", "kind": "@type", "x": "https://evil.test/ns#", "as": "x:"}
    read = vocabulary.read_activity(
        activity(
            **{"@context": [stolen, "https://evil.test/slow"], "author": MALLORY, "kind": "Delete", "@type": "Delete"}
        )
    )
    assert (read.type, read.actor) == ("Like", ALICE)
    with pytest.raises(errors.Invalid):
        vocabulary.read_activity({"@context": stolen, "@id": "https://evil.test/1", "@type": "Like", "as:actor": ALICE})


@pytest.mark.parametrize("name", ["as:actor", "as:id", "as:type", "schema:actor"])
def test_names_that_give_authority_are_only_read_plain(name: str) -> None:
    document = activity()
    del document[name.partition(":")[2]]
    with pytest.raises(errors.Invalid):
        vocabulary.read_activity(document | {name: MALLORY})


def test_known_prefixes_are_understood_and_plain_names_win() -> None:
    read = vocabulary.read_object(note(**{"as:sensitive": True, "toot:votersCount": 3, "as:content": "<p>Autre</p>"}))
    assert read.sensitive
    assert read.content == "<p>Bonjour</p>"
    assert vocabulary.read_object(note(**{"evil:sensitive": True})).sensitive is False


def test_our_own_context_is_inlined_and_complete() -> None:
    *addresses, terms = vocabulary.CONTEXT
    assert addresses[0] == "https://www.w3.org/ns/activitystreams"
    assert all(isinstance(address, str) and address.startswith("https://") for address in addresses)
    assert isinstance(terms, dict)
    assert terms["ft"] == "https://w3id.org/fediterr/ns#"
    assert not {"id", "type", "actor", "object", "publicKey", "proof"} & set(terms)
    known = set(terms) | {"as", "sec", "http", "https"}
    for meaning in terms.values():
        for word in meaning.values() if isinstance(meaning, dict) else [meaning]:
            assert word.startswith("@") or word.partition(":")[0] in known


# --- how much is read (security cases A67 and A68) --------------------------------------------------------------------


def test_long_lists_are_cut_and_the_rest_is_kept() -> None:
    many = [f"https://h{i}.test/u" for i in range(100_000)]
    started = time.perf_counter()
    read = vocabulary.read_object(
        note(
            type="Question",
            to=many,
            cc=many,
            tag=[{"type": "Mention", "href": href} for href in many],
            attachment=[{"type": "Image", "url": href} for href in many],
            anyOf=[{"name": str(i)} for i in range(100_000)],
        )
    )
    assert (len(read.to), len(read.cc), len(read.mentions), len(read.attachments)) == (1000, 1000, 1000, 32)
    assert read.poll is not None
    assert len(read.poll.options) == 500
    assert read.content == "<p>Bonjour</p>"
    actor = vocabulary.read_actor(
        person(alsoKnownAs=many, attachment=[{"type": "PropertyValue", "name": "x", "value": "y"}] * 100_000)
    )
    assert (len(actor.also_known_as), len(actor.fields)) == (256, 50)
    assert time.perf_counter() - started < 2


def test_long_texts_are_cut_and_the_rest_is_kept() -> None:
    long = "x" * 1_000_000
    read = vocabulary.read_object(
        note(
            name="y" * 1_000_000,
            summary=long,
            content=long,
            context=long,
            attachment={"url": "https://f.test/a", "name": long},
        )
    )
    lengths = [len(text or "") for text in (read.name, read.summary, read.warning, read.content, read.context)]
    assert lengths == [2048, 65536, 2048, 65536, 2048]
    assert len(read.attachments[0].name or "") == 10000
    actor = vocabulary.read_actor(person(name=long, summary=long))
    assert (len(actor.name or ""), len(actor.summary or "")) == (2048, 20480)


def test_limits_may_be_chosen() -> None:
    limits = dataclasses.replace(vocabulary.LIMITS, html=10, recipients=1)
    read = vocabulary.read_object(note(content="x" * 99, to=[ALICE, BOB]), limits=limits)
    assert (read.content, read.to) == ("x" * 10, (ALICE,))


def test_what_no_database_holds_is_removed() -> None:
    read = vocabulary.read_object(note(content="a\x00b\ud800c", name="\ud83d"))
    assert (read.content, read.name) == ("abc", None)
    assert vocabulary.one_id("https://nantes.test/\ud800") is None


# --- whatever is sent -------------------------------------------------------------------------------------------------

READ = (vocabulary.Actor, vocabulary.Object, vocabulary.Activity, vocabulary.Attachment, vocabulary.Place)
WORDS = sorted(
    {field.name for kind in READ for field in dataclasses.fields(kind)}
    | {"@context", "attributedTo", "attachment", "href", "rel", "mediaType", "nameMap", "value", "contentMap", "tag"}
    | {"publicKey", "publicKeyPem", "assertionMethod", "alsoKnownAs", "preferredUsername", "endpoints", "preview"}
    | {"oneOf", "anyOf", "replies", "totalItems", "closed", "endTime", "startTime", "address", "focalPoint"}
    | {"items", "orderedItems", "first", "next", "links", "template", "subject", "software", "usage"}
    | {"as:content", "toot:blurhash", "evil:id", ":", "a:"}
)
TYPES = sorted(
    vocabulary.ACTIVITY_TYPES
    | vocabulary.ACTOR_TYPES
    | vocabulary.OBJECT_TYPES
    | vocabulary.COLLECTION_TYPES
    | {"Mention", "Hashtag", "Emoji", "Link", "PropertyValue", "Multikey", "as:Note"}
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        [ALICE, BOB, "https://x.test/a.mp4", "https://é.test:0/", "text/markdown", "2026-01-01", "PT1S", "#a", ":b:"]
    )
    | st.sampled_from(TYPES)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(WORDS) | st.text(string.printable, max_size=5), inner, max_size=6)
    ),
    max_leaves=25,
)
DOCUMENTS = st.builds(
    lambda base, more, kind: base | more | {"type": kind},
    st.sampled_from([{}, note(), activity(), person()]),
    st.dictionaries(st.sampled_from([word for word in WORDS if word not in {"id", "inbox"}]), JSON, max_size=12),
    st.sampled_from(TYPES),
)


@settings(max_examples=400, deadline=None)
@given(JSON | DOCUMENTS)
def test_nothing_but_invalid_is_ever_raised(document: Any) -> None:
    for read in READERS:
        try:
            found = read(document)
        except errors.Invalid:
            continue
        assert getattr(found, "id", None) != ""
    vocabulary.kind(document)
    vocabulary.visibility(vocabulary.recipients(document), vocabulary.ids(document), None)


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS)
def test_every_address_given_to_others_is_http(document: dict[str, Any]) -> None:
    try:
        read = vocabulary.read_object(document)
    except errors.Invalid:
        return
    shown = [read.id, read.url, read.link, read.image, read.attributed_to, read.in_reply_to, read.quote]
    shown += [file.url for file in read.attachments] + [emoji.url for emoji in read.emojis]
    shown += [mention.href for mention in read.mentions] + [link.href for link in read.links]
    for address in filter(None, shown):
        assert vocabulary.origin(address), address
    assert vocabulary.same_origin(read.id, read.url)


@given(st.text(max_size=80))
def test_an_origin_is_stable_and_never_raises(tail: str) -> None:
    found = vocabulary.origin("https://" + tail)
    if found is not None:
        scheme, host, port = found
        assert host == host.lower()
        assert host.isascii()
        assert vocabulary.origin(f"{scheme}://{host}:{port}/") == found
