"""A file is what its bytes say; what a browser would run is nothing that is taken."""

import pytest

from fediterr.core import filetypes
from tests import files


@pytest.mark.parametrize(
    ("data", "filename", "media_type"),
    [
        (files.picture("JPEG"), "a.png", "image/jpeg"),
        (files.picture("PNG"), "a.html", "image/png"),
        (files.picture("GIF"), "", "image/gif"),
        (files.picture("WEBP"), "a", "image/webp"),
        (files.picture("AVIF"), "a", "image/avif"),
        (files.MP3, "a.mp3", "audio/mpeg"),
        (files.OGG, "a.txt", "audio/ogg"),
        (files.WAV, "a", "audio/wav"),
        (files.MP4, "a", "video/mp4"),
        (files.WEBM, "a", "video/webm"),
        (files.PDF, "a.html", "application/pdf"),
        (files.ODT, "a", "application/vnd.oasis.opendocument.text"),
        (files.ODS, "a", "application/vnd.oasis.opendocument.spreadsheet"),
        (files.DOCX, "a", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"nom;commune\nAlice;Brest\n", "liste.CSV", "text/csv"),
        ("Compte rendu é".encode("cp1252"), "a.txt", "text/plain"),
        (files.ACTIVITY, "a.txt", "text/plain"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(data: bytes, filename: str, media_type: str) -> None:
    found = filetypes.tell(data, filename)
    assert found is not None
    assert found.media_type == media_type


@pytest.mark.parametrize(
    ("data", "filename"),
    [
        (files.SVG, "a.png"),
        (files.SVG, "a.txt"),
        (b"\xef\xbb\xbf \n" + files.HTML, "a.csv"),
        (files.HTML, "a.jpg"),
        (b"<?xml version='1.0'?><x/>", "a.xml"),
        (b"alert(1)", "a.js"),
        (files.ACTIVITY, "a.json"),
        (files.ACTIVITY, "a.png"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "a.eps"),
        (b"8BPS\0\x01" + bytes(30), "a.psd"),
        (b"II*\0" + bytes(30), "a.tif"),
        (b"SIMPLE  =                    T", "a.fits"),
        (b"BM" + bytes(60), "a.bmp"),
        (b"#EXTM3U\nfile:///etc/passwd", "a.mp4"),
        (files.HEIC, "a.jpg"),
        (files.MATROSKA, "a.webm"),
        (files.ZIP, "a.zip"),
        (files.EPUB, "a.odt"),
        (files.DOCM, "a.docx"),
        (b"GIF88a", "a.gif"),
        (b"MZ\x90\0", "a.txt"),
        (b"a\0b", "a.txt"),
        (b"", "a.txt"),
        (b"", ""),
    ],
)
def test_nothing_else_is_taken(data: bytes, filename: str) -> None:
    assert filetypes.tell(data, filename) is None


@pytest.mark.parametrize(
    ("filename", "saved"),
    [
        ("Compte rendu n° 3.pdf", "Compte rendu n° 3.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\alice\\plan.pdf", "plan.pdf"),
        ("/absolute.pdf", "absolute.pdf"),
        ("a\uff0f..\u2215b.pdf", "b.pdf"),
        ("a\0b\r\nSet-Cookie: x.pdf", "abSet-Cookie x.pdf"),
        ("plan\u202efdp.exe", "planfdp.pdf"),
        ('"quoted";.html', "quoted;.pdf"),
        ("..", "document.pdf"),
        ("", "document.pdf"),
        ("x" * 1_000_000, "x" * 80 + ".pdf"),
    ],
)
def test_a_document_is_saved_under_a_name_that_leads_nowhere(filename: str, saved: str) -> None:
    assert filetypes.tidy(filename, filetypes.BY_EXTENSION["pdf"]) == saved


def test_no_kind_that_is_handed_out_runs_in_a_browser() -> None:
    active = ("html", "xml", "svg", "javascript", "json", "css")
    assert not [kind for kind in filetypes.BY_MEDIA_TYPE if kind.endswith(active)]
