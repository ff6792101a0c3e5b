"""
Starts a program with mounts of its own, where that is allowed, and with no descriptor but the standard streams: what it
mounts is gone when it and its children are, however they end.

    python -I -S -B apart.py <program> <arguments>

The program is told `--own-mounts` last where it has them.
"""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from surveyor_warden.inherited_files import close_inherited
from surveyor_warden.mounts import CLONE_NEWNS, MS_REC, MS_SLAVE, mount
from surveyor_warden.system_calls import system_call

close_inherited(kept=3)
program = sys.argv[1:]
try:
    system_call("unshare", CLONE_NEWNS)
    # What the machine mounts meanwhile is still seen.
    mount(None, "/", MS_REC | MS_SLAVE)
    program.append("--own-mounts")
except OSError:
    # Then nothing will be mounted.
    pass
os.execv(program[0], program)
