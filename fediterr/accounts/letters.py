"""What the server writes to people by e-mail, in their language."""

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


def confirm(user: User, word: str) -> None:
    """Ask whoever reads mail at an address whether it is theirs."""
    _write("confirm", user, user.unconfirmed_email or user.email, site.address(f"/confirmation?token={word}"))


def approved(user: User) -> None:
    _write("approved", user, user.email, site.address("/connexion"))


def rejected(user: User) -> None:
    _write("rejected", user, user.email, "")


def _write(occasion: str, user: User, recipient: str, link: str) -> None:
    settings = site.settings()
    spoken = WORDS[occasion]
    subject, *words = spoken.get((user.language or "")[:2]) or spoken[settings.language]
    filled = "\n\n".join(words).format(name=user.account.shown_name, server=settings.name, link=link)
    mail.send(recipient, f"{settings.name} · {subject}", f"{filled}\n")
