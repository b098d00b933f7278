"""What a file is, by its first bytes: the few kinds that are taken, and how each is handed out again.

Nothing that a browser would run is among them: no HTML, SVG, XML or script, whatever its name says.
"""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."


@dataclass(frozen=True, slots=True)
class FileType:
    extension: str
    media_type: str
    kind: str  # image, video, audio or document

    @property
    def shown(self) -> bool:
        """Whether a browser may show it in place; a document is saved instead."""
        return self.kind != "document"


BY_EXTENSION = {
    each.extension: each
    for each in (
        FileType("jpg", "image/jpeg", "image"),
        FileType("png", "image/png", "image"),
        FileType("gif", "image/gif", "image"),
        FileType("webp", "image/webp", "image"),
        FileType("avif", "image/avif", "image"),
        FileType("mp3", "audio/mpeg", "audio"),
        FileType("ogg", "audio/ogg", "audio"),
        FileType("wav", "audio/wav", "audio"),
        FileType("m4a", "audio/mp4", "audio"),
        FileType("flac", "audio/flac", "audio"),
        FileType("weba", "audio/webm", "audio"),
        FileType("mp4", "video/mp4", "video"),
        FileType("webm", "video/webm", "video"),
        FileType("pdf", "application/pdf", "document"),
        FileType("odt", f"{OPEN}text", "document"),
        FileType("ods", f"{OPEN}spreadsheet", "document"),
        FileType("odp", f"{OPEN}presentation", "document"),
        FileType("docx", f"{OFFICE}wordprocessingml.document", "document"),
        FileType("xlsx", f"{OFFICE}spreadsheetml.sheet", "document"),
        FileType("pptx", f"{OFFICE}presentationml.presentation", "document"),
        FileType("txt", "text/plain", "document"),
        FileType("csv", "text/csv", "document"),
    )
}
BY_MEDIA_TYPE = {each.media_type: each for each in BY_EXTENSION.values()}
# Other names of the same, and what is made one of them: for those who look before they send.
ALSO_TAKEN = ("video/quicktime", "audio/mp3", "audio/m4a", "audio/x-m4a", "audio/wave", "audio/x-wav", "audio/x-flac")

_BEGINNINGS = (
    (re.compile(rb"\xff\xd8\xff"), "jpg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "webp"),
    (re.compile(rb"....ftypavi[fs]", re.DOTALL), "avif"),
    (re.compile(rb"ID3[\x02-\x04]|\xff[\xf2\xf3\xfa\xfb][\x10-\xef]"), "mp3"),
    (re.compile(rb"OggS\0"), "ogg"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "wav"),
    (re.compile(rb"fLaC"), "flac"),
    (re.compile(rb"....ftypM4A ", re.DOTALL), "m4a"),
    (re.compile(rb"....ftyp(iso[m2-9]|mp4[12]|avc1|M4V |dash|MSNV|qt  )", re.DOTALL), "mp4"),  # qt: of an iPhone
    (re.compile(rb"\x1aE\xdf\xa3.{0,60}webm", re.DOTALL), "webm"),
    (re.compile(rb"%PDF-[12]\.[0-9]"), "pdf"),
)
_ARCHIVE = b"PK\x03\x04"
_OFFICE_PARTS = ((b"word/document.xml", "docx"), (b"xl/workbook.xml", "xlsx"), (b"ppt/presentation.xml", "pptx"))
_MACROS = b"vbaProject.bin"
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f"))
_LONGEST_STEM = 80  # characters
_UNWANTED = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff<>:"|?*]')
_SLASHES = re.compile("[/\\\\\u2044\u2215\u29f5\u29f8\uff0f\uff3c]")


def tell(data: bytes, filename: str) -> FileType | None:
    """What a file is; None when it is nothing that is taken. The name only tells apart what is plain text."""
    for beginning, extension in _BEGINNINGS:
        if beginning.match(data):
            return BY_EXTENSION[extension]
    if data.startswith(_ARCHIVE):
        return _tell_archive(data)
    extension = PurePosixPath(filename.lower()).suffix[1:]
    return BY_EXTENSION[extension] if extension in ("txt", "csv") and _is_plain(data) else None


def _tell_archive(data: bytes) -> FileType | None:
    """OpenDocument says first what it is (part 2, 3.3), OOXML is known by its main part; no other archive is taken."""
    if data[30:38] == b"mimetype":
        size = int.from_bytes(data[22:26], "little")
        return BY_MEDIA_TYPE.get(data[38 : 38 + min(size, 100)].decode("ascii", errors="replace"))
    if b"[Content_Types].xml" not in data or _MACROS in data:
        return None
    return next((BY_EXTENSION[extension] for part, extension in _OFFICE_PARTS if part in data), None)


def _is_plain(data: bytes) -> bool:
    """Text in UTF-8 or an older encoding of one byte, and no markup."""
    clean = data.translate(None, _CONTROLS) == data
    return clean and bool(data) and not data.lstrip(b"\xef\xbb\xbf \t\r\n\f").startswith(b"<")


def tidy(filename: str, found: FileType) -> str:
    """The name under which a document is saved: the last part of what its owner called it, as what it is."""
    last = _SLASHES.split(filename[-4096:])[-1]
    stem = _UNWANTED.sub("", last).strip(". ")
    stem = stem.rpartition(".")[0] or stem
    return f"{stem[:_LONGEST_STEM].strip('. ') or 'document'}.{found.extension}"
