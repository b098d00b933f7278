"""The first run, in short steps: what is typed is kept at each, nothing holds before the last."""

from dataclasses import dataclass, field

import flask
from flask import Blueprint, Response, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from fediterr.core import db, errors, names, site
from fediterr.moderation import first_run, home
from fediterr.territories import authorities, directory, loading
from fediterr.web import findings, forms, problems, rendering, session, territory_choice

blueprint = Blueprint("first_run", __name__)


@dataclass(frozen=True)
class Step:
    """A page: the end of its address, its title, and which field gives which answer."""

    slug: str
    title: LazyString
    fields: dict[str, str] = field(default_factory=dict)


STEPS = (
    Step("langue", _("Langue"), {"language": "language"}),
    Step("territoire", _("Territoire"), {"territory_code": "territory_code"}),
    Step(
        "reseau",
        _("Réseau"),
        {each: each for each in ("name", "place", "description", "contact_email", "authority_name")}
        | {"website": "authority_website"},
    ),
    Step(
        "administration",
        _("Administration"),
        {"display_name": "admin_display_name", "name": "admin_name", "email": "admin_email"},
    ),
    Step("federation", _("Fédération"), {"federation_mode": "federation_mode", "allowed": "allowed"}),
    Step("verifications", _("Vérifications")),
    Step("creation", _("Création")),
)
TERRITORY, NETWORK = STEPS[1], STEPS[2]
WANTED = {"name", "email", "federation_mode", "language"}  # fields that must not stay empty
UNNAMED = "fediterr"  # what a server is called before anybody gave it a name


@blueprint.get("/setup/<token>", defaults={"slug": STEPS[0].slug})
@blueprint.get("/setup/<token>/<slug>")
def show(token: str, slug: str) -> Response:
    step, answers = _step(slug), _answers(token)
    if slug == STEPS[-1].slug and (unsound := _first_unsound(answers)):
        flask.flash(str(_("Il manque encore quelque chose à cette étape.")), "bad")
        return rendering.lead(_address(token, unsound))
    values = {name: answers.get(answer, "") for name, answer in step.fields.items()}
    if step == TERRITORY:
        loading.ensure()
    return _page(token, step, forms.Form(_proposed(values, answers)), answers)


@blueprint.post("/setup/<token>", defaults={"slug": STEPS[0].slug})
@blueprint.post("/setup/<token>/<slug>")
def keep(token: str, slug: str) -> Response:
    """Keep a step and go on, or back."""
    step, form, answers = _step(slug), forms.sent(), _answers(token)
    if slug == STEPS[-1].slug:
        return _finish(token, form, answers)
    if step == TERRITORY and "territory_code" not in site.given().fixed:
        return _keep_territory(token, form, answers)
    asked = {name: answer for name, answer in step.fields.items() if answer not in site.given().fixed}
    said = {answer: form.value(name).strip() for name, answer in asked.items() if name in form.values}
    back = form.value("to") == "back"  # what was typed is kept as it is: it is checked on the way on
    if not back and _refuse(step, form, said):
        return _page(token, step, form, answers, 400)
    first_run.keep(token, said)
    return rendering.lead(_address(token, STEPS[max(0, STEPS.index(step) + (-1 if back else 1))]))


def _keep_territory(token: str, form: forms.Form, answers: dict[str, str]) -> Response:
    """Keep the territory that was chosen, or that there is none; until then, show those that answer what was typed."""
    before = answers.get("territory_code", "")
    if form.value("to") == "back":
        return rendering.lead(_address(token, STEPS[0]))
    chosen = territory_choice.chosen(form)
    if chosen is None and not territory_choice.is_declined(form):
        return _page(token, TERRITORY, form, answers, 400 if form.wrong else 200)
    code = chosen.code if chosen else ""
    if code != before:  # what was proposed for another one does not hold
        first_run.keep(token, dict.fromkeys(("name", "place", "description", "authority_name"), ""))
    first_run.keep(token, {"territory_code": code})
    return rendering.lead(_address(token, NETWORK))


def _refuse(step: Step, form: forms.Form, said: dict[str, str]) -> bool:
    """Say at its field what does not suit; whether anything does not."""
    for name in [name for name, answer in step.fields.items() if name in WANTED and answer in said]:
        form.require(name, str(_("Il faut une réponse ici.")))
    try:
        first_run.check_authority(said)
    except (errors.Invalid, errors.Conflict) as problem:
        form.wrong["authority_name"] = problems.words_of(problem)
    try:
        if not form.wrong:
            first_run.check(said)
    except (errors.Invalid, errors.Conflict) as problem:
        form.refuse(problem)
    return bool(form.wrong)


def _finish(token: str, form: forms.Form, answers: dict[str, str]) -> Response:
    try:
        if not form.is_on("understood"):
            form.wrong["understood"] = str(_("Confirmez que cette adresse est la bonne."))
            return _page(token, STEPS[-1], form, answers, 400)
        form.require_twice("password")
        user = first_run.finish(token, form.value("password"))
    except (errors.Invalid, errors.Conflict) as problem:
        db.end()
        return _page(token, STEPS[-1], form.refuse(problem), answers, 400)
    session.start(user)
    return rendering.lead(flask.url_for("web.first_run.done"))


@blueprint.get("/administration/premiers-pas")
def done() -> Response:
    """What to do next."""
    session.require_administrator()
    return rendering.show("setup/done.html")


def _page(token: str, step: Step, form: forms.Form, answers: dict[str, str], status: int = 200) -> Response:
    if step.slug == "verifications":
        db.end()
    lines = findings.made() if step.slug == "verifications" else []
    territory = directory.by_code(site.given().territory_code or answers.get("territory_code", ""))
    candidates = territory_choice.candidates(form, territory) if step == TERRITORY else []
    return rendering.show(
        f"setup/{step.slug}.html", status=status, form=form, answers=answers, steps=STEPS, step=step, lines=lines,
        territory=territory, candidates=candidates, number=STEPS.index(step) + 1,
        address=lambda other: _address(token, other), fixed=site.given().fixed,
        conforms=names.conforms(site.settings().handle_domain), alone=True, spoken=rendering.spoken(),
    )  # fmt: skip


def _answers(token: str) -> dict[str, str]:
    """What was answered so far; the page speaks the language that was chosen."""
    found = first_run.answers(token)
    flask.g.language = request.form.get("language") or found.get("language")
    return found


def _step(slug: str) -> Step:
    found = next((step for step in STEPS if step.slug == slug), None)
    if found is None:
        raise errors.NotFound("There is no such page.")
    return found


def _address(token: str, step: Step) -> str:
    return flask.url_for("web.first_run.show", token=token, slug=step.slug)


def _proposed(values: dict[str, str], answers: dict[str, str]) -> dict[str, str]:
    """For what was not answered yet: what suits the territory, or what holds now."""
    settings = site.settings()
    territory = directory.by_code(settings.territory_code or answers.get("territory_code", ""))
    if territory is not None and "authority_name" in values:
        proposals = home.proposed(territory, answers.get("language", settings.language))
        proposals["authority_name"] = authorities.propose_name(territory)
        values |= {name: proposal for name, proposal in proposals.items() if not values[name]}
    for name in values.keys() & {"place", "description", "contact_email", "federation_mode"}:
        values[name] = values[name] or getattr(settings, name)
    if "place" in values and not values["name"] and settings.name != UNNAMED:
        values["name"] = settings.name
    if "language" in values:
        values["language"] = values["language"] or rendering.language()
    return values


def _first_unsound(answers: dict[str, str]) -> Step | None:
    """The first step that has no answer, or one that does not suit."""
    missing = set(first_run.missing(answers))
    for step in STEPS:
        said = {answer: answers[answer] for answer in step.fields.values() if answer in answers}
        try:
            first_run.check(said)
        except (errors.Invalid, errors.Conflict):
            return step
        if missing & set(step.fields.values()):
            return step
    return None
