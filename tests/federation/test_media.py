"""Pictures and documents that travel with a post: where they are, what they show, and how to tell they are whole."""

import hashlib

from werkzeug.test import Client as WsgiClient

from fediterr.core import keys
from fediterr.social import media, posts
from fediterr.social.drafts import Caption, Draft
from tests import files
from tests.fediverse import Fediverse


def test_a_picture_with_its_description_reaches_another_town(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    maria, paul = brest.register("maria"), nantes.register("paul")
    paul.follow("maria@brest.test")
    fediverse.settle()
    with maria.acting() as me:
        seen = media.attach(me, media.keep(files.photograph(), "IMG_1.jpg"), "Le pont levé", (0.25, -0.5))
        text = media.attach(me, media.keep(files.PDF, "Plan.pdf"), "Le plan")
        uri = posts.publish(me, posts.compose(me, "Travaux", Draft(uploads=(seen, text)))).uri
    fediverse.settle()

    post = paul.post(uri)
    assert post is not None
    picture, plan = post.media
    assert (picture.kind, picture.media_type, picture.description) == ("image", "image/jpeg", "Le pont levé")
    assert (picture.width, picture.height, picture.focus) == (60, 80, [0.25, -0.5])
    assert picture.blurhash == seen.blurhash
    assert (plan.kind, plan.media_type, plan.description) == ("document", "application/pdf", "Le plan")

    assert picture.remote_url is not None
    path = picture.remote_url.removeprefix("https://brest.test")
    answer = WsgiClient(brest.app).get(path, base_url="https://brest.test", buffered=True)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert picture.size == len(answer.data)
    told = keys.decode_base58((picture.digest or "").removeprefix("z"))
    assert told == b"\x12\x20" + hashlib.sha256(answer.data).digest()


def test_how_an_attachment_is_written(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    maria = brest.register("maria")
    with maria.acting() as me:
        seen = media.attach(me, media.keep(files.picture("PNG", (80, 60)), "a.png"), "Le pont")
        uri = posts.publish(me, posts.compose(me, "Travaux", Draft(uploads=(seen,)))).uri
    document = brest.get(uri.removeprefix("https://brest.test")).get_json(force=True)
    assert document["attachment"] == [
        {
            "type": "Image",
            "mediaType": "image/png",
            "url": f"https://brest.test/media/{seen.path}",
            "name": "Le pont",
            "blurhash": seen.blurhash,
            "width": 80,
            "height": 60,
            "size": seen.size,
            "digestMultibase": seen.digest,
        }
    ]
    terms = next(part for part in document["@context"] if isinstance(part, dict))
    assert {"blurhash", "digestMultibase", "size"} <= set(terms)


def test_a_new_description_and_a_dropped_file_reach_the_readers(fediverse: Fediverse) -> None:
    maria, paul = fediverse["brest.test"].register("maria"), fediverse["nantes.test"].register("paul")
    paul.follow("maria@brest.test")
    fediverse.settle()
    with maria.acting() as me:
        kept, dropped = (media.attach(me, media.keep(files.PDF, "a.pdf")) for _ in range(2))
        uri = posts.publish(me, posts.compose(me, "Plans", Draft(uploads=(kept, dropped)))).uri
    fediverse.settle()
    with maria.acting() as me:
        post = maria._post(uri)
        draft = Draft(uploads=(post.media[0],), captions={kept.id: Caption("Le plan du pont")})
        posts.edit(post, posts.compose(me, "Plans", draft))
    fediverse.settle()
    read = paul.post(uri)
    assert read is not None
    assert [medium.description for medium in read.media] == ["Le plan du pont"]


def test_a_file_lies_on_a_host_of_its_own_when_the_operator_gives_it_one(fediverse: Fediverse) -> None:
    brest = fediverse.add("brest.test", media_url="https://files.brest.test")
    maria = brest.register("maria")
    with maria.acting() as me:
        seen = media.attach(me, media.keep(files.PDF, "a.pdf"))
        uri = posts.publish(me, posts.compose(me, "Plan", Draft(uploads=(seen,)))).uri
    document = brest.get(uri.removeprefix("https://brest.test")).get_json(force=True)
    assert document["attachment"][0]["url"] == f"https://files.brest.test/media/{seen.path}"
