"""What people are for this server: members, moderators, administrators, and the agents of its authorities."""

from fediterr.accounts import service as accounts
from fediterr.accounts import speakers
from fediterr.accounts.models import Account, Office, User
from fediterr.core import errors
from fediterr.moderation import acts, journal
from fediterr.moderation.models import Way
from fediterr.territories import authorities, employments
from fediterr.territories.models import Territory


def give_role(actor: Account | None, user: User, role: str) -> None:
    """Give somebody a role, and write it down. Invalid for an unknown one, Conflict for the last administrator."""
    if role == user.role:
        return
    accounts.set_role(user, role)
    journal.write_down(actor, "give_role", user.account.full_handle, role, target=user.account)


def open_authority(actor: Account | None, name: str, display_name: str) -> Account:
    """An account for an authority, in whose name people will publish."""
    authority = accounts.open_authority(name, display_name)
    journal.write_down(actor, "open_authority", authority.full_handle, target=authority)
    acts.write_down(actor, authority, "open_authority", authority.full_handle)
    return authority


def tie(actor: Account | None, authority: Account, territory: Territory) -> None:
    """Let an authority of here stand for a territory, which the operator answers for. Raises Invalid, Conflict."""
    tied = authorities.link(authority, territory)
    if tied.verified_by is None:
        authorities.verify(authority, Way.OPERATOR)
    journal.write_down(actor, "tie_authority", authority.full_handle, territory.name, target=authority)
    acts.write_down(actor, authority, "link", territory.name)


def let_speak(actor: Account | None, user: User, authority: Account, office: str = Office.WRITE) -> None:
    """Let somebody act for an authority, or give them another office there."""
    before = speakers.office_of(user, authority)
    if before == office:
        return
    speakers.grant(user, authority, office)
    employments.settle(user.account)
    action = "let_speak" if before is None else "change_office"
    _note(actor, user, authority, action)
    acts.write_down(actor, authority, f"{action}:{office}", user.account.full_handle)


def end_speaking(actor: Account | None, user: User, authority: Account) -> None:
    """Somebody acts no longer for an authority; what they published stays."""
    if user in speakers.for_authority(authority):
        speakers.revoke(user, authority)
        employments.settle(user.account)
        _note(actor, user, authority, "end_speaking")
        acts.write_down(actor, authority, "end_speaking", user.account.full_handle)


def require_other_manager(user: User, authority: Account) -> None:
    """Conflict when an authority would be left without anybody to manage it: only the operator may do that."""
    if speakers.managers_of(authority) == [user]:
        raise errors.Conflict("The last manager stays: name another first, or ask an administrator of this server.")


def note_voice(speaker: Account, authority: Account, where: str, action: str = "publish") -> None:
    """Write down who spoke in the name of an authority: readers see its name alone."""
    if speaker.id != authority.id:
        journal.write_down(speaker, "speak_for", where, target=authority)
        acts.write_down(speaker, authority, action, where)


def note_change(agent: Account, authority: Account, where: str, action: str) -> None:
    """Write down who changed or deleted what an authority had published."""
    if agent.id != authority.id:
        acts.write_down(agent, authority, action, where)


def _note(actor: Account | None, user: User, authority: Account, action: str) -> None:
    journal.write_down(actor, action, user.account.full_handle, authority.full_handle, target=user.account)
