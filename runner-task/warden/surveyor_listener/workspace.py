"""A folder that hostile code writes to: made, looked at and removed by the listener."""

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator, Mapping

from surveyor_warden.left_files import remove_left_files

from .connection import Connection, Message

SECONDS_BETWEEN_LOOKS = 0.1


class Workspace:
    """One folder, bound to a connection: when that is closed, the folder is removed."""

    def __init__(self, connection: Connection, folder: str, limits: Mapping[str, int]) -> None:
        self.connection = connection
        self.folder = folder
        self._limits = limits
        self._is_removed = False
        self.is_watched = False
        self._look_at = 0.0
        self._make()
        try:
            connection.send({"type": "made", "folder": folder})
        except OSError:
            self.close()
            raise

    def obey(self, order: Message) -> None:
        match order["type"]:
            case "look":
                self.connection.send({"type": "holds", "excess": excess(self.folder, self._limits)})
            case "watch":
                self.is_watched = True
            case "unwatch":
                self.is_watched = False
            case "empty":
                remove(self.folder)
                # Who asks while the folder is being removed gets no new one, which nobody would remove in time.
                if not self._is_removed:
                    self._make()
                self.connection.send({"type": "done"})
            case "remove":
                self._is_removed = True
                self.close()
                self.connection.send({"type": "done"})
            case other:
                raise ValueError(f"a workspace knows no order {other}")

    def look(self) -> None:
        """Says once that the folder holds too much."""
        started = time.monotonic()
        if started < self._look_at:
            return
        found = excess(self.folder, self._limits)
        if found is not None:
            self.is_watched = False
            self.connection.send({"type": "exceeded", "excess": found})
        # Many files take long to look at: a fifth of the time at most.
        ended = time.monotonic()
        self._look_at = ended + max(SECONDS_BETWEEN_LOOKS, 4 * (ended - started))

    def close(self) -> bool:
        """Whether the folder is gone; a kernel that is just being killed can put something in the way."""
        if not os.path.lexists(self.folder):
            return True
        remove(self.folder)
        if os.getuid() == 0:
            # What stays is no failure here: where it matters, no kernel enters its jail before it is gone.
            with contextlib.suppress(Exception):
                remove_left_files()
        return not os.path.lexists(self.folder)

    def _make(self) -> None:
        os.mkdir(self.folder, 0o700)
        # What is made in it belongs to the supervisor's group, the listener's own: so that user can read it.
        os.chmod(self.folder, 0o2770)


def excess(folder: str, limits: Mapping[str, int]) -> str | None:
    """What a folder holds too much of, by the name of its limit; None where it does not. Follows no link."""
    size, entries = 0, 0
    folders = [(folder, 1)]
    while folders:
        path, depth = folders.pop()
        if depth > limits["depth"]:
            return "depth"
        for entry in _entries(path):
            entries += 1
            if entries > limits["entries"]:
                return "entries"
            try:
                size += entry.stat(follow_symlinks=False).st_blocks * 512
                if entry.is_dir(follow_symlinks=False):
                    folders.append((entry.path, depth + 1))
            except OSError:
                continue
            if size > limits["bytes"]:
                return "bytes"
    return None


def _entries(path: str) -> Iterator[os.DirEntry[str]]:
    """Nothing where code that runs meanwhile has removed the folder."""
    try:
        with os.scandir(path) as found:
            yield from found
    except OSError:
        return


def remove(folder: str) -> None:
    """
    Removes a folder and all in it, following no link. The system's own tools: paths may be longer than the system
    takes, and their owner may have locked folders.
    """
    for command in (["/bin/chmod", "-R", "u+rwX"], ["/bin/rm", "-rf"]):
        subprocess.run([*command, "--", folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
