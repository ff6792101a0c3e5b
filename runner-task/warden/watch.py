"""
Watches one kernel from outside, from before its first code to its end.

Its argument is JSON: `process`, its number; `limits`; `workspace`, its folder, null where a disk of its own bounds it;
`open_folders`, whether it can write to folders that are open to all. It runs as the kernel's user, who may look at what
the kernel has open. It answers each line of its input when it has looked, and says once what was exceeded; then it
kills the kernel. It ends with its input.
"""

import contextlib
import json
import os
import pathlib
import select
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from surveyor_warden.left_files import open_folders
from surveyor_watch.limits import Limits
from surveyor_watch.watch import Watch


def become_user_of(process: int) -> None:
    """Where root has given the kernel a user of its own. First of all others that want the processor."""
    with contextlib.suppress(OSError):
        os.nice(-10)
    with contextlib.suppress(OSError):
        status = pathlib.Path(f"/proc/{process}/status").read_text()
        user, group = (int(status.partition(f"\n{name}:\t")[2].split()[0]) for name in ("Uid", "Gid"))
        if user != os.getuid():
            os.setgroups([])
            os.setresgid(group, group, group)
            os.setresuid(user, user, user)


def say(message: dict[str, object]) -> None:
    os.write(1, f"{json.dumps(message)}\n".encode())


def main() -> None:
    settings = json.loads(sys.argv[1])
    workspace = None
    if settings["workspace"] is not None:
        # The way there may be closed to the kernel's user.
        os.chdir(settings["workspace"])
        workspace = "."
    become_user_of(settings["process"])
    folders = open_folders() if settings["open_folders"] else []
    watch = Watch(
        settings["process"],
        Limits(**settings["limits"]),
        workspace,
        folders,
        lambda excess: say({"type": "exceeded", "excess": excess}),
    )
    seconds = 0.0
    while True:
        is_asked = bool(select.select([0], [], [], seconds)[0])
        if is_asked and not os.read(0, 1):
            return
        # What has ended holds nothing; whoever started it knows.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            seconds = watch.look(is_asked)
        if is_asked:
            say({"type": "looked"})


with contextlib.suppress(BrokenPipeError):
    main()
