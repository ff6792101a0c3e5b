"""A root folder of the process's own, where the machine lets it mount: what is not put there does not exist."""

import os
from collections.abc import Iterable

from .mounts import (
    CLONE_NEWNS,
    MNT_DETACH,
    MS_BIND,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    MS_PRIVATE,
    MS_RDONLY,
    MS_REC,
    MS_REMOUNT,
    mount,
    unmount,
)  # fmt: skip
from .system_calls import system_call


def make_private_root(at: str, readable: Iterable[str], usable: Iterable[str], kept: Iterable[str]) -> None:
    """
    Everything stands at its own path. `at` is an empty folder that the new root covers, in this process alone.
    """
    # The folders on the way are root's, and the process will be another user.
    os.umask(0o022)
    system_call("unshare", CLONE_NEWNS)
    mount(None, "/", MS_REC | MS_PRIVATE)
    # Folders on the way to what is mounted are all that it holds.
    mount("none", at, MS_NOSUID | MS_NODEV, kind="tmpfs", options="size=256k,nr_inodes=256,mode=755")
    for path in readable:
        if os.path.islink(path):
            os.symlink(os.readlink(path), f"{at}{path}")
        else:
            _bind(path, at, MS_RDONLY | MS_NOSUID | MS_NODEV)
    for path in usable:
        _bind(path, at, MS_NOSUID | MS_NOEXEC)
    for path in kept:
        _bind(path, at, MS_NOSUID | MS_NODEV | MS_NOEXEC)
    mount(None, at, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)
    os.chdir(at)
    system_call("pivot_root", b".", b".")
    # The old root lies over the new one at the same place; without it nothing of the machine is left.
    unmount(".", MNT_DETACH)
    os.chdir("/")


def _bind(path: str, root: str, flags: int) -> None:
    target = f"{root}{path}"
    if os.path.isdir(path):
        os.makedirs(target, mode=0o755, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), mode=0o755, exist_ok=True)
        with open(target, "x"):
            pass
    mount(path, target, MS_BIND)
    mount(None, target, MS_BIND | MS_REMOUNT | flags)
