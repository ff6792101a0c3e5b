"""Looks at a process as often as its distance to a limit demands."""

import contextlib
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from surveyor_warden.limits import LARGEST_FILE_BYTES

from .held_space import held_by
from .limits import Limits
from .watched_process import WatchedProcess

# Between two looks, at most and at least. A look takes some 30 µs.
MOST_SECONDS, LEAST_SECONDS = 0.01, 0.001
# What one processor was seen to fill in a second, with room: of pages in memory, of a disk's cache, and new files.
MEMORY_RATE = 4 << 30
SPACE_RATE = 2 << 30
ENTRY_RATE = 200_000
MOST_PROCESSORS = 16
# How long a system call is waited for.
STOP_SECONDS = 0.05
# What is taken of a disk all the time, by whomever.
LEAST_BYTES = 1 << 20
# Without a reason, all that is held is counted for a fifth of the time, and not oftener than this.
SECONDS_BETWEEN_COUNTS = 0.2


@dataclass(frozen=True)
class Usage:
    """What is told without counting: pages in memory and of addresses, free space and free entries of the disks."""

    resident: int
    addresses: int
    free_bytes: int
    free_entries: int


class Watch:
    """
    Of one process, and of its workspace where no disk of its own bounds that. `exceeded` is told once what it holds too
    much of, just before it is killed.
    """

    def __init__(
        self,
        process: int,
        limits: Limits,
        workspace: str | None,
        open_folders: Sequence[str],
        exceeded: Callable[[str], None],
    ) -> None:
        self._process = WatchedProcess(process)
        self._limits = limits
        self._exceeded = exceeded
        self._workspace = workspace
        self._open_folders = open_folders
        self._disks = [] if workspace is None else _one_of_each_disk([workspace, *open_folders])
        self._processors = min(os.cpu_count() or 1, MOST_PROCESSORS)
        self._held_bytes = 0
        self._held_entries = 0
        self._hidden_memory = 0
        self._counted = self._seen = self._usage()
        self._taken = self._made = 0
        self._count_after = 0.0
        self.excess: str | None = None

    def look(self, is_asked: bool = False) -> float:
        """Ends the process where it holds too much. Answers when to look again, in seconds."""
        if self.excess is not None:
            return MOST_SECONDS
        usage = self._see()
        left_memory = self._limits.memory_bytes - usage.resident - self._hidden_memory
        left_bytes = self._limits.bytes - self._held_bytes - self._taken
        left_entries = self._limits.entries - self._held_entries - self._made
        grown = usage.addresses - self._counted.addresses
        if left_memory < 0:
            return self._exceed("memory")
        if self._workspace is not None:
            # When half of what was left is taken: so it is held still ever oftener, the nearer it comes.
            is_near = left_bytes < self._taken - LEAST_BYTES or left_entries < self._made or left_memory < grown
            is_due = (self._taken > 0 or self._made > 0 or grown > 0) and time.monotonic() > self._count_after
            if is_asked or is_due or is_near:
                return self._count(self._workspace, usage)
        seconds = min(
            left_memory / (MEMORY_RATE * self._processors),
            left_bytes / (SPACE_RATE * self._processors),
            left_entries / ENTRY_RATE,
        )
        return min(MOST_SECONDS, max(LEAST_SECONDS, seconds / 2))

    def _count(self, workspace: str, usage: Usage) -> float:
        """All that it holds, while it is held still."""
        started = time.monotonic()
        with self._process.stopped():
            self._count_once(workspace, usage)
            # A thread stops when its system call ends, and that may go on with filling the disk.
            if self.excess is None and not self._process.is_still():
                self._wait_until_still(started + STOP_SECONDS)
                self._count_once(workspace, usage)
        taken = time.monotonic() - started
        self._count_after = time.monotonic() + max(SECONDS_BETWEEN_COUNTS, 4 * taken)
        return LEAST_SECONDS

    def _wait_until_still(self, until: float) -> None:
        """What is taken in these milliseconds counts as its own where that makes it too much."""
        while not self._process.is_still() and time.monotonic() < until:
            self._see()
            if self._held_bytes + self._taken > self._limits.bytes:
                self._exceed("bytes")
                return
            time.sleep(LEAST_SECONDS / 8)

    def _count_once(self, workspace: str, usage: Usage) -> None:
        if self.excess is not None:
            return
        limits = self._limits
        self._counted = self._seen = self._usage()
        self._taken = self._made = 0
        held = held_by(self._process.number, workspace, self._open_folders, LARGEST_FILE_BYTES, limits)
        self._held_bytes, self._held_entries = held.space, held.entries
        self._hidden_memory = max(0, held.shared - _shared_resident(self._process.number))
        if held.entries > limits.entries:
            self._exceed("entries")
        elif held.depth > limits.depth:
            self._exceed("depth")
        elif held.space > limits.bytes:
            self._exceed("bytes")
        elif held.is_unreadable and self._usage().addresses > 0:
            # One that is ending has none, and shows nobody what it has open.
            self._exceed("unreadable")
        elif usage.resident + self._hidden_memory > limits.memory_bytes:
            self._exceed("memory")

    def _exceed(self, what: str) -> float:
        self.excess = what
        self._exceeded(what)
        self._process.kill()
        return MOST_SECONDS

    def _see(self) -> Usage:
        """Adds what was taken since the last look, by whomever. What others give back meanwhile is not taken off."""
        usage, before = self._usage(), self._seen
        self._taken += max(0, before.free_bytes - usage.free_bytes)
        self._made += max(0, before.free_entries - usage.free_entries)
        self._seen = usage
        return usage

    def _usage(self) -> Usage:
        addresses, resident = _pages(self._process.number)
        free_bytes, free_entries = 0, 0
        for folder in self._disks:
            with contextlib.suppress(OSError):
                disk = os.statvfs(folder)
                free_bytes += disk.f_bfree * disk.f_frsize
                free_entries += disk.f_ffree
        return Usage(resident, addresses, free_bytes, free_entries)


def _one_of_each_disk(folders: Iterable[str]) -> list[str]:
    by_disk: dict[int, str] = {}
    for folder in folders:
        with contextlib.suppress(OSError):
            by_disk.setdefault(os.stat(folder).st_dev, folder)
    return list(by_disk.values())


def _pages(process: int) -> tuple[int, int]:
    """Its addresses and what of them is in memory, in bytes. Zeros when it has ended."""
    size = resource.getpagesize()
    if sys.platform.startswith("linux"):
        try:
            addresses, resident = Path(f"/proc/{process}/statm").read_text().split()[:2]
        except OSError:
            return 0, 0
        return int(addresses) * size, int(resident) * size
    told = subprocess.run(
        ["/bin/ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, check=False
    ).stdout
    resident = int(told or 0) * 1024
    return resident, resident


def _shared_resident(process: int) -> int:
    """Of memory that could be shared, what its tables show."""
    try:
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("RssShmem:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
