"""Custom emojis of one town are seen in another."""

from datetime import timedelta

import pytest

from fediterr.core import clock, db, errors
from fediterr.social import emojis, media
from fediterr.social.models import Medium
from tests import files
from tests.fediverse import Fediverse, Server


def draw(server: Server, shortcode: str) -> None:
    with server.app.app_context():
        kept = media.keep(files.picture(), "velo.png")
        with db.transaction():
            emojis.add(shortcode, kept)


def test_an_emoji_of_one_town_is_known_in_another_with_its_picture(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    maria, paul = brest.register("maria"), nantes.register("paul")
    paul.follow("maria@brest.test")
    fediverse.settle()
    draw(brest, "velo")
    uri = maria.says("Tous à :velo: demain, à 10:velo:20 et :inconnu:")
    fediverse.settle()
    seen = paul.post(uri)
    assert seen is not None
    [emoji] = seen.emojis
    assert emoji["shortcode"] == "velo"
    picture = brest.get(emoji["url"].removeprefix("https://brest.test"), accept="*/*")
    assert (picture.status_code, picture.content_type) == (200, "image/png")
    picture.close()


def test_its_picture_stays_though_no_post_took_it(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    draw(brest, "velo")
    clock.shift(timedelta(days=3))
    with brest.inside():
        media.forget_unused()
    assert brest.count(Medium) == 1
    with brest.inside():
        emojis.remove("velo")
    assert brest.count(Medium) == 0


@pytest.mark.parametrize("shortcode", ["", "v", "Vélo", "a b", "x" * 31, ":velo:"])
def test_a_shortcode_is_a_plain_word(fediverse: Fediverse, shortcode: str) -> None:
    with pytest.raises(errors.Invalid):
        draw(fediverse["brest.test"], shortcode)


def test_a_second_picture_takes_the_place_of_the_first(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    draw(brest, "velo")
    draw(brest, "velo")
    with brest.app.app_context():
        assert [each.shortcode for each in emojis.listed()] == ["velo"]
