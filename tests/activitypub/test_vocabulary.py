"""Activities, objects and actors read from any shape real software sends."""

from typing import Any

import pytest

from fediterr.activitypub import vocabulary
from fediterr.core import errors
from tests.activitypub.documents import ALICE, BOB, MALLORY, activity, note, person

# --- activities -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": None},
        {"id": {"id": "https://nantes.test/1"}},
        {"id": 1},
        {"id": "tag:nantes.test,2026:1"},
        {"id": "https://nantes.test/" + "a" * 1_000_000},
        {"id": "https://nantes.test@evil.test/1"},
        {"actor": None},
        {"actor": {}},
        {"actor": "alice"},
        {"actor": [[]]},
        {"type": None},
        {"type": []},
        {"type": {"@id": "Like"}},
        {"type": "L" * 1_000_000},
    ],
)
def test_an_activity_without_id_type_or_actor_is_invalid(wrong: dict[str, Any]) -> None:
    with pytest.raises(errors.Invalid):
        vocabulary.read_activity(activity(**wrong))


@pytest.mark.parametrize("actor", [ALICE, {"id": ALICE, "type": "Person"}, [ALICE], [{"id": ALICE}, MALLORY]])
def test_the_actor_is_one_whatever_its_shape(actor: Any) -> None:
    assert vocabulary.read_activity(activity(actor=actor)).actor == ALICE


@pytest.mark.parametrize(
    "written", ["Like", ["Like"], ["ft:Approval", "Like"], "as:Like", f"{vocabulary.PUBLIC[:-6]}Like"]
)
def test_a_known_type_is_preferred(written: Any) -> None:
    assert vocabulary.read_activity(activity(type=written)).type == "Like"


def test_an_unknown_activity_is_still_read() -> None:
    read = vocabulary.read_activity(activity(type="Wave"))
    assert read.type == "Wave"
    assert vocabulary.kind(read.document) == "activity"


def test_what_is_pointed_at_may_be_bare_whole_or_several() -> None:
    bare = vocabulary.read_activity(activity(object="https://brest.test/p/1"))
    assert bare.object == vocabulary.Ref("https://brest.test/p/1", None, None)
    whole = vocabulary.read_activity(activity(object={"type": ["x:Y", "Note"], "content": "…"})).object
    assert whole is not None
    assert (whole.id, whole.type, whole.document) == (None, "x:Y", {"type": ["x:Y", "Note"], "content": "…"})
    several = vocabulary.read_activity(activity(type="Flag", object=[BOB, {"id": "https://brest.test/p/1"}, 7, "x"]))
    assert [thing.id for thing in several.objects] == [BOB, "https://brest.test/p/1"]
    nothing = vocabulary.read_activity(activity(object=None))
    assert nothing.object is None
    assert nothing.objects == ()


# --- who wrote it (security cases A29 to A31) -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attributed", "author"),
    [
        (ALICE, ALICE),
        ({"type": "Person", "id": ALICE}, ALICE),
        ([MALLORY, ALICE], ALICE),
        ([ALICE, MALLORY], ALICE),
        (MALLORY, MALLORY),
        ([MALLORY, BOB], MALLORY),
        (None, None),
        ([{}, 3], None),
    ],
)
def test_of_several_authors_the_one_of_the_posts_own_server_is_kept(attributed: Any, author: str | None) -> None:
    assert vocabulary.read_object(note(attributedTo=attributed)).attributed_to == author


def test_an_author_elsewhere_is_told_as_such_so_that_it_can_be_refused() -> None:
    forged = vocabulary.read_object(note(id="https://evil.test/notes/1", attributedTo=ALICE))
    assert not vocabulary.same_origin(forged.id, forged.attributed_to)
    mixed = vocabulary.read_object(note(id="https://evil.test/notes/1", attributedTo=[ALICE, MALLORY]))
    assert mixed.attributed_to == MALLORY


def test_the_actor_of_an_object_counts_only_when_nobody_is_named() -> None:
    assert vocabulary.read_object(note(actor=MALLORY)).attributed_to == ALICE
    assert vocabulary.read_object(note(attributedTo=None, actor=ALICE)).attributed_to == ALICE
    event = note(type="Event", attributedTo="https://nantes.test/@club", actor=MALLORY)
    assert vocabulary.read_object(event).attributed_to == "https://nantes.test/@club"


def test_a_group_is_told_from_a_person() -> None:
    group = {"type": "Group", "id": "https://nantes.test/c/velo"}
    read = vocabulary.read_object(note(attributedTo=[group, {"type": "Person", "id": ALICE}]))
    assert (read.attributed_to, read.attributed_group) == (ALICE, "https://nantes.test/c/velo")
    alone = vocabulary.read_object(note(attributedTo=group))
    assert (alone.attributed_to, alone.attributed_group) == ("https://nantes.test/c/velo", None)


# --- what is shown ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "page", "link"),
    [
        (None, "https://nantes.test/notes/1", None),
        ("https://nantes.test/@alice/1", "https://nantes.test/@alice/1", None),
        ("https://evil.test/@alice/1", "https://nantes.test/notes/1", "https://evil.test/@alice/1"),
        ("javascript:alert(1)", "https://nantes.test/notes/1", None),
        ("data:text/html,x", "https://nantes.test/notes/1", None),
        ("https://nantes.test@evil.test/", "https://nantes.test/notes/1", None),
        ({"type": "Link", "href": "https://nantes.test/a"}, "https://nantes.test/a", None),
        (
            [
                {"type": "Link", "mediaType": "video/mp4", "href": "https://nantes.test/a.mp4"},
                {"type": "Link", "href": "https://nantes.test/any"},
                {"type": "Link", "mediaType": "text/html", "href": "https://nantes.test/html"},
                {"type": "Link", "mediaType": "text/html", "href": "javascript:alert(1)"},
            ],
            "https://nantes.test/html",
            None,
        ),
        (["https://evil.test/x", "https://nantes.test/y"], "https://nantes.test/y", "https://evil.test/x"),
        ([[["https://nantes.test/y"]], 7, {"href": {"href": {}}}], "https://nantes.test/notes/1", None),
    ],
)
def test_the_page_shown_is_the_posts_own_servers(url: Any, page: str, link: str | None) -> None:
    read = vocabulary.read_object(note(url=url))
    assert (read.url, read.link) == (page, link)
    assert vocabulary.read_actor(person(url=url)).url == (page if page != "https://nantes.test/notes/1" else ALICE)


def test_markdown_is_shown_as_typed_and_kept_as_source() -> None:
    read = vocabulary.read_object(note(mediaType="text/markdown", content="**Gras** <script>\r\n\r\nsuite\nfin"))
    assert read.content == "<p>**Gras** &lt;script&gt;</p><p>suite<br>fin</p>"
    assert read.source == vocabulary.Source("**Gras** <script>\r\n\r\nsuite\nfin", "text/markdown")


def test_text_is_found_where_it_is() -> None:
    assert vocabulary.read_object(note(content=None, contentMap={"fr": "<p>Oui</p>"})).content == "<p>Oui</p>"
    assert vocabulary.read_object(note(content=["<p>Oui</p>"])).content == "<p>Oui</p>"
    assert vocabulary.read_object(note(content=None, source={"content": "Oui"})).content == "<p>Oui</p>"
    assert vocabulary.read_object(note(content={"fr": "non"})).content is None


@pytest.mark.parametrize(
    ("more", "language"),
    [
        ({"contentMap": {"fr": "<p>Bonjour</p>"}}, "fr"),
        ({"contentMap": {"br": "<p>Demat</p>", "FR": "<p>Bonjour</p>"}}, "fr"),
        ({"contentMap": {"br": "<p>Demat</p>", "en": "<p>Hello</p>"}}, None),
        ({"contentMap": {"x" * 100_000: "<p>Bonjour</p>"}}, None),
        ({"contentMap": {"<b>": "x"}, "language": "oc"}, "oc"),
        ({"language": {"identifier": "fr", "name": "Français"}}, "fr"),
        ({"language": [{"identifier": "fr"}]}, None),
        ({"inLanguage": "fr-FR"}, "fr-FR"),
        ({"@context": ["https://www.w3.org/ns/activitystreams", {"@language": "br"}]}, "br"),
        ({"@context": {"@language": "und"}}, None),
    ],
)
def test_the_language_is_told_when_it_is_known(more: dict[str, Any], language: str | None) -> None:
    assert vocabulary.read_object(note(**more)).language == language


def test_a_summary_hides_a_note_but_introduces_an_article() -> None:
    assert vocabulary.read_object(note(summary="Politique")).warning == "Politique"
    article = vocabulary.read_object(note(type="Article", name="Bilan", summary="<p>En bref</p>"))
    assert (article.warning, article.summary) == (None, "<p>En bref</p>")
    assert vocabulary.read_object(note(name="Titre", summary="Titre")).warning is None


def test_an_unknown_type_can_still_be_shown_as_a_link() -> None:
    read = vocabulary.read_object(note(type="x:Proposal", name="Un budget participatif", url="https://nantes.test/p/1"))
    assert (read.type, read.name, read.url) == ("x:Proposal", "Un budget participatif", "https://nantes.test/p/1")


def test_recipients_and_tags_are_those_of_the_activity_when_the_object_has_none() -> None:
    carried = vocabulary.read_activity(
        activity(type="Create", to=["as:Public"], cc=BOB, object=note(), tag={"type": "Mention", "href": BOB})
    )
    read = vocabulary.read_object(note(), carried)
    assert (read.to, read.cc) == ((vocabulary.PUBLIC,), (BOB,))
    assert read.mentions == (vocabulary.Mention(BOB, None),)
    private = vocabulary.read_object(note(to=BOB, tag=[]), carried)
    assert (private.to, private.cc, private.mentions) == ((BOB,), (), ())


@pytest.mark.parametrize(
    ("entry", "kind", "url"),
    [
        ({"type": "Document", "mediaType": "image/png", "url": "https://f.test/a"}, "image", "https://f.test/a"),
        ({"type": "Document", "mediaType": "IMAGE/PNG; q=1", "url": "https://f.test/a"}, "image", "https://f.test/a"),
        ({"type": "Image", "url": "https://f.test/a"}, "image", "https://f.test/a"),
        ({"type": "Image", "mediaType": "video/mp4", "url": "https://f.test/a"}, "video", "https://f.test/a"),
        ({"type": "Audio", "url": {"type": "Link", "href": "https://f.test/a"}}, "audio", "https://f.test/a"),
        ({"type": "Document", "url": [{"href": "https://f.test/a.pdf"}]}, "document", "https://f.test/a.pdf"),
        ({"type": "Link", "href": "https://f.test/a"}, "link", "https://f.test/a"),
        ({"type": "Link", "href": "https://f.test/a.JPG?x=1"}, "image", "https://f.test/a.JPG?x=1"),
        ("https://f.test/page", "link", "https://f.test/page"),
        ({"type": "Image", "url": "https://f.test/a?x=1&#038;y=2 3"}, "image", "https://f.test/a?x=1&y=2%203"),
    ],
)
def test_attachments_are_what_they_are(entry: Any, kind: str, url: str) -> None:
    (file,) = vocabulary.read_object(note(attachment=entry)).attachments
    assert (file.kind, file.url) == (kind, url)


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "Image", "url": "javascript:alert(1)"},
        {"type": "Image", "url": "/relative.png"},
        {"type": "Image"},
        {"type": "Link", "href": "data:text/html,x"},
        {"type": "Image", "url": {"href": ["https://f.test/a"]}},
        {"type": "Image", "url": []},
        "nonsense",
        7,
        None,
        [],
    ],
)
def test_an_attachment_that_leads_nowhere_is_left_out(entry: Any) -> None:
    assert vocabulary.read_object(note(attachment=[entry])).attachments == ()


def test_what_is_known_of_a_picture_is_kept() -> None:
    picture = {"type": "Image", "mediaType": "image/png", "url": "https://f.test/a.png", "summary": "Un pont"}
    more = {"width": 640, "height": 480, "blurhash": "UBL_", "focalPoint": [0, -0.5], "digestMultibase": "zQm"}
    more |= {"size": 9045}  # FEP-1311
    (file,) = vocabulary.read_object(note(attachment=[picture | more, picture])).attachments
    assert file == vocabulary.Attachment(
        "https://f.test/a.png", "image/png", "Un pont", "image", 640, 480, "UBL_", (0.0, -0.5), "zQm", 9045
    )
    wrong = {"width": -1, "height": "big", "focalPoint": [2, "x"], "blurhash": {}, "size": "9 MB"}
    (file,) = vocabulary.read_object(note(attachment=[picture | wrong])).attachments
    assert (file.width, file.height, file.focal_point, file.blurhash, file.size) == (None,) * 5


def test_tags_are_sorted_and_the_broken_ones_left_out() -> None:
    read = vocabulary.read_object(
        note(
            tag=[
                {"type": "Mention", "href": BOB, "name": "@bob"},
                {"type": "Mention", "href": "javascript:alert(1)", "name": "@x"},
                {"type": "Mention"},
                {"type": "Hashtag", "name": "#Énergie"},
                {"type": "as:Hashtag", "name": "énergie"},
                {"type": "Hashtag", "name": "#deux mots"},
                {"type": "Hashtag", "name": "#" + "a" * 1_000_000},
                {"type": "Hashtag", "name": {}},
                {"type": ["toot:Emoji"], "name": ":phare:", "icon": {"url": "https://f.test/phare.png"}},
                {"type": "Emoji", "name": ":<b>:", "icon": {"url": "https://f.test/x.png"}},
                {"type": "Emoji", "name": ":nu:"},
                {"type": "Link", "href": "https://brest.test/p/1", "rel": "https://w3id.org/fep/044f#quote"},
                {"type": "CommunityPostTag", "id": "https://nantes.test/t"},
                "nonsense",
                None,
            ]
        )
    )
    assert read.mentions == (vocabulary.Mention(BOB, "@bob"),)
    assert read.hashtags == ("Énergie",)
    assert read.emojis == (vocabulary.Emoji("phare", "https://f.test/phare.png"),)
    assert [link.href for link in read.links] == ["https://brest.test/p/1"]
    assert read.quote == "https://brest.test/p/1"


@pytest.mark.parametrize(
    "name", ["quote", "quoteUrl", "quoteUri", "_misskey_quote", "as:quoteUrl", "fedibird:quoteUri"]
)
def test_a_quote_has_many_names(name: str) -> None:
    assert vocabulary.read_object(note(**{name: "https://brest.test/p/1"})).quote == "https://brest.test/p/1"


def test_a_poll_is_read_with_what_it_lacks() -> None:
    options = [
        {"name": "oui", "replies": {"totalItems": 2**80}},
        {"name": "non", "replies": "x"},
        {"name": ""},
        "peut-être",
    ]
    poll = vocabulary.read_object(note(type="Question", oneOf=options, closed=True, votersCount=-1)).poll
    assert poll is not None
    assert [(option.name, option.votes) for option in poll.options] == [("oui", 2**31 - 1), ("non", 0)]
    assert (poll.multiple, poll.closed, poll.closed_at, poll.ends_at, poll.voters) == (False, True, None, None, None)
    assert vocabulary.read_object(note(type="Question", oneOf=[])).poll is None
    assert vocabulary.read_object(note(oneOf=options)).poll is None


def test_a_vote_is_told_from_a_reply() -> None:
    vote = note(content=None, name="oui", inReplyTo="https://brest.test/p/1")
    assert vocabulary.read_object(vote).is_vote
    assert not vocabulary.read_object(vote | {"content": "oui"}).is_vote
    assert not vocabulary.read_object(vote | {"inReplyTo": None}).is_vote
    assert not vocabulary.read_object(vote | {"attachment": {"type": "Image", "url": "https://f.test/a.png"}}).is_vote


def test_a_place_may_be_a_word_an_address_or_a_list() -> None:
    def place(location: Any) -> vocabulary.Place | None:
        return vocabulary.read_object(note(type="Event", location=location)).location

    assert place("Salle des fêtes") == vocabulary.Place("Salle des fêtes", None, None, None, None)
    online = [{"type": "VirtualLocation", "url": "https://visio.test/1"}]
    assert place(online) == vocabulary.Place(None, None, None, None, "https://visio.test/1")
    assert place(
        {"name": "Quai", "address": "1 quai Sud", "latitude": "48.5", "longitude": 10**400}
    ) == vocabulary.Place("Quai", "1 quai Sud", 48.5, None, None)
    assert place({"latitude": 4000}) is place([]) is place(7) is None


# --- actors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [{"id": None}, {"inbox": None}, {"inbox": "mailto:a@b"}, {"type": "Note"}, {"type": None}, {"id": "https://a b"}],
)
def test_what_is_no_actor_is_invalid(wrong: dict[str, Any]) -> None:
    with pytest.raises(errors.Invalid):
        vocabulary.read_actor(person(**wrong))


@pytest.mark.parametrize(
    ("more", "username"),
    [
        ({}, "alice"),
        ({"preferredUsername": "@alice"}, "alice"),
        ({"preferredUsername": None, "webfinger": "acct:al@nantes.test"}, "al"),
        ({"preferredUsername": "a b"}, "alice"),
        ({"preferredUsername": "alice@evil.test"}, "alice"),
        ({"preferredUsername": "a" * 1_000_000}, "alice"),
        ({"preferredUsername": "<b>"}, "alice"),
        ({"preferredUsername": "al\u202eice"}, "alice"),
        ({"preferredUsername": ["x"]}, "alice"),
    ],
)
def test_an_actor_has_a_name_one_can_write(more: dict[str, Any], username: str) -> None:
    assert vocabulary.read_actor(person(**more)).username == username


def test_an_actor_nobody_could_name_is_invalid() -> None:
    with pytest.raises(errors.Invalid):
        vocabulary.read_actor(person(id="https://nantes.test/", preferredUsername=None))


def test_collections_and_shared_inbox_are_believed_on_the_actors_own_server_only() -> None:
    read = vocabulary.read_actor(
        person(
            followers=f"{BOB}/followers",
            featured={"id": f"{ALICE}/featured", "type": "OrderedCollection"},
            endpoints={"sharedInbox": "https://brest.test/inbox"},
        )
    )
    assert (read.followers, read.featured, read.shared_inbox) == (None, f"{ALICE}/featured", None)


def test_keys_come_in_all_shapes() -> None:
    pem = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"
    key = {"id": f"{ALICE}#main-key", "owner": ALICE, "publicKeyPem": pem + "\n"}
    multikey = {"type": "Multikey", "id": f"{ALICE}#ed", "controller": ALICE, "publicKeyMultibase": "z6Mk"}
    read = vocabulary.read_actor(
        person(publicKey=[key, "https://nantes.test/key", {"id": 3}], assertionMethod=[multikey, {"type": "Multikey"}])
    )
    assert read.keys == (vocabulary.Key(f"{ALICE}#main-key", ALICE, pem),)
    assert read.assertion_methods == (vocabulary.Multikey(f"{ALICE}#ed", ALICE, "z6Mk"),)


def test_fields_of_a_profile_are_read_once() -> None:
    both = [
        {"type": "PropertyValue", "name": "Site", "value": "<a>dunes.test</a>"},
        {"type": "Note", "name": "Site", "content": "dunes.test"},
        {"type": "Link", "name": "Site", "href": "https://dunes.test"},
        {"type": "schema:PropertyValue", "name": "Code", "schema:value": "29019"},
        {"type": "PropertyValue", "name": {}},
    ]
    read = vocabulary.read_actor(person(attachment=both))
    assert read.fields == (vocabulary.Field("Site", "<a>dunes.test</a>"), vocabulary.Field("Code", "29019"))
    notes = vocabulary.read_actor(person(attachment=both[1:3]))
    assert notes.fields == (vocabulary.Field("Site", "dunes.test"),)
