"""Takes connections, and binds each to a kernel or a workspace for as long as it is open."""

import contextlib
import os
import secrets
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable
from functools import partial

from .connection import Connection, Message
from .kernel import Kernel
from .workspace import Workspace

# A kernel has four, tied by an id that the supervisor has made at random.
ROLES = ("control", "channel", "output", "watch")
SECONDS_TO_GREET = 5
SECONDS_BETWEEN_LOOKS = 0.05


Served = Kernel | Workspace


class Listener:
    """Everything happens in one thread, when a connection has something to say or a child ends."""

    def __init__(self, server: socket.socket, user: int, workspaces: str) -> None:
        self._server = server
        self._users = {0, user}
        self._workspaces = workspaces
        self._selector = selectors.DefaultSelector()
        # Connections that have not become a part of something, and until when they may.
        self._waiting: dict[Connection, float] = {}
        # By the id of a kernel: its connections that have come, by role, each with its greeting.
        self._parts: dict[str, dict[str, tuple[Connection, Message]]] = {}
        # Kernels and workspaces whose connection is open.
        self._served: set[Served] = set()
        # Those whose connection is closed, and of which something is left.
        self._leaving: set[Served] = set()
        # Kernels whose process has not ended, by its number.
        self._running: dict[int, Kernel] = {}
        self._child_ended = _wake_when_a_child_ends()

    def serve(self) -> None:
        """Works until the process is ended."""
        self._server.setblocking(False)
        self._selector.register(self._server, selectors.EVENT_READ, self._accept)
        self._selector.register(self._child_ended, selectors.EVENT_READ, self._reap)
        while True:
            timeout = SECONDS_BETWEEN_LOOKS if self._waiting or self._leaving else None
            events = self._selector.select(timeout)
            begun = time.monotonic()
            for key, _ in events:
                key.data()
            self._leaving = {served for served in self._leaving if not served.close()}
            now = time.monotonic()
            # A removal can take long, and what nobody has listened to meanwhile is not late.
            self._waiting = {waiting: until + now - begun for waiting, until in self._waiting.items()}
            for connection in [waiting for waiting, until in self._waiting.items() if until < now]:
                self._forget(connection)

    def _accept(self) -> None:
        try:
            stream, _ = self._server.accept()
        except OSError:
            return
        connection = Connection(stream)
        if connection.user() not in self._users:
            connection.close()
            return
        self._waiting[connection] = time.monotonic() + SECONDS_TO_GREET
        self._selector.register(stream, selectors.EVENT_READ, partial(self._greet, connection))

    def _greet(self, connection: Connection) -> None:
        """Its first message says what it is."""
        try:
            greeting = connection.receive()
            if greeting is None:
                return
            self._selector.unregister(connection.stream)
            if greeting["role"] == "workspace":
                folder = os.path.join(self._workspaces, secrets.token_hex(8))
                del self._waiting[connection]
                self._bind(Workspace(connection, folder))
            elif greeting["role"] in ROLES:
                self._gather(connection, greeting)
            else:
                raise ValueError(f"no role {greeting['role']}")
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a caller, it is the caller who goes
            # Whoever only asks whether somebody listens says nothing.
            if not isinstance(error, EOFError):
                _say(f"a caller was sent away: {error!r}")
            self._forget(connection)

    def _gather(self, connection: Connection, greeting: Message) -> None:
        parts = self._parts.setdefault(greeting["id"], {})
        if greeting["role"] in parts:
            raise ValueError("a part of this kernel that is there already")
        parts[greeting["role"]] = connection, greeting
        if len(parts) < len(ROLES):
            return
        del self._parts[greeting["id"]]
        (control, jail), (channel, _), (output, _), (watch, _) = (parts[role] for role in ROLES)
        for part in (control, channel, output, watch):
            del self._waiting[part]
        # From here on they are the kernel's alone, or its watch's, so that its end is their end.
        with channel.stream, output.stream, watch.stream:
            kernel = Kernel(control, channel.stream, output.stream, watch.stream, jail, self._workspaces)
        if kernel.pid is not None:
            self._running[kernel.pid] = kernel
        self._bind(kernel)

    def _bind(self, served: Served) -> None:
        self._served.add(served)
        obey = partial(self._or_drop, served, partial(self._obey, served))
        self._selector.register(served.connection.stream, selectors.EVENT_READ, obey)

    def _obey(self, served: Served) -> None:
        while (order := served.connection.receive()) is not None:
            served.obey(order)

    def _or_drop(self, served: Served, action: Callable[[], None]) -> None:
        """Does it; where its connection is closed or says what is no order, kernel or workspace goes with it."""
        try:
            action()
        except Exception as error:  # noqa: BLE001 - see above
            if not isinstance(error, EOFError):
                _say(f"a connection was closed: {error!r}")
            self._served.discard(served)
            self._selector.unregister(served.connection.stream)
            served.connection.close()
            if not served.close():
                self._leaving.add(served)

    def _forget(self, connection: Connection) -> None:
        self._waiting.pop(connection, None)
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(connection.stream)
        connection.close()
        for parts in self._parts.values():
            for role in [role for role, (part, _) in parts.items() if part is connection]:
                del parts[role]
        self._parts = {name: parts for name, parts in self._parts.items() if parts}

    def _reap(self) -> None:
        """Kernels, and as the first process of a container whatever one in a weaker jail has left behind."""
        self._child_ended.recv(4096)
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0] != 0:
                kernel = self._running.pop(ended[0], None)
                if kernel is not None:
                    kernel.end(ended[1])


def _wake_when_a_child_ends() -> socket.socket:
    """A stream in which something comes when it does."""
    here, there = socket.socketpair()
    for stream in (here, there):
        stream.setblocking(False)
    signal.set_wakeup_fd(there.detach())
    # A signal that has no handler wakes nobody.
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return here


def _say(what: str) -> None:
    print(f"listener: {what}", file=sys.stderr, flush=True)
