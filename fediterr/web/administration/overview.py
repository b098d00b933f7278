"""What administrators look at first: what needs them, and how the server lives."""

from dataclasses import dataclass

import flask
from flask import Blueprint, Response
from flask_babel import format_date, format_decimal, ngettext
from flask_babel import gettext as _

from fediterr.accounts import speakers, visits
from fediterr.core.checks import machine, series, work
from fediterr.moderation import appeals, claims, figures, registry, reports, rules
from fediterr.web import findings, rendering, session
from fediterr.web.administration import legal_texts

blueprint = Blueprint("administration", __name__)

# The checks that look at nothing outside, and take no time.
QUICK: dict[str, series.Check] = {
    "worker": work.check_worker, "queue": work.check_queue, "disk": machine.check_disk,
}  # fmt: skip


@dataclass(frozen=True)
class Matter:
    """Something to see to: its words, and the page to do it on."""

    words: str
    endpoint: str
    urgent: bool = True

    @property
    def address(self) -> str:
        return flask.url_for(self.endpoint)


@blueprint.get("/administration")
def overview() -> Response:
    session.require_administrator()
    weeks = figures.last_weeks()[::-1]
    return rendering.show(
        "administration/overview.html", matters=[*_waiting(), *_failing(), *_unfinished()], weeks=weeks,
        labels=[format_date(week.first, "d MMM") for week in weeks], standing=figures.standing(),
        active=visits.active_lately(), stored=_weight(figures.stored()),
    )  # fmt: skip


def _weight(size: int) -> str:
    """How much that many bytes are, in few words."""
    if size >= 1 << 30:
        return str(_("%(number)s Gio", number=format_decimal(round(size / (1 << 30), 1))))
    return str(_("%(number)s Mio", number=format_decimal(round(size / (1 << 20), 1))))


def _waiting() -> list[Matter]:
    """People who wait for an answer."""
    found = []
    if many := registry.waiting():
        words = ngettext("%(num)d personne attend d’être admise", "%(num)d personnes attendent d’être admises", many)
        found.append(Matter(words, "web.newcomers.listed"))
    if many := reports.waiting():
        words = ngettext("%(num)d signalement est à traiter", "%(num)d signalements sont à traiter", many)
        found.append(Matter(words, "web.reports.listed"))
    if many := appeals.waiting():
        words = ngettext("%(num)d décision est contestée", "%(num)d décisions sont contestées", many)
        found.append(Matter(words, "web.appeals.listed"))
    if many := claims.count_waiting():
        words = ngettext(
            "%(num)d demande de représentation attend", "%(num)d demandes de représentation attendent", many
        )
        found.append(Matter(words, "web.claims.listed"))
    return found


def _failing() -> list[Matter]:
    lines = [findings.line(name, list(look())) for name, look in QUICK.items()]
    return [Matter(wrong, "web.checks.show") for line in lines for wrong, _mend in line.findings]


def _unfinished() -> list[Matter]:
    """What a new server still lacks."""
    found = []
    if legal_texts.missing():
        found.append(Matter(_("Les pages légales sont incomplètes"), "web.legal_texts.show"))
    if not speakers.authorities():
        found.append(Matter(_("La collectivité n’a pas encore de compte à elle"), "web.people.listed", urgent=False))
    if not rules.listed():
        found.append(Matter(_("La maison n’a pas encore de règles"), "web.house_rules.show", urgent=False))
    return found
