"""A process that is held still while it is looked at, or ended."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

# By something else, by a debugger, dead, gone.
STOPPED = "TtZX"


class WatchedProcess:
    """Its number may be another one's when it has ended, so signals go by a descriptor where the system has those."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._descriptor: int | None = None
        with contextlib.suppress(AttributeError, OSError):
            self._descriptor = os.pidfd_open(number)

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        """For a moment; one that something else has stopped stays so. See `is_still`."""
        if self._state() in STOPPED:
            yield
            return
        self._send(signal.SIGSTOP)
        try:
            yield
        finally:
            self._send(signal.SIGCONT)

    def is_still(self) -> bool:
        """Whether each of its threads has stopped: one does when its system call ends, and that may write for long."""
        before = self._threads()
        return all(self._state(f"/task/{thread}") in STOPPED for thread in before) and self._threads() == before

    def kill(self) -> None:
        """Ends system calls too, half done as they are."""
        with contextlib.suppress(ProcessLookupError):
            self._send(signal.SIGKILL)

    def _threads(self) -> list[str]:
        try:
            return os.listdir(f"/proc/{self.number}/task")
        except OSError:
            return []

    def _send(self, number: signal.Signals) -> None:
        if self._descriptor is None:
            os.kill(self.number, number)
        else:
            signal.pidfd_send_signal(self._descriptor, number)

    def _state(self, thread: str = "") -> str:
        """As the system abbreviates it."""
        try:
            return Path(f"/proc/{self.number}{thread}/stat").read_text().rpartition(")")[2].split()[0]
        except (OSError, IndexError):
            return "X"
