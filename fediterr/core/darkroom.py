"""Draw a picture anew, as a process that can do nothing else: run by `pictures`, with the file on its standard input.

It knows nobody: what reads hostile bytes shares no memory, no secret and no database with the server. Standard output
is one line of JSON about the picture, then its bytes, then those of its preview if it needs one; exit code 3 says that
it is refused.
"""

import contextlib
import copy
import io
import json
import resource
import sys
import warnings
from typing import Any

import blurhash
from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageColor,
    ImageFile,
    ImageOps,
    ImagePalette,
    ImageSequence,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

REFUSED = 3
CPU_SECONDS = 10
BYTES_PER_PIXEL = 24  # of address space: the picture, the turned picture, what is being written
SPARE_BYTES = 512 << 20  # the interpreter and the libraries
FRAMES = 500
PREVIEW = 640 * 360  # pixels
# What each kind of file becomes: few servers read AVIF yet.
BECOMES = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "GIF": "GIF", "WEBP": "WEBP", "AVIF": "WEBP"}
OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 88, "optimize": True, "progressive": True},
    "PNG": {"compress_level": 5},
    "GIF": {},
    "WEBP": {"quality": 85, "method": 2},
}
MODES = {"JPEG": ("L", "RGB"), "PNG": ("1", "L", "LA", "P", "RGB", "RGBA"), "GIF": ("L", "P", "RGB", "RGBA")}
MODES["WEBP"] = ("RGB", "RGBA")
# Read before the door is closed; Pillow would look for them in the middle of its work (Tiff: EXIF is written so).
READ_BEFORE = [copy, ImageColor, ImageFile, ImagePalette, AvifImagePlugin, GifImagePlugin, JpegImagePlugin]
READ_BEFORE += [MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin]


def main() -> None:
    pixels = int(sys.argv[1])
    Image.preinit()  # it reads files
    enclose(pixels)
    try:
        about, data, small = develop(sys.stdin.buffer.read(), pixels)
    except Exception as error:  # noqa: BLE001 (whatever a broken file provokes in a decoder)
        sys.stderr.write(f"{type(error).__name__}: {error}"[:500])
        sys.exit(REFUSED)
    sys.stdout.buffer.write(json.dumps(about).encode() + b"\n" + data + small)


def enclose(pixels: int) -> None:
    """From here on: so much memory, so many seconds, and no file or connection beyond the three that are open."""
    memory = SPARE_BYTES + BYTES_PER_PIXEL * pixels
    for limit, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_NOFILE, 3),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    Image.MAX_IMAGE_PIXELS = pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def develop(data: bytes, pixels: int) -> tuple[dict[str, Any], bytes, bytes]:
    """The picture drawn anew, upright, without anything that was written into it besides; and a smaller one, if any.

    Raises ValueError, OSError and whatever else Pillow raises for a file that it cannot read.
    """
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "GIF", "WEBP", "AVIF")) as opened:
        kind = BECOMES[opened.format or ""]
        if opened.width * opened.height > pixels:
            raise ValueError("too many pixels")
        frames = [_clean(opened, kind)] if kind == "JPEG" else _frames(opened, kind, pixels)
    first, out = frames[0], io.BytesIO()
    options = dict(OPTIONS[kind])
    if len(frames) > 1:
        options |= {"save_all": True, "append_images": frames[1:], "duration": [f.info["duration"] for f in frames]}
        options |= {"loop": opened.info["loop"]} if "loop" in opened.info else {}
        options |= {"disposal": 2} if kind == "GIF" else {}
    first.save(out, kind, **options)
    about = {"media_type": f"image/{kind.lower()}", "width": first.width, "height": first.height}
    about |= {"blurhash": _impression(first), "size": out.tell()}
    if first.width * first.height <= PREVIEW and len(frames) == 1:
        return about, out.getvalue(), b""
    small, told = _smaller(first, "PNG" if kind == "GIF" else kind)
    return about | {"preview": told}, out.getvalue(), small


def _smaller(image: Image.Image, kind: str) -> tuple[bytes, dict[str, Any]]:
    """A picture of at most PREVIEW pixels; of one that moves, its first frame."""
    scale = min(1.0, (PREVIEW / (image.width * image.height)) ** 0.5)
    size = (max(1, int(image.width * scale)), max(1, int(image.height * scale)))
    if image.mode not in ("L", "RGB", "RGBA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    made, out = image.resize(size, Image.Resampling.LANCZOS), io.BytesIO()
    made.info = {}
    made.save(out, kind, **OPTIONS[kind])
    return out.getvalue(), {"media_type": f"image/{kind.lower()}", "width": size[0], "height": size[1]}


def _frames(opened: Image.Image, kind: str, pixels: int) -> list[Image.Image]:
    """Every frame of a picture that moves; all of them together have the pixels of one."""
    frames: list[Image.Image] = []
    for frame in ImageSequence.Iterator(opened):
        if len(frames) >= FRAMES or (len(frames) + 1) * frame.width * frame.height > pixels:
            raise ValueError("too many frames")
        frames.append(_clean(frame, kind))
    return frames


def _clean(image: Image.Image, kind: str) -> Image.Image:
    """A copy that holds pixels and nothing else: turned as its camera says, in the colours of the web."""
    profile, duration = image.info.get("icc_profile"), image.info.get("duration", 100)
    made = ImageOps.exif_transpose(image)
    if made is image:
        made = image.copy()
    if made.mode.startswith("I"):
        made = made.convert("I").point(lambda value: value / 256).convert("L")
    if profile and made.mode in ("RGB", "RGBA", "CMYK", "L"):
        made = _in_web_colours(made, profile)
    if made.mode not in MODES[kind]:
        made = made.convert("RGBA" if made.has_transparency_data and kind != "JPEG" else "RGB")
    clear = made.info.get("transparency")
    made.info = {"duration": duration}
    if clear is not None:
        made.info["transparency"] = clear
    return made


def _in_web_colours(image: Image.Image, profile: bytes) -> Image.Image:
    with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
        source, target = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        alpha = image.getchannel("A") if image.mode == "RGBA" else None
        flat = image.convert("RGB") if alpha else image
        made = ImageCms.profileToProfile(flat, source, target, outputMode="RGB")
        if made is not None:
            if alpha:
                made.putalpha(alpha)
            return made
    return image


def _impression(image: Image.Image) -> str:
    """What to show while the picture comes (blurha.sh): a few letters that stand for its colours."""
    small = image.convert("RGBA").resize((32, 32)).convert("RGB")
    rows = [[small.getpixel((x, y)) for x in range(32)] for y in range(32)]
    wide = image.width >= image.height
    return str(blurhash.encode(rows, components_x=4 if wide else 3, components_y=3 if wide else 4))


if __name__ == "__main__":
    main()
