"""What people are for this server: members, moderators, administrators, and who speaks for an authority."""

from fediterr.accounts import service as accounts
from fediterr.accounts import speakers
from fediterr.accounts.models import Account, User
from fediterr.moderation import journal


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
    return authority


def let_speak(actor: Account | None, user: User, authority: Account) -> None:
    """Let somebody publish in the name of an authority."""
    if authority not in speakers.of(user):
        speakers.grant(user, authority)
        journal.write_down(actor, "let_speak", user.account.full_handle, authority.full_handle, target=user.account)


def end_speaking(actor: Account | None, user: User, authority: Account) -> None:
    """Somebody publishes no longer in the name of an authority; what they published stays."""
    if authority in speakers.of(user):
        speakers.revoke(user, authority)
        journal.write_down(actor, "end_speaking", user.account.full_handle, authority.full_handle, target=user.account)


def note_voice(speaker: Account, authority: Account, where: str) -> None:
    """Write down who spoke in the name of an authority: readers see its name alone."""
    if speaker.id != authority.id:
        journal.write_down(speaker, "speak_for", where, target=authority)
