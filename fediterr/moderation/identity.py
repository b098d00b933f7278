"""What this server says it is, and whom it lets in: chosen by administrators, and written down."""

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import choices, errors, settings, site
from fediterr.moderation import complaints, journal
from fediterr.territories import directory

LENGTHS = {"name": 100, "place": 100, "description": 500}
NAMES = {"name": "Name", "place": "Place", "description": "Description"}


def choose(actor: Account | None, chosen: dict[str, str]) -> list[str]:
    """Choose settings by their texts, and write down those that change; their names.

    Raises Invalid for what does not suit, Conflict for what the operator's file or the environment fixes.
    """
    check(chosen)
    before = site.settings()
    changed = [name for name, value in chosen.items() if str(getattr(before, name)) != value.strip()]
    choices.put(site.given(), {name: chosen[name].strip() for name in changed})
    for name in changed:
        journal.write_down(actor, "choose_setting", name, chosen[name].strip())
    return changed


def check(chosen: dict[str, str]) -> None:
    """Raise Invalid unless these values suit."""
    if "name" in chosen and not chosen["name"].strip():
        raise errors.Invalid("Give this server a name.")
    for name, most in LENGTHS.items():
        if len(chosen.get(name, "").strip()) > most:
            raise complaints.too_long(NAMES[name], most)
    contact = chosen.get("contact_email", "").strip()
    if contact and not accounts.is_email(contact):
        raise errors.Invalid("The address to write to is not an e-mail address.")
    code = chosen.get("territory_code", "").strip()
    if code and directory.by_code(code) is None:
        raise errors.Invalid(f"No territory has the code {code[:40]}.")
    for name in chosen.keys() - LENGTHS.keys() - {"contact_email"}:
        settings.read(name, chosen[name])
