"""Files of people here: kept, described, attached to a post, forgotten when no post wants them."""

import hashlib
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import clock, errors, filetypes, films, jobs, keys, limits, pictures, site, storage
from fediterr.core.db import session
from fediterr.social.models import Emoji, Medium, Portrait, Post

DESCRIPTION = 1500  # characters, as in Mastodon
UNUSED = timedelta(hours=24)  # how long a file waits for its post
OFTEN = {"most": 60, "seconds": 1800}  # files that one account may send
HEARD = ("video", "audio")
FRAME_RATE = films.FRAME_RATE
SHA2_256 = b"\x12\x20"  # of a multihash: which function, how many bytes

SHOWN = (
    "id", "kind", "media_type", "remote_url", "path", "name", "description", "blurhash", "width", "height", "focus",
    "size", "measures", "preview", "preview_width", "preview_height",
)  # fmt: skip

Focus = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Preview:
    """A smaller picture that lies in the store."""

    path: str
    width: int
    height: int
    blurhash: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that lies in the store and that no row promises yet."""

    path: str
    type: filetypes.FileType
    name: str | None = None
    size: int = 0
    digest: str | None = None
    width: int | None = None
    height: int | None = None
    blurhash: str | None = None
    measures: dict[str, Any] | None = None
    preview: Preview | None = None
    raw: bool = False  # as it came, to be developed


def admit(account: Account) -> None:
    """Let somebody send one file more, before it is read. Raises TooMany."""
    if site.settings().rate_limits and (wait := limits.wait_for("files", str(account.id), **OFTEN)):
        raise errors.TooMany("These are many files: try again later.", retry_after=int(wait) + 1)


def keep(data: bytes, filename: str, *, later: bool = False) -> Kept:
    """Check a file and put it into the store; a picture is drawn anew first. Slow, and asks no database.

    A film or a sound is written anew, too; `later`: it is only kept, and `attach` lets a worker do the rest.
    Raises TooLarge, Invalid (nothing that is taken here, or broken), TooMany, or StorageFull.
    """
    if not data:
        raise errors.Invalid("There is no file, or nothing in it.")
    if len(data) > site.settings().limits_media:
        raise too_large()
    found = filetypes.tell(data, filename)
    if found is None:
        raise errors.Invalid("Files of this kind are not taken here.")
    if found.kind == "image":
        return _keep_picture(data)
    path = storage.keep(data, found.extension)
    if found.kind == "document":
        return Kept(path, found, filetypes.tidy(filename, found), len(data), digest(data))
    if later:
        return Kept(path, found, size=len(data), raw=True)
    try:
        return develop(path)
    finally:
        storage.discard(path)


def _keep_picture(data: bytes) -> Kept:
    drawn = pictures.redraw(data, pixels=site.settings().limits_media_pixels)
    found = filetypes.BY_MEDIA_TYPE[drawn.media_type]
    return Kept(
        storage.keep(drawn.data, found.extension), found, None, len(drawn.data), digest(drawn.data),
        drawn.width, drawn.height, drawn.blurhash, preview=_keep_small(drawn) if drawn.preview else None,
    )  # fmt: skip


def keep_preview(data: bytes) -> Preview:
    """Put a picture that stands for a film or sound into the store, small. Slow, and raises as `keep`."""
    return _keep_small(pictures.redraw(data, pixels=site.settings().limits_media_pixels))


def _keep_small(drawn: pictures.Picture) -> Preview:
    small = drawn.small()
    path = storage.keep(small.data, filetypes.BY_MEDIA_TYPE[small.media_type].extension)
    return Preview(path, small.width, small.height, drawn.blurhash)


def develop(path: str) -> Kept:
    """Write a film or sound as it came anew: checked, measured, with nothing told in it, and a picture to show first.

    Slow, and asks no database. Raises as `keep`.
    """
    pixels, seconds = site.settings().limits_video_pixels, site.settings().limits_video_seconds
    with storage.find(path).open("rb") as source, storage.draft() as target:
        size = os.fstat(source.fileno()).st_size
        film = films.screen(source, target.opened, size=size, pixels=pixels, seconds=seconds)
        target.opened.seek(0)
        told = _multihash(hashlib.file_digest(target.opened, "sha256").digest())
        size, path = target.opened.tell(), target.keep(film.extension)
    preview = keep_preview(film.poster) if film.poster else None
    return Kept(
        path, filetypes.BY_EXTENSION[film.extension], None, size, told, film.width, film.height,
        preview.blurhash if preview else None, film.measures, preview,
    )  # fmt: skip


def too_large() -> errors.TooLarge:
    return errors.TooLarge(f"A file has at most {site.settings().limits_media >> 20} MiB.")


def digest(data: bytes) -> str:
    """The SHA-256 of a file as a multihash in base 58, "zQm…" (FEP-1311)."""
    return _multihash(hashlib.sha256(data).digest())


def _multihash(sha256: bytes) -> str:
    return "z" + keys.encode_base58(SHA2_256 + sha256)


def attach(account: Account, kept: Kept, description: str = "", focus: Focus | None = None) -> Medium:
    """Make a kept file somebody's; it waits for a post of theirs, if need be until a worker has developed it.

    Raises Invalid.
    """
    medium = Medium(account_id=account.id)
    if kept.raw:
        medium.raw, medium.kind, medium.due_at = kept.path, kept.type.kind, clock.now()
        jobs.later("develop")
    else:
        fill(medium, kept)
    describe(medium, description, focus)
    session.add(medium)
    session.flush()
    return medium


def fill(medium: Medium, kept: Kept) -> None:
    """Let a row promise a kept file."""
    medium.kind, medium.media_type = kept.type.kind, kept.type.media_type
    medium.path, medium.name = kept.path, kept.name
    medium.size, medium.digest, medium.measures = kept.size, kept.digest, kept.measures
    medium.width, medium.height = kept.width, kept.height
    if medium.preview is None:
        medium.blurhash = kept.blurhash
        if kept.preview is not None:
            illustrate(medium, kept.preview)


def illustrate(medium: Medium, preview: Preview) -> None:
    """Show this picture in place of a file."""
    medium.preview, medium.preview_width, medium.preview_height = preview.path, preview.width, preview.height
    medium.blurhash = preview.blurhash


def describe(medium: Medium, description: str | None = None, focus: Focus | None = None) -> None:
    """Say what is to be seen, and where to look first (-1..1 from the middle); None leaves it. Raises Invalid."""
    if description is not None:
        if len(description) > DESCRIPTION:
            raise errors.Invalid(f"A description has at most {DESCRIPTION} characters.")
        medium.description = description.strip()
    if focus is not None:
        if not all(-1 <= part <= 1 for part in focus):
            raise errors.Invalid("The point to look at first lies between -1 and 1.")
        medium.focus = list(focus)


def waiting(account: Account, identifier: int) -> Medium:
    """A file of this account that no post has yet. Raises NotFound."""
    medium = own(account, identifier)
    if medium.post_id is not None:
        raise errors.NotFound("There is no such file.")
    return medium


def own(account: Account, identifier: int) -> Medium:
    """A file that this account sent. Raises NotFound."""
    medium = session.get(Medium, identifier)
    if medium is None or medium.account_id != account.id or medium.remote_url is not None:
        raise errors.NotFound("There is no such file.")
    return medium


def free(account: Account, identifiers: Sequence[int], post: Post | None = None) -> list[Medium]:
    """Those of these files that wait for a post of this account, and those that `post` has; in the order asked for."""
    waiting_ = sa.and_(Medium.post_id.is_(None), Medium.scheduled_id.is_(None))
    usable = sa.or_(waiting_, Medium.post_id == post.id) if post else waiting_
    wanted = sa.select(Medium).where(Medium.id.in_(identifiers), Medium.account_id == account.id, usable)
    found = {medium.id: medium for medium in session.scalars(wanted)} if identifiers else {}
    return [found[identifier] for identifier in dict.fromkeys(identifiers) if identifier in found]


def hand_over(uploads: Collection[Medium], account: Account) -> None:
    """Let an account publish files that were sent by whoever speaks for it; those of a post stay whose they are."""
    for medium in uploads:
        if medium.post_id is None:
            medium.account_id = account.id
    session.flush()


def require_together(uploads: Collection[Medium]) -> None:
    """Whether these files may make one post. Raises Invalid or Conflict."""
    most = site.settings().limits_media_per_post
    if len(uploads) > most:
        raise errors.Invalid(f"A post has at most {most} files.")
    if len(uploads) > 1 and any(each.kind in HEARD for each in uploads):
        raise errors.Invalid("A film or a sound goes alone, without other files.")
    if any(each.is_processing or each.has_failed for each in uploads):
        raise errors.Conflict("A file is not ready yet: try again in a moment.")


def by_path(path: str) -> Medium:
    """The file of that name, or whose preview has it. Raises NotFound."""
    found = session.scalar(sa.select(Medium).where(sa.or_(Medium.path == path, Medium.preview == path)))
    if found is None:
        raise errors.NotFound("There is no such file.")
    return found


def elsewhere(identifier: int) -> Medium:
    """A picture of a post of elsewhere. Raises NotFound."""
    medium = session.get(Medium, identifier)
    if medium is None or medium.kind != "image" or not medium.remote_url or medium.post_id is None:
        raise errors.NotFound("There is no such picture.")
    return medium


def address(medium: Medium) -> str:
    """Where the bytes are, here or elsewhere."""
    return medium.remote_url or site.media_address(medium.path or "")


def preview_address(medium: Medium) -> str | None:
    """Where a picture is that shows what this is."""
    if medium.preview:
        return site.media_address(medium.preview)
    return address(medium) if medium.kind == "image" else None


def release(post: Post, kept: Collection[Medium]) -> None:
    """Take from a post the files that it no longer has; they wait, and are soon forgotten."""
    for medium in post.media:
        if medium not in kept:
            medium.post_id, medium.created_at = None, clock.now()


def as_it_is(medium: Medium) -> dict[str, Any]:
    """What is shown of a file, to be remembered with the words it stood beside."""
    return {name: getattr(medium, name) for name in SHOWN}


def as_they_were(remembered: Sequence[Sequence[dict[str, Any]]]) -> list[list[Medium]]:
    """Files as they were shown, for many moments at once; those of here that are gone are left out."""
    local = {each["id"] for moment in remembered for each in moment if "kind" in each and not each["remote_url"]}
    kept = set(session.scalars(sa.select(Medium.id).where(Medium.id.in_(local)))) if local else set()
    return [
        [Medium(**each) for each in moment if "kind" in each and (each["remote_url"] or each["id"] in kept)]
        for moment in remembered
    ]


def discard(medium: Medium) -> None:
    """Forget a file; its bytes are swept away later, since the row may yet come back if this fails. Raises Conflict."""
    if medium.post_id is not None:
        raise errors.Conflict("This file is part of a post.")
    session.delete(medium)
    session.flush()


def forget_unused() -> None:
    """Forget the files that nothing took within a day: no post, profile, emoji, draft, nor the server as its logo."""
    free_ = (Medium.post_id.is_(None), Medium.scheduled_id.is_(None), Medium.draft_id.is_(None))
    old = sa.and_(*free_, Medium.path != site.settings().logo, Medium.created_at < clock.now() - UNUSED)
    elsewhere = sa.union_all(sa.select(Emoji.medium_id), sa.select(Portrait.medium_id))
    session.execute(sa.delete(Medium).where(old, Medium.id.not_in(elsewhere)))


def sweep(shelves: Collection[str]) -> int:
    """Take away the bytes, on these shelves of the store, that nobody's row promises any more; how many files."""
    return storage.sweep(shelves, _in_use)


def _in_use(names: list[str]) -> set[str]:
    promised = sa.union_all(
        *(sa.select(column).where(column.in_(names)) for column in (Medium.path, Medium.preview, Medium.raw))
    )
    return set(session.scalars(promised))
