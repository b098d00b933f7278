"""The weekly summary of a community in words: a plain text and HTML, in the language of its reader."""

from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date
from markupsafe import Markup

from fediterr.accounts.models import Account
from fediterr.core import site, text
from fediterr.social.models import Community, Post

EXCERPT = 160  # characters of what a thread begins with
WORDS = {
    "fr": {
        "subject": "{name} : le résumé du {day}",
        "since": "Depuis le {day}, dans la communauté {name}.",
        "threads": "Ce qui s’est dit",
        "pinned": "En tête de la communauté",
        "newcomers": "Bienvenue à",
        "untitled": "Sans titre",
        "answer": "{n} réponse",
        "answers": "{n} réponses",
        "by": "par {who}",
        "onward": "Lire et répondre dans la communauté",
        "why": "Vous recevez ce résumé parce que vous êtes membre de cette communauté sur {server}.",
        "out": "Ne plus le recevoir",
    },
    "en": {
        "subject": "{name}: the summary of {day}",
        "since": "Since {day}, in the community {name}.",
        "threads": "What was said",
        "pinned": "Pinned in the community",
        "newcomers": "Welcome to",
        "untitled": "Without a title",
        "answer": "{n} answer",
        "answers": "{n} answers",
        "by": "by {who}",
        "onward": "Read and answer in the community",
        "why": "You get this summary because you are a member of this community on {server}.",
        "out": "Get it no more",
    },
}


@dataclass(frozen=True)
class Thread:
    """A conversation, and how much it was answered these days."""

    post: Post
    answers: int


@dataclass(frozen=True)
class Summary:
    """What a community said to one reader since a moment."""

    community: Community
    since: datetime
    until: datetime
    threads: list[Thread]
    pinned: list[Post]
    newcomers: list[Account]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing new: what is pinned was so before."""
        return not (self.threads or self.newcomers or self.community.foreword.strip())


@dataclass(frozen=True)
class Letter:
    """The same in both forms; `body` is clean HTML, `html` a whole page of it for a mail program."""

    subject: str
    words: str
    body: str
    html: str


@dataclass(frozen=True)
class _Line:
    """One thing that is told: its words, where they lead, and what is said beside them."""

    words: str
    address: str
    beside: str = ""


def write(summary: Summary, language: str | None, way_out: str = "") -> Letter:
    """A summary as it is sent to a member, or (with no `way_out`) published for all its readers."""
    tag = (language or site.settings().language)[:2]
    tag = tag if tag in WORDS else "fr"
    said, group = WORDS[tag], summary.community.account
    subject = said["subject"].format(name=group.shown_name, day=format_date(summary.until, "long", locale=tag))
    opening = said["since"].format(day=format_date(summary.since, "long", locale=tag), name=group.shown_name)
    parts = _parts(summary, tag, at_home=bool(way_out))
    foreword, page = summary.community.foreword.strip(), site.account_page(group.name)
    words = [opening, foreword, *_plain(parts), f"{said['onward']} : {page}"]
    body = _body(opening, foreword, parts) + _link(page, said["onward"], "p")
    foot = Markup()
    if way_out:
        why = said["why"].format(server=site.settings().name)
        words.append(f"-- \n{why}\n{said['out']} : {way_out}")
        foot = Markup("<hr><p><small>{} {}</small></p>").format(why, _link(way_out, said["out"]))
    html = Markup('<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>{}</title></head>').format(
        tag, subject
    )
    html += Markup("<body><h1>{}</h1>{}{}</body></html>").format(subject, body, foot)
    return Letter(subject, "\n\n".join(part for part in words if part) + "\n", str(body), str(html))


def _parts(summary: Summary, tag: str, *, at_home: bool) -> list[tuple[str, list[_Line]]]:
    """Headings and what stands below each; those with nothing are left out."""
    said = WORDS[tag]
    threads = []
    for thread in summary.threads:
        count = _answers(tag, thread.answers)
        beside = f"{said['by'].format(who=thread.post.author.shown_name)}, {count}"
        threads.append(_Line(title_of(thread.post, tag), _address(thread.post, at_home), beside))
    pinned = [_Line(title_of(post, tag), _address(post, at_home)) for post in summary.pinned]
    newcomers = [_Line(each.shown_name, each.url, f"@{each.full_handle}") for each in summary.newcomers]
    parts = [(said["threads"], threads), (said["pinned"], pinned), (said["newcomers"], newcomers)]
    return [(heading, lines) for heading, lines in parts if lines]


def _answers(tag: str, number: int) -> str:
    """So many answers, in words: none is singular in French."""
    said = WORDS[tag]
    one = number < 2 if tag == "fr" else number == 1
    return (said["answer"] if one else said["answers"]).format(n=number)


def title_of(post: Post, tag: str) -> str:
    """A line that stands for a post: its title, its warning, else its first words."""
    return post.title or post.warning or text.excerpt(post.content, EXCERPT) or WORDS[tag]["untitled"]


def _address(post: Post, at_home: bool) -> str:
    """Where a member reads it on this server; where anybody does."""
    if at_home and not post.local:
        return site.address(f"/@{post.author.handle}/{post.id}")
    return post.url or post.uri


def _plain(parts: list[tuple[str, list[_Line]]]) -> list[str]:
    written = []
    for heading, lines in parts:
        told = [f"- {line.words}{f' ({line.beside})' if line.beside else ''}\n  {line.address}" for line in lines]
        written.append("\n".join([heading.upper(), *told]))
    return written


def _body(opening: str, foreword: str, parts: list[tuple[str, list[_Line]]]) -> Markup:
    body = Markup("<p>{}</p>").format(opening)
    for paragraph in filter(None, (each.strip() for each in foreword.split("\n\n"))):
        body += Markup("<p>{}</p>").format(Markup("<br>").join(paragraph.splitlines()))
    for heading, lines in parts:
        listed = Markup().join(
            Markup("<li>{}{}</li>").format(_link(line.address, line.words), f" · {line.beside}" if line.beside else "")
            for line in lines
        )
        body += Markup("<h2>{}</h2><ul>{}</ul>").format(heading, listed)
    return body


def _link(address: str, words: str, around: str = "") -> Markup:
    link = Markup('<a href="{}">{}</a>').format(address, words)
    return Markup("<{0}>{1}</{0}>").format(around, link) if around else link
