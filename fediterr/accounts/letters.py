"""What the server writes to people by e-mail, in their language."""

from datetime import datetime
from typing import Any

from babel.dates import format_date

from fediterr.accounts.models import User
from fediterr.core import mail, site

# By occasion and language: the subject and the paragraphs.
WORDS = {
    "invited": {
        "fr": [
            "Vous êtes invité",
            "Bonjour,",
            "{who} vous invite à rejoindre {server}. Pour créer votre compte :",
            "{link}",
        ],
        "en": ["You are invited", "Hello,", "{who} invites you to join {server}. To create your account:", "{link}"],
    },
    "invited_until": {
        "fr": [
            "Vous êtes invité",
            "Bonjour,",
            "{who} vous invite à rejoindre {server}. Pour créer votre compte, jusqu’au {until} :",
            "{link}",
        ],
        "en": [
            "You are invited",
            "Hello,",
            "{who} invites you to join {server}. To create your account, until {until}:",
            "{link}",
        ],
    },
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
            "{reason}",
        ],
        "en": [
            "Your account is open",
            "Hello {name},",
            "Your registration on {server} is accepted. Sign in here:",
            "{link}",
            "{reason}",
        ],
    },
    "measured": {
        "fr": [
            "Décision des modérateurs",
            "Bonjour {name},",
            "{means}",
            "{reason}",
            "Vous pouvez la contester, une fois, dans les vingt jours. Quelqu’un d’autre la relira.",
            "Pour la lire et y répondre, ouvrez ce lien, qui n’est que pour vous :",
            "{link}",
        ],
        "en": [
            "Decision of the moderators",
            "Hello {name},",
            "{means}",
            "{reason}",
            "You may contest it, once, within twenty days. Somebody else than who took it will look at it again.",
            "To read it and answer, open this link, which is for you alone:",
            "{link}",
        ],
    },
    "appealed": {
        "fr": [
            "Une décision est contestée",
            "Bonjour {name},",
            "{who} conteste une décision des modérateurs et attend une réponse :",
            "{link}",
        ],
        "en": [
            "A decision is contested",
            "Hello {name},",
            "{who} contests a decision of the moderators and waits for an answer:",
            "{link}",
        ],
    },
    "claimed": {
        "fr": [
            "Une demande de représentation",
            "Bonjour {name},",
            "{who} demande à représenter {about} sur {server} et attend une réponse :",
            "{link}",
        ],
        "en": [
            "A claim to stand for a territory",
            "Hello {name},",
            "{who} asks to stand for {about} on {server} and waits for an answer:",
            "{link}",
        ],
    },
    "claim_accepted": {
        "fr": [
            "Vous représentez {about}",
            "Bonjour {name},",
            "Votre demande est acceptée : vous gérez le compte de {about} sur {server}.",
            "{reason}",
            "{link}",
        ],
        "en": [
            "You stand for {about}",
            "Hello {name},",
            "Your claim is accepted: you manage the account of {about} on {server}.",
            "{reason}",
            "{link}",
        ],
    },
    "claim_refused": {
        "fr": [
            "Votre demande pour {about}",
            "Bonjour {name},",
            "Votre demande de représenter {about} sur {server} n’est pas acceptée :",
            "{reason}",
            "{link}",
        ],
        "en": [
            "Your claim to stand for {about}",
            "Hello {name},",
            "Your claim to stand for {about} on {server} is not accepted:",
            "{reason}",
            "{link}",
        ],
    },
    "unverified": {
        "fr": [
            "{about} n’est plus vérifié",
            "Bonjour {name},",
            "La page {page} ne renvoie plus au compte de {about} sur {server} : il n’est plus montré comme vérifié.",
            "Remettez le lien, puis demandez une nouvelle vérification ici :",
            "{link}",
        ],
        "en": [
            "{about} is no longer verified",
            "Hello {name},",
            "The page {page} no longer points to the account of {about} on {server}: it is verified no more.",
            "Put the link back, then ask for another look here:",
            "{link}",
        ],
    },
    "refused_entry": {
        "fr": [
            "Votre demande à {group}",
            "Bonjour {name},",
            "Les personnes qui modèrent la communauté {group} n’ont pas donné suite à votre demande.",
            "{reason}",
            "{link}",
        ],
        "en": [
            "Your request to {group}",
            "Hello {name},",
            "The moderators of the community {group} did not let you in.",
            "{reason}",
            "{link}",
        ],
    },
    "accepted": {
        "fr": [
            "Votre contestation est acceptée",
            "Bonjour {name},",
            "Les modérateurs ont relu la décision que vous contestiez, et reviennent dessus.",
            "Ce qui pouvait être rétabli l’est.",
            "{reason}",
            "{link}",
        ],
        "en": [
            "Your appeal is accepted",
            "Hello {name},",
            "The moderators have looked again at the decision that you contested, and take it back.",
            "What could be restored is.",
            "{reason}",
            "{link}",
        ],
    },
    "maintained": {
        "fr": [
            "Votre contestation n’est pas acceptée",
            "Bonjour {name},",
            "Les modérateurs ont relu la décision que vous contestiez, et la maintiennent :",
            "{reason}",
            "{link}",
        ],
        "en": [
            "Your appeal is not accepted",
            "Hello {name},",
            "The moderators have looked again at the decision that you contested, and keep it:",
            "{reason}",
            "{link}",
        ],
    },
    "noticed": {
        "fr": [
            "Votre signalement est bien arrivé",
            "Bonjour {name},",
            "Votre signalement à propos de {about} est arrivé sur {server}.",
            "Une personne va le lire, et vous recevrez sa réponse à cette adresse. Voici ce que vous avez écrit :",
            "{reason}",
        ],
        "en": [
            "Your report has arrived",
            "Hello {name},",
            "Your report about {about} has arrived on {server}.",
            "A person will read it, and you will get the answer at this address. This is what you wrote:",
            "{reason}",
        ],
    },
    "heard": {
        "fr": [
            "Votre signalement a été examiné",
            "Bonjour {name},",
            "Les modérateurs de {server} ont examiné votre signalement à propos de {about}. {means}",
            "Si vous n’êtes pas d’accord, vous pouvez écrire aux personnes qui administrent ce serveur : {link}",
            "Vous pouvez aussi vous adresser à la justice.",
        ],
        "en": [
            "Your report was looked at",
            "Hello {name},",
            "The moderators of {server} have looked at your report about {about}. {means}",
            "If you do not agree, you may write to those who administer this server: {link}",
            "You may also go to court.",
        ],
    },
    "told": {
        "fr": [
            "{subject}",
            "Bonjour {name},",
            "{means}",
            "Si ce n’est pas vous, prévenez la personne qui administre {server}, et changez de mot de passe :",
            "{link}",
        ],
        "en": [
            "{subject}",
            "Hello {name},",
            "{means}",
            "If this was not you, tell whoever administers {server}, and change your password:",
            "{link}",
        ],
    },
    "password": {
        "fr": [
            "Choisissez un nouveau mot de passe",
            "Bonjour {name},",
            "Pour choisir un nouveau mot de passe sur {server}, ouvrez ce lien dans l’heure :",
            "{link}",
            "Si vous n’avez rien demandé, laissez ce message sans suite : votre mot de passe reste le même.",
        ],
        "en": [
            "Choose a new password",
            "Hello {name},",
            "To choose a new password on {server}, open this link within the hour:",
            "{link}",
            "If you asked for nothing, let this message be: your password stays the same.",
        ],
    },
    "address": {
        "fr": [
            "Confirmez votre nouvelle adresse",
            "Bonjour {name},",
            "Pour que cette adresse devienne la vôtre sur {server}, ouvrez ce lien dans les deux jours :",
            "{link}",
            "Si vous n’avez rien demandé, laissez ce message sans suite.",
        ],
        "en": [
            "Confirm your new address",
            "Hello {name},",
            "To make this address yours on {server}, open this link within two days:",
            "{link}",
            "If you asked for nothing, let this message be.",
        ],
    },
    "archive": {
        "fr": [
            "Votre archive est prête",
            "Bonjour {name},",
            "L’archive de vos données sur {server} est prête. Elle reste à votre disposition sept jours :",
            "{link}",
            "Si vous ne l’avez pas demandée, changez votre mot de passe.",
        ],
        "en": [
            "Your archive is ready",
            "Hello {name},",
            "The archive of your data on {server} is ready. It is kept for seven days:",
            "{link}",
            "If you did not ask for it, change your password.",
        ],
    },
    "departure": {
        "fr": [
            "Votre compte va être effacé",
            "Bonjour {name},",
            "Vous avez demandé l’effacement de votre compte sur {server}, prévu le {day}.",
            "Ce lien montre où il en est, permet d’y renoncer jusque-là, puis dit quels serveurs ont été prévenus :",
            "{link}",
            "Il sert sans connexion : gardez-le pour vous.",
            "Si vous n’avez rien demandé, ouvrez-le, renoncez, et changez votre mot de passe.",
        ],
        "en": [
            "Your account will be erased",
            "Hello {name},",
            "You asked for your account on {server} to be erased, on {day}.",
            "This link shows how far it is, lets you change your mind, and says later which servers were told:",
            "{link}",
            "It needs no sign-in: keep it to yourself.",
            "If you asked for nothing, open it, change your mind there, and change your password.",
        ],
    },
    "departure_now": {
        "fr": [
            "Votre compte est effacé",
            "Bonjour {name},",
            "Votre compte sur {server} est effacé, comme vous l’avez demandé.",
            "Pendant trente jours, ce lien montre où en est l’effacement et quels serveurs ont été prévenus :",
            "{link}",
            "Il sert sans connexion : gardez-le pour vous.",
        ],
        "en": [
            "Your account is erased",
            "Hello {name},",
            "Your account on {server} is being erased, as you asked.",
            "For thirty days this link shows how far it is and which servers were told:",
            "{link}",
            "It needs no sign-in: keep it to yourself.",
        ],
    },
    "rejected": {
        "fr": [
            "Votre inscription n’est pas acceptée",
            "Bonjour {name},",
            "Votre demande d’inscription sur {server} n’est pas acceptée. Ce que vous aviez envoyé est effacé.",
            "{reason}",
        ],
        "en": [
            "Your registration is not accepted",
            "Hello {name},",
            "Your request to register on {server} is not accepted. What you had sent is deleted.",
            "{reason}",
        ],
    },
}

# What somebody is told who may not have done it: the subject, and what it means.
HAPPENED = {
    "password": {
        "fr": ("Votre mot de passe a changé", "Le mot de passe de votre compte vient de changer."),
        "en": ("Your password has changed", "The password of your account has just been changed."),
    },
    "address": {
        "fr": (
            "Votre adresse électronique a changé",
            "Cette adresse n’est plus celle de votre compte : les courriels iront désormais à la nouvelle.",
        ),
        "en": (
            "Your e-mail address has changed",
            "This address is no longer the one of your account: mail goes to the new one from now on.",
        ),
    },
    "second_factor_on": {
        "fr": (
            "La double authentification est activée",
            "Un code de votre téléphone est maintenant demandé à chaque connexion.",
        ),
        "en": ("The second factor is on", "A code of your telephone is now asked for at each sign-in."),
    },
    "second_factor_off": {
        "fr": (
            "La double authentification est retirée",
            "Votre mot de passe suffit de nouveau pour vous connecter.",
        ),
        "en": ("The second factor is off", "Your password is again enough to sign in."),
    },
    "passkey": {
        "fr": (
            "Une clé d’accès a été ajoutée",
            "Une nouvelle clé d’accès ouvre maintenant votre compte.",
        ),
        "en": ("A passkey was added", "A new passkey opens your account from now on."),
    },
}

# What each measure of moderators means, in the same way.
MEASURES = {
    "none": {"fr": "Les modérateurs vous adressent un avertissement.", "en": "The moderators send you a warning."},
    "delete_statuses": {
        "fr": "Les modérateurs ont supprimé de vos messages.",
        "en": "The moderators have deleted posts of yours.",
    },
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

OUTCOMES = {
    True: {"fr": "Une décision a été prise.", "en": "A decision was taken."},
    False: {"fr": "Ils n’ont pas pris de mesure.", "en": "They took no measure."},
}


def confirm(user: User, word: str) -> None:
    """Ask whoever reads mail at an address whether it is theirs."""
    _write("confirm", user, user.email, site.address(f"/confirmation?token={word}"))


def approved(user: User, words: str = "") -> None:
    _write("approved", user, user.email, site.address("/connexion"), reason=words)


def rejected(user: User, words: str = "") -> None:
    _write("rejected", user, user.email, "", reason=words)


def invited(recipient: str, who: str, link: str, until: datetime | None) -> None:
    """Invite somebody who has no account yet."""
    language = site.settings().language
    end = format_date(until, "long", locale=language) if until else ""
    _write("invited_until" if end else "invited", None, recipient, link, who=who, until=end)


def measured(user: User, measure: str, reason: str, link: str) -> None:
    """Tell somebody what moderators decided about their account, why in their words, and where to contest it."""
    _write("measured", user, user.email, link, means=_spoken(MEASURES[measure], user), reason=reason)


def archive_ready(user: User) -> None:
    """Tell somebody that the archive of their data can be fetched."""
    _write("archive", user, user.email, site.address("/reglages/donnees"))


def departure(user: User, word: str, day: str) -> None:
    """Give somebody whose account will be erased the link that shows it; no day: at once."""
    link = site.address(f"/depart/{word}")
    _write("departure" if day else "departure_now", user, user.email, link, day=day)


def appealed(user: User, who: str, link: str) -> None:
    """Tell a moderator that a decision is contested."""
    _write("appealed", user, user.email, link, who=who)


def claimed(user: User, who: str, about: str, link: str) -> None:
    """Tell an administrator that somebody asks to stand for a territory."""
    _write("claimed", user, user.email, link, who=who, about=about)


def claim_answered(user: User, about: str, reason: str, link: str, *, accepted: bool) -> None:
    """Tell somebody whether they stand for a territory now, and why not."""
    _write("claim_accepted" if accepted else "claim_refused", user, user.email, link, about=about, reason=reason)


def unverified(user: User, about: str, page: str, link: str) -> None:
    """Tell whoever manages an authority that its website points to it no longer."""
    _write("unverified", user, user.email, link, about=about, page=page)


def told(user: User, what: str, recipient: str = "") -> None:
    """Tell somebody what has just changed about the way they sign in: they may not have done it."""
    if not site.settings().mail_host:
        return
    subject, means = _spoken(HAPPENED[what], user)
    link = site.address("/mot-de-passe-oublie")
    _write("told", user, recipient or user.email, link, subject=subject, means=means)


def new_password(user: User, word: str) -> None:
    _write("password", user, user.email, site.address(f"/nouveau-mot-de-passe?token={word}"))


def new_address(user: User, address: str, word: str) -> None:
    """Ask whoever reads mail at an address whether it is to be theirs here."""
    _write("address", user, address, site.address(f"/nouvelle-adresse?token={word}"))


def answered(user: User, reason: str, link: str, *, accepted: bool) -> None:
    """Tell somebody what became of the decision they contested."""
    _write("accepted" if accepted else "maintained", user, user.email, link, reason=reason)


def refused_entry(user: User, group: str, reason: str, link: str) -> None:
    """Tell somebody that a community does not let them in, and why."""
    _write("refused_entry", user, user.email, link, group=group, reason=reason)


def noticed(recipient: str, name: str, about: str, words: str) -> None:
    """Tell a visitor that what they gave notice of has come in."""
    _write("noticed", None, recipient, "", name=name, about=about, reason=words)


def heard(recipient: str, name: str, user: User | None, about: str, *, acted: bool) -> None:
    """Tell whoever reported something that moderators have looked at it."""
    means = _spoken(OUTCOMES[acted], user)
    _write("heard", user, recipient, site.address("/about"), name=name, about=about, means=means)


def _spoken(by_language: dict[str, Any], user: User | None) -> Any:
    """In the language of that person; of whoever is not known here, in that of the server."""
    chosen = (user.language or "")[:2] if user else ""
    return by_language.get(chosen) or by_language[site.settings().language]


def _write(occasion: str, user: User | None, recipient: str, link: str, **more: str) -> None:
    settings = site.settings()
    given = {"name": user.account.shown_name if user else "", "server": settings.name, "link": link, **more}
    subject, *words = (part.format(**given) for part in _spoken(WORDS[occasion], user))
    mail.send(recipient, f"{settings.name} · {subject}", "\n\n".join(part for part in words if part) + "\n")
