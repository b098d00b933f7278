"""Choosing a territory in a form: by its name or a number, then among those that answer it; with or without scripts."""

from flask_babel import gettext as _

from fediterr.territories import directory, search
from fediterr.territories.models import Territory
from fediterr.web import forms

MOST = 8
NONE = "none"  # what the button says by which one declines


def is_declined(form: forms.Form) -> bool:
    return form.value("do") == NONE


def chosen(form: forms.Form) -> Territory | None:
    """What was chosen; nothing while one still looks, and the reason at its field when nothing can be found."""
    if is_declined(form):
        return None
    found = directory.by_code(form.value("territory_code"))
    words = form.value("territory").strip()
    if found is not None and words == found.name:  # as the list under the field fills it in
        return found
    if found is not None and form.value("do") != "search" and (not words or found in _answering(words)):
        return found
    if not words:
        form.wrong["territory"] = _("Tapez le nom de votre territoire, ou son numéro.")
    elif not _answering(words):
        form.wrong["territory"] = _("Aucun territoire ne s’appelle ainsi : essayez un autre mot, ou son numéro.")
    return None


def candidates(form: forms.Form, current: Territory | None) -> list[Territory]:
    """Those that answer what was typed; before anything was typed, the one that was chosen already."""
    words = form.value("territory").strip()
    if words:
        return _answering(words)
    return [current] if current is not None else []


def _answering(words: str) -> list[Territory]:
    numbered = directory.by_number(words)
    return [numbered] if numbered is not None else search.suggest(words, MOST)
