"""Frames and heads as bytes: what comes in any pieces is read whole, and what is wrong is refused, whatever it is."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from fediterr.mastodon.streaming import frames, heads

MESSAGES = st.lists(st.tuples(st.sampled_from([Opcode.TEXT, Opcode.BINARY, Opcode.PING]), st.binary(max_size=120)))


def as_client(kind: Opcode, payload: bytes, *, final: bool = True) -> bytes:
    return Frame(kind, payload, final).serialize(mask=True)


@given(MESSAGES, st.integers(1, 50))
def test_messages_are_read_whole_in_whatever_pieces_they_come(messages: list[tuple[Opcode, bytes]], size: int) -> None:
    came = b"".join(as_client(kind, payload) for kind, payload in messages)
    reader = frames.Reader(1000)
    pieces = [came[start : start + size] for start in range(0, len(came), size)]
    assert [each for piece in pieces for each in reader.feed(piece)] == messages


@given(st.binary(max_size=300))
def test_nonsense_breaks_the_connection_and_nothing_else(came: bytes) -> None:
    reader = frames.Reader(1000)
    with contextlib.suppress(frames.Broken):
        list(reader.feed(came))


def test_a_message_in_parts_is_joined_and_others_may_come_between() -> None:
    parts = [
        as_client(Opcode.TEXT, b"Bon", final=False),
        as_client(Opcode.PING, b"?"),
        as_client(Opcode.CONT, b"jour"),
    ]
    assert list(frames.Reader(100).feed(b"".join(parts))) == [(frames.PING, b"?"), (frames.TEXT, b"Bonjour")]


@pytest.mark.parametrize(
    ("came", "code"),
    [
        (Frame(Opcode.TEXT, b"x").serialize(mask=False), frames.PROTOCOL_ERROR),
        (as_client(Opcode.CONT, b"x"), frames.PROTOCOL_ERROR),
        (as_client(Opcode.TEXT, b"x", final=False) + as_client(Opcode.TEXT, b"y"), frames.PROTOCOL_ERROR),
        (as_client(Opcode.TEXT, b"x" * 101), frames.TOO_BIG),
        (as_client(Opcode.TEXT, b"x" * 60, final=False) + as_client(Opcode.CONT, b"x" * 60), frames.TOO_BIG),
    ],
    ids=["not masked", "nothing to continue", "a second beginning", "too long", "too long in parts"],
)
def test_what_the_protocol_forbids_is_refused(came: bytes, code: int) -> None:
    with pytest.raises(frames.Broken) as broken:
        list(frames.Reader(100).feed(came))
    assert broken.value.code == code


def test_the_key_is_answered_as_the_standard_has_it() -> None:
    assert frames.accept("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


def test_a_head_is_read_and_nonsense_is_not() -> None:
    head = heads.read(b"GET /a%C3%A9?tag=caf%C3%A9&x HTTP/1.1\r\nConnection: keep-alive, Upgrade\r\nUPGRADE: WebSocket")
    assert (head.method, head.path, head.query, head.upgrades) == ("GET", "/aé", {"tag": "café", "x": ""}, True)
    for wrong in (
        b"",
        b"GET",
        b"GET / HTTP/2",
        b"get / HTTP/1.1",
        b"GET / HTTP/1.1\r\n folded",
        b"GET / HTTP/1.1\r\nx",
    ):
        with pytest.raises(ValueError, match="not a"):
            heads.read(wrong)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_head_or_refused(came: bytes) -> None:
    try:
        heads.read(came)
    except ValueError:
        return
    assert came.split(b" ")[0].isalpha()
