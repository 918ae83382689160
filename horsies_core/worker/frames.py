"""What goes between the supervisor and a child, as bytes.

Orders go over a SOCK_SEQPACKET pair, one task a packet: the kernel hands each packet to exactly one reader, so the supervisor
can take back what a child has not read yet, without asking it. Replies come over a stream, so that many are read at once.
Payloads and results pass through as they are. One too large for a packet goes into an anonymous file whose descriptor
travels with the packet.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from horsies_core.worker.reading import OWN

_ORDER = struct.Struct("=BQdII16sI")
_REPLY = struct.Struct("=BQII")

_RUN, _RUN_ATTACHED, _QUIT = 1, 2, 3
_READY, _FINISHED, _LATE, _UNREAD = 1, 2, 3, 4

INLINE_BYTES = 32 * 1024
"""Larger packets travel as an attached file; the kernel's smallest usual send buffer takes several of these."""

_RECEIVE_BYTES = INLINE_BYTES + 4096


@dataclass(frozen=True, slots=True)
class Order:
    """Run this. ``number`` is unique in its worker; ``start_before`` is on the machine's monotonic clock, 0 for no limit.

    ``reading`` says how the payload is to be read (see `horsies_core.worker.reading`).
    """

    number: int
    id: UUID
    name: str
    attempt: int
    payload: bytes
    start_before: float = 0.0
    reading: int = OWN


@dataclass(frozen=True, slots=True)
class Quit:
    """No more orders will come."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The child takes orders."""

    pid: int


@dataclass(frozen=True, slots=True)
class Done:
    """The attempt came to its end."""

    number: int
    result: bytes
    error_code: str | None


@dataclass(frozen=True, slots=True)
class Late:
    """``start_before`` had passed; user code was not called."""

    number: int


@dataclass(frozen=True, slots=True)
class Unread:
    """The payload, which another version's contract encoded, cannot be read here; user code was not called."""

    number: int


Reply = Ready | Done | Late | Unread


class FrameError(Exception):
    """The bytes are no frame: somebody else wrote into the pipe."""


def send_order(pipe: socket.socket, order: Order) -> bool:
    """Send an order without waiting. False if the pipe is full just now.

    Raises OSError if the other end is gone.
    """
    name = order.name.encode()
    kind = _RUN if len(order.payload) <= INLINE_BYTES else _RUN_ATTACHED
    numbers = (order.number, order.start_before, order.attempt, order.reading)
    head = _ORDER.pack(kind, *numbers, order.id.bytes, len(name)) + name
    try:
        if kind == _RUN:
            pipe.send(head + order.payload)
        else:
            _send_attached(pipe, head, order.payload)
    except BlockingIOError:
        return False
    return True


def send_quit(pipe: socket.socket) -> None:
    """Ask the child to end. Raises OSError if it is gone, or if orders are still waiting in front."""
    pipe.send(_ORDER.pack(_QUIT, 0, 0.0, 0, 0, bytes(16), 0))


def receive_order(pipe: socket.socket) -> Order | Quit | None:
    """The next order; None if the supervisor is gone. Raises `FrameError` for anything else."""
    return _order(*_receive(pipe, 0))


def take_order(pipe: socket.socket) -> Order | Quit | None:
    """As `receive_order`, without waiting: raises BlockingIOError if there is none.

    Not by making the pipe non-blocking: that would hold for everybody who shares it.
    """
    return _order(*_receive(pipe, socket.MSG_DONTWAIT))


def encode_reply(reply: Reply) -> bytes:
    """The bytes of a reply."""
    match reply:
        case Ready(pid=pid):
            return _REPLY.pack(_READY, pid, 0, 0)
        case Late(number=number):
            return _REPLY.pack(_LATE, number, 0, 0)
        case Unread(number=number):
            return _REPLY.pack(_UNREAD, number, 0, 0)
        case Done(number=number, result=result, error_code=error_code):
            code = (error_code or "").encode()
            return _REPLY.pack(_FINISHED, number, len(code), len(result)) + code + result


class ReplyReader:
    """Cuts a stream of bytes into replies."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Reply]:
        """The replies that are complete now. Raises `FrameError` for what is no reply."""
        self._buffer += data
        at = 0
        while len(self._buffer) - at >= _REPLY.size:
            kind, number, code_length, data_length = _REPLY.unpack_from(self._buffer, at)
            code_at = at + _REPLY.size
            data_at = code_at + code_length
            end = data_at + data_length
            if kind not in (_READY, *_SETTLING):
                raise FrameError(f"{kind} is no kind of reply")
            if len(self._buffer) < end:
                break
            if kind == _FINISHED:
                yield Done(number, bytes(self._buffer[data_at:end]), _code(self._buffer[code_at:data_at]))
            else:
                yield Ready(number) if kind == _READY else _UNTOUCHED[kind](number)
            at = end
        del self._buffer[:at]


_UNTOUCHED: Mapping[int, type[Late] | type[Unread]] = {_LATE: Late, _UNREAD: Unread}
_SETTLING = (_FINISHED, *_UNTOUCHED)


def _code(data: bytearray) -> str | None:
    try:
        return data.decode() or None
    except UnicodeDecodeError as error:
        raise FrameError("an error code that is no text") from error


def _order(packet: bytes, descriptors: list[int]) -> Order | Quit | None:
    if not packet:
        return None
    if len(packet) < _ORDER.size:
        raise FrameError(f"a packet of {len(packet)} bytes is no order")
    kind, number, start_before, attempt, reading, id_bytes, name_length = _ORDER.unpack_from(packet)
    if kind == _QUIT:
        return Quit()
    end = _ORDER.size + name_length
    payload = packet[end:] if kind == _RUN else _read_attached(descriptors)
    name = packet[_ORDER.size : end].decode()
    return Order(number, UUID(bytes=id_bytes), name, attempt, payload, start_before, reading)


def _send_attached(pipe: socket.socket, head: bytes, payload: bytes) -> None:
    descriptor = os.memfd_create("horsies-payload")
    try:
        with os.fdopen(descriptor, "wb", closefd=False) as file:
            file.write(payload)
        socket.send_fds(pipe, [head], [descriptor])
    finally:
        os.close(descriptor)


def _receive(pipe: socket.socket, flags: int) -> tuple[bytes, list[int]]:
    packet, ancillary, _, _ = pipe.recvmsg(_RECEIVE_BYTES, socket.CMSG_LEN(4), flags)
    if not ancillary:
        return packet, []
    return packet, [struct.unpack("=i", data[:4])[0] for _, _, data in ancillary]


def _read_attached(descriptors: list[int]) -> bytes:
    if len(descriptors) != 1:
        raise FrameError("a packet with an attached payload came without it")
    with os.fdopen(descriptors[0], "rb") as file:
        file.seek(0)
        return file.read()
