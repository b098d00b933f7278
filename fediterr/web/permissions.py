"""Scopes in plain words, as people read them before they allow an application anything."""

from flask_babel import gettext as _

from fediterr.accounts import scopes


def told(wanted: str) -> list[str]:
    """What these scopes allow: each once, and none that another holds already."""
    named = wanted.split()
    whole = [scope for scope in named if not any(_holds(other, scope) for other in named if other != scope)]
    words = _words()
    return [words[scope] for scope in scopes.ALL if scope in whole]


def _holds(wider: str, scope: str) -> bool:
    return scopes.allow(wider, scope) and not scopes.allow(scope, wider)


def _words() -> dict[str, str]:
    return {
        "read": _("Lire tout ce que vous pouvez lire : messages, abonnements, notifications, recherches, réglages"),
        "read:accounts": _("Lire votre profil et celui des autres"),
        "read:blocks": _("Voir qui vous bloquez"),
        "read:bookmarks": _("Voir vos marque-pages"),
        "read:favourites": _("Voir ce que vous avez aimé"),
        "read:filters": _("Voir vos filtres"),
        "read:follows": _("Voir qui vous suivez et qui vous suit"),
        "read:lists": _("Voir vos listes"),
        "read:mutes": _("Voir qui vous masquez"),
        "read:notifications": _("Lire vos notifications"),
        "read:search": _("Chercher en votre nom"),
        "read:statuses": _("Lire les messages que vous pouvez lire, même ceux qui vous sont adressés"),
        "write": _("Agir à votre place : publier, modifier, supprimer, suivre, changer votre profil"),
        "write:accounts": _("Modifier votre profil"),
        "write:blocks": _("Bloquer et débloquer des comptes et des serveurs"),
        "write:bookmarks": _("Ajouter et retirer des marque-pages"),
        "write:conversations": _("Marquer des conversations comme lues, les masquer ou les supprimer"),
        "write:favourites": _("Aimer des messages"),
        "write:filters": _("Modifier vos filtres"),
        "write:follows": _("Suivre des comptes, ne plus les suivre, répondre aux demandes"),
        "write:lists": _("Modifier vos listes"),
        "write:media": _("Envoyer des fichiers"),
        "write:mutes": _("Masquer des comptes et des conversations"),
        "write:notifications": _("Effacer vos notifications"),
        "write:reports": _("Signaler des comptes et des messages"),
        "write:statuses": _("Publier, modifier et supprimer des messages"),
        "follow": _("Suivre, bloquer et masquer des comptes, et voir ces listes"),
        "push": _("Recevoir vos notifications sur un appareil"),
        "profile": _("Savoir qui vous êtes : nom, identifiant, image"),
        "admin:read": _("Administration : lire toutes les données de ce serveur"),
        "admin:read:accounts": _("Administration : lire les données des comptes, adresses électroniques comprises"),
        "admin:read:reports": _("Administration : lire les signalements"),
        "admin:read:domain_allows": _("Administration : lire la liste des domaines admis"),
        "admin:read:domain_blocks": _("Administration : lire la liste des domaines bloqués"),
        "admin:read:ip_blocks": _("Administration : lire la liste des adresses IP bloquées"),
        "admin:read:email_domain_blocks": _("Administration : lire la liste des domaines de courriel bloqués"),
        "admin:read:canonical_email_blocks": _("Administration : lire la liste des adresses électroniques bloquées"),
        "admin:write": _("Administration : modifier toutes les données de ce serveur"),
        "admin:write:accounts": _("Administration : prendre des décisions sur les comptes"),
        "admin:write:reports": _("Administration : traiter les signalements"),
        "admin:write:domain_allows": _("Administration : modifier la liste des domaines admis"),
        "admin:write:domain_blocks": _("Administration : modifier la liste des domaines bloqués"),
        "admin:write:ip_blocks": _("Administration : modifier la liste des adresses IP bloquées"),
        "admin:write:email_domain_blocks": _("Administration : modifier la liste des domaines de courriel bloqués"),
        "admin:write:canonical_email_blocks": _(
            "Administration : modifier la liste des adresses électroniques bloquées"
        ),
    }
