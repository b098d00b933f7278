"""Things as moderators see them through the client API."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import sqlalchemy as sa

from fediterr.accounts import visits
from fediterr.accounts.models import Account, Invitation, User, Visit
from fediterr.core import site
from fediterr.core.db import session
from fediterr.mastodon import entities, instance
from fediterr.mastodon.entities import Entity, moment
from fediterr.mastodon.viewer import Viewer
from fediterr.moderation import entrance, reports, rules, service
from fediterr.moderation.models import CanonicalEmailBlock, DomainRule, EmailDomainBlock, IpBlock, Report
from fediterr.social import timelines

IPS = 20  # network addresses told of one account


def people(listed: Sequence[Account], asker: Account) -> dict[int, Entity]:
    """Accounts with what only moderators know of them, by their id, in as many questions whatever their number."""
    viewer = Viewer.of(asker, people=listed)
    wanted = [person.id for person in listed if person.local]
    users = {user.account_id: user for user in session.scalars(sa.select(User).where(User.account_id.in_(wanted)))}
    places = visits.places(user.id for user in users.values())
    invitations = {user.invitation_id for user in users.values()} - {None}
    who = sa.select(Invitation.id, Invitation.account_id).where(Invitation.id.in_(invitations))
    inviters = dict(session.execute(who).all()) if invitations else {}
    return {
        person.id: _person(person, users.get(person.id), places, inviters, viewer)
        for person in {each.id: each for each in listed}.values()
    }


def person(account: Account, asker: Account) -> Entity:
    return people([account], asker)[account.id]


def _person(
    account: Account,
    user: User | None,
    places: dict[int, list[Visit]],
    inviters: dict[int, int | None],
    viewer: Viewer,
) -> Entity:
    seen = places.get(user.id, [])[:IPS] if user else []
    last = seen[0].ip if seen else user.sign_up_ip if user else None
    return {
        "id": str(account.id),
        "username": account.name,
        "domain": None if account.local else account.domain,
        "created_at": moment(user.created_at if user else account.created_at),
        "email": user.email if user else None,
        "ip": last,
        "ips": [{"ip": each.ip, "used_at": moment(each.at)} for each in seen],
        "locale": (user.language or site.settings().language) if user else None,
        "invite_request": (user.reason or None) if user else None,
        "role": entities.role(user.role) if user else None,
        "confirmed": user is not None and user.confirmed_at is not None,
        "approved": user is not None and user.approved_at is not None,
        "disabled": user is not None and user.disabled_at is not None,
        "suspended": account.suspended_at is not None,
        "silenced": account.silenced_at is not None,
        "sensitized": account.sensitized_at is not None,
        "account": entities.account(account, viewer),
        "created_by_application_id": _identifier(user.application_id if user else None),
        "invited_by_account_id": _identifier(inviters.get(user.invitation_id or 0) if user else None),
    }


def _identifier(value: int | None) -> str | None:
    return str(value) if value is not None else None


def several_reports(listed: Sequence[Report], asker: Account) -> list[Entity]:
    """Reports with all that they are about, in as many questions whatever their number."""
    ids = {
        identifier
        for each in listed
        for identifier in (each.reporter_id, each.target_id, each.assigned_to_id, each.resolved_by_id)
        if identifier is not None
    }
    involved = people(list(session.scalars(sa.select(Account).where(Account.id.in_(ids)))), asker)
    by_uri = reports.post_ids(listed)
    shown = {post.uri: post for post in timelines.as_moderators_see(list(by_uri.values()))}
    viewer = Viewer.of(asker, shown.values())
    named = rules.many({identifier for each in listed for identifier in each.rule_ids})
    return [
        {
            "id": str(each.id),
            "action_taken": each.resolved_at is not None,
            "action_taken_at": moment(each.resolved_at),
            "category": each.category,
            "comment": each.comment,
            "forwarded": each.forward,
            "created_at": moment(each.created_at),
            "updated_at": moment(each.updated_at or each.created_at),
            "account": involved[each.reporter_id],
            "target_account": involved[each.target_id],
            "assigned_account": involved.get(each.assigned_to_id or 0),
            "action_taken_by_account": involved.get(each.resolved_by_id or 0),
            "statuses": [entities.status(shown[uri], viewer) for uri in each.post_uris if uri in shown],
            "rules": [instance.rule(named[identifier]) for identifier in each.rule_ids if identifier in named],
        }
        for each in listed
    ]


# --- blocks --------------------------------------------------------------------------------------------------------


def domain_block(rule: DomainRule) -> Entity:
    return {
        "id": str(rule.number),
        "domain": rule.domain,
        "digest": service.digest(rule.domain),
        "created_at": moment(rule.created_at),
        "severity": rule.severity,
        "reject_media": rule.reject_media,
        "reject_reports": rule.reject_reports,
        "private_comment": rule.reason or None,
        "public_comment": rule.public_comment or None,
        "obfuscate": rule.obfuscate,
    }


def domain_allow(rule: DomainRule) -> Entity:
    return {"id": str(rule.number), "domain": rule.domain, "created_at": moment(rule.created_at)}


def email_domain_blocks(listed: Sequence[EmailDomainBlock]) -> list[Entity]:
    tried = entrance.attempts(listed)
    return [
        {
            "id": str(each.id),
            "domain": each.domain,
            "created_at": moment(each.created_at),
            "history": [
                {"day": str(seconds(day)), "accounts": str(accounts), "uses": str(uses)}
                for day, accounts, uses in tried[each.id]
            ],
        }
        for each in listed
    ]


def canonical_email_block(block: CanonicalEmailBlock) -> Entity:
    return {"id": str(block.id), "canonical_email_hash": block.hash}


def ip_block(block: IpBlock) -> Entity:
    return {
        "id": str(block.id),
        "ip": block.ip,
        "severity": block.severity,
        "comment": block.comment,
        "created_at": moment(block.created_at),
        "expires_at": moment(block.expires_at),
    }


def seconds(day: date) -> int:
    """The midnight of a day, as Mastodon counts days."""
    return int(datetime.combine(day, datetime.min.time(), UTC).timestamp())


def midnight(day: date) -> str | None:
    return moment(datetime.combine(day, datetime.min.time(), UTC))
