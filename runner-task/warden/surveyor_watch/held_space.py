"""
What a process holds on disks, by what is used and not by what a listing shows: a file that was unlinked while it is
open or mapped has no name, and a folder that cannot be read hides what is in it.
"""

import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field

from .limits import Limits

BLOCK = 512
# Of memory that processes can share, the system makes files without a name.
SHARED_MEMORY = (b"/dev/zero", b"/memfd:", b"/SYSV")
# From, to, how (the last letter: shared or private), where in the file, device, number, name.
MAPPED = re.compile(
    rb"^([0-9a-f]+)-([0-9a-f]+) ...([ps]) ([0-9a-f]+) ([0-9a-f]+):([0-9a-f]+) ([1-9][0-9]*) +(.*)$", re.MULTILINE
)


@dataclass
class Held:
    """
    `unseen` is the most that files may take, or come to take, of which there is no telling: mapped, without a name; or
    with holes that a mapping could fill. `shared` is memory that no count of resident memory need show: its pages can
    leave the process's tables.
    """

    space: int = 0
    unseen: int = 0
    shared: int = 0
    entries: int = 0
    depth: int = 0
    has_shared_mappings: bool = False
    is_unreadable: bool = False
    # By device and number.
    files: dict[tuple[int, int], int] = field(default_factory=dict)

    def exceeds(self, limits: Limits) -> bool:
        return self.space > limits.bytes or self.entries > limits.entries or self.depth > limits.depth

    def add(self, found: os.stat_result) -> None:
        place = (found.st_dev, found.st_ino)
        if place not in self.files:
            self.files[place] = found.st_blocks * BLOCK
            self.space += found.st_blocks * BLOCK


def held_by(process: int, workspace: str, open_folders: Iterable[str], largest_file: int, limits: Limits) -> Held:
    """Of a process that does not run meanwhile: one that runs renames things past the look. Too much ends it."""
    held = Held()
    _add_open_files(held, process)
    _add_folder(held, workspace, limits)
    user = os.stat(workspace).st_uid
    for folder in open_folders:
        _add_left(held, folder, user, limits)
    if not held.exceeds(limits):
        _add_mapped_files(held, process, largest_file)
    return held


def _add_folder(held: Held, folder: str, limits: Limits) -> None:
    """All beneath it; follows no link."""
    folders = [(folder, 1)]
    while folders and not held.exceeds(limits):
        path, depth = folders.pop()
        held.depth = max(held.depth, depth)
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    held.entries += 1
                    found = entry.stat(follow_symlinks=False)
                    held.add(found)
                    if stat.S_ISDIR(found.st_mode):
                        folders.append((entry.path, depth + 1))
                    if held.exceeds(limits):
                        return
        except FileNotFoundError:
            continue
        except OSError:
            held.is_unreadable = True


def _add_left(held: Held, folder: str, user: int, limits: Limits) -> None:
    """What belongs to the user of the process in a folder that is open to all. Others have theirs there too."""
    folders = [folder]
    while folders and not held.exceeds(limits):
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    found = entry.stat(follow_symlinks=False)
                    is_own = found.st_uid == user
                    if is_own:
                        held.entries += 1
                        held.add(found)
                    if stat.S_ISDIR(found.st_mode) and (is_own or found.st_mode & 0o002):
                        folders.append(entry.path)
        except OSError:
            continue


def _add_open_files(held: Held, process: int) -> None:
    """Those without a name: the others have been found by theirs."""
    folder = f"/proc/{process}/fd"
    try:
        numbers = os.listdir(folder)
    except FileNotFoundError:
        # No Linux, or it has ended.
        return
    except PermissionError:
        held.is_unreadable = True
        return
    for number in numbers:
        try:
            found = os.stat(f"{folder}/{number}")
        except OSError:
            continue
        if stat.S_ISREG(found.st_mode) and found.st_nlink == 0:
            held.entries += 1
            held.add(found)


def _add_mapped_files(held: Held, process: int, largest_file: int) -> None:
    """
    Files without a name that are mapped: their size is not told, so each counts as the largest that may be. And of
    files with holes that a shared mapping could fill: as if it had.
    """
    try:
        with open(f"/proc/{process}/maps", "rb") as maps:
            text = maps.read()
    except FileNotFoundError:
        return
    except OSError:
        held.is_unreadable = True
        return
    # A mapping names the device as the system has it, which a listing need not do; numbers are enough here.
    by_number = {number: (place, space) for place, space in held.files.items() for number in place[1:]}
    nameless: set[tuple[int, int]] = set()
    filled: dict[tuple[int, int], int] = {}
    for start, end, how, offset, major, minor, number, name in MAPPED.findall(text):
        length = int(end, 16) - int(start, 16)
        is_deleted, is_shared = name.endswith(b" (deleted)"), how == b"s"
        if is_deleted and name.startswith(SHARED_MEMORY):
            held.shared += length
            held.has_shared_mappings = True
            continue
        place = (os.makedev(int(major, 16), int(minor, 16)), int(number))
        if is_deleted and place not in held.files:
            nameless.add(place)
            held.has_shared_mappings |= is_shared
        elif is_shared and int(number) in by_number:
            held.has_shared_mappings = True
            place, space = by_number[int(number)]
            holes = min(int(offset, 16) + length, largest_file) - space
            filled[place] = max(filled.get(place, 0), holes)
    held.entries += len(nameless)
    held.unseen += len(nameless) * largest_file + sum(filled.values())
