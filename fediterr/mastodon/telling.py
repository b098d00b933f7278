"""Notifications as the client API shows them, with all that they speak of: loaded for a whole page at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import errors
from fediterr.core.db import session
from fediterr.mastodon import collections, entities
from fediterr.mastodon.entities import Entity, moment
from fediterr.mastodon.viewer import Viewer
from fediterr.moderation import appeals
from fediterr.moderation.models import Appeal, Decision, Report
from fediterr.social import timelines
from fediterr.social.models import Collection, Notification, Post, Severance
from fediterr.social.models.filters import Context
from fediterr.social.notification_groups import Group

Row = TypeVar("Row")


@dataclass
class Page:
    """A page of notifications before the one who was told, and what they speak of."""

    viewer: Viewer
    posts: dict[int, Post]
    reports: dict[str, Entity]
    severances: dict[str, Severance]
    warnings: dict[str, Decision]
    appeals: dict[int, Appeal]
    collections: dict[str, Collection]
    supported: frozenset[str] | None = None  # kinds that the application says it can show; None: it does not say

    @classmethod
    def of(
        cls,
        me: Account,
        told: Sequence[Notification],
        people: Sequence[Account] = (),
        supported: frozenset[str] | None = None,
    ) -> "Page":
        posts = {post.id: post for post in timelines.whole([each.post_id for each in told if each.post_id], me)}
        senders = [each.sender for each in told]
        viewer = Viewer.of(me, posts.values(), [*senders, *people], Context.NOTIFICATIONS)
        severances = _by_subject(Severance, told, "severed_relationships")
        warnings = _by_subject(Decision, told, "moderation_warning")
        contested = appeals.of(warning.id for warning in warnings.values()) if warnings else {}
        within = _by_subject(Collection, told, "added_to_collection")
        return cls(viewer, posts, _reports(told, viewer), severances, warnings, contested, within, supported)

    def shows(self, told: Notification, *, hiding: bool = False) -> bool:
        """Whether its post may still be seen; with `hiding`, also what a filter leaves out of lists is not."""
        if told.post_id is None:
            return True
        post = self.posts.get(told.post_id)
        return post is not None and not (hiding and self.viewer.hides(post))

    def about(self, told: Notification) -> Entity:
        """What a notification speaks of besides a post."""
        if report := self.reports.get(told.subject if told.kind == "admin.report" else ""):
            return {"report": report}
        if severance := self.severances.get(told.subject if told.kind == "severed_relationships" else ""):
            return {"event": _severance(severance)}
        if warning := self.warnings.get(told.subject if told.kind == "moderation_warning" else ""):
            target, appeal = entities.account(told.sender, self.viewer), self.appeals.get(warning.id)
            return {"moderation_warning": _warning(warning, target, appeal)}
        if within := self.collections.get(told.subject if told.kind == "added_to_collection" else ""):
            words = f"{told.sender.shown_name} added you to a collection"
            return {"collection": collections.shown(within), **self._fallback(told.kind, words, within.name)}
        return {}

    def _fallback(self, kind: str, title: str, summary: str) -> Entity:
        """What an application may show in place of a kind that it does not know."""
        if self.supported is None or kind in self.supported:
            return {}
        return {"fallback": {"title": title, "summary": summary, "details": None}}


def shown(
    me: Account,
    told: Sequence[Notification],
    *,
    hiding: bool = False,
    supported: frozenset[str] | None = None,
) -> list[Entity]:
    """Notifications one by one; those whose post is gone are left out."""
    page = Page.of(me, told, supported=supported)
    return [_notification(each, page) for each in told if page.shows(each, hiding=hiding)]


def one(me: Account, told: Notification, supported: frozenset[str] | None = None) -> Entity:
    """One notification; NotFound when its post is gone."""
    found = shown(me, [told], supported=supported)
    if not found:
        raise errors.NotFound("There is no such notification.")
    return found[0]


def _notification(told: Notification, page: Page) -> Entity:
    made = {
        "id": str(told.id),
        "type": told.kind,
        "created_at": moment(told.created_at),
        "group_key": told.group_key or f"ungrouped-{told.id}",
        "account": entities.account(told.sender, page.viewer),
        **page.about(told),
    }
    if told.post_id is not None:
        made["status"] = entities.status(page.posts[told.post_id], page.viewer)
    return {**made, "filtered": True} if told.filtered else made


def grouped(me: Account, groups: Sequence[Group], *, partial: bool = False) -> Entity:
    """Groups with the accounts and posts that they name, each once; `partial`: of most accounts only the picture."""
    people = accounts.many({identifier for group in groups for identifier in group.sample_ids})
    page = Page.of(me, [group.head for group in groups], list(people.values()))
    groups = [group for group in groups if page.shows(group.head, hiding=True)]
    named = list(dict.fromkeys(identifier for group in groups for identifier in group.sample_ids))
    whole = {group.sample_ids[0] for group in groups} if partial else set(named)
    post_ids = dict.fromkeys(group.head.post_id for group in groups if group.head.post_id is not None)
    made: Entity = {
        "accounts": [entities.account(people[identifier], page.viewer) for identifier in named if identifier in whole],
        "statuses": [entities.status(page.posts[identifier], page.viewer) for identifier in post_ids],
        "notification_groups": [_group(group, page) for group in groups],
    }
    if partial:
        rest = [people[identifier] for identifier in named if identifier not in whole]
        made["partial_accounts"] = [_partial(entities.account(person, page.viewer)) for person in rest]
    return made


def _group(group: Group, page: Page) -> Entity:
    made = {
        "group_key": group.key,
        "notifications_count": group.count,
        "type": group.head.kind,
        "most_recent_notification_id": str(group.most_recent_id),
        "page_min_id": str(group.min_id),
        "page_max_id": str(group.max_id),
        "latest_page_notification_at": moment(group.latest_at),
        "sample_account_ids": [str(identifier) for identifier in group.sample_ids],
        **page.about(group.head),
    }
    return made if group.head.post_id is None else {**made, "status_id": str(group.head.post_id)}


def _partial(account: Entity) -> Entity:
    return {key: account[key] for key in ("id", "acct", "url", "avatar", "avatar_static", "locked", "bot")}


def _by_subject(model: type[Row], told: Sequence[Notification], kind: str) -> dict[str, Row]:
    """The rows that notifications of this kind speak of, by their subject."""
    wanted = {int(each.subject) for each in told if each.kind == kind and each.subject.isdigit()}
    table: Any = model
    found = session.scalars(sa.select(table).where(table.id.in_(wanted))) if wanted else ()
    return {str(row.id): row for row in found}


def _reports(told: Sequence[Notification], viewer: Viewer) -> dict[str, Entity]:
    found = _by_subject(Report, told, "admin.report")
    if not found:
        return {}
    targets = accounts.many({report.target_id for report in found.values()})
    uris = {uri for report in found.values() for uri in report.post_uris}
    known = dict(session.execute(sa.select(Post.uri, Post.id).where(Post.uri.in_(uris))).all())
    return {
        subject: entities.report(
            report, targets[report.target_id], [known[uri] for uri in report.post_uris if uri in known], viewer
        )
        for subject, report in found.items()
    }


def _severance(severance: Severance) -> Entity:
    return {
        "id": str(severance.id),
        "type": severance.kind,
        "purged": False,
        "target_name": severance.target,
        "followers_count": severance.followers_count,
        "following_count": severance.following_count,
        "created_at": moment(severance.created_at),
    }


def _warning(decision: Decision, target: Entity, appeal: Appeal | None) -> Entity:
    return {
        "id": str(decision.id),
        "action": decision.action,
        "text": decision.reason,
        "status_ids": [str(copy["id"]) for copy in decision.copies],
        "target_account": target,
        "appeal": {"text": appeal.text, "state": _state(appeal)} if appeal else None,
        "created_at": moment(decision.created_at),
    }


def _state(appeal: Appeal) -> str:
    return "pending" if appeal.accepted is None else "approved" if appeal.accepted else "rejected"
