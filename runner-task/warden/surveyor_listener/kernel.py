"""A kernel that the listener has started, and the watch over it."""

import contextlib
import fcntl
import json
import os
import signal
import socket
import sys
from pathlib import Path

from .connection import Connection, Message

WARDEN = Path(__file__).parents[1] / "main.py"
WATCH = Path(__file__).parents[1] / "watch.py"
KERNEL = Path(__file__).parents[2] / "kernel"


class Kernel:
    """One process, bound to the connection that controls it: when that is closed, the process is killed."""

    def __init__(
        self,
        connection: Connection,
        channel: socket.socket,
        output: socket.socket,
        watch: socket.socket,
        jail: Message,
        workspaces: str,
    ) -> None:
        self.connection = connection
        settings = {
            "kernel": str(KERNEL),
            "workspaces": workspaces,
            "at_most": jail["at_most"],
            "memory_bytes": jail["memory_bytes"],
        }
        for stream in (channel, output, watch):
            stream.setblocking(True)
        kernels_end, watchs_end = socket.socketpair()
        self.pid: int | None = None
        with kernels_end, watchs_end:
            self.pid = self._start(channel, output, kernels_end, settings)
            _start_watch(watch, watchs_end, {"process": self.pid, "workspaces": workspaces})
        connection.send({"type": "started", "pid": self.pid})

    def _start(self, channel: socket.socket, output: socket.socket, watch: socket.socket, settings: Message) -> int:
        # Not among the numbers that the others are given first.
        watch_number = fcntl.fcntl(watch, fcntl.F_DUPFD_CLOEXEC, 5)
        try:
            return os.posix_spawn(
                sys.executable,
                [sys.executable, "-I", "-B", "-X", "utf8", str(WARDEN), json.dumps(settings)],
                {},
                # Its output first: the number of that descriptor may be 3.
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_DUP2, output.fileno(), 1),
                    (os.POSIX_SPAWN_DUP2, output.fileno(), 2),
                    (os.POSIX_SPAWN_DUP2, channel.fileno(), 3),
                    (os.POSIX_SPAWN_DUP2, watch_number, 4),
                ],
                # A session and process group of its own, so that all of it can be killed.
                setsid=True,
            )
        finally:
            os.close(watch_number)

    def obey(self, order: Message) -> None:
        match order["type"]:
            case "interrupt":
                if self.pid is not None:
                    os.kill(self.pid, signal.SIGINT)
            case "kill":
                self.close()
            case other:
                raise ValueError(f"a kernel knows no order {other}")

    def close(self) -> bool:
        """Kills it; answers that nothing is left to do. Its number is nobody else's until `end` is called."""
        if self.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        return True

    def end(self, status: int) -> None:
        """It has ended, with this status of the system's."""
        self.pid = None
        code = os.waitstatus_to_exitcode(status)
        how = f"exit code {code}" if code >= 0 else signal.Signals(-code).name
        # Whoever closed the connection knows.
        with contextlib.suppress(OSError):
            self.connection.send({"type": "ended", "how": how})


def _start_watch(stream: socket.socket, kernel: socket.socket, settings: Message) -> None:
    """It says what it sees to the supervisor itself, and ends with that connection."""
    number = fcntl.fcntl(stream, fcntl.F_DUPFD_CLOEXEC, 5)
    kernels_number = fcntl.fcntl(kernel, fcntl.F_DUPFD_CLOEXEC, 5)
    try:
        os.posix_spawn(
            sys.executable,
            [sys.executable, "-I", "-S", "-B", str(WATCH), json.dumps(settings)],
            {},
            file_actions=[
                *((os.POSIX_SPAWN_DUP2, number, standard) for standard in (0, 1)),
                (os.POSIX_SPAWN_DUP2, kernels_number, 3),
            ],
        )
    finally:
        for used in (number, kernels_number):
            os.close(used)
