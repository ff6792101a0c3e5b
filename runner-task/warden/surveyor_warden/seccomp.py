"""Puts a filter on every thread of the process."""

import ctypes
import platform
import sys

from .system_calls import system_call

SET_MODE_FILTER = 1
GET_ACTION_AVAILABLE = 2
TO_ALL_THREADS = 1
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
    code = ctypes.create_string_buffer(program, len(program))
    described = _FilterProgram(len(program) // 8, ctypes.addressof(code))
    stuck = system_call("seccomp", SET_MODE_FILTER, TO_ALL_THREADS, ctypes.byref(described))
    if stuck:
        raise OSError(f"thread {stuck} does not take the filter")
