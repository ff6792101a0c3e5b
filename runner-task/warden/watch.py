"""
Watches one kernel from outside, from before its first code to its end.

Descriptor 3 leads to the kernel, which sends the end of its gate there. The argument is JSON: `process`, the kernel's
number; `workspaces`, the folder beneath which its workspace lies. The first line of the input is JSON: `workspace`, its
folder; `has_own_disk`, whether a disk of its own bounds that; `limits`; `open_folders`, whether the kernel can write to
folders that are open to all. From then on it runs as the kernel's user, who may look at what the kernel has open. It
answers each further line when it has looked, and says once what was exceeded; then it kills the kernel. It ends with
its input.
"""

import contextlib
import json
import os
import pathlib
import select
import socket
import sys
import time
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from surveyor_warden.left_files import open_folders
from surveyor_watch.gate import answer_one, receive_listener
from surveyor_watch.gated_watch import GatedWatch
from surveyor_watch.holdings import Holdings
from surveyor_watch.limits import Limits
from surveyor_watch.polled_watch import PolledWatch
from surveyor_watch.watched_process import WatchedProcess


def become_user_of(process: int) -> None:
    """Where root has given the kernel a user of its own."""
    with contextlib.suppress(OSError):
        status = pathlib.Path(f"/proc/{process}/status").read_text()
        user, group = (int(status.partition(f"\n{name}:\t")[2].split()[0]) for name in ("Uid", "Gid"))
        if user != os.getuid():
            os.setgroups([])
            os.setresgid(group, group, group)
            os.setresuid(user, user, user)


def say(message: dict[str, object]) -> None:
    os.write(1, f"{json.dumps(message)}\n".encode())


class Main:
    """Hears the supervisor, the kernel, and the kernel's gate."""

    def __init__(self, process: int, workspaces: str) -> None:
        self._process = WatchedProcess(process)
        self._workspaces = workspaces
        self._kernel = socket.socket(fileno=3)
        self._listener: int | None = None
        self._watch: GatedWatch | PolledWatch | None = None
        self._said = b""
        self._poll = select.poll()
        for descriptor in (0, self._kernel.fileno()):
            self._poll.register(descriptor, select.POLLIN)

    def serve(self) -> None:
        look_at = 0.0
        while True:
            seconds = max(0.0, look_at - time.monotonic())
            ready = dict(self._poll.poll(None if self._watch is None else seconds * 1000))
            if self._kernel.fileno() in ready:
                self._poll.unregister(self._kernel)
                self._listener = receive_listener(self._kernel)
                if self._listener is not None:
                    self._poll.register(self._listener, select.POLLIN)
            if self._listener in ready:
                self._answer(self._listener, ready[self._listener])
            looks = self._hear() if 0 in ready else 0
            if looks < 0:
                return
            # What has ended holds nothing; whoever started it knows.
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                if self._watch is not None and (looks > 0 or time.monotonic() >= look_at):
                    look_at = self._watch.look(is_asked=looks > 0) + time.monotonic()
            for _ in range(looks):
                say({"type": "looked"})

    def _answer(self, listener: int, events: int) -> None:
        if not events & select.POLLIN:
            # The kernel has ended.
            self._poll.unregister(listener)
        elif isinstance(self._watch, GatedWatch):
            answer_one(listener, self._watch.decide, self._watch.undo)
        else:
            # Before it was told what to watch, the kernel has seen no code.
            answer_one(listener, lambda _: 0, lambda: None)

    def _hear(self) -> int:
        """How often it is asked to look; less than 0 at the end."""
        read = os.read(0, 65_536)
        if not read:
            return -1
        *lines, self._said = (self._said + read).split(b"\n")
        if lines and self._watch is None:
            self._begin(json.loads(lines.pop(0)))
        return len(lines)

    def _begin(self, told: dict[str, Any]) -> None:
        if pathlib.Path(told["workspace"]).resolve().parent != pathlib.Path(self._workspaces).resolve():
            raise PermissionError(f"{told['workspace']} is no workspace: those are in {self._workspaces}")
        # The way there may be closed to the kernel's user.
        os.chdir(told["workspace"])
        become_user_of(self._process.number)
        folders = open_folders() if told["open_folders"] else []
        holdings = Holdings(
            self._process,
            Limits(**told["limits"]),
            ".",
            folders,
            lambda excess: say({"type": "exceeded", "excess": excess}),
        )
        kind = PolledWatch if self._listener is None else GatedWatch
        self._watch = kind(holdings, told["has_own_disk"])


def main() -> None:
    settings = json.loads(sys.argv[1])
    # First of all others that want the processor.
    with contextlib.suppress(OSError):
        os.nice(-10)
    with contextlib.suppress(BrokenPipeError):
        Main(settings["process"], settings["workspaces"]).serve()


main()
