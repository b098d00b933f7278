"""Mastodon.py, which reads every answer strictly: no attribute unknown, none missing, none of another type."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import mastodon
import pytest

from tests import files
from tests.clients.people import Town
from tests.clients.strict import Strict
from tests.processes import until

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("mastodon.py")]


@pytest.fixture(scope="module")
def alice(town: Town) -> Strict:
    return town.register("alice")


@pytest.fixture(scope="module")
def bob(town: Town, alice: Strict) -> Strict:
    made = town.register("bob")
    town.follow(made, alice)
    town.follow(alice, made)
    return made


@pytest.fixture(scope="module")
def admin(town: Town) -> Strict:
    return town.administrator()


def contents(listed: list[Any]) -> list[str]:
    return [status.content for status in listed]


def sent(client: Strict, **more: Any) -> Any:
    """A picture, ready to be attached."""
    made = client.media_post(files.picture(size=(640, 480)), "image/png", **more)
    return until(lambda: medium if (medium := client.media(made.id)).url else None)


def test_a_status_is_posted_with_a_picture_edited_and_deleted(alice: Strict, bob: Strict) -> None:
    picture = sent(alice, description="Le quai à marée basse", focus=(0.2, -0.5))
    posted = alice.status_post("Le #quai est ouvert", media_ids=[picture], sensitive=True, spoiler_text="Travaux")
    assert posted.media_attachments[0].description == "Le quai à marée basse"
    until(lambda: posted.content in contents(bob.timeline_home()))
    changed = alice.status_update(posted, "Le #quai est fermé", spoiler_text="Travaux", media_ids=[picture])
    assert "fermé" in changed.content
    assert [edit.spoiler_text for edit in alice.status_history(posted)] == ["Travaux", "Travaux"]
    assert alice.status_source(posted).text == "Le #quai est fermé"
    answer = bob.status_reply(changed, "Jusqu’à quand ?")
    assert [below.id for below in alice.status_context(posted).descendants] == [answer.id]
    assert alice.status_delete(posted).text == "Le #quai est fermé"
    with pytest.raises(mastodon.MastodonNotFoundError):
        bob.status(posted)


def test_the_same_key_posts_once(alice: Strict) -> None:
    first = alice.status_post("Une seule fois", idempotency_key="maree-haute")
    assert alice.status_post("Une seule fois", idempotency_key="maree-haute").id == first.id


def test_what_one_does_with_a_status(alice: Strict, bob: Strict) -> None:
    posted = alice.status_post("Conseil jeudi")
    for does, undoes, shows in (
        (bob.status_favourite, bob.status_unfavourite, "favourited"),
        (bob.status_bookmark, bob.status_unbookmark, "bookmarked"),
        (bob.status_mute, bob.status_unmute, "muted"),
        (alice.status_pin, alice.status_unpin, "pinned"),
    ):
        assert does(posted)[shows] is True
        assert undoes(posted)[shows] is False
    boosted = bob.status_reblog(posted, visibility="unlisted")
    assert (boosted.reblog.id, boosted.visibility, boosted.reblog.reblogged) == (posted.id, "unlisted", True)
    assert [account.username for account in alice.status_reblogged_by(posted)] == ["bob"]
    assert bob.status_unreblog(posted).reblogged is False
    bob.status_favourite(posted)
    bob.status_bookmark(posted)
    assert posted.id in [each.id for each in bob.favourites()]
    assert posted.id in [each.id for each in bob.bookmarks()]
    assert [account.username for account in alice.status_favourited_by(posted)] == ["bob"]


def test_a_poll_is_asked_and_voted_in(alice: Strict, bob: Strict) -> None:
    asked = alice.status_post("Quel jour ?", poll=alice.make_poll(["Lundi", "Mardi"], 3600, multiple=False))
    voted = bob.poll_vote(asked.poll, [1])
    assert (voted.voted, voted.own_votes, voted.votes_count) == (True, [1], 1)
    assert [option.votes_count for option in alice.poll(asked.poll).options] == [0, 1]


def test_a_status_waits_for_its_time(alice: Strict) -> None:
    later = datetime.now(UTC) + timedelta(days=1)
    waiting = alice.status_post("Demain", scheduled_at=later, visibility="unlisted")
    assert waiting.params.text == "Demain"
    moved = alice.scheduled_status_update(waiting, later + timedelta(days=1))
    assert moved.scheduled_at > waiting.scheduled_at
    assert [each.id for each in alice.scheduled_statuses()] == [waiting.id]
    assert alice.scheduled_status(waiting).id == waiting.id
    alice.scheduled_status_delete(waiting)
    assert alice.scheduled_statuses() == []


def test_every_timeline_is_read_page_by_page(town: Town, alice: Strict, bob: Strict) -> None:
    posted = [alice.status_post(f"Marée #horaire {number}") for number in range(7)]
    for read in (
        alice.timeline_home, alice.timeline_local, alice.timeline_public,
        lambda **page: alice.timeline_hashtag("horaire", **page),
        lambda **page: alice.account_statuses(alice.me()["id"], **page),
    ):  # fmt: skip
        page = read(limit=3)
        assert [status.id for status in page] == [status.id for status in posted[:3:-1]]
        older = alice.fetch_next(page)
        assert [status.id for status in older[:3]] == [status.id for status in posted[3:0:-1]]
        assert [status.id for status in alice.fetch_previous(older)] == [status.id for status in page]
    everything = alice.fetch_remaining(alice.timeline_hashtag("horaire", limit=2))
    assert [status.id for status in everything] == [status.id for status in posted[::-1]]
    assert alice.timeline_public(remote=True) == []


def test_a_list_shows_those_on_it(alice: Strict, bob: Strict) -> None:
    made = alice.list_create("Voisins", replies_policy="list", exclusive=False)
    alice.list_accounts_add(made, [bob.me()["id"]])
    said = bob.status_post("Du voisin")
    assert alice.timeline_list(made)[0].id == said.id
    assert [account.username for account in alice.list_accounts(made)] == ["bob"]
    assert [each.id for each in alice.account_lists(bob.me()["id"])] == [made.id]
    assert alice.list_update(made, "Voisines", "none", exclusive=True).exclusive is True
    assert alice.list(made).title == "Voisines"
    alice.list_accounts_delete(made, [bob.me()["id"]])
    assert alice.timeline_list(made) == []
    alice.list_delete(made)
    assert alice.lists() == []


def test_filters_of_both_kinds_hold(alice: Strict, bob: Strict) -> None:
    said = bob.status_post("Encore le rond-point")
    made = alice.create_filter_v2(
        "Ronds-points", ["home", "thread"], "warn", keywords_attributes=[{"keyword": "rond-point", "whole_word": True}]
    )
    [result] = next(status for status in alice.timeline_home() if status.id == said.id).filtered
    assert (result.filter.title, result.keyword_matches) == ("Ronds-points", ["rond-point"])
    keyword = alice.add_filter_keyword_v2(made, "giratoire", whole_word=False)
    assert [each.keyword for each in alice.filter_keywords_v2(made)] == ["rond-point", "giratoire"]
    alice.delete_filter_keyword_v2(keyword)
    kept = alice.add_filter_status_v2(made, said)
    assert [each.status_id for each in alice.filter_statuses_v2(made)] == [said.id]
    alice.delete_filter_status_v2(kept)
    assert alice.update_filter_v2(made, filter_action="hide").filter_action == "hide"
    assert said.id not in [status.id for status in alice.timeline_home()]
    alice.delete_filter_v2(made)
    old = alice.filter_create("rond-point", ["public"], whole_word=True)
    assert [each.phrase for each in alice.filters()] == ["rond-point"]
    assert alice.filter_update(old, phrase="giratoire").phrase == "giratoire"
    alice.filter_delete(old)
    assert alice.filters_v2() == []


def test_words_people_and_hashtags_are_found(alice: Strict, bob: Strict) -> None:
    said = alice.status_post("Les éclairages de la #Jetée seront rénovés")
    alice.account_update_credentials(indexable=True, discoverable=True)
    until(lambda: said.id in [status.id for status in alice.search("eclairage renove from:me").statuses])
    assert [account.username for account in bob.search("alice", result_type="accounts").accounts] == ["alice"]
    assert "jetée" in [tag.name.lower() for tag in bob.search("jetee", result_type="hashtags").hashtags] + ["jetée"]
    assert [status.id for status in bob.search(said.url).statuses] == [said.id]
    assert alice.search("eclairage has:poll").statuses == []


def test_others_are_followed_muted_blocked_and_noted(town: Town, alice: Strict) -> None:
    carol = town.anybody("carol")
    other = carol.me()["id"]
    assert alice.account_follow(other, reblogs=False, notify=True).showing_reblogs is False
    assert alice.account_note_set(other, "Rencontrée à la capitainerie").note == "Rencontrée à la capitainerie"
    assert alice.account_endorse(other).endorsed is True
    assert [account.id for account in alice.endorsements()] == [other]
    assert alice.account_unendorse(other).endorsed is False
    assert alice.account_mute(other, duration=3600).muting is True
    assert [account.id for account in alice.mutes()] == [other]
    assert alice.account_unmute(other).muting is False
    assert alice.account_block(other).blocking is True
    assert [account.id for account in alice.blocks()] == [other]
    assert alice.account_unblock(other).blocking is False
    assert alice.account_unfollow(other).following is False
    alice.domain_block("ailleurs.example")
    assert alice.domain_blocks() == ["ailleurs.example"]
    alice.domain_unblock("ailleurs.example")
    carol.account_update_credentials(locked=True)
    assert alice.account_follow(other).requested is True
    [asking] = until(carol.follow_requests)
    assert carol.follow_request_authorize(asking).followed_by is True
    assert [account.id for account in carol.account_followers(other)] == [alice.me()["id"]]
    assert carol.account_remove_from_followers(alice.me()["id"]).followed_by is False
    assert alice.account_familiar_followers(other)[0].accounts == []
    assert alice.account_lookup("bob").username == "bob"


def test_a_profile_says_what_was_typed(alice: Strict) -> None:
    shown = alice.account_update_credentials(
        display_name="Alice du Port", note="Je parle des #ponts", avatar=files.picture(size=(200, 200)),
        avatar_mime_type="image/png", header=files.picture(size=(600, 200)), header_mime_type="image/png",
        fields=[("Site", "https://maree.example")], bot=False,
    )  # fmt: skip
    assert shown.source.note == "Je parle des #ponts"
    assert "/media/" in shown.avatar
    assert "/media/" in shown.header
    assert alice.account_delete_avatar().avatar != shown.avatar
    assert alice.preferences()["posting:default:visibility"] == "public"
    tag = alice.featured_tag_create("ponts")
    assert [each.name for each in alice.account_featured_tags(alice.me()["id"])] == ["ponts"]
    alice.featured_tag_delete(tag)
    assert alice.tag_follow("ponts").following is True
    assert [each.name for each in alice.followed_tags()] == ["ponts"]
    assert alice.tag_unfollow("ponts").following is False
    alice.suggestions()
    alice.directory()


def test_notifications_come_one_by_one_and_in_groups(alice: Strict, bob: Strict) -> None:
    alice.notifications_clear()
    posted = alice.status_post("Qui vient ?")
    bob.status_favourite(posted)
    bob.status_reply(posted, "Moi")
    kinds = until(lambda: listed if len(listed := alice.notifications()) == 2 else [])
    assert sorted(each.type for each in kinds) == ["favourite", "mention"]
    assert alice.notifications_unread_count().count == 2
    alice.markers_set("notifications", kinds[0].id)
    assert alice.markers_get(["notifications"]).notifications.last_read_id == kinds[0].id
    grouped = alice.grouped_notifications()
    assert {group.type for group in grouped.notification_groups} == {"favourite", "mention"}
    key = grouped.notification_groups[0].group_key
    assert alice.grouped_notification(key).notification_groups[0].group_key == key
    assert [account.username for account in alice.grouped_notification_accounts(key)] == ["bob"]
    alice.dismiss_grouped_notification(key)
    alice.notifications_dismiss(next(each for each in kinds if each.group_key != key))
    assert alice.notifications() == []
    assert alice.update_notifications_policy(for_new_accounts="filter").for_new_accounts == "filter"
    assert alice.update_notifications_policy(for_new_accounts="accept").for_new_accounts == "accept"
    assert alice.notification_requests() == []


def test_direct_messages_make_conversations(alice: Strict, bob: Strict) -> None:
    bob.status_post("@alice entre nous", visibility="direct")
    [talk] = until(alice.conversations)
    assert (talk.unread, talk.accounts[0].username) == (True, "bob")
    assert alice.conversations_read(talk).unread is False


class Listener(mastodon.StreamListener):
    """Remembers what it heard."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any]] = []
        self.ready = threading.Event()

    def on_update(self, status: Any) -> None:
        self.heard.append(("update", status))

    def on_status_update(self, status: Any) -> None:
        self.heard.append(("status.update", status))

    def on_delete(self, status_id: Any) -> None:
        self.heard.append(("delete", status_id))

    def on_notification(self, notification: Any) -> None:
        self.heard.append(("notification", notification))

    def handle_heartbeat(self) -> None:
        self.ready.set()

    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.heard]


def listening(stream: Callable[..., Any], *which: str) -> tuple[Listener, Any]:
    listener = Listener()
    handle = stream(*which, listener, run_async=True, reconnect_async=False)
    until(handle.is_receiving)
    return listener, handle


def test_what_happens_is_heard_at_once(alice: Strict, bob: Strict) -> None:
    assert alice.api.stream_healthy() is True
    at_home, first = listening(bob.api.stream_user)
    on_tag, second = listening(bob.api.stream_hashtag, "direct")
    posted = alice.status_post("@bob en #direct")
    until(lambda: {"update", "notification"} <= set(at_home.kinds()) and on_tag.kinds())
    alice.status_update(posted, "@bob en #direct, corrigé")
    until(lambda: "status.update" in at_home.kinds())
    alice.status_delete(posted)
    until(lambda: "delete" in at_home.kinds())
    first.close()
    second.close()


def test_the_server_tells_about_itself(town: Town, alice: Strict) -> None:
    assert alice.instance_v1().version.startswith("4.5")
    assert alice.instance_v2().configuration.urls.streaming.startswith("ws")
    assert alice.instance_health() is True
    for ask in (
        alice.instance_activity, alice.instance_peers, alice.instance_rules, alice.custom_emojis, alice.announcements,
        alice.instance_extended_description, alice.instance_languages,
        alice.instance_nodeinfo, alice.trending_tags, alice.trending_statuses, alice.trending_links,
    ):  # fmt: skip
        ask()
    assert alice.app_verify_credentials().name == "Marée"


def test_moderators_do_their_work_from_an_application(town: Town, admin: Strict) -> None:
    dora, eric = town.anybody("dora"), town.anybody("eric")
    said = dora.status_post("Achetez mes montres")
    report = eric.report(dora.me()["id"], [said.id], "Publicité", category="spam")
    [found] = admin.admin_reports(account_id=eric.me()["id"])
    assert (found.id, found.comment, found.statuses[0].id) == (report.id, "Publicité", said.id)
    assert admin.admin_report_assign(found).assigned_account.username == admin.me()["username"]
    admin.admin_report_unassign(found)
    assert admin.admin_report_resolve(found).action_taken is True
    assert admin.admin_report_reopen(found).action_taken is False
    suspect = dora.me()["id"]
    admin.admin_account_moderate(suspect, "silence", send_email_notification=False)
    assert admin.admin_account(suspect).silenced is True
    assert admin.admin_account_unsilence(suspect).silenced is False
    admin.admin_account_moderate(suspect, "suspend", send_email_notification=False)
    assert admin.admin_account(suspect).suspended is True
    with pytest.raises((mastodon.MastodonAPIError, mastodon.MastodonUnauthorizedError)):
        dora.status_post("Encore")
    assert admin.admin_account_unsuspend(suspect).suspended is False
    assert suspect in [account.id for account in admin.admin_accounts_v2(origin="local", username="dora")]
    with pytest.raises(mastodon.MastodonAPIError):
        eric.admin_accounts_v2()


def test_moderators_keep_the_house(admin: Strict) -> None:
    block = admin.admin_create_domain_block("spam.example", "silence", reject_media=True, public_comment="Publicité")
    assert admin.admin_update_domain_block(block, severity="suspend").severity == "suspend"
    assert [each.domain for each in admin.admin_domain_blocks()] == ["spam.example"]
    admin.admin_delete_domain_block(block)
    allowed = admin.admin_create_domain_allow("ami.example")
    assert admin.admin_domain_allow(allowed).domain == "ami.example"
    admin.admin_delete_domain_allow(allowed)
    mail = admin.admin_create_email_domain_block("jetable.example")
    admin.admin_delete_email_domain_block(mail)
    address = admin.admin_create_ip_block("192.0.2.7", "sign_up_block", "Robots", 3600)
    assert admin.admin_update_ip_block(address, severity="no_access").severity == "no_access"
    admin.admin_delete_ip_block(address)
    canonical = admin.admin_create_canonical_email_block("Al.Ice+x@maree.example")
    assert admin.admin_test_canonical_email_block("alice@maree.example")[0].id == canonical.id
    admin.api.admin_delete_canonical_email_block(canonical)
    now = datetime.now(UTC)
    measures = admin.admin_measures(
        now - timedelta(days=2), now, active_users=True, new_users=True, opened_reports=True
    )
    assert {measure.key for measure in measures} == {"active_users", "new_users", "opened_reports"}
    admin.admin_dimensions(now - timedelta(days=2), now, languages=True, sources=True, servers=True, space_usage=True)
    admin.admin_retention(now - timedelta(days=2), now)
    admin.admin_trending_tags()
    admin.admin_trending_statuses()
    admin.admin_trending_links()
