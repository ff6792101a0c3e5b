"""Puts a filter on every thread of the process."""

import ctypes
import platform
import sys

from .system_calls import system_call

SET_MODE_FILTER = 1
GET_ACTION_AVAILABLE = 2
TO_ALL_THREADS, NEW_LISTENER = 1, 8
KILL_PROCESS = 0x80000000


class _FilterProgram(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def is_available() -> bool:
    """Whether this machine has seccomp filters, and is one whose system calls are known here."""
    if not sys.platform.startswith("linux") or platform.machine() != "x86_64" or ctypes.sizeof(ctypes.c_void_p) != 8:
        return False
    try:
        system_call("seccomp", GET_ACTION_AVAILABLE, 0, ctypes.byref(ctypes.c_uint32(KILL_PROCESS)))
    except OSError:
        return False
    return True


def install(program: bytes) -> None:
    """From here on the filter holds; nothing takes it off. Needs no_new_privs."""
    stuck = _set_filter(program, TO_ALL_THREADS)
    if stuck:
        raise OSError(f"thread {stuck} does not take the filter")


def install_with_listener(program: bytes) -> int:
    """
    For a process of one thread, on which no other filter has a listener: the descriptor at which what the filter asks
    about is heard. When that is closed everywhere, what it asks about fails.
    """
    return _set_filter(program, NEW_LISTENER)


def _set_filter(program: bytes, flags: int) -> int:
    code = ctypes.create_string_buffer(program, len(program))
    described = _FilterProgram(len(program) // 8, ctypes.addressof(code))
    return system_call("seccomp", SET_MODE_FILTER, flags, ctypes.byref(described))
