"""What agents do for an authority, in words, as its journal tells it."""

from flask_babel import gettext as _


def acts() -> dict[str, str]:
    """Each act; who did it stands before, what it is about after."""
    return {
        "open_authority": _("a ouvert le compte"),
        "let_speak:read": _("a fait entrer, en lecture,"),
        "let_speak:write": _("a fait entrer, en écriture,"),
        "let_speak:manage": _("a fait entrer, en gestion,"),
        "change_office:read": _("a mis en lecture"),
        "change_office:write": _("a mis en écriture"),
        "change_office:manage": _("a mis en gestion"),
        "end_speaking": _("a fait sortir"),
        "verify:domain": _("a fait vérifier le compte par le site"),
        "verify:siret": _("a fait vérifier le compte par son SIRET :"),
        "verify:operator": _("a vérifié le compte :"),
        "unverify": _("a constaté que le compte n’est plus vérifié par"),
        "link": _("a relié le compte au territoire"),
        "change_identity": _("a changé le site ou la couleur"),
        "publish": _("a publié"),
        "schedule": _("a préparé un message pour le"),
        "edit": _("a modifié le message"),
        "delete": _("a supprimé le message"),
        "posts.boost": _("a relayé"),
        "posts.boost:off": _("a cessé de relayer"),
        "posts.like": _("a trouvé utile"),
        "posts.like:off": _("ne trouve plus utile"),
        "posts.pin": _("a mis en tête du profil"),
        "posts.pin:off": _("a retiré de la tête du profil"),
        "posts.vote": _("a répondu au sondage"),
        "accounts.follow": _("a suivi"),
        "accounts.follow:off": _("a cessé de suivre"),
        "accounts.block": _("a bloqué"),
        "accounts.block:off": _("a débloqué"),
        "relations.mute": _("a masqué"),
        "keeping.keep": _("a enregistré"),
        "keeping.keep:off": _("a retiré des enregistrés"),
        "tags.follow": _("a suivi le mot-dièse"),
        "tags.follow:off": _("a cessé de suivre le mot-dièse"),
        "lists.make": _("a créé une liste"),
        "lists.save": _("a changé la liste"),
        "lists.remove": _("a supprimé la liste"),
        "lists.put": _("a changé qui est dans la liste"),
        "messages.send": _("a écrit un message privé"),
        "messages.answer": _("a répondu à un message privé"),
        "messages.remove": _("a retiré la conversation"),
        "notifications.decide": _("a répondu à la demande de suivi"),
        "notifications.clear": _("a effacé les notifications"),
        "settings.save": _("a changé le profil"),
        "moving.move": _("a déménagé le compte"),
        "moving.add_alias": _("a ajouté un autre compte"),
        "moving.remove_alias": _("a retiré un autre compte"),
        "drafts.discard": _("a supprimé un brouillon"),
        "rewriting.withdraw": _("a retiré un message d’une citation"),
        "complaints.send": _("a signalé"),
    }


def act(action: str) -> str:
    """The same in words; of what has none of its own, where it was done."""
    return acts().get(action) or _("a agi sur")
