"""Archives of all that somebody has, in the layout of Mastodon's (and, as a tar, of FEP-6fcd), made by a worker.

Everything is read in batches and written as it is read: memory does not grow with the number of posts.
"""

import json
import logging
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Kind
from fediterr.activitypub import actors, belongings, interactions, objects, readme, vocabulary
from fediterr.core import archives, broker, db, errors, storage
from fediterr.core.db import session
from fediterr.social import dossier, exports, tables
from fediterr.social.models import Bookmark, Conversation, ConversationPost, Like, Medium, Portrait, Post

BATCH = 200
FILES = "media_attachments"
PORTRAITS = {"icon": "avatar", "image": "header"}
OFTEN = 1.0  # seconds between two words about how far it is
PER_POST = 4000  # bytes that a post takes at most, as a guess about the room that is needed

Document = dict[str, Any]
log = logging.getLogger(__name__)


class Stopped(Exception):
    """The worker ends, or nobody wants the archive any more."""


def run() -> None:
    """Make the archives that wait, one after the other; take away the files that nobody wants any more."""
    while not broker.stopping.is_set() and (taken := exports.take()):
        _make(*taken)
    exports.sweep()
    db.end()


def _make(identifier: int, account_id: int, kind: str) -> None:
    try:
        path, size = _Making(identifier, account_id, kind).write()
    except Stopped:
        exports.give_back(identifier)
    except errors.Problem as problem:
        db.end()
        exports.put_off(identifier, problem.message)
    except Exception:
        log.exception("an archive was not made", extra={"export": identifier})
        db.end()
        exports.put_off(identifier, exports.broken().message)
    else:
        exports.finish(identifier, path, size)
    finally:
        db.end()


def write_for(account: Account, kind: str, target: IO[bytes], beside: Path) -> None:
    """Write the archive of an account at once, for the operator: nobody waits for it in a queue."""
    _Making(None, account.id, kind).write_to(target, beside)


class _Making:
    """One archive while it is written."""

    def __init__(self, identifier: int | None, account_id: int, kind: str) -> None:
        self.identifier, self.account_id, self.kind = identifier, account_id, kind
        self.names: list[str] = []
        self.done = self.total = 0
        self._told = 0.0
        self.target: archives.Archive

    @property
    def account(self) -> Account:
        """Read anew after each batch, since the unit of work ended."""
        return accounts.get(self.account_id)

    def write(self) -> tuple[str, int]:
        """The name of the archive in the store, and its bytes."""
        mine = sa.select(sa.func.count(Medium.id), sa.func.coalesce(sa.func.sum(Medium.size), 0))
        files, size = session.execute(mine.where(self._my_files)).one()
        posts = self._count()
        self.total = 2 * posts + files + len(dossier.PARTS)
        storage.require_room(int(size or 0) + posts * PER_POST)
        self._tell(now=True)
        with storage.draft(storage.EXPORTS) as draft:
            self.write_to(draft.opened, draft.temporary.parent)
            size = draft.opened.seek(0, os.SEEK_END)
            return draft.keep(self.kind), int(size)

    def write_to(self, target: IO[bytes], beside: Path) -> None:
        self.target = archives.make(self.kind, target, beside)
        try:
            self._write_parts(self._count())
            self.target.close()
        except BaseException:
            self.target.abandon()
            raise

    def _count(self) -> int:
        return session.scalar(sa.select(sa.func.count(Post.id)).where(Post.author_id == self.account_id)) or 0

    def _tell(self, done: int = 0, *, now: bool = False) -> None:
        """So much more is done; said now and then, and then also asked whether to go on."""
        self.done += done
        if now or time.monotonic() - self._told > OFTEN:
            self._told = time.monotonic()
            db.end()
            if self.identifier is None:
                return
            if broker.stopping.is_set() or not exports.report(self.identifier, self.done, self.total):
                raise Stopped

    # --- the parts ---

    def _write_parts(self, posts: int) -> None:
        language = readme.language_of(self.account)
        self._write_text("lisez-moi.html", readme.page(self.account, language))
        self._write_json("actor.json", self._actor(dict(self._add_portraits())))
        if self.account.kind == Kind.ORGANIZATION:
            self._write_json(belongings.FILE, belongings.of(self.account))
        with self._part("outbox.json") as file:
            _write_list(file, self._activities(), _collection("outbox.json", posts))
        with self._part("messages.html") as file:
            file.write(readme.head(self.account, language).encode())
            for post in self._posts():
                file.write(readme.post(post, FILES).encode())
            file.write(readme.FOOT.encode())
        self._write_uris("likes.json", Like)
        self._write_uris("bookmarks.json", Bookmark)
        for table in tables.TABLES.values():
            self._write_text(table.filename, tables.written(table, self.account))
        self._write_list("donnees/conversations.json", self._conversations())
        for name, part in dossier.PARTS.items():
            user = accounts.user_of(self.account)
            self._write_list(f"donnees/{name}.json", dossier.rows(part, self.account, user))
            self._tell(1)
        self._add_files()
        self._write_text("manifest.yml", readme.manifest(self.account, [*self.names, f"{FILES}/"]))

    def _part(self, name: str) -> AbstractContextManager[IO[bytes]]:
        self.names.append(name)
        return self.target.part(name)

    def _write_text(self, name: str, words: str) -> None:
        with self._part(name) as file:
            file.write(words.encode())

    def _write_json(self, name: str, document: Document) -> None:
        self._write_text(name, _dumped(document))

    def _write_list(self, name: str, items: Iterable[Document]) -> None:
        with self._part(name) as file:
            _write_list(file, items)

    def _write_uris(self, name: str, model: type[Like] | type[Bookmark]) -> None:
        """A collection of the addresses of posts."""
        mine = model.account_id == self.account_id
        asked = sa.select(Post.uri).join(model, model.post_id == Post.id).where(mine).order_by(model.id)
        uris = list(session.scalars(asked))
        with self._part(name) as file:
            _write_list(file, uris, _collection(name, len(uris)))

    # --- what is in them ---

    def _actor(self, pictures: dict[str, str]) -> Document:
        document = {"@context": vocabulary.context({}), **actors.as_actor(self.account)}
        for place, name in pictures.items():
            document[place] = {**document.get(place, {"type": "Image"}), "url": name}
        return document | {"outbox": "outbox.json", "likes": "likes.json", "bookmarks": "bookmarks.json"}

    def _posts(self) -> Iterator[Post]:
        """All that the account published or relayed, oldest first."""
        wanted = sa.select(Post).where(Post.author_id == self.account_id).order_by(Post.id).limit(BATCH)
        parts = (Post.mentions, Post.media, Post.poll, Post.quote, Post.boost_of)
        wanted = wanted.options(joinedload(Post.author), *(selectinload(part) for part in parts))
        last = 0
        while batch := list(session.scalars(wanted.where(Post.id > last)).unique()):
            last = batch[-1].id
            yield from batch
            self._tell(len(batch))

    def _activities(self) -> Iterator[Document]:
        for post in self._posts():
            if post.boost_of is not None:
                yield interactions.as_announce(post)
                continue
            document = objects.as_create(post)
            for medium, attachment in zip(post.media, document["object"]["attachment"], strict=True):
                if medium.path:
                    attachment["url"] = f"{FILES}/{medium.path}"
            yield document

    def _conversations(self) -> Iterator[Document]:
        """What was said in private, by everybody who takes part."""
        mine = sa.select(Conversation).where(Conversation.account_id == self.account_id).order_by(Conversation.id)
        last = 0
        while batch := list(session.scalars(mine.where(Conversation.id > last).limit(BATCH))):
            last = batch[-1].id
            people = {int(each) for talk in batch for each in talk.participants.split(",") if each}
            named = accounts.many(people)
            for talk in batch:
                with_ = [named[int(each)].full_handle for each in talk.participants.split(",") if each]
                yield {"with": with_, "posts": list(self._said_in(talk.id))}

    def _said_in(self, conversation_id: int) -> Iterator[Document]:
        said = (
            sa.select(Post)
            .join(ConversationPost, ConversationPost.post_id == Post.id)
            .where(ConversationPost.conversation_id == conversation_id)
            .order_by(Post.id)
            .options(joinedload(Post.author))
        )
        for post in session.scalars(said):
            yield {
                "id": post.uri,
                "author": post.author.full_handle,
                "published": vocabulary.datetime_out(post.published_at),
                "summary": post.warning,
                "content": post.content,
            }

    # --- files ---

    @property
    def _my_files(self) -> sa.ColumnElement[bool]:
        return sa.and_(Medium.account_id == self.account_id, Medium.path.is_not(None))

    def _add_portraits(self) -> Iterator[tuple[str, str]]:
        mine = sa.select(Portrait).where(Portrait.account_id == self.account_id)
        for portrait in session.scalars(mine).all():
            path = portrait.medium.path or ""
            name = f"{PORTRAITS[portrait.place]}.{path.rpartition('.')[2]}"
            if self._add(name, path):
                self.names.append(name)
                yield portrait.place, name

    def _add_files(self) -> None:
        wanted = sa.select(Medium.id, Medium.path).where(self._my_files).order_by(Medium.id).limit(BATCH)
        last = 0
        while batch := session.execute(wanted.where(Medium.id > last)).all():
            last = batch[-1][0]
            for _, path in batch:
                self._add(f"{FILES}/{path}", path or "")
                self._tell(1)

    def _add(self, name: str, path: str) -> bool:
        """Put in a file of the store; one that is lost is no reason to have no archive."""
        try:
            self.target.add(name, storage.find(path))
        except errors.NotFound:
            log.warning("a file is not there", extra={"path": path})
            return False
        return True


def _collection(name: str, total: int) -> Document:
    return {"@context": vocabulary.context({}), "id": name, "type": "OrderedCollection", "totalItems": total}


def _write_list(file: IO[bytes], items: Iterable[Any], collection: Document | None = None) -> None:
    """A list, or a collection with its items, one on each line."""
    opening = "[" if collection is None else f'{_dumped(collection)[:-1]},"orderedItems":['
    file.write(opening.encode())
    for number, item in enumerate(items):
        file.write((",\n" if number else "\n").encode())
        file.write(_dumped(item).encode())
    file.write(b"\n]" if collection is None else b"\n]}")


def _dumped(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
