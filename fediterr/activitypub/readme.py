"""What lies on top of an archive: a page that says what is in it, the posts as a page, the manifest of FEP-6fcd."""

import html
import json
from typing import Any

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import vocabulary
from fediterr.core import clock, site, text
from fediterr.social import tables
from fediterr.social.models import Medium, Post

CONTAINER = "https://codeberg.org/fediverse/fep/src/branch/main/fep/6fcd/fep-6fcd.md"
MOVING = "https://docs.joinmastodon.org/user/moving/#export"
STYLE = "body{font:16px/1.5 sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}img{max-width:100%}"
LISTS = ", ".join(table.filename for table in tables.TABLES.values())
FOOT = "</body></html>\n"

# By language: the title, the first words, and what each part holds.
WORDS: dict[str, dict[str, Any]] = {
    "fr": {
        "title": "Les données de {name}",
        "intro": "Voici tout ce que {server} détenait sur le compte @{handle} le {day}.",
        "posts": "Messages de {name}",
        "parts": (
            ("messages.html", "vos messages, à lire dans un navigateur"),
            ("media_attachments/", "vos fichiers : images, sons, vidéos, documents"),
            (LISTS,
             "vos listes, à importer sur un autre serveur (sauf celle de vos abonnés, qui est pour vous)"),
            ("actor.json", "votre profil, tel que les autres serveurs le lisent"),
            ("outbox.json", "tout ce que vous avez publié ou relayé, au format ActivityPub"),
            ("likes.json, bookmarks.json", "ce que vous avez trouvé utile, ce que vous avez enregistré"),
            ("donnees/compte.json", "votre compte : adresse, rôle, préférences, dates"),
            ("donnees/connexions.json", "les jours et les adresses depuis lesquels vous êtes venu"),
            ("donnees/applications.json", "les applications qui ont accès à votre compte"),
            ("donnees/conversations.json", "vos conversations, avec ce que les autres y ont écrit"),
            ("donnees/", "le reste : filtres, notes, votes, notifications, réglages, signalements, décisions"),
            ("manifest.yml", "le contenu de l’archive, pour les logiciels (FEP-6fcd)"),
        ),
        "care": "Cette archive contient des messages privés, les vôtres et ceux des autres : gardez-la pour vous.",
    },
    "en": {
        "title": "The data of {name}",
        "intro": "This is all that {server} held about the account @{handle} on {day}.",
        "posts": "Posts of {name}",
        "parts": (
            ("messages.html", "your posts, to be read in a browser"),
            ("media_attachments/", "your files: pictures, sounds, films, documents"),
            (LISTS,
             "your lists, to be imported on another server (but for that of your followers, which is for you)"),
            ("actor.json", "your profile, as other servers read it"),
            ("outbox.json", "all that you published or passed on, as ActivityPub"),
            ("likes.json, bookmarks.json", "what you found useful, what you kept"),
            ("donnees/compte.json", "your account: address, role, preferences, dates"),
            ("donnees/connexions.json", "the days on which you came, and from which addresses"),
            ("donnees/applications.json", "the applications that have access to your account"),
            ("donnees/conversations.json", "your conversations, with what the others wrote"),
            ("donnees/", "the rest: filters, notes, votes, notifications, settings, reports, decisions"),
            ("manifest.yml", "what is in the archive, for software (FEP-6fcd)"),
        ),
        "care": "This archive holds private posts, your own and those of others: keep it to yourself.",
    },
}  # fmt: skip


def language_of(account: Account) -> str:
    """The language of whoever asked, as far as we speak it."""
    user = accounts.user_of(account)
    chosen = ((user.language if user else "") or "")[:2]
    return chosen if chosen in WORDS else site.settings().language


def head(account: Account, language: str, title: str = "posts") -> str:
    """The beginning of a page."""
    words = html.escape(WORDS[language][title].format(name=account.shown_name))
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{words}</title><style>{STYLE}</style></head>'
        f"<body><h1>{words}</h1>\n"
    )


def page(account: Account, language: str) -> str:
    """The page that says what is in the archive."""
    words = WORDS[language]
    intro = words["intro"].format(
        server=site.settings().name, handle=account.full_handle, day=clock.now().date().isoformat()
    )
    parts = "".join(
        f"<dt><code>{html.escape(name)}</code></dt><dd>{html.escape(says)}</dd>\n" for name, says in words["parts"]
    )
    body = f"<p>{html.escape(intro)}</p>\n<dl>{parts}</dl>\n<p><strong>{html.escape(words['care'])}</strong></p>\n"
    return head(account, language, "title") + body + FOOT


def post(post: Post, files: str) -> str:
    """A post as a part of a page."""
    day = vocabulary.datetime_out(post.published_at)
    where = f'<p><a href="{html.escape(post.url or post.uri)}"><time datetime="{day}">{day}</time></a></p>'
    if post.boost_of is not None:
        shared = html.escape(post.boost_of.uri)
        return f'<article>{where}<p>→ <a href="{shared}">{shared}</a></p></article><hr>\n'
    title = f"<h2>{html.escape(post.title)}</h2>" if post.title else ""
    warning = f"<p><b>{html.escape(post.warning)}</b></p>" if post.warning else ""
    shown = "".join(_medium(each, files) for each in post.media if each.path)
    return f"<article>{where}{title}{warning}{text.clean(post.content)}{shown}</article><hr>\n"


def _medium(medium: Medium, files: str) -> str:
    path, words = f"{files}/{medium.path}", html.escape(medium.description)
    if medium.kind == "image":
        return f'<p><img src="{path}" alt="{words}" loading="lazy"></p>'
    return f'<p><a href="{path}">{html.escape(medium.name or medium.path or "")}</a> {words}</p>'


def manifest(account: Account, names: list[str]) -> str:
    """The manifest of FEP-6fcd, as YAML; texts are quoted as JSON quotes them, which YAML reads."""
    lines = [
        "ubc-version: 0.1",
        "meta:",
        f"  created: {clock.now().date().isoformat()}",
        "  createdBy:",
        f"    controller: {json.dumps(account.uri)}",
        "    client:",
        '      name: "fediterr"',
        f"      url: {json.dumps(site.address('/'))}",
        "contents:",
    ]
    for name in names:
        lines.append(f"  {json.dumps(name)}:")
        lines.append(f"    url: {json.dumps(_meaning(name))}")
    return "\n".join(lines) + "\n"


def _meaning(name: str) -> str:
    """Where a kind of file is explained."""
    if name == "actor.json":
        return "https://www.w3.org/TR/activitypub/#actor-objects"
    if name.endswith(".csv"):
        return MOVING
    if name in ("outbox.json", "likes.json", "bookmarks.json"):
        return "https://www.w3.org/TR/activitystreams-core/#collections"
    return f"{CONTAINER}#manifest-file" if name == "manifest.yml" else site.address("/")
