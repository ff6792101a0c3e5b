"""Mounts and takes mounts away."""

import ctypes
import os

from .system_calls import libc

CLONE_NEWNS = 0x00020000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE, MS_SLAVE = (
    0x1, 0x2, 0x4, 0x8, 0x20, 0x1000, 0x4000, 0x40000, 0x80000,
)  # fmt: skip
MNT_DETACH = 2


def mount(source: str | None, target: str, flags: int, kind: str | None = None, options: str | None = None) -> None:
    """Raises OSError where it is not allowed."""
    text = [None if value is None else os.fsencode(value) for value in (source, target, kind, options)]
    if libc.mount(text[0], text[1], text[2], ctypes.c_ulong(flags), text[3]) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"mount: {os.strerror(number)}", target)


def unmount(target: str, flags: int) -> None:
    """The last mount at that place."""
    if libc.umount2(os.fsencode(target), flags) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"umount2: {os.strerror(number)}", target)
