"""
What kernels have left outside of their workspaces. Where neither a private root nor Landlock closes the rest of the
machine, a folder that is open to all is open to them, and would let one session speak to a later one.
"""

import os
import stat
import subprocess
import time
from collections.abc import Sequence, Set

from .privileges import LOWEST_USER, USERS, users_with_processes

SECONDS = 30
MOST_PATHS = 500
# Beside mount points, which /dev/shm and the volumes of a container are.
OPEN_FOLDERS = ("/tmp", "/var/tmp", "/run/lock", "/run/shm")


def remove_left_files() -> None:
    """
    Removes what belongs to users of kernels that have no process any more. Needs root, as giving kernels a user of
    their own does. Raises where something stays.
    """
    until = time.monotonic() + SECONDS
    before: dict[int, list[str]] | None = None
    while left := _find(users_with_processes(), until):
        if left == before:
            paths = [path for found in left.values() for path in found]
            raise OSError(f"{paths[0]} and more, left by an earlier session, cannot be removed by their users")
        before = left
        for user, paths in left.items():
            for start in range(0, len(paths), MOST_PATHS):
                _remove(user, paths[start : start + MOST_PATHS], until)


def _remove(user: int, paths: Sequence[str], until: float) -> None:
    """As that user, who can remove nothing of anyone else, whatever has been put in the way meanwhile."""

    # The system's own tools, because paths may be longer than the system takes.
    def run(*command: str) -> bool:
        seconds = until - time.monotonic()
        if seconds <= 0:
            raise TimeoutError(f"{paths[0]} and more, left by an earlier session, could not be removed in {SECONDS} s")
        done = subprocess.run(
            [*command, "--", *paths],
            user=user, group=user, extra_groups=[], env={}, cwd="/", timeout=seconds, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return done.returncode == 0

    if not run("/bin/rm", "-rf"):
        # It has locked folders of its own.
        run("/bin/chmod", "-R", "u+rwX")
        run("/bin/rm", "-rf")


def _find(alive: Set[int], until: float) -> dict[int, list[str]]:
    """The paths that such users own in folders open to all, by user. Follows no link."""
    left: dict[int, list[str]] = {}
    folders = open_folders()
    while folders:
        for entry in _entries(folders.pop()):
            try:
                found = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if LOWEST_USER <= found.st_uid < LOWEST_USER + USERS:
                if found.st_uid in alive:
                    continue
                left.setdefault(found.st_uid, []).append(entry.path)
            # Also in a kernel's own: another one may have put something there, which its owner cannot remove.
            if stat.S_ISDIR(found.st_mode) and found.st_mode & 0o002:
                folders.append(entry.path)
        if time.monotonic() > until:
            raise TimeoutError(f"what earlier sessions have left could not be found in {SECONDS} s")
    return left


def open_folders() -> list[str]:
    """Where any user can leave something, beside folders beneath these."""
    return [folder for folder in {*OPEN_FOLDERS, *_mount_points()} if _is_open(folder)]


def _mount_points() -> list[str]:
    with open("/proc/self/mounts") as mounts:
        # Spaces in names are written as octal numbers.
        return [line.split()[1].encode().decode("unicode_escape") for line in mounts]


def _is_open(folder: str) -> bool:
    try:
        found = os.lstat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and bool(found.st_mode & 0o002)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    """None where it is gone or closed: what root cannot reach without its capabilities, a kernel could not either."""
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []
