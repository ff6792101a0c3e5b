"""A folder that hostile code writes to: made and removed by the listener."""

import contextlib
import os
import subprocess

from surveyor_warden.left_files import remove_left_files

from .connection import Connection, Message


class Workspace:
    """One folder, bound to a connection: when that is closed, the folder is removed."""

    def __init__(self, connection: Connection, folder: str) -> None:
        self.connection = connection
        self.folder = folder
        self._is_removed = False
        self._make()
        try:
            connection.send({"type": "made", "folder": folder})
        except OSError:
            self.close()
            raise

    def obey(self, order: Message) -> None:
        match order["type"]:
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


def remove(folder: str) -> None:
    """
    Removes a folder and all in it, following no link. The system's own tools: paths may be longer than the system
    takes, and their owner may have locked folders.
    """
    for command in (["/bin/chmod", "-R", "u+rwX"], ["/bin/rm", "-rf"]):
        subprocess.run([*command, "--", folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
