"""Files of people here: kept, described, attached to a post, forgotten when no post wants them."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import clock, errors, filetypes, keys, limits, pictures, site, storage
from fediterr.core.db import session
from fediterr.social.models import Emoji, Medium, Portrait, Post

DESCRIPTION = 1500  # characters, as in Mastodon
UNUSED = timedelta(hours=24)  # how long a file waits for its post
OFTEN = {"most": 60, "seconds": 1800}  # files that one account may send
SHA2_256 = b"\x12\x20"  # of a multihash: which function, how many bytes

Focus = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that lies in the store and that no row promises yet."""

    path: str
    type: filetypes.FileType
    name: str | None
    size: int
    digest: str
    width: int | None = None
    height: int | None = None
    blurhash: str | None = None


def admit(account: Account) -> None:
    """Let somebody send one file more, before it is read. Raises TooMany."""
    if site.settings().rate_limits and (wait := limits.wait_for("files", str(account.id), **OFTEN)):
        raise errors.TooMany("These are many files: try again later.", retry_after=int(wait) + 1)


def keep(data: bytes, filename: str) -> Kept:
    """Check a file and put it into the store; a picture is drawn anew first. Slow, and asks no database.

    Raises TooLarge, Invalid (nothing that is taken here, or broken), TooMany, or StorageFull.
    """
    if len(data) > site.settings().limits_media:
        raise too_large()
    found = filetypes.tell(data, filename)
    if found is None:
        raise errors.Invalid("Files of this kind are not taken here.")
    if found.kind != "image":
        return _put(data, found, name=filetypes.tidy(filename, found) if found.kind == "document" else None)
    drawn = pictures.redraw(data, pixels=site.settings().limits_media_pixels)
    kind = filetypes.BY_MEDIA_TYPE[drawn.media_type]
    return _put(drawn.data, kind, width=drawn.width, height=drawn.height, blurhash=drawn.blurhash)


def too_large() -> errors.TooLarge:
    return errors.TooLarge(f"A file has at most {site.settings().limits_media >> 20} MiB.")


def _put(
    data: bytes,
    found: filetypes.FileType,
    *,
    name: str | None = None,
    width: int | None = None,
    height: int | None = None,
    blurhash: str | None = None,
) -> Kept:
    path = storage.keep(data, found.extension)
    return Kept(path, found, name, len(data), digest(data), width, height, blurhash)


def digest(data: bytes) -> str:
    """The SHA-256 of a file as a multihash in base 58, "zQm…" (FEP-1311)."""
    return "z" + keys.encode_base58(SHA2_256 + hashlib.sha256(data).digest())


def attach(account: Account, kept: Kept, description: str = "", focus: Focus | None = None) -> Medium:
    """Make a kept file somebody's; it waits for a post of theirs. Raises Invalid."""
    medium = Medium(
        account_id=account.id, kind=kept.type.kind, media_type=kept.type.media_type, path=kept.path, name=kept.name,
        size=kept.size, digest=kept.digest, width=kept.width, height=kept.height, blurhash=kept.blurhash,
    )  # fmt: skip
    describe(medium, description, focus)
    session.add(medium)
    session.flush()
    return medium


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
    medium = session.get(Medium, identifier)
    if medium is None or medium.account_id != account.id or medium.post_id is not None or medium.path is None:
        raise errors.NotFound("There is no such file.")
    return medium


def by_path(path: str) -> Medium:
    """The file of that name. Raises NotFound."""
    found = session.scalar(sa.select(Medium).where(Medium.path == path))
    if found is None:
        raise errors.NotFound("There is no such file.")
    return found


def address(medium: Medium) -> str:
    """Where the bytes are, here or elsewhere."""
    return medium.remote_url or site.media_address(medium.path or "")


def release(post: Post, kept: Collection[Medium]) -> None:
    """Take from a post the files that it no longer has; they wait, and are soon forgotten."""
    for medium in post.media:
        if medium not in kept:
            medium.post_id, medium.created_at = None, clock.now()


def discard(medium: Medium) -> None:
    """Forget a file; its bytes are swept away later, since the row may yet come back if this fails."""
    session.delete(medium)
    session.flush()


def forget_unused() -> None:
    """Forget the files that no post, no profile and no emoji took within a day, nor a post that waits for its hour."""
    old = sa.and_(Medium.post_id.is_(None), Medium.scheduled_id.is_(None), Medium.created_at < clock.now() - UNUSED)
    elsewhere = sa.union_all(sa.select(Emoji.medium_id), sa.select(Portrait.medium_id))
    session.execute(sa.delete(Medium).where(old, Medium.id.not_in(elsewhere)))


def sweep(shelves: Collection[str]) -> int:
    """Take away the bytes, on these shelves of the store, that nobody's row promises any more; how many files."""
    return storage.sweep(shelves, _in_use)


def _in_use(names: list[str]) -> set[str]:
    return {path for path in session.scalars(sa.select(Medium.path).where(Medium.path.in_(names))) if path}
