"""An authority leaves for a server of its own: its followers, posts and files go with it, its old addresses lead on."""

import io
import json
import stat
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from fediterr.accounts import service as accounts
from fediterr.activitypub import archives, restoring
from fediterr.core import errors
from fediterr.core.db import session
from fediterr.social import former, media, posts
from fediterr.social.drafts import Draft
from fediterr.social.models import Notification, Post
from fediterr.territories.models import Authority
from tests import files
from tests import territories as cast
from tests.federation.test_moves import moves_to
from tests.federation.test_territories import open_authority
from tests.fediverse import Fediverse, Person, Server

OLD, NEW = "reseau.test", "saintelme.test"


class Story:
    """Saint-Elme lives with its neighbours, has said a few things, and is followed from near and far."""

    def __init__(self, fediverse: Fediverse, folder: Path) -> None:
        self.fediverse, self.folder = fediverse, folder
        self.old, self.new, self.far = (fediverse[host] for host in (OLD, NEW, "sorel.test"))
        for server in (self.old, self.new):
            cast.plant(server)
        for name, code in (("cc", cast.ALVANE), ("saintelme", "96001"), ("etang", "96002"), ("hautval", "96004")):
            open_authority(self.old, name, code, website="https://saintelme.example" if name == "saintelme" else "")
        self.before = Person(self.old, "saintelme")
        self.maria, self.paul, self.anne = (
            self.old.register("maria"), self.far.register("paul"), self.new.register("anne"),
        )  # fmt: skip
        for person in (self.maria, self.paul):
            person.follow(f"saintelme@{OLD}")
        fediverse.settle()
        self.first = self.before.says("Le marché reprend")
        self.second = self.before.says("Et le jeudi aussi #marché", answers=self.first)
        self.poll = self.before.asks("Quel jour ?", "Mardi", "Jeudi")
        self.paul.look_up(self.poll)
        self.paul.votes(self.poll, 1)
        self.private = self.before.says("@maria Entre nous", visibility="direct")
        self.quiet = self.before.says("Pour nos abonnés", visibility="followers")
        with self.before.acting() as me:
            upload = media.attach(me, media.keep(files.picture(), "halle.png"), "La halle")
            self.picture = posts.publish(me, posts.compose(me, "La halle", Draft(uploads=(upload,)))).uri
        self.relay = self.before.boosts(self.maria.says("Bravo"))
        fediverse.settle()
        fediverse.wait(days=3)

    def export(self, kind: str = "zip") -> Path:
        file = self.folder / f"saintelme.{kind}"
        with self.old.app.app_context(), file.open("wb") as target:
            archives.write_for(accounts.local("saintelme"), kind, target, self.folder)
        return file

    def restore(self, file: Path, name: str = "mairie") -> restoring.Restored:
        with self.new.app.app_context():
            return restoring.restore(file, name)

    def there(self, uri: str) -> Post | None:
        """A post as it is at the new place, by its former id."""
        with self.new.app.app_context():
            found = former.find(uri)
            _ = found and (found.media, found.author, found.in_reply_to)
            return found


@pytest.fixture
def story(fediverse: Fediverse, tmp_path: Path) -> Story:
    return Story(fediverse, tmp_path)


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_everything_comes_along_as_it_was_and_nobody_is_told(story: Story, kind: str) -> None:
    file = story.export(kind)
    story.fediverse.requests.clear()
    done = story.restore(file)
    story.fediverse.settle()
    assert (done.posts, done.files, done.private, done.relays, done.foreign, done.lost) == (5, 1, 1, 1, 0, 0)
    assert story.new.count(Notification) == 0
    assert [url for method, url in story.fediverse.requests if method == "POST"] == []
    post, answer, quiet = story.there(story.first), story.there(story.second), story.there(story.quiet)
    assert post is not None
    assert answer is not None
    assert quiet is not None
    before = story.before.post(story.first)
    assert before is not None
    assert (post.published_at, post.content) == (before.published_at, before.content)
    assert (post.local, post.author.name, answer.in_reply_to_id, answer.thread_id) == (True, "mairie", post.id, post.id)
    assert (quiet.visibility, answer.tags) == ("followers", ["marché"])
    poll, picture = story.there(story.poll), story.there(story.picture)
    assert poll is not None
    assert "<li>Jeudi : 1</li>" in poll.content
    assert picture is not None
    assert [each.description for each in picture.media] == ["La halle"]
    assert story.there(story.private) is None
    with story.new.app.app_context():
        account = accounts.local("mairie")
        authority = session.get(Authority, account.id)
        assert (account.display_name, account.also_known_as) == ("Saint-Elme-d’Alvane", [story.before.uri])
        assert authority is not None
        assert authority.territory is not None
        assert (authority.territory.code, authority.website) == ("96001", "https://saintelme.example/")
        assert authority.verified_by is None


def test_twice_adds_nothing_and_later_posts_come_along_the_second_time(story: Story) -> None:
    story.restore(story.export())
    again = story.restore(story.export())
    assert (again.posts, again.known) == (0, 5)
    story.before.says("Un dernier mot")
    last = story.restore(story.export())
    assert (last.posts, last.known) == (1, 5)
    with story.new.app.app_context():
        assert accounts.local("mairie").posts_count == 6


def test_followers_follow_and_old_addresses_lead_on(story: Story) -> None:
    story.restore(story.export())
    moves_to(story.before, f"mairie@{NEW}")
    story.fediverse.settle()
    for person in (story.maria, story.paul):
        assert person.follows(f"mairie@{NEW}") is True
        assert person.follows(f"saintelme@{OLD}") is None
    number = story.first.rpartition("/")[2]
    page = story.old.get(f"/@saintelme/{number}", accept="text/html").get_data(as_text=True)
    address = f"https://{NEW}/former?uri=https%3A%2F%2F{OLD}%2Fposts%2F{number}"
    assert address in page.replace("&amp;", "&")
    led = story.new.get(address.removeprefix(f"https://{NEW}"), accept="text/html")
    post = story.there(story.first)
    assert post is not None
    assert (led.status_code, led.headers["Location"]) == (302, post.url)
    assert f"mairie@{NEW}" in story.old.get("/@saintelme", accept="text/html").get_data(as_text=True)
    kept = story.old.get(f"/posts/{number}").get_json()
    assert kept["attributedTo"] == story.before.uri
    assert story.first in story.new.get(post.uri.removeprefix(f"https://{NEW}")).get_json()["formerId"]


def test_what_is_said_of_a_former_address_is_said_of_the_post(story: Story) -> None:
    """A reply, a relay and a like from a third server that only knows the old place, and a link that is typed in."""
    story.restore(story.export())
    moves_to(story.before, f"mairie@{NEW}")
    story.fediverse.settle()
    story.anne.follow(story.paul.handle)
    story.fediverse.settle()
    answer = story.paul.says("Bonne nouvelle", answers=story.first)
    story.paul.boosts(story.first)
    story.fediverse.settle()
    post = story.there(story.first)
    assert post is not None
    found = story.anne.post(answer)
    assert found is not None
    assert (found.in_reply_to_id, post.boosts_count) == (post.id, 1)
    looked = story.anne.look_up(story.first)
    assert looked.id == post.id


def test_a_copy_that_was_here_gives_way_with_what_was_done_with_it(story: Story) -> None:
    story.anne.look_up(story.first)
    story.anne.likes(story.first)
    answer = story.anne.says("Merci", answers=story.first)
    story.fediverse.settle()
    story.restore(story.export())
    post, kept = story.there(story.first), story.anne.post(answer)
    assert post is not None
    assert kept is not None
    assert (post.local, post.likes_count, post.replies_count) == (True, 1, 2)
    assert (kept.in_reply_to_id, kept.thread_id) == (post.id, post.id)


def test_nobody_reads_by_a_former_address_what_is_not_for_them(story: Story) -> None:
    story.restore(story.export())
    for uri in (story.quiet, story.private, "https://reseau.test/posts/1", ""):
        assert story.new.get(f"/former?uri={uri}").status_code == 404


# --- archives that are not what they should be -----------------------------------------------------------------------


def parts_of(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def written(folder: Path, parts: dict[str, bytes]) -> Path:
    file = folder / "other.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file


def test_only_what_the_actor_of_the_archive_said_comes_along(story: Story) -> None:
    parts = parts_of(story.export())
    outbox = json.loads(parts["outbox.json"])
    note = next(item for item in outbox["orderedItems"] if item["object"]["id"] == story.first)

    def forged(**changes: Any) -> dict[str, Any]:
        changed = note["object"] | {"id": f"https://{OLD}/posts/9{len(foreign)}"} | changes
        return note | {"object": changed}

    foreign: list[Any] = []
    foreign.append(forged(attributedTo=story.maria.uri))
    foreign.append(forged(id="https://elsewhere.test/posts/1"))
    foreign.append(forged(id=f"https://{NEW}/posts/1"))
    foreign.append(forged(id=None))
    foreign.append(note | {"actor": story.maria.uri, "object": forged()["object"]})
    foreign.append({"type": "Create", "object": story.first})
    foreign.append({"type": "Delete", "object": story.first})
    outbox["orderedItems"] = [*foreign, 7, None, "x"]
    parts["outbox.json"] = json.dumps(outbox).encode()
    done = story.restore(written(story.folder, parts))
    assert (done.posts, done.foreign) == (0, len(foreign))


def test_a_name_of_somebody_else_is_not_taken_over(story: Story) -> None:
    file = story.export()
    with pytest.raises(errors.Conflict):
        story.restore(file, "anne")
    open_authority(story.new, "autre", "96003")
    Person(story.new, "autre").says("Nous sommes une autre commune")
    with pytest.raises(errors.Conflict):
        story.restore(file, "autre")
    assert story.new.count(Post) == 1


def test_archives_of_people_and_of_this_server_are_refused(story: Story) -> None:
    file = story.export()
    parts = parts_of(file)
    actor = json.loads(parts["actor.json"])
    parts["actor.json"] = json.dumps(actor | {"type": "Person"}).encode()
    with pytest.raises(errors.Refused):
        story.restore(written(story.folder, parts))
    with pytest.raises(errors.Refused), story.old.app.app_context():
        restoring.restore(file, "again")


def tar_with(folder: Path, *members: tarfile.TarInfo) -> Path:
    file = folder / "evil.tar"
    with tarfile.open(file, "w") as archive:
        for member in members:
            archive.addfile(member, io.BytesIO(b"x" * member.size))
    return file


def _member(name: str, **more: Any) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    for key, value in more.items():
        setattr(member, key, value)
    return member


SLIPS: dict[str, list[tarfile.TarInfo]] = {
    "above": [_member("../../etc/cron.d/x")],
    "absolute": [_member("/etc/passwd")],
    "a link": [_member("actor.json", type=tarfile.SYMTYPE, linkname="/etc/passwd")],
    "a hard link": [_member("outbox.json", type=tarfile.LNKTYPE, linkname="actor.json")],
    "a device": [_member("actor.json", type=tarfile.CHRTYPE)],
    "twice": [_member("actor.json", size=1), _member("actor.json", size=1)],
    "of Windows": [_member("..\\actor.json")],
}


@pytest.mark.parametrize("how", SLIPS)
def test_a_tar_whose_parts_lie_elsewhere_is_refused(new: Server, tmp_path: Path, how: str) -> None:
    with pytest.raises(errors.Refused), new.app.app_context():
        restoring.restore(tar_with(tmp_path, *SLIPS[how]), "mairie")


@pytest.fixture
def new(fediverse: Fediverse) -> Server:
    return fediverse[NEW]


def test_a_zip_with_a_link_is_refused(new: Server, tmp_path: Path) -> None:
    file = tmp_path / "evil.zip"
    with zipfile.ZipFile(file, "w") as archive:
        about = zipfile.ZipInfo("actor.json")
        about.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(about, "/etc/passwd")
    with pytest.raises(errors.Refused), new.app.app_context():
        restoring.restore(file, "mairie")


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 nonsense", b"\x1f\x8b\x08\x00", b"{}" * 1000], ids=["empty", "zip", "gzip", "text"]
)
def test_what_is_no_archive_is_said_to_be_none(new: Server, tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "x"
    file.write_bytes(data)
    with pytest.raises((errors.Invalid, errors.NotFound)), new.app.app_context():
        restoring.restore(file, "mairie")


def test_a_part_that_unfolds_without_end_is_refused(new: Server, tmp_path: Path) -> None:
    file = tmp_path / "bomb.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("actor.json", b" " * (restoring.SMALL + 1))
    with pytest.raises(errors.TooLarge), new.app.app_context():
        restoring.restore(file, "mairie")
