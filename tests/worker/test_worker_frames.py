"""What goes between the supervisor and a child comes back as it went, and nothing else is taken for it."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from horsies_core.worker.frames import (
    INLINE_BYTES,
    Done,
    FrameError,
    Late,
    Order,
    Quit,
    Ready,
    Reply,
    ReplyReader,
    Unread,
    encode_reply,
    receive_order,
    send_order,
    send_quit,
)

NUMBERS = st.integers(0, 2**64 - 1)
PAYLOADS = st.binary(max_size=64) | st.just(b"x" * (INLINE_BYTES + 1))
MANY = st.integers(0, 2**32 - 1)
ORDERS = st.builds(
    Order, NUMBERS, st.uuids(), st.text(st.characters(codec="utf-8")), MANY, PAYLOADS, st.floats(0, 1e12), MANY
)
CODES = st.text(st.characters(codec="utf-8"), min_size=1) | st.just("C" * 70_000)
REPLIES = st.one_of(
    st.builds(Done, NUMBERS, PAYLOADS, st.none() | CODES),
    st.builds(Late, NUMBERS),
    st.builds(Unread, NUMBERS),
    st.builds(Ready, NUMBERS),
)


@pytest.fixture
def pipe() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        yield ours, theirs


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=ORDERS)
def test_orders_arrive_as_they_were_sent(pipe: tuple[socket.socket, socket.socket], order: Order) -> None:
    assert send_order(pipe[0], order)
    assert receive_order(pipe[1]) == order


def test_asking_to_quit_arrives_and_the_end_is_seen(pipe: tuple[socket.socket, socket.socket]) -> None:
    send_quit(pipe[0])
    assert receive_order(pipe[1]) == Quit()
    pipe[0].close()
    assert receive_order(pipe[1]) is None


@given(replies=st.lists(REPLIES, max_size=6), step=st.integers(1, 40))
def test_replies_come_out_of_the_stream_however_it_is_cut(replies: list[Reply], step: int) -> None:
    stream = b"".join(map(encode_reply, replies))
    reader = ReplyReader()
    assert [reply for at in range(0, len(stream), step) for reply in reader.feed(stream[at : at + step])] == replies


@given(data=st.binary(max_size=200))
def test_garbage_is_a_frame_error_or_no_reply_yet(data: bytes) -> None:
    reader = ReplyReader()
    try:
        for reply in reader.feed(data):
            assert encode_reply(reply) in data
    except FrameError:
        return


def test_error_code_that_is_no_text_is_garbage() -> None:
    good = encode_reply(Done(1, b"{}", "CODE"))
    with pytest.raises(FrameError, match="no text"):
        list(ReplyReader().feed(good.replace(b"CODE", b"\xff\xff\xff\xff")))
