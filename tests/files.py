"""Files as people send them, good and bad, made when they are needed."""

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
ACTIVITY = (
    b'{"@context":"https://www.w3.org/ns/activitystreams","id":"https://brest.test/actors/alice","type":"Person"}'
)
MP3 = b"ID3\x04\0\0\0\0\0\0" + b"\xff\xfb\x90\x64" + bytes(400)
OGG = b"OggS\0\x02" + bytes(40)
WAV = b"RIFF\x24\0\0\0WAVEfmt " + bytes(24)
MP4 = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2" + bytes(64)
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + bytes(64)
MATROSKA = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska" + bytes(64)
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64)


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 6), mode: str = "RGB", **options: Any) -> bytes:
    """A picture, yellow on the left and blue on the right."""
    made = Image.new("RGB", size, "blue")
    made.paste("yellow", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    made.convert(mode).save(out, kind, **options)
    return out.getvalue()


def film(kind: str, frames: int, size: tuple[int, int] = (8, 6)) -> bytes:
    """A picture that moves."""
    made = [Image.new("RGB", size, (number * 7 % 256, number // 36 % 256, 0)) for number in range(frames)]
    out = io.BytesIO()
    made[0].save(out, kind, save_all=True, append_images=made[1:], duration=40, loop=0)
    return out.getvalue()


def photograph() -> bytes:
    """A JPEG as a telephone makes it: lying on its side, with the place, a comment, and who owns the telephone."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    exif[0x013B] = "Alice Le Goff"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 23.0, 24.0), 3: "W", 4: (4.0, 29.0, 10.0)})
    return picture("JPEG", (80, 60), exif=exif, comment=b"Alice at home", xmp=b"<x:xmpmeta>Alice</x:xmpmeta>")


def bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A PNG of some kilobytes that says it has billions of pixels."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1_000_000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )


def archive(*members: tuple[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in members:
            made.writestr(name, content)
    return out.getvalue()


ODT = archive(("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<office/>"))
ODS = archive(("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "<office/>"))
DOCX = archive(("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<w/>"))
DOCM = archive(("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<w/>"), ("word/vbaProject.bin", "x"))
EPUB = archive(("mimetype", "application/epub+zip"), ("content.opf", "<package/>"))
ZIP = archive(("../../etc/passwd", "root"))
