"""Collections: accounts that somebody of here recommends together, for others to follow."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import clock, errors, facts, text
from fediterr.core.db import session
from fediterr.social import blocks, tags
from fediterr.social.models import Block, Collection, CollectionItem, Membership

MOST = 10  # of one account
ITEMS = 25
NAME, DESCRIPTION = 40, 100  # characters


@dataclass(frozen=True)
class AddedToCollection(facts.Fact):
    collection_id: int
    account_id: int


@dataclass(frozen=True)
class Plan:
    """What a collection is to be; None leaves a thing as it is."""

    name: str | None = None
    description: str | None = None
    language: str | None = None
    tag: str | None = None
    sensitive: bool | None = None
    discoverable: bool | None = None


def make(owner: Account, plan: Plan, members: Sequence[Account] = ()) -> Collection:
    """Raises Invalid, Forbidden when somebody does not want to be in it."""
    mine = sa.select(sa.func.count()).select_from(Collection).where(Collection.account_id == owner.id)
    if (session.scalar(mine) or 0) >= MOST:
        raise errors.Invalid(f"You have reached the maximum number of collections: {MOST}.")
    made = Collection(account_id=owner.id, name="")
    _write(made, Plan(name=plan.name or ""))
    _write(made, plan)
    session.add(made)
    session.flush()
    for member in members:
        add(owner, made, member)
    return made


def change(wanted: Collection, plan: Plan) -> None:
    """Raises Invalid."""
    _write(wanted, plan)
    wanted.updated_at = clock.now()
    session.flush()


def _write(wanted: Collection, plan: Plan) -> None:
    if plan.name is not None:
        if not plan.name.strip():
            raise errors.Invalid("Name can't be blank")
        wanted.name = _short("Name", plan.name, NAME)
    if plan.description is not None:
        wanted.description = _short("Description", plan.description, DESCRIPTION)
    if plan.language is not None:
        wanted.language = text.language_tag(plan.language)
    if plan.tag is not None:
        wanted.tag = tags.named(plan.tag) if plan.tag.strip() else None
    if plan.sensitive is not None:
        wanted.sensitive = plan.sensitive
    if plan.discoverable is not None:
        wanted.discoverable = plan.discoverable


def _short(what: str, words: str, most: int) -> str:
    if len(words) > most:
        raise errors.Invalid(f"{what} is too long (maximum is {most} characters)")
    return words.strip()


def remove(wanted: Collection) -> None:
    session.delete(wanted)
    session.flush()


# --- finding -------------------------------------------------------------------------------------------------------


def get(identifier: int, viewer: Account | None) -> Collection:
    """A collection whose owner is open to the viewer. Raises NotFound."""
    found = session.get(Collection, identifier)
    owner = session.get(Account, found.account_id) if found else None
    if found is None or owner is None or not owner.active or (viewer and blocks.find(owner, viewer)):
        raise errors.NotFound("There is no such collection.")
    return found


def own(owner: Account, identifier: int) -> Collection:
    """A collection of this account; NotFound for those of others."""
    found = session.get(Collection, identifier)
    if found is None or found.account_id != owner.id:
        raise errors.NotFound("There is no such collection.")
    return found


def of(owner: Account, viewer: Account | None, limit: int, offset: int) -> list[Collection]:
    """The collections of an account; those that are not to be found, for the owner alone."""
    listed = sa.select(Collection).where(Collection.account_id == owner.id)
    if viewer is None or viewer.id != owner.id:
        listed = listed.where(Collection.discoverable)
    return list(session.scalars(listed.order_by(Collection.id.desc()).offset(offset).limit(limit)))


def with_member(member: Account, limit: int, offset: int) -> list[Collection]:
    """The collections that somebody is in, last made first."""
    within = sa.select(CollectionItem.collection_id).where(
        CollectionItem.account_id == member.id, CollectionItem.state == Membership.ACCEPTED
    )
    listed = sa.select(Collection).where(Collection.id.in_(within)).order_by(Collection.id.desc())
    return list(session.scalars(listed.offset(offset).limit(limit)))


def members(wanted: Collection) -> list[CollectionItem]:
    """Who is in a collection, first come first."""
    return [each for each in wanted.items if each.state == Membership.ACCEPTED]


def people_of(wanted: Collection) -> list[Account]:
    """The accounts in a collection."""
    identifiers = [each.account_id for each in members(wanted)]
    found = session.scalars(sa.select(Account).where(Account.id.in_(identifiers), Account.suspended_at.is_(None)))
    by_id = {each.id: each for each in found}
    return [by_id[each] for each in identifiers if each in by_id]


# --- members -------------------------------------------------------------------------------------------------------


def add(owner: Account, wanted: Collection, member: Account) -> CollectionItem:
    """Put somebody into a collection who wants to be found. Raises Forbidden, Invalid."""
    between = sa.or_(
        sa.and_(Block.account_id == member.id, Block.target_id == owner.id),
        sa.and_(Block.account_id == owner.id, Block.target_id == member.id),
    )
    if not member.local or not member.active or not member.discoverable:
        raise errors.Forbidden("This action is not allowed")
    if session.scalar(sa.select(sa.exists().where(between))):
        raise errors.Forbidden("This action is not allowed")
    if any(each.account_id == member.id for each in wanted.items):
        raise errors.Invalid("Account has already been taken")
    if len(members(wanted)) >= ITEMS:
        raise errors.Invalid(f"A collection has at most {ITEMS} accounts.")
    made = CollectionItem(collection_id=wanted.id, account_id=member.id)
    wanted.items.append(made)
    session.flush()
    facts.tell(AddedToCollection(wanted.id, member.id))
    return made


def item(wanted: Collection, identifier: int) -> CollectionItem:
    """A member of a collection by the id of its place in it. Raises NotFound."""
    found = next((each for each in members(wanted) if each.id == identifier), None)
    if found is None:
        raise errors.NotFound("There is no such account in this collection.")
    return found


def take_out(wanted: Collection, found: CollectionItem) -> None:
    wanted.items.remove(found)
    session.delete(found)
    session.flush()


def revoke(member: Account, found: CollectionItem) -> None:
    """Take oneself out of a collection, for good. Raises NotFound for anybody else."""
    if found.account_id != member.id:
        raise errors.NotFound("There is no such account in this collection.")
    found.state = Membership.REVOKED
    session.flush()
