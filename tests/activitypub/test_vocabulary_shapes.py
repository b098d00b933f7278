"""Addresses compared by origin, one or many made many, dates in all their forms, and discovery."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from fediterr.activitypub import vocabulary
from fediterr.core import errors
from tests.activitypub.documents import ALICE, BOB, MALLORY

# --- whose address is it ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        "https://honest.test/other?x=1#y",
        "HTTPS://honest.test/a",
        "https://HONEST.test/a",
        "https://honest.test./a",
        "https://honest.test:443/a",
        "https://honest.test",
    ],
)
def test_addresses_of_one_server_are_recognised_however_they_are_written(other: str) -> None:
    assert vocabulary.same_origin("https://honest.test/a", other)


@pytest.mark.parametrize(
    "other",
    [
        "http://honest.test/a",
        "https://honest.test:8443/a",
        "https://honest.test.evil.test/a",
        "https://evil.test/https://honest.test/",
        "https://honest.test@evil.test/a",
        "https://evil.test\\@honest.test/a",
        "https://honest%2etest/a",
        "https://honest.test:99999/a",
        "https://honest.test:1:2/a",
        "https://hоnest.test/a",  # a Cyrillic о
        "//honest.test/a",
        "https:/honest.test/a",
        "https:///honest.test/a",
        "https://honest.test /a",
        "https://honest.test/a\nb",
        "https://ho\x00nest.test/",
        "javascript:https://honest.test/",
        "https://.honest.test/",
        "https://honest..test/",
        "acct:alice@honest.test",
        "",
        None,
        7,
    ],
)
def test_nothing_else_passes_for_the_same_server(other: Any) -> None:
    assert not vocabulary.same_origin("https://honest.test/a", other)
    assert not vocabulary.same_origin(other, "https://honest.test/a")


def test_two_addresses_that_are_none_are_not_of_one_server() -> None:
    assert not vocabulary.same_origin("nonsense", "nonsense")


def test_an_international_name_is_compared_in_its_ascii_form() -> None:
    assert vocabulary.origin("https://préfecture.test/") == ("https", "xn--prfecture-c4a.test", 443)
    assert vocabulary.same_origin("https://PRÉFECTURE.test/", "https://xn--prfecture-c4a.test/")
    assert not vocabulary.same_origin("https://straße.test/", "https://strasse.test/")


# --- shapes -----------------------------------------------------------------------------------------------------------


def test_one_or_many_bare_or_whole_are_all_ids() -> None:
    assert vocabulary.ids(BOB) == (BOB,)
    assert vocabulary.ids({"type": "Person", "id": BOB}) == (BOB,)
    assert vocabulary.ids([BOB, {"id": ALICE}, {"type": "Link", "href": MALLORY}, BOB, "nonsense", 3, None]) == (
        BOB,
        ALICE,
        MALLORY,
    )
    assert vocabulary.ids(None) == vocabulary.ids({}) == vocabulary.ids([]) == ()
    assert vocabulary.one_id([{"no": "id"}, BOB]) == BOB
    assert vocabulary.one_id([[BOB]]) is None


@pytest.mark.parametrize("everybody", [vocabulary.PUBLIC, "as:Public", "Public"])
def test_everybody_has_one_name_once_read(everybody: str) -> None:
    assert vocabulary.is_public(everybody)
    assert vocabulary.recipients([everybody, BOB]) == (vocabulary.PUBLIC, BOB)
    assert vocabulary.recipients({"id": everybody}) == (vocabulary.PUBLIC,)
    assert vocabulary.visibility([everybody], [], None) == "public"
    assert vocabulary.visibility([BOB], [everybody], None) == "unlisted"


def test_visibility_is_the_widest_that_is_certain() -> None:
    followers = f"{ALICE}/followers"
    assert vocabulary.visibility([followers], [BOB], followers) == "followers"
    assert vocabulary.visibility([BOB], [followers], followers) == "followers"
    assert vocabulary.visibility([BOB], [], followers) == "direct"
    assert vocabulary.visibility([followers], [], None) == "direct"
    assert vocabulary.visibility([], [], followers) == "direct"
    assert vocabulary.visibility([f"{BOB}/followers"], [], followers) == "direct"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"),
        ("2026-11-22T10:00:00.123456789Z", "2026-11-22T10:00:00.123Z"),
        ("2026-11-22T11:00:00+01:00", "2026-11-22T10:00:00Z"),
        ("2026-11-22T10:00:00", "2026-11-22T10:00:00Z"),
        ("2026-11-22 10:00:00", "2026-11-22T10:00:00Z"),
        ("2026-11-22", "2026-11-22T00:00:00Z"),
    ],
)
def test_dates_are_read_in_all_their_forms_and_sent_in_one(written: str, meant: str) -> None:
    read = vocabulary.moment(written)
    assert read is not None
    assert vocabulary.datetime_out(read) == meant


@pytest.mark.parametrize(
    "nonsense", ["", "demain", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+23:00", 17, None, "9" * 9999]
)
def test_a_date_that_makes_no_sense_is_no_date(nonsense: Any) -> None:
    assert vocabulary.moment(nonsense) is None


def test_dates_are_sent_in_utc() -> None:
    assert (
        vocabulary.datetime_out(datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))) == "2026-07-01T10:00:00Z"
    )
    assert vocabulary.datetime_out(datetime(2026, 7, 1, 12, 0, 0, 999, tzinfo=UTC)) == "2026-07-01T12:00:00Z"


# --- bytes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'"text"',
        b"{",
        b'{"a": NaN}',
        b'{"a": "\xff"}',
        '{"a": 1}'.encode("utf-16"),
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_bounded_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(errors.Invalid):
        vocabulary.parse(body)


def test_a_json_object_is_read() -> None:
    assert vocabulary.parse('{"type": "Note", "à": [1, {"b": null}]}'.encode()) == {
        "type": "Note",
        "à": [1, {"b": None}],
    }


# --- discovery --------------------------------------------------------------------------------------------------------


def test_the_right_link_is_chosen_in_a_webfinger_answer() -> None:
    answer = vocabulary.read_webfinger(
        {
            "subject": "acct:Alice@Nantes.test",
            "aliases": ["https://nantes.test/@alice", "acct:x", 3],
            "links": [
                {"rel": "self", "type": "text/html", "href": "https://nantes.test/html"},
                {"rel": "self", "type": 'application/ld+json; profile="…"', "href": "https://nantes.test/ld"},
                {"rel": "self", "type": "application/activity+json", "href": "javascript:alert(1)"},
                {"rel": "self", "type": "application/activity+json", "href": ALICE},
                {"rel": "http://ostatus.org/schema/1.0/subscribe", "template": "javascript:{uri}"},
                {"rel": "http://ostatus.org/schema/1.0/subscribe", "template": "https://nantes.test/i?uri={uri}"},
                "nonsense",
            ],
        }
    )
    assert (answer.self_link, answer.handle) == (ALICE, "Alice@nantes.test")
    assert answer.aliases == ("https://nantes.test/@alice",)
    assert answer.subscribe_template == "https://nantes.test/i?uri={uri}"
    empty = vocabulary.read_webfinger({})
    assert (empty.self_link, empty.handle, empty.profile_page) == (None, None, None)


def test_nodeinfo_is_read_from_1_0_on() -> None:
    old = vocabulary.read_nodeinfo(
        {"software": {"name": "Friendica"}, "protocols": {"inbound": ["activitypub"], "outbound": []}}
    )
    assert (old.software_name, old.protocols, old.version, old.open_registrations) == (
        "friendica",
        ("activitypub",),
        None,
        None,
    )
    assert vocabulary.read_nodeinfo({"software": [], "protocols": "x", "usage": 3, "metadata": []}).metadata == {}
    links = {"rel": "http://nodeinfo.diaspora.software/ns/schema/2.0", "href": "https://nantes.test/nodeinfo/2.0"}
    assert vocabulary.read_nodeinfo_links({"links": links}) == "https://nantes.test/nodeinfo/2.0"
    assert vocabulary.read_nodeinfo_links({"links": [{"rel": "x", "href": "https://nantes.test/"}]}) is None


def test_a_context_names_what_its_document_uses_and_nothing_else() -> None:
    follow = {"id": "https://brest.test/1", "type": "Follow", "object": "https://nantes.test/2"}
    assert vocabulary.context(follow) == ["https://www.w3.org/ns/activitystreams"]
    note = {"type": "Note", "sensitive": False, "tag": [{"type": "Hashtag", "name": "#eau"}], "focalPoint": [0, 0]}
    *addresses, terms = vocabulary.context({"type": "Create", "object": note}, proven=True)
    assert addresses == ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v1"]
    assert set(terms) == {"sensitive", "Hashtag", "focalPoint", "toot"}
