"""Files of people: whose they are, which post has them, and when they are forgotten."""

import hashlib
from datetime import timedelta

import pytest

from fediterr.core import clock, errors, keys, limits, storage
from fediterr.social import development, media, posts
from fediterr.social.drafts import Caption, Draft
from fediterr.social.models import Medium
from tests import clips, files
from tests.fediverse import Fediverse, Person
from workers import upkeep


def attach(person: Person, data: bytes, filename: str = "x", description: str = "") -> int:
    with person.acting() as me:
        return media.attach(me, media.keep(data, filename), description).id


def says(person: Person, words: str, *identifiers: int) -> str:
    """Publish a post with these files; its id."""
    with person.acting() as me:
        uploads = tuple(media.waiting(me, identifier) for identifier in identifiers)
        return posts.publish(me, posts.compose(me, words, Draft(uploads=uploads))).uri


def test_a_picture_is_kept_with_all_that_is_known_of_it(fediverse: Fediverse) -> None:
    maria = fediverse["brest.test"].register("maria")
    with maria.acting() as me:
        made = media.attach(me, media.keep(files.picture("JPEG", (80, 60)), "../pont.jpg"), " Le pont ", (0.5, -0.25))
        kept = storage.find(made.path or "").read_bytes()
        assert (made.kind, made.media_type, made.description) == ("image", "image/jpeg", "Le pont")
        assert (made.width, made.height, made.size, made.focus) == (80, 60, len(kept), [0.5, -0.25])
        assert made.name is None  # a telephone's name for a picture is nobody's business
        assert made.blurhash
        multihash = keys.decode_base58((made.digest or "")[1:])
        assert multihash == b"\x12\x20" + hashlib.sha256(kept).digest()
        assert (made.digest or "").startswith("zQm")  # as in the example of FEP-1311
        assert media.address(made) == f"https://brest.test/media/{made.path}"


def test_a_document_is_kept_as_it_is_and_keeps_its_name(fediverse: Fediverse) -> None:
    maria = fediverse["brest.test"].register("maria")
    with maria.acting() as me:
        made = media.attach(me, media.keep(files.PDF, "Délibération 12.pdf"))
        assert (made.kind, made.media_type, made.name) == ("document", "application/pdf", "Délibération 12.pdf")
        assert storage.find(made.path or "").read_bytes() == files.PDF


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (files.SVG, errors.Invalid),
        (files.bomb(), errors.Invalid),
        (files.PDF + bytes(2 << 20), errors.TooLarge),
    ],
)
def test_what_is_refused_leaves_nothing(fediverse: Fediverse, data: bytes, problem: type[errors.Problem]) -> None:
    brest = fediverse.add("brest.test", limits_media=1 << 20)
    maria, before = brest.register("maria"), set(brest.settings.data_dir.rglob("*"))
    with maria.acting(), pytest.raises(problem):
        media.keep(data, "a.png")
    assert set(brest.settings.data_dir.rglob("*")) == before
    assert brest.count(Medium) == 0


def test_a_file_belongs_to_whoever_sent_it_and_to_one_post(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    maria, lise = brest.register("maria"), brest.register("lise")
    mine = attach(maria, files.PDF)
    with lise.acting() as me, pytest.raises(errors.NotFound):
        media.waiting(me, mine)
    with lise.acting() as me:
        draft = posts.compose(me, "Volé", Draft(uploads=(brest_medium(mine),)))
        with pytest.raises(errors.NotFound):
            posts.publish(me, draft)
    says(maria, "Le compte rendu", mine)
    with pytest.raises(errors.NotFound):
        says(maria, "Encore", mine)


def brest_medium(identifier: int) -> Medium:
    found = media.session.get(Medium, identifier)
    assert found is not None
    return found


def test_a_post_has_as_many_files_as_the_settings_say(fediverse: Fediverse) -> None:
    maria = fediverse.add("brest.test", limits_media_per_post=2).register("maria")
    sent = [attach(maria, files.PDF) for _ in range(3)]
    with pytest.raises(errors.Invalid, match="at most 2 files"):
        says(maria, "Trop", *sent)
    post = maria.post(says(maria, "", *sent[:2][::-1]))
    assert post is not None
    assert [medium.id for medium in post.media] == sent[:2][::-1]


def test_a_description_and_a_focus_have_bounds(fediverse: Fediverse) -> None:
    maria = fediverse["brest.test"].register("maria")
    sent = attach(maria, files.PDF)
    with maria.acting() as me:
        medium = media.waiting(me, sent)
        media.describe(medium, "x" * 1500, (1, -1))
        media.describe(medium)
        assert (len(medium.description), medium.focus) == (1500, [1, -1])
        for description, focus in (("x" * 1501, None), (None, (1.1, 0)), (None, (float("nan"), 0))):
            with pytest.raises(errors.Invalid):
                media.describe(medium, description, focus)


def test_an_edit_drops_a_file_and_describes_another(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    maria = brest.register("maria")
    first, second = attach(maria, files.PDF), attach(maria, files.picture(), description="Avant")
    uri = says(maria, "Deux", first, second)
    with maria.acting() as me:
        post = maria._post(uri)
        kept = brest_medium(second)
        same = Draft(uploads=tuple(post.media), captions={second: Caption("Avant ")})
        posts.edit(post, posts.compose(me, "Deux", same))
        assert post.edited_at is None  # nothing new was said
        posts.edit(post, posts.compose(me, "Deux", Draft(uploads=(kept,), captions={second: Caption("Après")})))
    after = maria.post(uri)
    assert after is not None
    assert [(medium.id, medium.description) for medium in after.media] == [(second, "Après")]
    with brest.app.app_context():
        [before] = posts.revisions(after)
        assert [each["description"] for each in before.media] == ["", "Avant"]
    with maria.acting() as me:
        assert media.waiting(me, first).id == first


def test_what_no_post_took_is_forgotten_after_a_day_and_its_bytes_too(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    maria = brest.register("maria")
    used, unused, deleted = (attach(maria, files.PDF) for _ in range(3))
    says(maria, "Le compte rendu", used)
    uri = says(maria, "À supprimer", deleted)
    with brest.app.app_context():
        paths = {number: brest_medium(number).path or "" for number in (used, unused, deleted)}
    maria.deletes(uri)
    with brest.app.app_context(), pytest.raises(errors.NotFound):
        media.by_path(paths[deleted])  # at once: nobody is shown it any more
    for _ in range(49):  # each shelf has its hour
        clock.shift(timedelta(hours=1))
        with brest.app.app_context():
            upkeep.clear()
    with brest.app.app_context():
        assert media.by_path(paths[used]).id == used
        assert storage.find(paths[used]).read_bytes() == files.PDF
        for gone in (paths[unused], paths[deleted]):
            with pytest.raises(errors.NotFound):
                storage.find(gone)
    assert brest.count(Medium) == 1


def test_nobody_sends_files_without_end(fediverse: Fediverse, monkeypatch: pytest.MonkeyPatch) -> None:
    maria = fediverse["brest.test"].register("maria")
    with maria.acting() as me:
        for _ in range(media.OFTEN["most"]):
            media.admit(me)
        with pytest.raises(errors.TooMany) as caught:
            media.admit(me)
    assert 0 < (caught.value.retry_after or 0) <= media.OFTEN["seconds"] + 1
    assert limits.EXTENSION in maria.server.app.extensions


# --- films and sounds ------------------------------------------------------------------------------------------------


def send_film(person: Person, data: bytes) -> int:
    with person.acting() as me:
        return media.attach(me, media.keep(data, "a.mp4", later=True)).id


def state(person: Person, identifier: int) -> tuple[bool, bool]:
    """Whether a file waits for a worker, and whether it came to nothing."""
    with person.acting() as me:
        medium = media.own(me, identifier)
        return medium.is_processing, medium.has_failed


def test_a_film_whose_worker_died_is_developed_by_another(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    maria = brest.register("maria")
    sent = send_film(maria, clips.film("mp4"))
    with brest.app.app_context():
        assert development._take() is not None  # a worker takes it up, and is never heard of again
    fediverse.settle()
    assert state(maria, sent) == (True, False)
    fediverse.wait(minutes=4)
    assert state(maria, sent) == (False, False)


def test_a_film_that_stops_every_worker_is_given_up(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    maria = brest.register("maria")
    sent = send_film(maria, clips.film("mp4"))
    for _ in range(development.TRIES):
        with brest.app.app_context():
            assert development._take() is not None
        clock.shift(timedelta(minutes=4))
    fediverse.wait(minutes=4)
    assert state(maria, sent) == (False, True)


def test_a_film_taken_back_while_it_is_developed_leaves_nothing(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    maria = brest.register("maria")
    sent = send_film(maria, clips.film("mp4"))
    with brest.app.app_context():
        taken = development._take()
    with maria.acting() as me:
        media.discard(media.own(me, sent))
    assert taken is not None
    with brest.app.app_context():
        development._develop(*taken)
    clock.shift(timedelta(days=2))
    with brest.inside():
        media.sweep(storage.SHELVES)
    assert not [path for path in (brest.settings.data_dir / "media").rglob("*.*") if path.suffix != ".txt"]


def test_previews_stay_as_long_as_what_they_show(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    maria = brest.register("maria")
    identifier = attach(maria, files.picture("PNG", (1280, 720)))
    says(maria, "Le pont", identifier)
    clock.shift(timedelta(days=2))
    with maria.acting() as me:
        media.sweep(storage.SHELVES)
        medium = media.own(me, identifier)
        assert storage.find(medium.preview or "").is_file()
        assert storage.find(medium.path or "").is_file()
