"""The watch's end of a gate: hears the calls that wait, and answers them."""

import errno
import fcntl
import socket
import struct
from collections.abc import Callable

from .growth import NAMES, Call

# _IOWR('!', 0, struct seccomp_notif), _IOWR('!', 1, struct seccomp_notif_resp).
RECEIVE, SEND = 0xC0502100, 0xC0182101
# An id, thread, flags, number, architecture, place in the code, six arguments.
ASKED = struct.Struct("<QIIiIQ6Q")
# An id, value, error, flags.
ANSWER = struct.Struct("<QqiI")
CONTINUE = 1


def receive_listener(stream: socket.socket) -> int | None:
    """The descriptor that the process has sent; None where it has no gate, or has ended."""
    _, descriptors, _, _ = socket.recv_fds(stream, 1, 1)
    return descriptors[0] if descriptors else None


def answer_one(listener: int, decide: Callable[[Call], int], undo: Callable[[], None]) -> None:
    """
    Hears one call and lets it go on, or fail with the error that `decide` answers with. `undo` takes back what was
    decided last: a signal had ended the wait, so the call was not made. Most often it comes again.
    """
    asked = bytearray(ASKED.size)
    try:
        fcntl.ioctl(listener, RECEIVE, asked, True)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.EINTR):
            return
        raise
    number_of_question, thread, _, number, _, _, *arguments = ASKED.unpack(asked)
    refused = decide(Call(thread, NAMES[number], tuple(arguments)))
    answer = ANSWER.pack(number_of_question, 0, -refused, 0 if refused else CONTINUE)
    try:
        fcntl.ioctl(listener, SEND, bytearray(answer), True)
    except OSError as error:
        if error.errno != errno.ENOENT:
            raise
        undo()
