"""Reports as moderators work on them: which wait, what each is about, what is decided."""

from collections.abc import Callable

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Kind
from fediterr.core import db, errors
from fediterr.core.paging import Page
from fediterr.moderation import journal, people, reports, rules
from fediterr.moderation.models import Report
from fediterr.social import timelines
from fediterr.web import forms, rendering, session
from fediterr.web.moderation import deciding, words
from fediterr.web.moderation.overview import people_of

blueprint = Blueprint("reports", __name__, url_prefix="/moderation/signalements")

OTHERS = 20  # reports and decisions about the same account
GESTURES: dict[str, Callable[[Report, Account], None]] = {
    "prendre": reports.assign,
    "rendre": reports.unassign,
    "clore": reports.resolve,
    "rouvrir": reports.reopen,
}


@blueprint.get("")
def listed() -> Response:
    me = session.require_moderator()
    form = forms.Form(request.args)
    found = reports.listed(
        rendering.page(),
        resolved={"clos": True, "tous": None}.get(form.value("etat"), False),
        assigned_to_id=me.id if form.is_on("miens") else None,
        received={"ici": False, "ailleurs": True}.get(form.value("origine")),
        passed_on=True if form.is_on("transmis") else None,
        target_domain=form.value("serveur").strip().lower() or None,
    )
    return rendering.show(
        "moderation/reports.html", listed=found, form=form, people=_involved(found), category=words.category
    )


def _involved(listed: list[Report]) -> dict[int, Account]:
    named = ((each.reporter_id, each.target_id, each.assigned_to_id, each.resolved_by_id) for each in listed)
    return accounts.many({identifier for group in named for identifier in group if identifier is not None})


@blueprint.get("/<int:identifier>")
def report(identifier: int) -> Response:
    session.require_moderator()
    return _show(reports.get(identifier), forms.Form({}))


def _show(made: Report, form: forms.Form, status: int = 200) -> Response:
    me, every = session.require_moderator(), Page(limit=OTHERS)
    target, reporter = accounts.get(made.target_id), accounts.get(made.reporter_id)
    others = [each for each in reports.listed(every, resolved=None, target_id=target.id) if each.id != made.id]
    history = journal.listed(Page(limit=100), journal.Wanted(report_id=made.id))[::-1]
    decisions = journal.listed(every, journal.Wanted(target_id=target.id, actions=deciding.ABOUT_PEOPLE))
    language = rendering.language()
    named, still = rules.many(set(made.rule_ids)), reports.post_ids([made])
    return rendering.show(
        "moderation/report.html", status=status, report=made, target=target, reporter=reporter, form=form,
        by_visitor=reporter.local and reporter.kind == Kind.APPLICATION,
        measures=deciding.offered(me, target), still=still,
        posts={post.uri: post for post in timelines.as_moderators_see(list(still.values()))},
        broken=[rules.in_language(named[each], language)[0] for each in made.rule_ids if each in named],
        rules=[(rule.id, rules.in_language(rule, language)[0]) for rule in rules.listed()],
        categories={name: words.category(name) for name in reports.CATEGORIES}, category=words.category,
        others=others, history=history, decisions=decisions, act=words.act,
        people={**_involved([made, *others]), **people_of([*history, *decisions])},
    )  # fmt: skip


# --- working on it -------------------------------------------------------------------------------------------------


def _back(made: Report) -> Response:
    return rendering.lead(flask.url_for("web.reports.report", identifier=made.id))


@blueprint.post("/<int:identifier>/<any(prendre, rendre, clore, rouvrir):gesture>")
def work_on(identifier: int, gesture: str) -> Response:
    me, made = session.require_moderator(), reports.get(identifier)
    GESTURES[gesture](made, me)
    flask.flash(
        {
            "prendre": _("Vous vous occupez de ce signalement."),
            "rendre": _("Ce signalement n’est plus à personne."),
            "clore": _("Le signalement est clos, sans autre mesure."),
            "rouvrir": _("Le signalement est rouvert."),
        }[gesture]
    )
    return _back(made)


@blueprint.post("/<int:identifier>/classer")
def classify(identifier: int) -> Response:
    """Say anew what a report is about."""
    me, made, form = session.require_moderator(), reports.get(identifier), forms.sent()
    broken = [rule.id for rule in rules.listed() if form.is_on(f"rule-{rule.id}")]
    chosen = "violation" if broken else form.value("category")
    reports.update(made, me, category=chosen, rule_ids=broken)
    flask.flash(_("Le signalement est reclassé."))
    return _back(made)


@blueprint.post("/<int:identifier>/note")
def note(identifier: int) -> Response:
    """A word between moderators."""
    me, made, form = session.require_moderator(), reports.get(identifier), forms.sent()
    form.require("note", _("Écrivez la note."))
    if form.wrong:
        return _show(made, form, 400)
    try:
        reports.note(made, me, form.value("note"))
    except errors.Invalid as problem:
        db.end()
        form.wrong["note"] = form.refuse(problem).wrong.pop("", "") or str(problem.message)
        return _show(reports.get(identifier), form, 400)
    return _back(made)


@blueprint.post("/<int:identifier>/decider")
def decide(identifier: int) -> Response:
    """Take a measure about the reported account; the report is closed by it."""
    me, made, form = session.require_moderator(), reports.get(identifier), forms.sent()
    target = accounts.get(made.target_id)
    chosen = [number for number in reports.post_ids([made]).values() if form.is_on(f"post-{number}")]
    if deciding.is_incomplete(form, chosen):
        return _show(made, form, 400)
    if form.value("measure") == people.DELETE and not form.is_on("confirmed"):
        return deciding.confirm(form, chosen, target, flask.url_for("web.reports.report", identifier=made.id))
    try:
        deciding.act(me, target, form, chosen, report_id=made.id)
    except (errors.Invalid, errors.Conflict) as problem:
        db.end()
        return _show(reports.get(identifier), form.refuse(problem), 400)
    return _back(made)
