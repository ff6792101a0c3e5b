"""
The entry of a kernel's container: starts kernels, and keeps their workspaces, for the supervisor in another container.

    python -I -B listen.py <volume> <user>

`volume` is a folder that both containers see at the same path, `user` the number of the supervisor's user and group.
It listens on kernels.socket there. It is root, and trusted, so it holds no secret, has one thread, and takes orders
from that user and from root alone. A kernel cannot reach it: its jail has no sockets, and this one is closed to its
user.
"""

import os
import pathlib
import signal
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from surveyor_listener.listener import Listener
from surveyor_warden.inherited_files import close_inherited


def main(volume: str, user: int) -> None:
    if os.getuid() == 0:
        # The supervisor may make its own there, and neither touches what the other has made.
        os.chown(volume, 0, user)
        os.chmod(volume, 0o1771)
        # What is made from here on belongs to the supervisor's group.
        os.setgroups([])
        os.setgid(user)
    workspaces = os.path.join(volume, "workspaces")
    spare = os.path.join(volume, "spare")
    for folder, mode in ((workspaces, 0o711), (spare, 0o700)):
        os.makedirs(folder, exist_ok=True)
        os.chmod(folder, mode)
    # Where a kernel is until it has a workspace: an empty folder, which its private root may cover.
    os.chdir(spare)
    # The first process of a container is not ended by a signal that it does not handle.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with socket.socket(socket.AF_UNIX) as server:
        path = os.path.join(volume, "kernels.socket")
        pathlib.Path(path).unlink(missing_ok=True)
        os.umask(0o117)
        server.bind(path)
        os.umask(0o077)
        server.listen()
        print(f"listener: at {path}", flush=True)
        Listener(server, user, workspaces).serve()


if len(sys.argv) != 3 or not sys.argv[2].isdigit():
    sys.exit("usage: listen.py <volume> <number of the supervisor's user>")
close_inherited(kept=3)
main(sys.argv[1], int(sys.argv[2]))
