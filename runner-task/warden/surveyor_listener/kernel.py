"""A kernel that the listener has started."""

import contextlib
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
        self, connection: Connection, channel: socket.socket, output: socket.socket, jail: Message, workspaces: str
    ) -> None:
        self.connection = connection
        settings = {
            "kernel": str(KERNEL),
            "workspaces": workspaces,
            "at_most": jail["at_most"],
            "memory_bytes": jail["memory_bytes"],
        }
        for stream in (channel, output):
            stream.setblocking(True)
        self.pid: int | None = os.posix_spawn(
            sys.executable,
            [sys.executable, "-I", "-B", "-X", "utf8", str(WARDEN), json.dumps(settings)],
            {},
            # Its output first: the number of that descriptor may be 3.
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, output.fileno(), 1),
                (os.POSIX_SPAWN_DUP2, output.fileno(), 2),
                (os.POSIX_SPAWN_DUP2, channel.fileno(), 3),
            ],
            # A session and process group of its own, so that all of it can be killed.
            setsid=True,
        )
        connection.send({"type": "started", "pid": self.pid})

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


def start_watch(stream: socket.socket, settings: Message) -> None:
    """Over one kernel, whose end the connection is: it says what it sees there itself, and ends with it."""
    stream.setblocking(True)
    os.posix_spawn(
        sys.executable,
        [sys.executable, "-I", "-S", "-B", str(WATCH), json.dumps(settings)],
        {},
        file_actions=[(os.POSIX_SPAWN_DUP2, stream.fileno(), number) for number in (0, 1)],
    )
