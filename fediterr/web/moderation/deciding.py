"""Taking a measure about somebody, from a report or from the page of an account; and the ways back."""

from collections.abc import Callable, Sequence

import flask
from flask import Response
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import errors
from fediterr.moderation import people
from fediterr.social import timelines
from fediterr.web import forms, rendering
from fediterr.web.moderation import words

WAYS_BACK: dict[str, Callable[[Account, Account], None]] = {
    "enable": people.enable,
    "unsensitive": people.unveil,
    "unsilence": people.unsilence,
    "unsuspend": people.unsuspend,
}
ABOUT_PEOPLE = (
    *people.MEASURES, *WAYS_BACK, "approve", "reject", "delete", "note", "give_role", "accept_appeal", "refuse_appeal",
)  # fmt: skip


def may_touch(me: Account, account: Account) -> bool:
    """Whether somebody stands above an account; nobody decides about themselves."""
    try:
        people.require_rank(me, account)
    except errors.Forbidden:
        return False
    return True


def offered(me: Account, account: Account) -> list[words.Measure]:
    """The measures that this moderator may take about that account; none when it is not below them."""
    if not may_touch(me, account):
        return []
    return words.measures(of_here=accounts.user_of(account) is not None)


def is_incomplete(form: forms.Form, post_ids: Sequence[int]) -> bool:
    """Whether something is missing before a measure can be taken; the form says what."""
    form.require("reason", _("Donnez le motif : la personne le lira."))
    form.require("measure", _("Choisissez une mesure."))
    if form.value("measure") == people.DELETE and not post_ids:
        form.wrong["measure"] = _("Cochez les messages à supprimer.")
    return bool(form.wrong)


def confirm(form: forms.Form, post_ids: Sequence[int], account: Account, back: str) -> Response:
    """Posts go for good: asked once more."""
    posts = timelines.as_moderators_see(list(post_ids))
    return rendering.show("moderation/delete_posts.html", form=form, posts=posts, account=account, back=back)


def act(me: Account, account: Account, form: forms.Form, post_ids: Sequence[int], report_id: int | None) -> None:
    measure = form.value("measure")
    deleted = timelines.as_moderators_see(list(post_ids)) if measure == people.DELETE else []
    people.act(
        me, account, measure,
        text=form.value("reason").strip(), report_id=report_id, by_mail=True, deleted=deleted,
    )  # fmt: skip
    flask.flash(
        _("C’est décidé. La personne en lit le motif et peut contester.")
        if accounts.user_of(account) is not None
        else _("C’est décidé.")
    )


def undo(me: Account, account: Account, way_back: str) -> None:
    """Take a measure back."""
    if way_back not in WAYS_BACK:
        raise errors.NotFound("There is no such page.")
    WAYS_BACK[way_back](me, account)
    flask.flash(_("La mesure est levée."))
