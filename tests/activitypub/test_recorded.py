"""What other software sends is read as a person would expect: our own files, then those recorded elsewhere if there."""

import html
import re
from pathlib import Path
from typing import Any

import pytest

from fediterr.activitypub import vocabulary
from tests.recorded import expected

OURS = Path(__file__).parents[1] / "recorded"
THEIRS = Path(__file__).parents[3] / "shared" / "data" / "recorded"


def load(path: Path) -> dict[str, Any]:
    return vocabulary.parse(path.read_bytes())


def shown(fragment: str | None) -> str | None:
    """The words of an HTML fragment."""
    if fragment is None:
        return None
    blocks = re.sub(r"</?(p|br|h[1-6]|figure|img)\b[^>]*>", " ", fragment)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", blocks)).split())


def of_object(post: vocabulary.Object, followers: str | None) -> dict[str, Any]:
    place = post.location
    return {
        "is": post.type,
        "title": post.name,
        "text": shown(post.content),
        "typed": post.source.content if post.source else None,
        "preview": shown(post.preview),
        "author": post.attributed_to,
        "group": post.attributed_group,
        "seen": vocabulary.visibility(post.to, post.cc, followers),
        "files": tuple(file.kind for file in post.attachments),
        "mentions": tuple(mention.href for mention in post.mentions),
        "hashtags": post.hashtags,
        "emojis": tuple(emoji.shortcode for emoji in post.emojis),
        "warning": post.warning,
        "link": post.link,
        "page": post.url,
        "image": post.image,
        "language": post.language,
        "poll": tuple((option.name, option.votes) for option in post.poll.options) if post.poll else None,
        "multiple": post.poll.multiple if post.poll else None,
        "closed": post.poll.closed if post.poll else None,
        "quote": post.quote,
        "reply_to": post.in_reply_to,
        "vote": post.is_vote,
        "place": ", ".join(filter(None, (place.name, place.address))) if place else None,
        "starts": vocabulary.datetime_out(post.start) if post.start else None,
        "lasts": post.duration,
    }


def of_actor(actor: vocabulary.Actor) -> dict[str, Any]:
    claim = actor.claim
    return {
        "is": actor.type,
        "username": actor.username,
        "name": actor.name,
        "inbox": actor.inbox,
        "shared_inbox": actor.shared_inbox,
        "moderators": actor.moderators,
        "fields": tuple(field.name for field in actor.fields),
        "page": actor.url,
        "icon": actor.icon,
        "webfinger": actor.webfinger,
        "locked": actor.locked,
        "keys": len(actor.keys),
        "multikeys": len(actor.assertion_methods),
        "emojis": tuple(emoji.shortcode for emoji in actor.emojis),
        "hashtags": actor.hashtags,
        "claim": claim and (claim.siren, claim.insee_code, claim.kind, claim.density7, claim.website),
        "agents": actor.agents,
        "works_for": actor.works_for,
    }


def of_collection(collection: vocabulary.Collection) -> dict[str, Any]:
    return {
        "total": collection.total,
        "items": tuple(item.id for item in collection.items),
        "first": collection.first.id if collection.first else None,
        "next": collection.next,
    }


def of_activity(activity: vocabulary.Activity, followers: str | None) -> dict[str, Any]:
    said = {
        "does": activity.type,
        "who": activity.actor,
        "what": activity.object.id if activity.object else None,
        "all": tuple(thing.id for thing in activity.objects),
        "where": activity.target.id if activity.target else None,
        "says": activity.content,
        "emoji": activity.emoji.url if activity.emoji else None,
        "result": activity.result.id if activity.result else None,
        "with_": activity.instrument.id if activity.instrument else None,
    }
    whole = activity.object.document if activity.object else None
    if whole is None:
        return said
    match vocabulary.kind(whole):
        case "activity":
            inner = vocabulary.read_activity(whole)
            return said | {"undone" if activity.type == "Undo" else "carried": inner.type}
        case "actor":
            return said | of_actor(vocabulary.read_actor(whole))
        case _:
            return said | of_object(vocabulary.read_object(whole, activity), followers)


def told(document: dict[str, Any], followers: str | None) -> dict[str, Any]:
    """All that a person would say of a document."""
    match vocabulary.kind(document):
        case "activity":
            return of_activity(vocabulary.read_activity(document), followers)
        case "actor":
            return of_actor(vocabulary.read_actor(document))
        case "collection":
            return of_collection(vocabulary.read_collection(document))
        case _:
            return of_object(vocabulary.read_object(document), followers)


def followers_of_alice(software: str) -> str | None:
    return vocabulary.read_actor(load(OURS / software / "actor.json")).followers


@pytest.mark.parametrize("name", sorted(expected.EXPECTED))
def test_what_software_sends_is_read_as_a_person_would_expect(name: str) -> None:
    wanted = expected.EXPECTED[name]
    found = told(load(OURS / f"{name}.json"), followers_of_alice(name.partition("/")[0]))
    assert {key: found[key] for key in wanted} == wanted


def test_every_file_has_its_expectation() -> None:
    files = {str(path.relative_to(OURS).with_suffix("")) for path in OURS.rglob("*.json")}
    assert files == set(expected.EXPECTED)


@pytest.mark.parametrize("kind", expected.ACTIVITIES)
def test_every_activity_has_a_file(kind: str) -> None:
    assert any(wanted.get("does") == kind for wanted in expected.EXPECTED.values())


def test_files_name_nobody_real() -> None:
    """Hosts end in .test, but for the addresses of vocabularies."""
    known = {
        "www.w3.org",
        "w3id.org",
        "joinmastodon.org",
        "ostatus.org",
        "schema.org",
        "gotosocial.org",
        "litepub.social",
    }
    known |= {"join-lemmy.org", "misskey-hub.net", "joinpeertube.org", "joinmobilizon.org", "purl.archive.org"}
    known |= {"pixelfed.org", "datatracker.ietf.org"}
    for path in OURS.rglob("*.json"):
        hosts = set(re.findall(r"(?:https?|wss)://([a-z0-9.-]+)", path.read_text()))
        assert {host for host in hosts if not host.endswith(".test")} <= known, path.name


# --- documents recorded by other projects, read in place when they are there ------------------------------------------

SOMEONE_ELSES = {
    "pleroma/from-mobilizon/activity.json": "it pretends to be by somebody of another host, and says so",
}
NOT_ADDRESSED = {
    "discourse/objects/page.json": "Discourse only addresses the activity around it",
}
# Whom they are shown to, but for public.
SEEN = {
    "friendica/activities/create_page_2.json": "unlisted",
    "friendica/activities/update_note.json": "unlisted",
    "friendica/objects/page_1.json": "unlisted",
    "friendica/objects/page_2.json": "unlisted",
    "lemmy/activities/create_or_update/create_private_message.json": "direct",
    "lemmy/activities/create_or_update/create_private_message_0.19.json": "direct",
    "lemmy/objects/private_message.json": "direct",
    "lotide/activities/create_note_reply.json": "unlisted",
    "lotide/activities/create_page.json": "unlisted",
    "lotide/activities/create_page_image.json": "unlisted",
    "lotide/objects/note.json": "unlisted",
    "lotide/objects/page.json": "unlisted",
    "mastodon/activities/create_note.json": "unlisted",
    "mastodon/activities/private_message.json": "direct",
    "mastodon/from-mobilizon/post-activity-private.json": "direct",
    "mastodon/objects/note_1.json": "unlisted",
    "mobilizon/from-mobilizon/post-activity-group.json": "direct",
    "pleroma/objects/chat_message.json": "direct",
    "pleroma/objects/note.json": "unlisted",
}


def recorded() -> list[Any]:
    if not THEIRS.is_dir():
        reason = "documents recorded by other projects are not beside the project"
        return [pytest.param("", marks=pytest.mark.skip(reason=reason))]
    return sorted(str(path.relative_to(THEIRS)) for path in THEIRS.rglob("*.json"))


@pytest.mark.parametrize("name", recorded())
def test_a_document_recorded_elsewhere_makes_sense(name: str) -> None:
    document = load(THEIRS / name)
    if name.startswith("webfinger/"):
        check_webfinger(vocabulary.read_webfinger(document))
    elif name.startswith("nodeinfo/"):
        check_nodeinfo(document)
    else:
        check(document, name)


def check(document: dict[str, Any], name: str, activity: vocabulary.Activity | None = None) -> None:
    match vocabulary.kind(document):
        case "activity":
            check_activity(vocabulary.read_activity(document), name)
        case "actor":
            check_actor(vocabulary.read_actor(document))
        case "collection":
            collection = vocabulary.read_collection(document)
            assert collection.id
            assert collection.total is not None or collection.items or collection.first
            assert len(collection.items) == len(document.get("orderedItems", document.get("items", ())))
        case _:
            check_object(vocabulary.read_object(document, activity), name)


def check_activity(activity: vocabulary.Activity, name: str) -> None:
    assert activity.id
    assert vocabulary.same_origin(activity.id, activity.actor)
    assert activity.object is not None
    assert activity.object.id
    assert len(activity.objects) == len(vocabulary.many(activity.document["object"]))
    assert bool(activity.content) == bool(activity.document.get("content") or activity.document.get("summary"))
    if activity.type in {"Add", "Remove", "Invite"}:
        assert activity.target
        assert activity.target.id
    if activity.object.document is not None and activity.object.type not in vocabulary.ACTOR_TYPES:
        check(activity.object.document, name, activity)
    elif activity.type == "Update":
        check_actor(vocabulary.read_actor(activity.object.document))


def check_actor(actor: vocabulary.Actor) -> None:
    assert actor.username
    assert actor.name
    assert vocabulary.same_origin(actor.id, actor.inbox)
    assert vocabulary.same_origin(actor.id, actor.url)
    assert vocabulary.same_origin(actor.id, actor.outbox)
    assert actor.keys
    assert vocabulary.same_origin(actor.keys[0].id, actor.id)
    assert actor.published is not None or "published" not in actor.document
    assert bool(actor.summary) == bool(actor.document.get("summary") or actor.document.get("content"))
    assert bool(actor.icon) == bool(actor.document.get("icon"))
    properties = [entry for entry in actor.document.get("attachment", ()) if entry["type"] == "PropertyValue"]
    assert len(actor.fields) == len(properties)


def check_object(post: vocabulary.Object, name: str) -> None:
    assert vocabulary.same_origin(post.url, post.id)
    if post.type == "Tombstone":
        return
    assert vocabulary.same_origin(post.attributed_to, post.id) or name in SOMEONE_ELSES
    assert post.content or (post.name and (post.link or post.attachments or post.type == "Page")), "nothing to show"
    assert post.published is not None
    if name in NOT_ADDRESSED:
        assert not post.to + post.cc, NOT_ADDRESSED[name]
    else:
        assert vocabulary.visibility(post.to, post.cc, None) == SEEN.get(name, "public")
    tags = vocabulary.many(post.document.get("tag"))
    assert len(post.mentions) >= len({tag["href"] for tag in tags if tag["type"] == "Mention"})
    assert len(post.hashtags) == len([tag for tag in tags if tag["type"] == "Hashtag"])
    if post.type not in {"Video", "Audio"}:
        assert len(post.attachments) == len(post.document.get("attachment") or ())
    if post.type == "Event":
        assert post.start
        assert post.location or not post.document.get("location")
    assert bool(post.in_reply_to) == bool(post.document.get("inReplyTo"))


def check_webfinger(answer: vocabulary.WebFinger) -> None:
    assert answer.handle
    assert answer.self_link
    host = answer.handle.partition("@")[2]
    assert vocabulary.same_origin(answer.self_link, f"https://{host}/")


def check_nodeinfo(document: dict[str, Any]) -> None:
    if "links" in document:
        assert vocabulary.read_nodeinfo_links(document)
        return
    about = vocabulary.read_nodeinfo(document)
    assert about.software_name in {"mobilizon", "wordpress"}
    assert about.version
    assert about.protocols == ("activitypub",)
    assert about.open_registrations is not None
    assert about.users
