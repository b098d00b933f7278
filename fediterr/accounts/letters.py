"""What the server writes to people by e-mail, in their language."""

from typing import Any

from fediterr.accounts.models import User
from fediterr.core import mail, site

# By occasion and language: the subject and the paragraphs.
WORDS = {
    "confirm": {
        "fr": [
            "Confirmez votre adresse",
            "Bonjour {name},",
            "Pour confirmer que cette adresse est la vôtre sur {server}, ouvrez ce lien dans les deux jours :",
            "{link}",
            "Si vous n’avez rien demandé, laissez ce message sans suite.",
        ],
        "en": [
            "Confirm your address",
            "Hello {name},",
            "To confirm that this address is yours on {server}, open this link within two days:",
            "{link}",
            "If you asked for nothing, let this message be.",
        ],
    },
    "approved": {
        "fr": [
            "Votre compte est ouvert",
            "Bonjour {name},",
            "Votre inscription sur {server} est acceptée. Connectez-vous ici :",
            "{link}",
        ],
        "en": [
            "Your account is open",
            "Hello {name},",
            "Your registration on {server} is accepted. Sign in here:",
            "{link}",
        ],
    },
    "measured": {
        "fr": ["Décision des modérateurs", "Bonjour {name},", "{means}", "{reason}", "Les règles : {link}"],
        "en": ["Decision of the moderators", "Hello {name},", "{means}", "{reason}", "The rules: {link}"],
    },
    "rejected": {
        "fr": [
            "Votre inscription n’est pas acceptée",
            "Bonjour {name},",
            "Votre demande d’inscription sur {server} n’est pas acceptée. Ce que vous aviez envoyé est effacé.",
        ],
        "en": [
            "Your registration is not accepted",
            "Hello {name},",
            "Your request to register on {server} is not accepted. What you had sent is deleted.",
        ],
    },
}

# What each measure of moderators means, in the same way.
MEASURES = {
    "none": {"fr": "Les modérateurs vous adressent un avertissement.", "en": "The moderators send you a warning."},
    "disable": {
        "fr": "Les modérateurs ont fermé l’accès à votre compte : vos messages restent.",
        "en": "The moderators have closed the access to your account: your posts stay.",
    },
    "sensitive": {
        "fr": "Les modérateurs ont mis vos images derrière un voile : on les voit quand on le demande.",
        "en": "The moderators have put your pictures behind a veil: they are seen when asked for.",
    },
    "silence": {
        "fr": "Les modérateurs ont limité votre compte : seuls vos abonnés lisent vos messages dans leurs listes.",
        "en": "The moderators have limited your account: only your followers read your posts in their lists.",
    },
    "suspend": {
        "fr": "Les modérateurs ont suspendu votre compte : plus rien n’en est montré.",
        "en": "The moderators have suspended your account: nothing of it is shown any more.",
    },
}


def confirm(user: User, word: str) -> None:
    """Ask whoever reads mail at an address whether it is theirs."""
    _write("confirm", user, user.email, site.address(f"/confirmation?token={word}"))


def approved(user: User) -> None:
    _write("approved", user, user.email, site.address("/connexion"))


def rejected(user: User) -> None:
    _write("rejected", user, user.email, "")


def measured(user: User, measure: str, reason: str) -> None:
    """Tell somebody what moderators decided about their account, and why in their words."""
    means = _spoken(MEASURES[measure], user)
    _write("measured", user, user.email, site.address("/about"), means=means, reason=reason)


def _spoken(by_language: dict[str, Any], user: User) -> Any:
    return by_language.get((user.language or "")[:2]) or by_language[site.settings().language]


def _write(occasion: str, user: User, recipient: str, link: str, **more: str) -> None:
    settings = site.settings()
    subject, *words = _spoken(WORDS[occasion], user)
    filled = "\n\n".join(words).format(name=user.account.shown_name, server=settings.name, link=link, **more)
    mail.send(recipient, f"{settings.name} · {subject}", f"{filled}\n")
