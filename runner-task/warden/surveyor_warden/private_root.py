"""A root folder of the process's own, where the machine lets it mount: what is not put there does not exist."""

import ctypes
import os
from collections.abc import Iterable

from .system_calls import libc, system_call

CLONE_NEWNS = 0x00020000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = (
    0x1, 0x2, 0x4, 0x8, 0x20, 0x1000, 0x4000, 0x40000,
)  # fmt: skip
MNT_DETACH = 2


def make_private_root(at: str, readable: Iterable[str], usable: Iterable[str], kept: Iterable[str]) -> None:
    """
    Everything stands at its own path. `at` is an empty folder that the new root covers, in this process alone.
    """
    # The folders on the way are root's, and the process will be another user.
    os.umask(0o022)
    system_call("unshare", CLONE_NEWNS)
    _mount(None, "/", MS_REC | MS_PRIVATE)
    # Folders on the way to what is mounted are all that it holds.
    _mount("none", at, MS_NOSUID | MS_NODEV, kind="tmpfs", options="size=256k,nr_inodes=256,mode=755")
    for path in readable:
        if os.path.islink(path):
            os.symlink(os.readlink(path), f"{at}{path}")
        else:
            _bind(path, at, MS_RDONLY | MS_NOSUID | MS_NODEV)
    for path in usable:
        _bind(path, at, MS_NOSUID | MS_NOEXEC)
    for path in kept:
        _bind(path, at, MS_NOSUID | MS_NODEV | MS_NOEXEC)
    _mount(None, at, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)
    os.chdir(at)
    system_call("pivot_root", b".", b".")
    # The old root lies over the new one at the same place; without it nothing of the machine is left.
    if libc.umount2(b".", MNT_DETACH) != 0:
        raise OSError(ctypes.get_errno(), "umount2 of the old root")
    os.chdir("/")


def _bind(path: str, root: str, flags: int) -> None:
    target = f"{root}{path}"
    if os.path.isdir(path):
        os.makedirs(target, mode=0o755, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), mode=0o755, exist_ok=True)
        with open(target, "x"):
            pass
    _mount(path, target, MS_BIND)
    _mount(None, target, MS_BIND | MS_REMOUNT | flags)


def _mount(source: str | None, target: str, flags: int, kind: str | None = None, options: str | None = None) -> None:
    text = [None if value is None else os.fsencode(value) for value in (source, target, kind, options)]
    if libc.mount(text[0], text[1], text[2], ctypes.c_ulong(flags), text[3]) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"mount: {os.strerror(number)}", target)
