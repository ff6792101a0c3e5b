"""What a process holds, counted while it is held still."""

import time
from collections.abc import Callable, Sequence

from surveyor_warden.limits import LARGEST_FILE_BYTES

from .held_space import Held, held_by
from .limits import Limits
from .usage import Usage, usage_of
from .watched_process import WatchedProcess


class Holdings:
    """Of one process and its workspace. `exceeded` is told once what it holds too much of, just before it is killed."""

    def __init__(
        self,
        process: WatchedProcess,
        limits: Limits,
        workspace: str,
        open_folders: Sequence[str],
        exceeded: Callable[[str], None],
    ) -> None:
        self.process = process
        self.limits = limits
        self._workspace = workspace
        self.folders = [workspace, *open_folders]
        self._exceeded = exceeded
        self.held = Held()
        self.excess: str | None = None

    def count(self) -> None:
        """Ends it where folders are too deep, and where something cannot be looked at."""
        self.held = held_by(self.process.number, self._workspace, self.folders[1:], LARGEST_FILE_BYTES, self.limits)
        if self.held.depth > self.limits.depth:
            self.exceed("depth")
        elif self.held.is_unreadable and usage_of(self.process.number, []).addresses > 0:
            # One that is ending has none, and shows nobody what it has open.
            self.exceed("unreadable")

    def memory(self, usage: Usage) -> int:
        return usage.resident + self.held.shared

    def exceed(self, what: str) -> None:
        if self.excess is None:
            self.excess = what
            self._exceeded(what)
            self.process.kill()

    def wait_until_still(self, seconds: float, meanwhile: Callable[[], None] = lambda: None) -> None:
        """A thread stops when its system call ends, and that may go on with filling the disk."""
        until = time.monotonic() + seconds
        while self.excess is None and not self.process.is_still() and time.monotonic() < until:
            meanwhile()
            time.sleep(0.0001)
