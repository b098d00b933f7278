"""What this server says of itself: rules, texts, languages, the servers it knows and those it blocks, its weeks."""

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from babel import Locale
from babel.localedata import locale_identifiers
from flask import request

from fediterr.accounts.models import Account
from fediterr.core import errors, site
from fediterr.core.db import session
from fediterr.mastodon import entities, instance, routes
from fediterr.moderation import figures, rules, service, texts
from fediterr.moderation.models import Severity, Text


@routes.get("/health", routes.PUBLIC)
def health() -> Any:
    """The process answers, in the word that Mastodon has for it."""
    return routes.plain("OK")


@routes.get("/api/v1/instance/rules", routes.PUBLIC)
def rules_() -> Any:
    return [instance.rule(each) for each in rules.listed()]


@routes.get("/api/v1/instance/extended_description", routes.PUBLIC)
def extended_description() -> Any:
    return _said(texts.description())


@routes.get("/api/v1/instance/privacy_policy", routes.PUBLIC)
def privacy_policy() -> Any:
    return _said(texts.privacy_policy(language()))


def _said(said: texts.Said) -> entities.Entity:
    return {"updated_at": entities.moment(said.updated_at), "content": said.content}


@routes.get("/api/v1/instance/terms_of_service", routes.PUBLIC)
def terms() -> Any:
    """Those in force, or of the date that is asked for."""
    asked = routes.sent().text("date")
    return _terms(texts.terms(_day(asked) if asked else None))


@routes.get("/api/v1/instance/terms_of_service/:date", routes.PUBLIC)
def terms_of(day: str) -> Any:
    return _terms(texts.terms(_day(day)))


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise errors.NotFound("There are no terms of that date.") from None


def _terms(found: Text) -> entities.Entity:
    next_ = texts.successor(found)
    return {
        "effective_date": found.effective_on.isoformat(),
        "effective": found.effective_on <= texts.today(),
        "content": found.content,
        "succeeded_by": next_.effective_on.isoformat() if next_ else None,
    }


# --- other servers -------------------------------------------------------------------------------------------------


@routes.get("/api/v1/instance/peers", routes.PUBLIC)
def peers() -> Any:
    """The domains that this server knows."""
    return list(session.scalars(sa.select(Account.domain).where(~Account.local).distinct().order_by(Account.domain)))


@routes.get("/api/v1/instance/domain_blocks", "read", anyone=True, application=True)
def domain_blocks() -> Any:
    """The servers that are blocked or limited, for those to whom the operator shows them."""
    shown_to = site.settings().show_domain_blocks
    if shown_to == "nobody" or (shown_to == "members" and routes.viewer() is None):
        raise errors.NotFound("This list is not shown.")
    return [
        {
            "domain": service.obfuscated(rule.domain) if rule.obfuscate else rule.domain,
            "digest": service.digest(rule.domain),
            "severity": rule.severity,
            "comment": rule.public_comment or None,
        }
        for rule in service.rules()
        if rule.kind == "block" and rule.severity != Severity.NOOP
    ]


@routes.get("/api/v1/instance/activity", routes.PUBLIC)
def activity() -> Any:
    """The last twelve weeks, this one first: what was said, who was here, who came."""
    return [
        {
            "week": str(int(datetime.combine(week.first, datetime.min.time(), UTC).timestamp())),
            "statuses": str(week.statuses),
            "logins": str(week.people),
            "registrations": str(week.registrations),
        }
        for week in figures.last_weeks()
    ]


# --- languages -----------------------------------------------------------------------------------------------------


@routes.get("/api/v1/instance/languages", routes.PUBLIC)
def languages() -> Any:
    """The languages in which one may say that a post is written, with their names in the reader's."""
    return [{"code": code, "name": name} for code, name in _languages(language())]


@routes.get("/api/v1/instance/translation_languages", routes.PUBLIC)
def translation_languages() -> Any:
    """Nothing is translated here."""
    return {}


@cache
def _languages(reader: str) -> tuple[tuple[str, str], ...]:
    names = Locale(reader).languages
    codes = {identifier.partition("_")[0] for identifier in locale_identifiers()}
    return tuple((code, names[code]) for code in sorted(codes) if code in names)


def language() -> str:
    """The language of the pages that the reader would be given."""
    return request.accept_languages.best_match(texts.LANGUAGES) or site.settings().language
