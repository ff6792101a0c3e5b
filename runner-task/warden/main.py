"""
The first code of a kernel's process. Descriptor 3 leads to the supervisor, descriptor 4 to the watch over it. Started
in isolated mode (-I) and without an environment, in an empty folder.

Its argument is JSON: `kernel`, the folder of the kernel's package; `workspaces`, the folder beneath which its workspace
lies; `at_most`, the level of the jail; `memory_bytes`.
"""

import json
import os
import pathlib
import socket
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).parent)]

from surveyor_warden.inherited_files import close_inherited  # noqa: E402

close_inherited(kept=5)

# Python itself has added to it.
os.environ.clear()
os.environ.update(
    HOME=os.getcwd(),
    LANG="C.UTF-8",
    TZ="UTC",
    MPLBACKEND="Agg",
    # One agent's arithmetic must not take the machine; a thread pool per library would.
    OMP_NUM_THREADS="1",
    OPENBLAS_NUM_THREADS="1",
    POLARS_MAX_THREADS="2",
    # A gibibyte that it would take at once and hardly use counts against the limit.
    MIMALLOC_ARENA_EAGER_COMMIT="0",
)
time.tzset()
settings = json.loads(sys.argv[1])
sys.path[:0] = [settings["kernel"]]

from surveyor_warden import jail  # noqa: E402

jail.prepare()

from surveyor_kernel.kernel import serve  # noqa: E402

del sys.path[:2]


def enter_jail(workspace: str) -> str:
    # Root gives that folder to another user: it must be no other one, whoever asks.
    if pathlib.Path(workspace).resolve().parent != pathlib.Path(settings["workspaces"]).resolve():
        raise PermissionError(f"{workspace} is no workspace: those are in {settings['workspaces']}")
    watch = socket.socket(fileno=4)
    return jail.enter(workspace, settings["at_most"], settings["memory_bytes"], watch)


serve(descriptor=3, enter_jail=enter_jail)
