"""What an application shows when it is told by Web Push: a title and a few words, in the language of the user."""

import json

import flask_babel
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.core import site, text
from fediterr.core.db import session
from fediterr.social import notifications, pushes
from fediterr.social.models import Notification

BODY = 140  # characters
TITLE = 200
LANGUAGES = ("fr", "en")


def queue(fact: notifications.NotificationMade) -> None:
    """Let each application that wants to hear of a notification be told of it."""
    told = session.get(Notification, fact.notification_id)
    wanting = pushes.wanting(told) if told is not None else []
    if told is None or not wanting:
        return
    user = accounts.user_of(accounts.get(told.account_id))
    language = (user and user.language) or site.settings().language
    with flask_babel.force_locale(language if language in LANGUAGES else "fr"):
        payload = _payload(told, language)
    for subscription in wanting:
        pushes.queue(subscription, payload)


def _payload(told: Notification, language: str) -> str:
    """The keys are Mastodon's. It also sends the token of the application, which is a secret and stays here."""
    sender, post = told.sender, told.post
    words = (post.warning or post.content) if post else sender.summary
    return json.dumps(
        {
            "access_token": "",
            "preferred_locale": language,
            "notification_id": str(told.id),
            "notification_type": told.kind,
            "icon": sender.icon_url or site.address("/avatars/original/missing.png"),
            "title": _title(told.kind, sender.shown_name)[:TITLE],
            "body": text.excerpt(words, BODY),
        },
        ensure_ascii=False,
    )


def _title(kind: str, name: str) -> str:
    titles = {
        "mention": _("%(name)s vous mentionne ou vous répond", name=name),
        "quote": _("%(name)s cite votre message", name=name),
        "status": _("%(name)s a publié un message", name=name),
        "reblog": _("%(name)s a relayé votre message", name=name),
        "follow": _("%(name)s vous suit maintenant", name=name),
        "follow_request": _("%(name)s demande à vous suivre", name=name),
        "favourite": _("%(name)s trouve votre message utile", name=name),
        "poll": _("Un sondage auquel vous avez pris part est terminé"),
        "update": _("%(name)s a modifié un message que vous avez relayé", name=name),
        "quoted_update": _("%(name)s a modifié un message que vous citez", name=name),
        "severed_relationships": _("Des abonnements ont pris fin"),
        "moderation_warning": _("La modération vous a écrit"),
        "admin.sign_up": _("%(name)s s’est inscrit ici", name=name),
        "admin.report": _("%(name)s a signalé quelque chose", name=name),
    }
    return str(titles.get(kind, name))
