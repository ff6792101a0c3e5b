"""Landlock: a list of the files that a process may reach, which needs no privilege. Linux 5.13 and newer."""

import ctypes
import os
import stat
from collections.abc import Iterable

from .system_calls import system_call

VERSION = 1
PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << bit for bit in range(6))
MAKE_CHAR, MAKE_DIR, MAKE_REG, MAKE_SOCK, MAKE_FIFO, MAKE_BLOCK, MAKE_SYM = (1 << bit for bit in range(6, 13))
REFER, TRUNCATE, IOCTL_DEV = (1 << bit for bit in range(13, 16))
EVERYTHING = (1 << 16) - 1

READ = READ_FILE | READ_DIR
USE = READ_FILE | WRITE_FILE | TRUNCATE
# No links, no devices, no sockets; REFER lets a file be moved between two folders of the workspace.
KEEP = READ | WRITE_FILE | TRUNCATE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_FIFO | REFER
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("access", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def version() -> int:
    """Of Landlock's interface; 0 where there is none."""
    try:
        return system_call("landlock_create_ruleset", None, 0, VERSION)
    except OSError:
        return 0


def restrict(readable: Iterable[str], usable: Iterable[str], kept: Iterable[str]) -> None:
    """From here on this thread, and those it starts, reads these, uses these devices, and keeps its files in these."""
    known = version()
    files = EVERYTHING
    for since, bit in ((2, REFER), (3, TRUNCATE), (5, IOCTL_DEV)):
        if known < since:
            files &= ~bit
    # From version 4 it can refuse TCP, from version 6 abstract sockets and signals to others.
    rules = _Ruleset(files, 0b11, 0b11)
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    ruleset = system_call("landlock_create_ruleset", ctypes.byref(rules), size, 0)
    try:
        for paths, access in ((readable, READ), (usable, USE), (kept, KEEP)):
            for path in paths:
                _add(ruleset, path, access & files)
        system_call("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def _add(ruleset: int, path: str, access: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            access &= OF_FILES
        rule = _PathBeneath(access, opened)
        system_call("landlock_add_rule", ruleset, PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(opened)
