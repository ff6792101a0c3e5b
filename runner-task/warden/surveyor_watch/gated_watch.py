"""
Answers the calls that a process's gate asks about, so that what it holds is bounded however late that is: a call goes
on only where all that it can take is left.

What was let through counts in full until all that is held is counted anew, while the process is held still. So the sum
is never less than what is held, and what code gives back is found when it is needed.
"""

import contextlib
import errno
import os
import resource
import stat
import time

from .growth import FOLDERS, Call, Growth, growth_of
from .holdings import Holdings
from .read_only_memory import read_only_memory
from .usage import usage_of

SECONDS_BETWEEN_LOOKS, SECONDS_BETWEEN_COUNTS = 0.01, 0.2
# A system call that writes the largest file to a slow disk takes this long.
STILL_SECONDS = 30.0
# Nobody can tell what a descriptor will be when the call is made. One that leads to no file when it is asked about may
# be written to where the disk is full, to this part of the limit: code must be able to say that the disk is full.
RESERVE = 1 / 20
# Of the limit of memory: what may become read-only before that is counted.
READ_ONLY = 1 / 32
LEAST_BLOCK = 4096
# Of which it is remembered that it was counted for them; those that have ended are forgotten with the others.
MOST_THREADS = 1024


class GatedWatch:
    """Of memory, and of the workspace where no disk of its own bounds that. What is too much is refused."""

    def __init__(self, holdings: Holdings, has_own_disk: bool) -> None:
        self._holdings = holdings
        self._has_own_disk = has_own_disk
        self._block = max(LEAST_BLOCK, *(os.statvfs(folder).f_frsize for folder in holdings.folders))
        # Let through since it was counted.
        self._space = self._entries = self._read_only = 0
        self._counted_read_only = 0
        self._has_shared_mappings = self._has_new_folders = False
        self._is_counted = False
        self._count_after = 0.0
        self._last = Growth()
        # By thread, the call for which it was counted.
        self._counted_for: dict[int, Call] = {}

    def look(self, is_asked: bool = False) -> float:
        """At memory, which the system bounds; and counts where it is asked. Answers when to look again, in seconds."""
        holdings = self._holdings
        if holdings.excess is not None:
            return SECONDS_BETWEEN_LOOKS
        usage, now = usage_of(holdings.process.number, []), time.monotonic()
        if holdings.memory(usage) > holdings.limits.memory_bytes * (1 + READ_ONLY):
            holdings.exceed("memory")
            return SECONDS_BETWEEN_LOOKS
        # Nobody can tell how deep a folder is when it is asked for.
        is_due = self._has_new_folders and now > self._count_after + SECONDS_BETWEEN_COUNTS
        if is_due or (is_asked and not self._has_own_disk) or (self._is_read_only_due() and now > self._count_after):
            self._count()
        return SECONDS_BETWEEN_LOOKS

    def decide(self, call: Call) -> int:
        """The error that a call fails with; 0: it goes on."""
        self._last = Growth()
        if self._holdings.excess is not None:
            return errno.EPERM
        # Holding the process still ends the wait: then the same call comes again.
        is_counted = self._counted_for.pop(call.thread, None) == call
        if call.shares and not self._has_shared_mappings:
            # Held still, it has no call under way that would enlarge what is shared from here on.
            self._count(call)
            is_counted = True
        growth = growth_of(call, self._block, self._has_shared_mappings)
        if growth.read_only == 0 and not self._fits(growth):
            if not is_counted:
                time.sleep(max(0.0, self._count_after - time.monotonic()))
                self._count(call)
            can_be_let = self._fits(growth) or (self._fits(growth, RESERVE) and self._leads_to_no_file(call.written_to))
            if not can_be_let:
                return errno.ENOSPC
        self._last = growth
        self._add(growth, 1)
        self._has_new_folders |= call.name in FOLDERS
        if growth.read_only > 0 and self._is_read_only_due():
            self._limit_memory()
        return 0

    def undo(self) -> None:
        """The call that was decided last was not made."""
        self._add(self._last, -1)

    def _fits(self, growth: Growth, reserve: float = 0.0) -> bool:
        held, limits = self._holdings.held, self._holdings.limits
        space = held.space + held.unseen + held.shared + self._space + growth.space
        entries = held.entries + self._entries + growth.entries
        has_room = space <= limits.bytes * (1 + reserve) and entries <= limits.entries
        return self._is_counted and (has_room or growth == Growth())

    def _add(self, growth: Growth, sign: int) -> None:
        self._space += sign * growth.space
        self._entries += sign * growth.entries
        self._read_only += sign * growth.read_only

    def _count(self, call: Call | None = None) -> None:
        """Everything, because a call wants more than is left. For a quarter of the time at most."""
        holdings, started = self._holdings, time.monotonic()
        with holdings.process.stopped():
            holdings.wait_until_still(STILL_SECONDS)
            if not holdings.process.is_still():
                holdings.exceed("unreadable")
                return
            if not self._has_own_disk:
                holdings.count()
                self._has_shared_mappings = holdings.held.has_shared_mappings or (call is not None and call.shares)
            if self._is_read_only_due():
                self._counted_read_only = read_only_memory(holdings.process.number)
                self._read_only = 0
                self._limit_memory()
        self._space = self._entries = 0
        self._has_new_folders = False
        self._is_counted = True
        if call is not None:
            if len(self._counted_for) > MOST_THREADS:
                self._counted_for.clear()
            self._counted_for[call.thread] = call
        ended = time.monotonic()
        self._count_after = ended + 3 * (ended - started)

    def _is_read_only_due(self) -> bool:
        return self._read_only > self._holdings.limits.memory_bytes * READ_ONLY

    def _limit_memory(self) -> None:
        """What can no longer be written to has left the system's limit, so the limit is less by as much."""
        limit = self._holdings.limits.memory_bytes
        left = max(0, limit - self._counted_read_only - self._read_only)
        with contextlib.suppress(ProcessLookupError):
            hard = resource.prlimit(self._holdings.process.number, resource.RLIMIT_DATA)[1]
            resource.prlimit(self._holdings.process.number, resource.RLIMIT_DATA, (min(left, hard), hard))

    def _leads_to_no_file(self, descriptor: int | None) -> bool:
        if descriptor is None:
            return False
        try:
            found = os.stat(f"/proc/{self._holdings.process.number}/fd/{descriptor}")
        except OSError:
            # The call itself says so.
            return True
        return not stat.S_ISREG(found.st_mode)
