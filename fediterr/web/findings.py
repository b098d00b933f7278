"""What the checks found, in the reader's language: each with its state in a word, and how to mend it.

The checks speak English, for the command line too; `IN_FRENCH` holds each sentence, as it stands in the source. A test
finds those that are missing.
"""

from dataclasses import dataclass

import flask_babel
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from fediterr.core import site
from fediterr.core.checks import public, series
from fediterr.core.checks.findings import Finding
from fediterr.web.sentences import Sentences

TITLES: dict[str, LazyString] = {
    "address": _("Adresse publique"),
    "name": _("Nom de domaine"),
    "certificate": _("Certificat (https)"),
    "answer": _("Réponse à cette adresse"),
    "mail": _("Courriel"),
    "worker": _("Travail en arrière-plan"),
    "queue": _("File d’attente"),
    "broker": _("Messagerie entre les parties"),
    "redis": _("Redis"),
    "database": _("Base de données"),
    "schema": _("Version de la base de données"),
    "clock": _("Horloge"),
    "data directory": _("Dossier des données"),
    "disk": _("Place sur le disque"),
    "secret key": _("Clé secrète"),
}

IN_FRENCH: dict[str, str] = {
    # given
    "The data directory {} cannot be made: {}.": "Le dossier des données {} ne peut pas être créé : {}.",
    "Set FEDITERR_DATA_DIR.": "Indiquez un autre dossier avec FEDITERR_DATA_DIR.",
    "The data directory {} cannot be written to.": "On ne peut pas écrire dans le dossier des données {}.",
    "Give it to the user that runs fediterr.": "Donnez-le à l’utilisateur du système qui fait tourner fediterr.",
    "The database cannot be reached: {}.": "La base de données ne répond pas : {}.",
    "Start it, or set FEDITERR_DATABASE_URL.": "Démarrez-la, ou indiquez son adresse avec FEDITERR_DATABASE_URL.",
    "SQLite has {}={} and may lose what was answered.": "SQLite a {}={} et pourrait perdre ce qui a été enregistré.",
    "It must be {}: put the data directory on a local disk that SQLite can lock.": (
        "Il faut {} : mettez le dossier des données sur un disque de cette machine, que SQLite peut verrouiller."
    ),
    "PostgreSQL {} is too old.": "PostgreSQL {} est trop ancien.",
    "Use PostgreSQL 15 or later.": "Utilisez PostgreSQL 15 ou plus récent.",
    "PostgreSQL has {}=off and may lose what was answered.": (
        "PostgreSQL a {}=off et pourrait perdre ce qui a été enregistré."
    ),
    "Set {} to on in postgresql.conf, or for this database with ALTER DATABASE.": (
        "Mettez {} à « on » dans postgresql.conf, ou pour cette base avec ALTER DATABASE."
    ),
    "The database is not at the revision this version needs.": (
        "La base de données n’est pas à la version qu’il faut à ce logiciel."
    ),
    "Run `fediterr migrate`.": "Lancez la commande « fediterr migrate ».",
    "The broker ({}) cannot be reached: {}.": "La messagerie entre les parties ({}) ne répond pas : {}.",
    "Start it, or set FEDITERR_BROKER_URL. Until then nothing is delivered or received, and nothing is lost.": (
        "Démarrez-la, ou indiquez son adresse avec FEDITERR_BROKER_URL. D’ici là rien ne part ni n’arrive, et rien ne "
        "se perd."
    ),
    "Redis cannot be reached: {}.": "Redis ne répond pas : {}.",
    "Start it, or set {}.": "Démarrez-le, ou indiquez son adresse avec {}.",
    "Redis has maxmemory-policy={} and may throw hints away.": (
        "Redis a maxmemory-policy={} et pourrait jeter des messages."
    ),
    "Set maxmemory-policy to noeviction.": "Réglez maxmemory-policy à noeviction.",
    "No mail is sent, so nobody who registers can prove their address.": (
        "Aucun courriel ne part : personne ne peut confirmer son adresse en s’inscrivant."
    ),
    "Set FEDITERR_MAIL_HOST; until then confirm them by hand: fediterr accounts confirm NAME.": (
        "Indiquez votre serveur de courriel avec FEDITERR_MAIL_HOST ; d’ici là, confirmez les adresses à la main : "
        "fediterr accounts confirm NOM."
    ),
    "No mail is sent: a forgotten password cannot be replaced by its owner.": (
        "Aucun courriel ne part : qui oublie son mot de passe ne peut pas en choisir un autre sans aide."
    ),
    "Set FEDITERR_MAIL_HOST, and what your mail provider says beside.": (
        "Indiquez votre serveur de courriel avec FEDITERR_MAIL_HOST, et ce que votre hébergeur de messagerie demande."
    ),
    "The mail server {} does not take us: {}.": "Le serveur de courriel {} nous refuse : {}.",
    "Start it, or set FEDITERR_MAIL_*. Until then letters wait.": (
        "Démarrez-le, ou corrigez les réglages FEDITERR_MAIL_*. D’ici là les lettres attendent."
    ),
    "The base address {} is plain http.": "L’adresse {} n’est pas protégée (http).",
    "Other servers refuse it: set FEDITERR_BASE_URL to an https address, and TLS in the reverse proxy.": (
        "Les autres serveurs la refusent : donnez une adresse en https à FEDITERR_BASE_URL, et un certificat au "
        "serveur frontal."
    ),
    "The name {} does not conform to the public rules for local authorities (RCPNT).": (
        "Le nom {} n’est pas conforme au référentiel des collectivités (RCPNT)."
    ),
    "Only .fr, .eu, regional and overseas names do: choose one before anything is published.": (
        "Seuls le sont les noms en .fr, en .eu et ceux des régions et des outre-mer : choisissez-en un avant de "
        "publier quoi que ce soit."
    ),
    "The secret key {} can be read by others.": "La clé secrète {} peut être lue par d’autres.",
    "Run: chmod 600 {}": "Lancez : chmod 600 {}",
    "The secret key is short.": "La clé secrète est courte.",
    "Give one of 32 characters or more, or none to have one made.": (
        "Donnez-en une de 32 caractères ou plus, ou aucune : elle sera créée."
    ),
    # machine
    "Only {} MiB are free on the disk of the data directory.": (
        "Il ne reste que {} Mio sur le disque du dossier des données."
    ),
    "Make room, or put the data directory on a larger disk: without room nothing is kept any more.": (
        "Faites de la place, ou mettez ce dossier sur un plus grand disque : sans place, plus rien n’est enregistré."
    ),
    "The clocks of this machine and of its database are {} seconds apart.": (
        "Les horloges de cette machine et de sa base de données diffèrent de {} secondes."
    ),
    "Have both follow the time of the network (NTP), for instance with chrony or systemd-timesyncd.": (
        "Faites-leur suivre l’heure du réseau (NTP), par exemple avec chrony ou systemd-timesyncd."
    ),
    "The clock of this machine does not follow the time of the network.": (
        "L’horloge de cette machine ne suit pas l’heure du réseau."
    ),
    "Turn that on, for instance with `timedatectl set-ntp true`: other servers refuse a clock that is wrong.": (
        "Activez cela, par exemple avec « timedatectl set-ntp true » : les autres serveurs refusent une heure fausse."
    ),
    # public
    "The name {} leads nowhere.": "Le nom {} ne mène nulle part.",
    "Where the name is managed, add an A record (and AAAA for IPv6) that leads to this machine.": (
        "Là où ce nom est géré, ajoutez un enregistrement A (et AAAA pour IPv6) qui mène à cette machine."
    ),
    "The certificate of {} is not accepted: {}.": "Le certificat de {} n’est pas accepté : {}.",
    "Have one made for this name, for instance by Let's Encrypt: Caddy does it by itself.": (
        "Faites-en établir un pour ce nom, par exemple par Let’s Encrypt : Caddy le fait de lui-même."
    ),
    "Nobody speaks TLS at {}, port {}: {}.": "Personne ne répond en https à {}, port {} : {}.",
    "Start the reverse proxy, and let port 443 through the firewall and the router.": (
        "Démarrez le serveur frontal, et laissez passer le port 443 dans le pare-feu et le routeur."
    ),
    "The certificate of {} ends on {}.": "Le certificat de {} expire le {}.",
    "Have it renewed, and look why it was not by itself.": (
        "Faites-le renouveler, et cherchez pourquoi cela ne s’est pas fait tout seul."
    ),
    "{} does not answer: {}.": "{} ne répond pas : {}.",
    "Have the reverse proxy lead this name to fediterr. Some routers hide one's own address from inside: then ask from "
    "outside.": (
        "Réglez le serveur frontal pour que ce nom mène à fediterr. Certains routeurs cachent leur propre adresse vue "
        "de l’intérieur : essayez alors de l’extérieur."
    ),
    "Something else than this server answers at {} ({}).": "Un autre que ce serveur répond à {} ({}).",
    "Have the reverse proxy lead this name to fediterr, with its Host header as it came.": (
        "Réglez le serveur frontal pour que ce nom mène à fediterr, en gardant l’en-tête Host tel quel."
    ),
    "The domain of the handles, {}, does not lead here ({}).": "Le domaine des identifiants, {}, ne mène pas ici ({}).",
    "Have its site redirect /.well-known/webfinger and /.well-known/host-meta to {}.": (
        "Demandez que son site renvoie /.well-known/webfinger et /.well-known/host-meta vers {}."
    ),
    # work
    "No worker has given a sign of life yet.": "Le travail en arrière-plan n’a pas encore commencé.",
    "Run `fediterr serve`, or `fediterr worker` and `fediterr scheduler` beside the web part; wait a minute.": (
        "Lancez « fediterr serve », ou « fediterr worker » et « fediterr scheduler » à côté des pages ; attendez une "
        "minute."
    ),
    "No worker has given a sign of life since {} (UTC).": (
        "Le travail en arrière-plan ne donne plus signe de vie depuis {} (UTC)."
    ),
    "Start `fediterr worker` and `fediterr scheduler` again, and look into their log.": (
        "Relancez « fediterr worker » et « fediterr scheduler », et lisez leur journal."
    ),
    "Work waits for {} minutes.": "Du travail attend depuis {} minutes.",
    "Look whether the worker is there, or give it more threads.": (
        "Regardez si le travail en arrière-plan tourne, ou donnez-lui plus de moyens."
    ),
    "The mail server refused {} letters, which are tried again.": (
        "Le serveur de courriel a refusé {} lettres, qui seront proposées à nouveau."
    ),
    "Look at what it said, in the log.": "Lisez ce qu’il a répondu, dans le journal.",
    # series
    "There was no answer in {} seconds.": "Il n’y a pas eu de réponse en {} secondes.",
    "Try again; else look at the network of this machine.": (
        "Recommencez ; sinon, voyez du côté du réseau de cette machine."
    ),
}
_SENTENCES = Sentences(IN_FRENCH)


STATES = ("wrong", "known", "later", "well", "moot")  # in the order in which they are shown


@dataclass(frozen=True)
class Line:
    """One check as it is shown.

    `wrong`, `known` (works, but read this), `later` (not looked at), `well`, or `moot` (there is nothing to look at).
    """

    name: str
    title: LazyString
    state: str
    findings: list[tuple[str, str]]


def made() -> list[Line]:
    """Make all checks, and say what they found: first what needs somebody."""
    lines = [line(name, findings) for name, findings in series.run().items()]
    return sorted(lines, key=lambda each: STATES.index(each.state))


def line(name: str, findings: list[Finding] | None) -> Line:
    """What one check found."""
    if findings is None:
        state = "later"
    elif any(each.stops for each in findings):
        state = "wrong"
    elif findings:
        state = "known"
    else:
        state = "moot" if _is_moot(name) else "well"
    said = [(_words(each.wrong), _words(each.mend)) for each in findings or ()]
    return Line(name, TITLES[name], state, said)


def _is_moot(name: str) -> bool:
    """Whether this server has nothing of that kind: on trial it has no public address, and Redis serves some only."""
    settings = site.settings()
    if name == "redis":
        return not settings.redis_url
    return name in ("address", "name", "certificate", "answer") and public.is_local()


def _words(sentence: str) -> str:
    found = _SENTENCES.match(sentence)
    if found is None or str(flask_babel.get_locale()) != "fr":
        return sentence
    return IN_FRENCH[found[0]].format(*found[1])
