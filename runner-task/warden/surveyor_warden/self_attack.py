"""The process attacks itself before it serves: what gets through here would get through to an agent's code."""

import ctypes
import errno
import fcntl
import mmap
import os
import threading
from collections.abc import Callable
from pathlib import Path

from .inherited_files import open_numbers
from .system_calls import system_call

HELD = {errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EROFS}
AF_UNIX, AF_INET, SOCK_STREAM, SOCK_DGRAM = 1, 2, 1, 2
PTRACE_TRACEME = 0
CLONE_FS = 0x200
PR_SET_DUMPABLE = 4
O_ASYNC = 0o20000


def _fork() -> None:
    if system_call("fork") == 0:
        os._exit(0)


def _own_signals() -> None:
    reading, writing = os.pipe()
    try:
        fcntl.fcntl(reading, fcntl.F_SETOWN, os.getppid())
    finally:
        os.close(reading)
        os.close(writing)


def _link() -> None:
    os.symlink("/", "self-attack")
    os.unlink("self-attack")


def _own_what_was_inherited() -> None:
    """Standard streams and the way to the supervisor are all that it was given."""
    found = open_numbers(kept=4)
    if not found:
        raise OSError(errno.EACCES, "none is open")


def _share_memory() -> None:
    mmap.mmap(-1, mmap.PAGESIZE).close()


def _in_a_thread() -> None:
    caught: list[OSError] = []

    def attack() -> None:
        try:
            system_call("socket", AF_INET, SOCK_STREAM, 0)
        except OSError as error:
            caught.append(error)

    thread = threading.Thread(target=attack)
    thread.start()
    thread.join()
    if caught:
        raise caught[0]


ON_CALLS: dict[str, Callable[[], object]] = {
    "open an internet socket": lambda: system_call("socket", AF_INET, SOCK_STREAM, 0),
    "open a socket in another thread": _in_a_thread,
    "make a pair of sockets": lambda: system_call("socketpair", AF_UNIX, SOCK_DGRAM, 0, (ctypes.c_int * 2)()),
    "fork": _fork,
    # No such file: where the call is let through, that is what it says.
    "run a program": lambda: system_call("execve", b"/nonexistent", None, None),
    "send a signal to the supervisor": lambda: system_call("kill", os.getppid(), 0),
    "let the supervisor be sent signals": _own_signals,
    "be traced": lambda: system_call("ptrace", PTRACE_TRACEME, 0, 0, 0),
    "share memory without a name": _share_memory,
    "use a descriptor that it was not given": _own_what_was_inherited,
    "make a file in memory": lambda: system_call("memfd_create", b"self-attack", 0),
    "make a symbolic link": _link,
    "leave its name space": lambda: system_call("unshare", CLONE_FS),
    "queue calls past the filter": lambda: system_call("io_uring_setup", 1, (ctypes.c_char * 256)()),
    "become readable to others": lambda: system_call("prctl", PR_SET_DUMPABLE, 1, 0, 0, 0),
}

ON_FILES: dict[str, Callable[[], object]] = {
    "read the supervisor's environment": lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
    "list the folder of its workspace": lambda: os.listdir(os.path.dirname(os.getcwd())),
    "write outside of its workspace": lambda: os.mkdir("../self-attack"),
    "read the passwords": lambda: Path("/etc/shadow").read_bytes(),
}


def attack(files_are_closed: bool) -> list[str]:
    """The attacks that got through; there must be none."""
    attacks = {**ON_CALLS, **(ON_FILES if files_are_closed else {})}
    return [name for name, attempt in attacks.items() if not _held(attempt)]


def _held(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError as error:
        # Beneath a root of its own there may be nothing of that name.
        return error.errno in HELD or (isinstance(error, FileNotFoundError) and error.filename is not None)
    return False
