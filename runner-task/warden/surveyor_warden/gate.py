"""
The gate: calls by which the process could come to hold more than the system's own limits count. Each waits until the
watch beside the process has answered it, so that what is held is bounded however late the watch gets a processor.

A filter of its own, in front of the other one, which still refuses what it refuses.
"""

import os
import socket

from .bpf import NUMBER, Program, low_half
from .call_filter import ALLOW, ASK, MAP_SHARED
from .seccomp import install_with_listener
from .system_calls import NUMBERS

# They write, or make a name, whatever their arguments are. What is extended and not written (truncate, lseek) takes
# nothing until it is written, or filled through a mapping that can be shared. That mapping was asked for, too.
FILE_CALLS = (
    "write", "pwrite64", "writev", "pwritev", "pwritev2", "sendfile", "copy_file_range", "creat", "mkdir", "mkdirat",
    "rename", "renameat", "renameat2", "mremap",
)  # fmt: skip
PROT_WRITE = 0x2
# O_CREAT and the bit of O_TMPFILE that O_DIRECTORY has not.
MAKES_FILE = 0o100 | 0o20000000
# Asked about where one of these bits of an argument is set.
FILE_CALLS_WITH = {"open": (1, MAKES_FILE), "openat": (2, MAKES_FILE), "mmap": (3, MAP_SHARED)}
# Asked about where none is set: pages that can no longer be written to are not in RLIMIT_DATA any more.
MEMORY_CALLS_WITHOUT = {"mprotect": (2, PROT_WRITE)}

# Answers that let a call go on by itself came with it.
NEEDED_LINUX = (5, 5)


def put_up(watch: socket.socket, asks_about_files: bool) -> bool:
    """
    Sends the watch the descriptor at which it hears and answers; this process keeps none. Whether it came to that: it
    does not on older systems, and not within a filter of somebody else that has a listener.
    """
    try:
        listener = _install(asks_about_files) if _release() >= NEEDED_LINUX else None
    except OSError:
        listener = None
    if listener is None:
        watch.sendall(b"-")
        return False
    try:
        socket.send_fds(watch, [b"+"], [listener])
    finally:
        os.close(listener)
    return True


def build_gate(asks_about_files: bool) -> bytes:
    """What it does not ask about, the other filter decides alone, which kills what is of a foreign kind."""
    program = Program()
    program.load(NUMBER)
    if asks_about_files:
        for name in FILE_CALLS:
            program.jump_equal(NUMBERS[name], otherwise=f"not {name}")
            program.answer(ASK)
            program.label(f"not {name}")
        for name, (argument, bits) in FILE_CALLS_WITH.items():
            _add(program, name, argument, bits, none=ALLOW, some=ASK)
    for name, (argument, bits) in MEMORY_CALLS_WITHOUT.items():
        _add(program, name, argument, bits, none=ASK, some=ALLOW)
    program.answer(ALLOW)
    return program.assemble()


def _add(program: Program, name: str, argument: int, bits: int, none: int, some: int) -> None:
    program.jump_equal(NUMBERS[name], otherwise=f"not {name}")
    program.load(low_half(argument))
    program.keep_bits(bits)
    program.jump_equal(0, otherwise=f"{name} with some")
    program.answer(none)
    program.label(f"{name} with some")
    program.answer(some)
    program.label(f"not {name}")


def _install(asks_about_files: bool) -> int:
    return install_with_listener(build_gate(asks_about_files))


def _release() -> tuple[int, int]:
    major, minor = os.uname().release.split(".")[:2]
    return int(major), int("".join(filter(str.isdigit, minor)))
