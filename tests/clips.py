"""Films and sounds as telephones make them, made when they are needed."""

import io
import struct

import av
from PIL import Image

CODECS = {
    "mp4": ("libx264", "aac"),
    "mov": ("libx264", "aac"),
    "webm": ("libvpx", "libopus"),
    "avi": ("mpeg4", "libmp3lame"),
    "mp3": ("", "libmp3lame"),
    "ogg": ("", "libopus"),
    "wav": ("", "pcm_s16le"),
    "flac": ("", "flac"),
    "ipod": ("", "aac"),
}
TOLD = {"title": "Alice at home", "artist": "Alice Le Goff", "location": "+48.3900-004.4867/"}
UPRIGHT = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)


def film(
    kind: str = "mp4", seconds: float = 1, size: tuple[int, int] = (160, 120), *, sound: bool = True, rate: int = 20
) -> bytes:
    """A film, yellow on the left and blue on the right, with the names and the place that a telephone writes down."""
    out = io.BytesIO()
    with av.open(out, "w", format=kind) as made:
        made.metadata.update(TOLD)
        pictures = made.add_stream(CODECS[kind][0], rate=rate)
        pictures.width, pictures.height, pictures.pix_fmt = *size, "yuv420p"
        heard = made.add_stream(CODECS[kind][1], rate=48000, layout="mono") if sound else None
        drawn = Image.new("RGB", size, "blue")
        drawn.paste("yellow", (0, 0, size[0] // 2, size[1]))
        for number in range(int(seconds * rate)):
            frame = av.VideoFrame.from_image(drawn)
            frame.pts = number
            made.mux(pictures.encode(frame))
        made.mux(pictures.encode(None))
        if heard is not None:
            _hum(made, heard, seconds)
    return out.getvalue()


def sound(kind: str = "mp3", seconds: float = 1) -> bytes:
    """A sound, or rather silence, with the same names."""
    out = io.BytesIO()
    with av.open(out, "w", format=kind) as made:
        made.metadata.update(TOLD)
        _hum(made, made.add_stream(CODECS[kind][1], rate=48000, layout="mono"), seconds)
    return out.getvalue()


def _hum(made: av.container.OutputContainer, heard: av.AudioStream, seconds: float) -> None:
    samples = heard.codec_context.frame_size or 960
    for number in range(int(seconds * 48000 / samples)):
        frame = av.AudioFrame(format=heard.codec_context.format.name, layout="mono", samples=samples)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate, frame.pts = 48000, number * samples
        made.mux(heard.encode(frame))
    made.mux(heard.encode(None))


def held_upright(data: bytes) -> bytes:
    """An MP4 that says that its pictures are to be turned by a quarter."""
    place = data.index(UPRIGHT, data.index(b"tkhd"))
    turned = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    return data[:place] + turned + data[place + len(UPRIGHT) :]
