"""What moderators decide, in plain words: measures, what is reported, acts of the journal."""

from typing import NamedTuple

from flask_babel import gettext as _

from fediterr.accounts.models import Role
from fediterr.moderation import people
from fediterr.moderation.models import IpSeverity, Severity


class Measure(NamedTuple):
    """A measure as it is chosen: its word, and what it means for the person."""

    name: str
    word: str
    means: str


def measures(*, of_here: bool) -> list[Measure]:
    """The measures that may be taken about somebody, the mildest first."""
    every = [
        Measure("none", _("Avertir"), _("La personne lit votre message ; rien d’autre ne change.")),
        Measure(
            people.DELETE, _("Supprimer les messages cochés"), _("Pour toujours. Une copie reste avec la décision.")
        ),
        Measure("sensitive", _("Voiler les images"), _("On les voit après avoir cliqué, sur tous ses messages.")),
        Measure("silence", _("Limiter"), _("Seules les personnes qui la suivent déjà la lisent dans leurs listes.")),
        Measure("disable", _("Fermer l’accès"), _("La personne ne peut plus se connecter ; ses messages restent.")),
        Measure("suspend", _("Suspendre"), _("Plus rien de ce compte n’est montré. Cela peut être annulé.")),
    ]
    return [each for each in every if of_here or each.name not in ("none", "disable")]


def decided(action: str) -> str:
    """What a decision means, to the person it is about."""
    return str(
        {
            "none": _("Un avertissement"),
            people.DELETE: _("Des messages ont été supprimés"),
            "sensitive": _("Vos images sont voilées : on les voit après avoir cliqué"),
            "silence": _(
                "Votre compte est limité : seules les personnes qui vous suivent vous lisent dans leurs listes"
            ),
            "disable": _("L’accès à votre compte est fermé ; vos messages restent"),
            "suspend": _("Votre compte est suspendu : plus rien n’en est montré"),
        }.get(action, action)
    )


def categories() -> dict[str, str]:
    """What is wrong, in the words of whoever reports it."""
    return {
        "spam": _("C’est du courrier indésirable : publicité, liens trompeurs, messages répétés"),
        "legal": _("C’est contraire à la loi : menace, haine, atteinte à la vie privée, contrefaçon…"),
        "violation": _("C’est contraire aux règles de ce serveur"),
        "other": _("C’est autre chose"),
    }


def category(name: str) -> str:
    """The same, short, for moderators."""
    return str(
        {
            "spam": _("Indésirable"),
            "legal": _("Contraire à la loi"),
            "violation": _("Contraire aux règles"),
            "other": _("Autre"),
        }.get(name, name)
    )


def roles() -> dict[str, str]:
    """What somebody may do here."""
    return {
        Role.GUEST: _("Invité : lit, suit, répond et écrit à des personnes, sans publier en son nom"),
        Role.MEMBER: _("Membre"),
        Role.MODERATOR: _("Modération"),
        Role.ADMIN: _("Administration"),
    }


def severities() -> dict[str, str]:
    """What a rule on a domain does."""
    return {
        Severity.SUSPEND: _("Tenu à l’écart : aucun échange"),
        Severity.SILENCE: _("Limité : seules les personnes qui le suivent en lisent les comptes"),
        Severity.NOOP: _("Rien que les refus cochés ci-dessous"),
    }


def severity(name: str) -> str:
    """The same, short."""
    return str(
        {
            Severity.SUSPEND.value: _("Tenu à l’écart"),
            Severity.SILENCE.value: _("Limité"),
            Severity.NOOP.value: _("Refus seulement"),
        }.get(name, name)
    )


def ip_severities() -> dict[str, str]:
    """What is refused to a network."""
    return {
        IpSeverity.APPROVAL: _("Les inscriptions attendent l’accord de la modération"),
        IpSeverity.SIGN_UP: _("Les inscriptions sont refusées"),
        IpSeverity.ACCESS: _("Rien ne répond à ce réseau, pas même les pages"),
    }


def acts() -> dict[str, str]:
    """Each act of the journal; who did it stands before, what it is about after."""
    return {
        "none": _("a averti"),
        people.DELETE: _("a supprimé des messages de"),
        "sensitive": _("a voilé les images de"),
        "silence": _("a limité"),
        "disable": _("a fermé l’accès de"),
        "suspend": _("a suspendu"),
        "unsensitive": _("a retiré le voile des images de"),
        "unsilence": _("a levé la limite de"),
        "enable": _("a rouvert l’accès de"),
        "unsuspend": _("a levé la suspension de"),
        "approve": _("a accepté l’inscription de"),
        "reject": _("a refusé l’inscription de"),
        "delete": _("a supprimé le compte"),
        "note": _("a laissé une note sur"),
        "assign_report": _("a pris le signalement"),
        "unassign_report": _("a rendu le signalement"),
        "update_report": _("a reclassé le signalement"),
        "note_report": _("a laissé une note sur le signalement"),
        "resolve_report": _("a clos le signalement"),
        "reopen_report": _("a rouvert le signalement"),
        "lodge_appeal": _("a contesté une décision :"),
        "accept_appeal": _("a accepté la contestation de"),
        "refuse_appeal": _("a refusé la contestation de"),
        "block_domain": _("a bloqué ou limité le serveur"),
        "change_domain_block": _("a changé le blocage du serveur"),
        "allow_domain": _("a admis le serveur"),
        "forget_domain": _("a retiré la règle sur le serveur"),
        "import_domains": _("a importé une liste de serveurs :"),
        "import_territories": _("a apporté des données sur les territoires :"),
        "block_email_domain": _("a refusé les adresses électroniques de"),
        "unblock_email_domain": _("accepte de nouveau les adresses électroniques de"),
        "block_canonical_email": _("a refusé une adresse électronique :"),
        "unblock_canonical_email": _("accepte de nouveau une adresse électronique :"),
        "block_ip": _("a refusé le réseau"),
        "change_ip_block": _("a changé le refus du réseau"),
        "unblock_ip": _("ne refuse plus le réseau"),
        "try_server_again": _("a fait réessayer le serveur"),
        "forget_queue": _("a jeté ce qui attendait pour le serveur"),
        "invite": _("a invité :"),
        "revoke_invitation": _("a retiré une invitation :"),
        "welcome_domain": _("accueille sans attente les adresses de"),
        "dismiss_domain": _("n’accueille plus sans attente les adresses de"),
        "give_role": _("a donné un rôle à"),
        "reset_second_factor": _("a retiré la double authentification de"),
        "open_authority": _("a ouvert le compte de collectivité"),
        "let_speak": _("a permis d’agir au nom d’une collectivité à"),
        "change_office": _("a changé ce que peut faire pour une collectivité"),
        "speak_for": _("a publié au nom de"),
        "end_speaking": _("a retiré le droit d’agir au nom d’une collectivité à"),
        "tie_authority": _("a relié à un territoire le compte"),
        "accept_claim": _("a accepté la demande de représentation de"),
        "refuse_claim": _("a refusé la demande de représentation de"),
        "let_in": _("a laissé entrer dans une communauté"),
        "refuse_entry": _("n’a pas laissé entrer dans une communauté"),
        "send_away": _("a exclu d’une communauté"),
        "let_back": _("laisse revenir dans une communauté"),
        "make_member": _("a retiré son rôle dans une communauté à"),
        "make_moderator": _("a confié la modération d’une communauté à"),
        "make_animator": _("a confié l’animation d’une communauté à"),
        "pin_in_community": _("a épinglé dans une communauté :"),
        "unpin_in_community": _("n’épingle plus dans une communauté :"),
        "lock_thread": _("a fermé un sujet :"),
        "unlock_thread": _("a rouvert un sujet :"),
        "remove_from_community": _("a retiré d’une communauté :"),
        "restore_in_community": _("montre de nouveau dans une communauté :"),
        "add_rule": _("a ajouté une règle :"),
        "change_rule": _("a changé une règle :"),
        "translate_rule": _("a traduit une règle :"),
        "move_rule": _("a déplacé une règle :"),
        "withdraw_rule": _("a retiré une règle :"),
        "write_extended_description": _("a écrit la présentation du serveur :"),
        "write_privacy_policy": _("a écrit la politique de vie privée :"),
        "write_terms_of_service": _("a écrit les conditions d’utilisation :"),
        "forget_extended_description": _("a retiré la présentation du serveur :"),
        "forget_privacy_policy": _("a retiré la politique de vie privée :"),
        "forget_terms_of_service": _("a retiré les conditions d’utilisation :"),
        "publish_announcement": _("a publié une annonce :"),
        "change_announcement": _("a changé une annonce :"),
        "withdraw_announcement": _("a retiré une annonce :"),
        "set_up": _("a créé ce serveur :"),
        "choose_setting": _("a changé le réglage"),
        "put_emoji": _("a mis un émoji :"),
        "remove_emoji": _("a retiré un émoji :"),
        "update_tag": _("a décidé d’un mot-dièse :"),
    }


def act(action: str) -> str:
    return acts().get(action, action)
