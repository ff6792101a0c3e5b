"""
Looks at a process as often as its distance to a limit demands: where there is no gate that would ask. What is taken
between two looks is not bounded; see docs/security.md.
"""

import os
import time

from .holdings import Holdings
from .usage import Usage, one_of_each_disk, usage_of

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


class PolledWatch:
    """Of memory, and of the workspace where no disk of its own bounds that. Holds too much: it is ended."""

    def __init__(self, holdings: Holdings, has_own_disk: bool) -> None:
        self._holdings = holdings
        self._has_own_disk = has_own_disk
        self._disks = [] if has_own_disk else one_of_each_disk(holdings.folders)
        self._processors = min(os.cpu_count() or 1, MOST_PROCESSORS)
        self._counted = self._seen = self._usage()
        self._taken = self._made = 0
        self._count_after = 0.0

    def look(self, is_asked: bool = False) -> float:
        """Answers when to look again, in seconds."""
        holdings = self._holdings
        if holdings.excess is not None:
            return MOST_SECONDS
        usage = self._see()
        left_memory = holdings.limits.memory_bytes - holdings.memory(usage)
        left_bytes = holdings.limits.bytes - self._held_bytes() - self._taken
        left_entries = holdings.limits.entries - holdings.held.entries - self._made
        grown = usage.addresses - self._counted.addresses
        if left_memory < 0:
            holdings.exceed("memory")
            return MOST_SECONDS
        if not self._has_own_disk:
            # When half of what was left is taken: so it is held still ever oftener, the nearer it comes.
            is_near = left_bytes < self._taken - LEAST_BYTES or left_entries < self._made or left_memory < grown
            is_due = (self._taken > 0 or self._made > 0 or grown > 0) and time.monotonic() > self._count_after
            if is_asked or is_due or is_near:
                return self._count()
        seconds = min(
            left_memory / (MEMORY_RATE * self._processors),
            left_bytes / (SPACE_RATE * self._processors),
            left_entries / ENTRY_RATE,
        )
        return min(MOST_SECONDS, max(LEAST_SECONDS, seconds / 2))

    def _count(self) -> float:
        """All that it holds, while it is held still."""
        holdings, started = self._holdings, time.monotonic()
        with holdings.process.stopped():
            self._count_once()
            if holdings.excess is None and not holdings.process.is_still():
                holdings.wait_until_still(STOP_SECONDS, self._end_where_full)
                self._count_once()
        taken = time.monotonic() - started
        self._count_after = time.monotonic() + max(SECONDS_BETWEEN_COUNTS, 4 * taken)
        return LEAST_SECONDS

    def _count_once(self) -> None:
        holdings = self._holdings
        if holdings.excess is not None:
            return
        self._counted = self._seen = self._usage()
        self._taken = self._made = 0
        holdings.count()
        if holdings.held.entries > holdings.limits.entries:
            holdings.exceed("entries")
        elif self._held_bytes() > holdings.limits.bytes:
            holdings.exceed("bytes")
        elif holdings.memory(self._counted) > holdings.limits.memory_bytes:
            holdings.exceed("memory")

    def _end_where_full(self) -> None:
        """What is taken while a system call ends counts as its own where that makes it too much."""
        self._see()
        if self._held_bytes() + self._taken > self._holdings.limits.bytes:
            self._holdings.exceed("bytes")

    def _held_bytes(self) -> int:
        return self._holdings.held.space + self._holdings.held.unseen

    def _see(self) -> Usage:
        """Adds what was taken since the last look, by whomever. What others give back meanwhile is not taken off."""
        usage, before = self._usage(), self._seen
        self._taken += max(0, before.free_bytes - usage.free_bytes)
        self._made += max(0, before.free_entries - usage.free_entries)
        self._seen = usage
        return usage

    def _usage(self) -> Usage:
        return usage_of(self._holdings.process.number, self._disks)
