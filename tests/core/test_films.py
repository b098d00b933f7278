"""Films and sounds are copied without a word about who made them; what is broken or plays nowhere is refused."""

import io
import subprocess
import sys
import tempfile

import av
import pytest
from PIL import Image

from fediterr.core import errors, films
from tests import clips, files


def screened(data: bytes, *, pixels: int = 1_000_000, seconds: int = 60) -> tuple[films.Film, bytes]:
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        source.write(data)
        source.seek(0)
        film = films.screen(source, target, size=len(data), pixels=pixels, seconds=seconds)
        target.seek(0)
        return film, target.read()


def written_in(data: bytes) -> str:
    """All that a file says of itself."""
    with av.open(io.BytesIO(data)) as opened:
        return str([dict(opened.metadata), *[dict(stream.metadata) for stream in opened.streams]])


@pytest.mark.parametrize(("kind", "becomes"), [("mp4", "mp4"), ("mov", "mp4"), ("webm", "webm")])
def test_a_film_is_copied_without_names_and_places(kind: str, becomes: str) -> None:
    data = clips.film(kind)
    assert "Alice" in written_in(data)
    film, copied = screened(data)
    assert (film.extension, film.width, film.height) == (becomes, 160, 120)
    assert film.measures["frame_rate"] == "20/1"
    assert film.measures["duration"] == pytest.approx(1, abs=0.05)
    assert film.measures["bitrate"] == pytest.approx(len(copied) * 8, rel=0.05)
    assert "Alice" not in written_in(copied)
    assert b"48.39" not in copied
    with av.open(io.BytesIO(copied)) as opened:
        assert [stream.type for stream in opened.streams] == ["video", "audio"]
        assert sum(1 for _ in opened.decode(video=0)) == 20
    poster = Image.open(io.BytesIO(film.poster))
    assert (poster.format, poster.size) == ("JPEG", (160, 120))
    assert poster.getpixel((10, 60)) != poster.getpixel((150, 60))


@pytest.mark.parametrize(
    ("kind", "becomes"), [("mp3", "mp3"), ("ogg", "ogg"), ("wav", "wav"), ("flac", "flac"), ("ipod", "m4a")]
)
def test_so_is_a_sound(kind: str, becomes: str) -> None:
    film, copied = screened(clips.sound(kind))
    assert (film.extension, film.width, film.poster) == (becomes, None, b"")
    assert film.measures["duration"] == pytest.approx(1, abs=0.05)
    assert "Alice" not in written_in(copied)


def test_the_index_of_an_mp4_comes_first_so_that_it_plays_while_it_loads() -> None:
    _, copied = screened(clips.film("mp4"))
    assert 0 < copied.index(b"moov") < copied.index(b"mdat")


def test_a_film_of_a_telephone_held_upright_stands_upright() -> None:
    film, _ = screened(clips.held_upright(clips.film("mp4")))
    assert (film.width, film.height) == (120, 160)
    poster = Image.open(io.BytesIO(film.poster))
    above, below = poster.getpixel((60, 10)), poster.getpixel((60, 150))
    assert isinstance(above, tuple)
    assert isinstance(below, tuple)
    assert (above[2] < 60, below[2] > 200) == (True, True)  # what was at the left of the picture


def test_a_large_film_has_a_small_picture() -> None:
    film, _ = screened(clips.film("mp4", 0.2, (1280, 720)))
    assert (film.width, film.height) == (1280, 720)
    assert Image.open(io.BytesIO(film.poster)).size == (640, 360)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(clips.film("avi"), id="no container for browsers"),
        pytest.param(files.MP4, id="an MP4 without anything in it"),
        pytest.param(clips.film("mp4")[:-600], id="an MP4 without its index"),
        pytest.param(b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n", id="a list of files"),
        pytest.param(b"ffconcat version 1.0\nfile /etc/passwd\n", id="another list of files"),
        pytest.param(files.picture("JPEG"), id="a picture"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_browsers_do_not_play_is_refused(data: bytes) -> None:
    with pytest.raises(errors.Invalid):
        screened(data)


def test_limits_hold() -> None:
    for limits in ({"pixels": 160 * 120 - 1}, {"seconds": 1}):
        with pytest.raises(errors.Invalid):
            screened(clips.film("mp4", 2), **limits)
    with pytest.raises(errors.Invalid):
        screened(clips.film("mp4", 0.2, rate=200))


def test_the_server_itself_loads_no_codecs() -> None:
    code = "import sys, fediterr.app, workers.celery_app; print('av' in sys.modules, 'PIL' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
