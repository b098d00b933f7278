"""The journal of moderators: each decision has its line."""

from fediterr.accounts.models import Account
from fediterr.core.db import session
from fediterr.moderation.models import Decision


def write_down(
    actor: Account | None,
    action: str,
    subject: str,
    reason: str = "",
    *,
    target: Account | None = None,
    report_id: int | None = None,
) -> Decision:
    """Keep what was decided; nobody as the actor is the operator at the command line."""
    line = Decision(
        actor_id=actor.id if actor else None,
        action=action,
        subject=subject,
        reason=reason,
        target_id=target.id if target else None,
        report_id=report_id,
    )
    session.add(line)
    session.flush()
    return line
