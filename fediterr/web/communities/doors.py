"""Who may open which page of a community."""

from fediterr.accounts.models import Account, Kind
from fediterr.core import errors
from fediterr.web import session
from fediterr.web.communities import hall
from fediterr.web.communities.hall import Hall
from fediterr.web.handles import find


def group_of(handle: str) -> Account:
    """The community of that handle. Raises NotFound for what is none."""
    account = find(handle)
    if account.kind != Kind.GROUP:
        raise errors.NotFound("There is no such community.")
    return account


def require_member(handle: str) -> Hall:
    """A community of here that the reader is in."""
    group = group_of(handle)
    found = hall.of(group, session.require())
    if not group.local or not found.is_member:
        raise errors.Forbidden("This page is for the members of the community.")
    return found


def require_moderator(handle: str) -> Hall:
    """A community of here that the reader moderates."""
    group = group_of(handle)
    found = hall.of(group, session.require())
    if not found.moderates:
        raise errors.Forbidden("This page is for the moderators of the community.")
    return found
