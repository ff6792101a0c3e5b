"""What a cell prints: one stream, and a mark at its end."""

import contextlib
import ctypes
import io
import os
import sys


def join_output() -> int:
    """
    Makes standard output and error one stream, in the order of writing, C libraries' included. Answers with a
    descriptor of it that is the kernel's own: a cell may close or replace all others.
    """
    os.dup2(1, 2)
    for stream in (sys.stdout, sys.stderr):
        assert isinstance(stream, io.TextIOWrapper)
        stream.reconfigure(line_buffering=True, errors="backslashreplace")
    return os.dup(1)


def end_output(descriptor: int, mark: str) -> None:
    """Says to the supervisor, which waits for it, that everything before the mark was printed by this cell."""
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        # A cell may have left anything in their place: nothing, or a flush that raises SystemExit.
        with contextlib.suppress(BaseException):
            stream.flush()  # type: ignore[union-attr]
    ctypes.CDLL(None).fflush(None)
    # Where the cell has closed this one too, the supervisor waits for a moment and goes on.
    with contextlib.suppress(OSError):
        os.set_blocking(descriptor, True)
        data = mark.encode()
        while data:
            data = data[os.write(descriptor, data) :]
