"""Bringing an authority here from its archive: profile, territory, posts with their dates and files; told to nobody.

The archive is the operator's to trust as a whole; each post in it must all the same be by the one whose archive it is.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import Any

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Kind
from fediterr.activitypub import belongings, objects, vocabulary
from fediterr.core import db, errors, facts, site, text, unpacking
from fediterr.moderation import offices
from fediterr.social import emojis, former, imports, media, posts, profiles, tables, visibility
from fediterr.social.drafts import Draft
from fediterr.social.models import Medium

ACTOR, OUTBOX, FILES = "actor.json", "outbox.json", "media_attachments/"
SMALL, LARGE = 4 << 20, 256 << 20  # bytes of a document
PLACES = {"icon": "avatar", "image": "header"}
# Lines of a profile that are made anew from what is known of the territory.
MADE = {vocabulary.fold_line(name) for name in ("SIREN", "Code INSEE", "Nature", "Population", "Site", "Vérification")}

Document = dict[str, Any]
Progress = Callable[[int, int], object]


@dataclass
class Restored:
    """What came of it."""

    handle: str = ""
    posts: int = 0
    known: int = 0  # restored before
    files: int = 0
    lost: int = 0  # files that are not in the archive, or that are not taken here
    private: int = 0  # posts that stay where they were: not to everybody, nor to followers
    relays: int = 0
    foreign: int = 0  # posts of somebody else, or that make no sense
    follows: int = 0
    agents: list[str] = field(default_factory=list)  # who spoke for it there


def restore(file: Path, name: str, progress: Progress | None = None) -> Restored:
    """Open an authority called `name` from an archive, or go on with one; twice adds nothing.

    Raises Invalid, Refused or TooLarge for a bad archive, Conflict for a name that is somebody else's.
    """
    with unpacking.opened(file) as archive:
        return _Restoring(archive, name).run(progress or _say_nothing)


def _say_nothing(done: int, total: int) -> None:
    """Nobody waits to be told."""


class _Restoring:
    """One archive while it is read."""

    def __init__(self, archive: unpacking.Unpacked, name: str) -> None:
        self.archive, self.name, self.done = archive, name, Restored()
        self.actor = vocabulary.read_actor(vocabulary.parse(unpacking.read(archive, ACTOR, SMALL)))
        if self.actor.type != Kind.ORGANIZATION:
            raise errors.Refused("This is not the archive of an authority.")
        if site.is_here(self.actor.id):
            raise errors.Refused("This archive is of an account of this very server.")
        self.said = self._json(belongings.FILE, SMALL)
        self.account_id = 0

    def _json(self, name: str, most: int) -> Document:
        return vocabulary.parse(unpacking.read(self.archive, name, most)) if name in self.archive.names else {}

    @property
    def account(self) -> Account:
        """Read anew in each unit of work."""
        return accounts.get(self.account_id)

    def run(self, progress: Progress) -> Restored:
        outbox = vocabulary.parse(unpacking.read(self.archive, OUTBOX, LARGE))
        items = [each for each in vocabulary.many(outbox.get("orderedItems")) if isinstance(each, dict)]
        pictures = dict(self._pictures())
        with db.transaction():
            self._open(pictures)
        for number, item in enumerate(sorted(items, key=_date)):
            self._restore(item)
            progress(number + 1, len(items))
        with db.transaction():
            self._follow()
        self.done.agents = belongings.agents(self.said)
        return self.done

    # --- the account ---

    def _open(self, pictures: dict[str, media.Kept]) -> None:
        account = accounts.by_handle(self.name)
        if account is None:
            account = offices.open_authority(None, self.name, text.plain(self.actor.name or "")[: profiles.NAME])
        elif not self._is_ours(account):
            raise errors.Conflict(f"The name {self.name} is taken.")
        self.account_id, self.done.handle = account.id, account.full_handle
        if self.actor.id in account.also_known_as:
            return
        account.also_known_as = [*account.also_known_as, self.actor.id]
        self._describe(account, pictures)
        belongings.restore(account, self.actor.claim, self.said)
        facts.tell(accounts.AccountUpdated(account.id))

    def _is_ours(self, account: Account) -> bool:
        """An authority of here that was begun from this archive, that names its account, or that has said nothing."""
        mine = account.local and account.kind == Kind.ORGANIZATION and account.active
        return mine and (self.actor.id in account.also_known_as or account.posts_count == 0)

    def _describe(self, account: Account, pictures: dict[str, media.Kept]) -> None:
        own = [line for line in self.actor.fields if self.actor.claim is None or self._is_own(line.name)]
        profiles.change(
            account, profiles.Profile(locked=self.actor.locked, icon=pictures.get("icon"), image=pictures.get("image"))
        )
        account.display_name = text.plain(self.actor.name or account.name)[: profiles.NAME]
        account.summary = text.clean(self.actor.summary or "")
        account.summary_source = text.plain(account.summary)[: profiles.NOTE]
        account.fields = [
            {
                "name": text.plain(line.name)[: profiles.LINE],
                "source": text.plain(line.value)[: profiles.LINE],
                "value": text.clean(line.value),
                "verified_at": None,
            }
            for line in own[: profiles.LINES]
        ]
        account.discoverable = self.actor.discoverable is not False
        account.indexable = self.actor.indexable is not False
        account.language = self.actor.language
        account.created_at = self.actor.published or account.created_at

    @staticmethod
    def _is_own(name: str) -> bool:
        return vocabulary.fold_line(name) not in MADE

    def _pictures(self) -> Iterator[tuple[str, media.Kept]]:
        """Portrait and banner; one that is not taken here is left out."""
        for place, stem in PLACES.items():
            for name in sorted(self.archive.names):
                if name.partition(".")[0] == stem and "/" not in name:
                    try:
                        yield place, profiles.develop(place, unpacking.read(self.archive, name, profiles.PICTURE), name)
                    except errors.Problem:
                        self.done.lost += 1
                    break

    def _follow(self) -> None:
        """Ask to follow whom it followed there, once."""
        name = tables.FOLLOWING.filename
        if name not in self.archive.names or imports.of(self.account):
            return
        with suppress(errors.Invalid):  # it followed nobody
            proposed = imports.propose(self.account, unpacking.read(self.archive, name, SMALL), name)
            imports.confirm(proposed)
            self.done.follows = imports.counts(proposed)["waiting"]

    # --- posts ---

    def _restore(self, activity: Document) -> None:
        """One post, in a unit of work of its own."""
        document = activity.get("object")
        if activity.get("type") == "Announce":
            self.done.relays += 1
            return
        if activity.get("type") != "Create" or not isinstance(document, dict) or not self._is_by_its_actor(activity):
            self.done.foreign += 1
            return
        try:
            obj = vocabulary.read_object(document)
        except errors.Invalid:
            self.done.foreign += 1
            return
        if former.is_known(obj.id):
            self.done.known += 1
        elif vocabulary.visibility(obj.to, obj.cc, self.actor.followers) == "direct" or obj.published is None:
            self.done.private += 1
        else:
            files = list(self._files(document))
            with db.transaction():
                self._publish(obj, document, files)

    def _is_by_its_actor(self, activity: Document) -> bool:
        """Only what the archive's own actor said, at its own place, is theirs."""
        document = activity["object"]
        names = {vocabulary.one_id(activity.get("actor")), vocabulary.one_id(document.get("attributedTo"))}
        return names == {self.actor.id} and vocabulary.same_origin(vocabulary.one_id(document.get("id")), self.actor.id)

    def _publish(self, obj: vocabulary.Object, document: Document, files: list[tuple[media.Kept, str]]) -> None:
        uploads = tuple(media.attach(self.account, kept, words) for kept, words in files)
        post = posts.publish(self.account, self._draft(obj, uploads))
        pages = [url for url in (obj.id, document.get("url")) if vocabulary.same_origin(url, self.actor.id)]
        former.remember(post, [str(url) for url in pages])
        self.done.posts += 1
        self.done.files += len(uploads)

    def _draft(self, obj: vocabulary.Object, uploads: tuple[Medium, ...]) -> Draft:
        """As it was said there; what was counted stands as words, since nobody answers the poll any more."""
        author = self.account
        read = objects.as_draft(obj, author, fresh=False)
        parent = read.in_reply_to if read.in_reply_to and visibility.can_see(author, read.in_reply_to) else None
        content = read.content + (_counts(obj.poll) if obj.poll else "")
        return replace(
            read, content=content, source=obj.source.content if obj.source else None,
            kind="Note" if obj.type == "Question" else obj.type,
            visibility=vocabulary.visibility(obj.to, obj.cc, self.actor.followers),
            in_reply_to=parent, emojis=tuple(emojis.used_in(f"{read.warning} {content}")), media=(), uploads=uploads,
            poll=None, quote_uri=None, quote_authorization=None, quote_policy=None, context_uri=None,
            uri=None, url=None, restored=True,
        )  # fmt: skip

    def _files(self, document: Document) -> Iterator[tuple[media.Kept, str]]:
        """The files of a post, drawn anew as if they were sent today, each with its description."""
        for each in vocabulary.many(document.get("attachment"))[: site.settings().limits_media_per_post]:
            name = each.get("url") if isinstance(each, dict) else None
            if not isinstance(name, str):
                continue
            try:
                if not name.startswith(FILES):
                    raise errors.NotFound(f"There is no {name} in this archive.")
                data = unpacking.read(self.archive, name, site.settings().limits_media)
                words = each.get("name")
                kept = media.keep(data, name.rpartition("/")[2])
                yield kept, text.plain(words)[: media.DESCRIPTION] if isinstance(words, str) else ""
            except errors.Problem:
                self.done.lost += 1


def _date(activity: Document) -> str:
    """Oldest first, so that what is answered is there before the answer."""
    document = activity.get("object")
    said = document.get("published") if isinstance(document, dict) else activity.get("published")
    found = vocabulary.moment(said)
    return found.isoformat() if found else ""


def _counts(poll: vocabulary.Poll) -> str:
    """What came of a poll, as a list."""
    lines = "".join(f"<li>{escape(option.name)} : {option.votes}</li>" for option in poll.options)
    return f"<ul>{lines}</ul>"
