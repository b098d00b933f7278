"""The first run of a server: a one-time link, the answers kept under it, and the administrator who ends it.

Answers are kept step by step, so that a closed window loses nothing; nothing of them holds before the end, and no
password is ever among them.
"""

import secrets
from collections.abc import Mapping

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts import tokens
from fediterr.accounts.models import Role, SetupLink, User
from fediterr.core import db, errors, site
from fediterr.core.db import session
from fediterr.core.domains import normal
from fediterr.moderation import home, identity, journal
from fediterr.moderation import service as domains
from fediterr.territories import authorities, directory

SETTINGS = ("language", "territory_code", "name", "place", "description", "contact_email", "federation_mode")
REQUIRED = ("language", "name", "admin_name", "admin_email", "federation_mode")


def link() -> str | None:
    """A fresh one-time address that leads to the first run; None when there is an administrator.

    What was answered under the link before is found again under this one.
    """
    if accounts.has_administrator():
        return None
    before = session.scalars(sa.select(SetupLink).order_by(SetupLink.created_at.desc())).first()
    answers = before.answers if before else {}
    session.execute(sa.delete(SetupLink))
    value = secrets.token_urlsafe(24)
    session.add(SetupLink(hash=tokens.hash_of(value), answers=answers))
    return site.address(f"/setup/{value}")


def answers(value: str) -> dict[str, str]:
    """What was answered so far; NotFound when that link leads nowhere."""
    return dict(_link(value).answers)


def keep(value: str, said: Mapping[str, str]) -> None:
    """Keep some answers, as they are: they are checked before the end."""
    found = _link(value, changing=True)
    found.answers = {**found.answers, **said}


def check(said: Mapping[str, str]) -> None:
    """Raise Invalid or Conflict unless these answers suit."""
    identity.check({name: said[name] for name in SETTINGS if name in said})
    if "admin_name" in said:
        accounts.check_name(said["admin_name"], official=True)
    check_authority(said)
    if said.get("authority_website"):
        authorities.read_website(said["authority_website"])
    if "admin_email" in said and not accounts.is_email(said["admin_email"]):
        raise errors.Invalid("This is not an e-mail address.")
    for domain in said.get("allowed", "").split():
        if not domains.NAME.fullmatch(normal(domain)):
            raise errors.Invalid(f"This is not the domain of a server: {domain}.")


def check_authority(said: Mapping[str, str]) -> None:
    """The same of the name that the account of the authority is to have."""
    name = said.get("authority_name", "")
    if name:
        accounts.check_name(name, official=True)
    if name and name.lower() == said.get("admin_name", "").lower():
        raise errors.Conflict("The account of the authority has another name than yours.")


def missing(said: Mapping[str, str]) -> list[str]:
    """What must be answered before the end, and is not."""
    return [name for name in REQUIRED if not said.get(name) and name not in site.given().fixed]


def finish(value: str, password: str) -> User:
    """Make of the answers a server with its administrator; the link ends with it."""
    db.exclusive("first run")
    found = _link(value, changing=True)
    user = set_up(found.answers, password)
    session.execute(sa.delete(SetupLink))
    return user


def set_up(said: Mapping[str, str], password: str) -> User:
    """Make the first administrator, choose the settings and let the first servers in. Conflict when there is one."""
    if accounts.has_administrator():
        raise errors.Conflict("This server has an administrator already.")
    if missing(said):
        raise errors.Invalid("Some steps have no answer yet.")
    check(said)
    user = accounts.register(
        said["admin_name"], said["admin_email"], password, role=Role.ADMIN, confirmed=True,
        display_name=said.get("admin_display_name", ""),
    )  # fmt: skip
    journal.write_down(user.account, "set_up", site.settings().host, target=user.account)
    fixed = site.given().fixed
    identity.choose(user.account, {name: said[name] for name in SETTINGS if name in said and name not in fixed})
    territory = directory.by_code(site.given().territory_code or said.get("territory_code", ""))
    if territory is not None:
        name, website = said.get("authority_name", ""), said.get("authority_website", "")
        home.settle(user.account, user, territory, name=name, website=website)
    for domain in dict.fromkeys(said.get("allowed", "").split()):
        domains.allow_domain(domain, actor=user.account)
    return user


def _link(value: str, *, changing: bool = False) -> SetupLink:
    wanted = sa.select(SetupLink).where(SetupLink.hash == tokens.hash_of(value))
    found = session.scalar(wanted.with_for_update() if changing else wanted)
    if found is None or accounts.has_administrator():
        raise errors.NotFound("This link has been used, or a newer one was made.")
    return found
