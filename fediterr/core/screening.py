"""Read a film or a sound and write it again, as a process that can do nothing else: run by `films`.

Nothing is decoded but one picture: what was compressed is copied as it is into a new file, without the metadata (names,
places, dates) and the tracks that are neither picture nor sound. Standard input is the file; the new one is open
already, under the descriptor that is told. Standard output is one line of JSON about it, then a picture to show in its
place; exit code 3 says that it is refused.
"""

import functools
import importlib
import io
import json
import os
import pkgutil
import resource
import sys
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
from av.audio import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition
from av.video import VideoFrame, VideoStream
from PIL import Image

REFUSED = 3
CPU_SECONDS = 40
MEMORY = 1536 << 20  # of address space; the libraries alone take a third
POSTER = 640 * 360  # pixels
BUFFER = 1 << 20
PROGRAMS = ("av.__main__", "av.datasets")

# What browsers play, by the container that it stays in (ffmpeg's names).
PICTURES = {"mp4": {"h264", "av1", "vp9"}, "webm": {"vp8", "vp9", "av1"}}
SOUNDS = {"mp4": {"aac", "mp3", "opus", "flac"}, "webm": {"opus", "vorbis"}, "mp3": {"mp3"}, "flac": {"flac"}}
SOUNDS |= {"ogg": {"opus", "vorbis", "flac"}, "wav": {"pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le"}}
READ_AS = {"mov": "mp4", "mp4": "mp4", "matroska": "webm", "mp3": "mp3", "ogg": "ogg", "wav": "wav", "flac": "flac"}
OPTIONS = {"mp4": {"movflags": "+faststart"}, "mp3": {"id3v2_version": "0", "write_id3v1": "0"}}
# How each is handed out, with and without pictures.
BECOMES = {"mp4": ("mp4", "m4a"), "webm": ("webm", "weba")}


@dataclass(frozen=True)
class Limits:
    pixels: int  # of one picture
    rate: int  # pictures a second
    seconds: int


@dataclass
class Copied:
    """What was seen of a file on the way; moments in seconds."""

    first: Fraction | None = None
    last: Fraction = Fraction(0)
    poster: VideoFrame | None = None

    @property
    def duration(self) -> float:
        return float(self.last - self.first) if self.first is not None else 0.0

    def note(self, packet: "Packet[Any]", most: int) -> None:
        """Take notice of a packet. Raises ValueError when the file lasts longer than `most` seconds."""
        if packet.pts is None or packet.time_base is None:
            return
        begins = packet.pts * packet.time_base
        self.first = begins if self.first is None else min(begins, self.first)
        self.last = max(self.last, begins + (packet.duration or 0) * packet.time_base)
        if self.duration > most:
            raise ValueError("too long")


class Again:
    """The new file, read while it is still being written: the index of an MP4 is moved to its beginning at the end."""

    def __init__(self, descriptor: int, *_: Any) -> None:
        self.descriptor, self.place = descriptor, 0

    def read(self, size: int) -> bytes:
        data = os.pread(self.descriptor, size, self.place)
        self.place += len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self.place, os.SEEK_END: os.fstat(self.descriptor).st_size}
        self.place = base[whence] + offset
        return self.place

    def close(self) -> None:
        """The file stays open."""


def main() -> None:
    descriptor, pixels, rate, seconds, size = (int(value) for value in sys.argv[1:6])
    av.logging.set_level(None)
    read_before()
    enclose(size)
    try:
        with os.fdopen(0, "rb", buffering=0) as source, os.fdopen(descriptor, "r+b", buffering=0) as target:
            about, poster = screen(source, target, Limits(pixels, rate, seconds))
    except Exception as error:  # noqa: BLE001 (whatever a broken file provokes in a decoder)
        sys.stderr.write(f"{type(error).__name__}: {error}"[:500])
        sys.exit(REFUSED)
    sys.stdout.buffer.write(json.dumps(about).encode() + b"\n" + poster)


def read_before() -> None:
    """Load what PyAV and Pillow would look for after the door is closed."""
    Image.preinit()
    for module in pkgutil.walk_packages(av.__path__, "av."):
        if module.name not in PROGRAMS:
            importlib.import_module(module.name)


def enclose(size: int) -> None:
    """From here on: so much memory, so many seconds, and no file or connection beyond the four that are open."""
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_NOFILE, 3),
        (resource.RLIMIT_FSIZE, size),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))


def screen(source: Any, target: Any, limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Copy the pictures and the sound of a file; what it is, and a JPEG to show in its place (or nothing).

    Raises ValueError and whatever else PyAV raises for a file that it cannot read.
    """
    with av.open(source, "r", buffer_size=BUFFER) as opened:
        kind = next((READ_AS[name] for name in opened.format.name.split(",") if name in READ_AS), None)
        if kind is None:
            raise ValueError(f"no container for browsers: {opened.format.name}")
        film, cover, sound = _streams(opened)
        _check(film, sound, kind, limits)
        copied = _copy(opened, target, kind, (film, cover, sound), limits.seconds)
        if copied.duration <= 0 or copied.duration * 2 < (opened.duration or 0) / av.time_base:
            raise ValueError("nothing to show or to hear, or much of it is missing")
        about: dict[str, Any] = {
            "extension": BECOMES[kind][int(film is None)] if kind in BECOMES else kind,
            "duration": round(copied.duration, 3),
            "bitrate": int(os.fstat(target.fileno()).st_size * 8 / copied.duration),
        }
        if film is not None and copied.poster is not None:
            about |= _size(copied.poster)
            rate = film.average_rate or film.guessed_rate or Fraction(0)
            about["frame_rate"] = f"{rate.numerator}/{rate.denominator}"
    return about, _draw(copied.poster, limits.pixels) if copied.poster is not None else b""


def _streams(opened: InputContainer) -> tuple[VideoStream | None, VideoStream | None, AudioStream | None]:
    """The film, the picture on the cover, the sound: the first of each."""
    covers = [each for each in opened.streams.video if each.disposition & Disposition.attached_pic]
    films = [each for each in opened.streams.video if each not in covers]
    return next(iter(films), None), next(iter(covers), None), next(iter(opened.streams.audio), None)


def _check(film: VideoStream | None, sound: AudioStream | None, kind: str, limits: Limits) -> None:
    if film is None and sound is None:
        raise ValueError("neither pictures nor sound")
    if sound is not None and sound.codec_context.codec.canonical_name not in SOUNDS[kind]:
        raise ValueError(f"no sound for browsers: {sound.codec_context.name}")
    if film is None:
        return
    context = film.codec_context
    if context.codec.canonical_name not in PICTURES.get(kind, ()):
        raise ValueError(f"no film for browsers: {context.name}")
    if not 0 < context.width * context.height <= limits.pixels:
        raise ValueError("too many pixels")
    if (film.average_rate or 0) > limits.rate:
        raise ValueError("too many pictures a second")


def _copy(opened: InputContainer, target: Any, kind: str, streams: tuple[Any, Any, Any], seconds: int) -> Copied:
    """Write the film and the sound anew, packet by packet; the first picture is decoded on the way."""
    film, cover, sound = streams
    copied = Copied()
    options, again = OPTIONS.get(kind, {}), functools.partial(Again, target.fileno())
    with av.open(target, "w", format=kind, options=options, buffer_size=BUFFER, io_open=again) as written:
        tracks = {each.index: written.add_stream_from_template(each) for each in (film, sound) if each}
        for each in (film, cover):
            if each is not None:
                each.codec_context.thread_count = 1
        for packet in opened.demux([each for each in streams if each is not None]):
            if packet.dts is None and packet.stream is not cover:
                continue  # the end
            if copied.poster is None and packet.stream in (film, cover):
                decoded = [each for each in packet.decode() if isinstance(each, VideoFrame)]
                copied.poster = next(iter(decoded), None)
            if packet.stream is not cover:
                copied.note(packet, seconds)
                packet.stream = tracks[packet.stream.index]
                written.mux(packet)
    return copied


def _size(frame: VideoFrame) -> dict[str, int]:
    """Its size as it is seen: a telephone that was held upright says so beside the picture."""
    width, height = (frame.height, frame.width) if frame.rotation % 180 else (frame.width, frame.height)
    return {"width": width, "height": height}


def _draw(frame: VideoFrame, pixels: int) -> bytes:
    """A picture of a film, upright, no larger than it is shown in a list."""
    if frame.width * frame.height > pixels:
        raise ValueError("too many pixels")
    scale = min(1.0, (POSTER / (frame.width * frame.height)) ** 0.5)
    size = (max(1, int(frame.width * scale)), max(1, int(frame.height * scale)))
    drawn: Image.Image = frame.to_image(width=size[0], height=size[1])  # type: ignore[no-untyped-call]
    if frame.rotation % 360:
        drawn = drawn.rotate(frame.rotation, expand=True)
    out = io.BytesIO()
    drawn.convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


if __name__ == "__main__":
    main()
