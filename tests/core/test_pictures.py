"""Pictures come out upright, with nothing told but what one sees; whoever sends a bomb is told so soon."""

import io
import subprocess
import sys
import time

import pytest
from PIL import Image, ImageCms

from fediterr.core import errors, pictures
from tests import files

PIXELS = 1_000_000


def opened(drawn: pictures.Picture) -> Image.Image:
    return Image.open(io.BytesIO(drawn.data))


@pytest.mark.parametrize(
    ("kind", "mode", "becomes"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "L", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "P", "image/png"),
        ("PNG", "1", "image/png"),
        ("PNG", "LA", "image/png"),
        ("PNG", "I;16", "image/png"),
        ("GIF", "P", "image/gif"),
        ("WEBP", "RGBA", "image/webp"),
        ("AVIF", "RGB", "image/webp"),
    ],
)
def test_every_kind_of_picture_is_drawn_anew(kind: str, mode: str, becomes: str) -> None:
    first = "L" if mode == "I;16" else mode
    data = files.picture(kind, (80, 60), first) if first == mode else deep()
    drawn = pictures.redraw(data, pixels=PIXELS)
    assert (drawn.media_type, drawn.width, drawn.height) == (becomes, 80, 60)
    seen = opened(drawn)
    assert (seen.size, Image.MIME[seen.format or ""]) == ((80, 60), becomes)
    assert 20 <= len(drawn.blurhash) <= 40
    left, right = halves(seen)
    assert sum(left) > sum(right) + 100


def halves(seen: Image.Image) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The middling colours of the left half and of the right one."""
    small = seen.convert("RGB").resize((2, 1), Image.Resampling.BOX)
    left, right = small.getpixel((0, 0)), small.getpixel((1, 0))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    return left, right


def deep() -> bytes:
    """A PNG of 16 bits, dark on the right."""
    made = Image.new("I;16", (80, 60), 5_000)
    made.paste(60_000, (0, 0, 40, 60))
    out = io.BytesIO()
    made.save(out, "PNG")
    return out.getvalue()


def test_a_photograph_stands_upright_and_does_not_tell_where_it_was_taken() -> None:
    drawn = pictures.redraw(files.photograph(), pixels=PIXELS)
    assert (drawn.width, drawn.height) == (60, 80)
    seen = opened(drawn)
    above, below = halves(seen.rotate(90, expand=True))
    assert (above[2] < 60, below[2] > 200) == (True, True)  # what the camera held at its left
    assert dict(seen.getexif()) == {}
    for told in (b"Exif", b"Alice", b"xmp", b"GPS"):
        assert told not in drawn.data


def test_colours_of_a_wide_screen_become_those_of_the_web() -> None:
    profile = Image.open(io.BytesIO(with_profile())).info["icc_profile"]
    drawn = pictures.redraw(with_profile(), pixels=PIXELS)
    assert profile
    assert "icc_profile" not in opened(drawn).info


def with_profile() -> bytes:
    return files.picture("PNG", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())


def test_a_broken_profile_does_not_spoil_the_picture() -> None:
    drawn = pictures.redraw(files.picture("PNG", icc_profile=b"nonsense" * 1000), pixels=PIXELS)
    assert "icc_profile" not in opened(drawn).info


def test_of_the_two_views_of_one_camera_the_first_is_kept() -> None:
    drawn = pictures.redraw(files.film("MPO", 2), pixels=PIXELS)
    assert (drawn.media_type, opened(drawn).format) == ("image/jpeg", "JPEG")


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_a_picture_that_moves_still_moves(kind: str) -> None:
    seen = opened(pictures.redraw(files.film(kind, 5), pixels=PIXELS))
    assert getattr(seen, "n_frames", 1) == 5
    assert seen.info["loop"] == 0


def test_what_is_clear_stays_clear() -> None:
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    for kind in ("PNG", "WEBP", "GIF"):
        out = io.BytesIO()
        clear.save(out, kind)
        seen = opened(pictures.redraw(out.getvalue(), pixels=PIXELS)).convert("RGBA")
        assert seen.getpixel((4, 4))[3] == 0, kind  # type: ignore[index]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(files.bomb(), id="bomb"),
        pytest.param(files.bomb(1001, 1000), id="one line too many"),
        pytest.param(files.film("GIF", 600), id="many frames"),
        pytest.param(files.film("PNG", 30, (200, 200)), id="many pixels in frames"),
        pytest.param(files.picture("JPEG", (200, 200))[:-300], id="truncated JPEG"),
        pytest.param(files.picture("PNG", (200, 200))[:-60], id="truncated PNG"),
        pytest.param(files.picture("WEBP")[:-20], id="truncated WebP"),
        pytest.param(files.picture("BMP"), id="BMP"),
        pytest.param(files.picture("TIFF"), id="TIFF"),
        pytest.param(files.picture("PPM"), id="PPM"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", id="EPS"),
        pytest.param(files.SVG, id="SVG"),
        pytest.param(files.PDF, id="PDF"),
        pytest.param(b"\xff\xd8\xff\xe0", id="four bytes"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_bombs_fragments_and_other_formats_are_refused_soon(data: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(errors.Invalid, match="broken, or too large"):
        pictures.redraw(data, pixels=PIXELS)
    assert time.monotonic() - began < 10


def test_what_hides_behind_a_picture_is_gone() -> None:
    for kind in ("JPEG", "PNG", "GIF", "WEBP"):
        drawn = pictures.redraw(files.picture(kind) + files.HTML + files.ZIP, pixels=PIXELS)
        assert b"script" not in drawn.data
        assert b"PK" not in drawn.data


def test_the_process_that_draws_is_stopped_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "SECONDS", 0.001)
    with pytest.raises(errors.Invalid):
        pictures.redraw(files.picture(), pixels=PIXELS)


def test_no_more_than_some_are_drawn_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "PATIENCE", 0)
    for _ in range(pictures.AT_ONCE):
        pictures._turns.acquire()
    try:
        with pytest.raises(errors.TooMany):
            pictures.redraw(files.picture(), pixels=PIXELS)
    finally:
        pictures._turns.release(pictures.AT_ONCE)
    assert pictures.redraw(files.picture(), pixels=PIXELS).width == 8


ESCAPE = """
import os, runpy, socket, sys
darkroom = runpy.run_path(sys.argv[1], run_name="darkroom")
print(sorted(name for name in os.environ if name.startswith("FEDITERR")))
darkroom["enclose"](1000)
for attempt in (
    lambda: open("/etc/passwd"), lambda: socket.socket(), lambda: os.pipe(), lambda: bytearray(2 << 30)
):
    try:
        attempt()
    except (OSError, MemoryError) as error:
        print(type(error).__name__)
    else:
        print("escaped")
"""


def test_the_process_that_draws_reads_no_file_opens_no_connection_and_takes_little_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FEDITERR_SECRET_KEY", "secret")
    done = subprocess.run(
        [sys.executable, "-c", ESCAPE, str(pictures.DARKROOM)], capture_output=True, text=True, env={}, check=True
    )
    assert done.stdout.split("\n")[:5] == ["[]", "OSError", "OSError", "OSError", "MemoryError"]
