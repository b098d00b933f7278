"""How far the pages conform to the rules of accessibility (RGAA 4.1): no more is declared than was audited."""

from datetime import date
from enum import StrEnum

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from fediterr.core import clock, site
from fediterr.core.settings import Settings

LASTS = 3 * 365  # days for which a declaration stands


class State(StrEnum):
    NONE = "none"
    PARTIAL = "partial"
    TOTAL = "total"


WORDS = {
    State.NONE: _("non conforme"),
    State.PARTIAL: _("partiellement conforme"),
    State.TOTAL: _("totalement conforme"),
}


def state(settings: Settings) -> State:
    """What may be said: without an audit, or when it is older than three years, the pages do not conform."""
    day = audited_on(settings)
    if day is None or not settings.legal_accessibility_auditor or (clock.now().date() - day).days > LASTS:
        return State.NONE
    rate = int(settings.legal_accessibility_rate or 0)
    found = State.TOTAL if rate == 100 else State.PARTIAL if rate >= 50 else State.NONE
    wished = State(settings.legal_accessibility_state)
    order = list(State)
    return min(wished, found, key=order.index)


def audited_on(settings: Settings) -> date | None:
    return date.fromisoformat(settings.legal_accessibility_date) if settings.legal_accessibility_date else None


def word() -> LazyString:
    """How the foot of every page says it, as the law asks."""
    return LazyString(lambda: gettext("Accessibilité : %(state)s", state=WORDS[state(site.settings())]))
