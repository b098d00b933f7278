"""How somebody comes to read what was decided about them: signed in, or by the word in the letter they got.

Whoever is suspended no longer signs in, and may contest that all the same.
"""

import hashlib
import hmac

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import site
from fediterr.core.db import session
from fediterr.moderation.models import Decision

CLOSING = ("disable", "suspend")


def word_of(decision: Decision) -> str:
    """What the letter about a decision holds and nobody can guess; of the server's secret, so that none is kept."""
    message = f"decision {decision.id}".encode()
    return hmac.new(site.settings().secret_key.encode(), message, hashlib.sha256).hexdigest()[:40]


def opens(decision: Decision, word: str) -> bool:
    return hmac.compare_digest(word_of(decision).encode(), word.encode())


def closing(account: Account) -> Decision | None:
    """The last decision that closed an account."""
    lines = sa.select(Decision).where(Decision.target_id == account.id, Decision.action.in_(CLOSING))
    return session.scalar(lines.order_by(Decision.id.desc()).limit(1))


def address(decision: Decision) -> str:
    """Where a decision is read, by whoever holds its letter."""
    return site.address(f"/decisions/{decision.id}?mot={word_of(decision)}")
