"""
Gives a workspace a disk of its own, in memory: the system keeps its limits, whatever code does. It ends with an error
where mounting is not allowed.

    python -I -S -B workspace_disk.py mount <folder> <bytes> <entries>
    python -I -S -B workspace_disk.py unmount <folder>
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from surveyor_warden.mounts import MNT_DETACH, MS_NODEV, MS_NOEXEC, MS_NOSUID, mount, unmount

match sys.argv[1:]:
    case ["mount", folder, size, entries]:
        # The folder itself is an entry.
        options = f"size={size},nr_inodes={int(entries) + 1},mode=700"
        mount("surveyor", folder, MS_NOSUID | MS_NODEV | MS_NOEXEC, kind="tmpfs", options=options)
    case ["unmount", folder]:
        # Though a process that is just being killed may still have a file open there.
        unmount(folder, MNT_DETACH)
    case _:
        sys.exit("usage: workspace_disk.py mount <folder> <bytes> <entries> | unmount <folder>")
