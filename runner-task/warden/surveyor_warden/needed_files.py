"""What of the machine a kernel needs: libraries and fonts to read, a few devices to use."""

import os
import sys

# Not /dev/zero: what is mapped of it is memory that no count of the process need show.
DEVICES = ("/dev/null", "/dev/full", "/dev/random", "/dev/urandom")


def readable() -> list[str]:
    """Paths, none beneath another. The interpreter's own are where its environment was made."""
    wanted = (
        # DuckDB asks them how much memory there is, and aborts where it sees them and may not read them.
        "/proc/self/cgroup", "/proc/meminfo", "/sys/fs/cgroup",
        "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/fonts", "/etc/localtime", "/sys/devices/system/cpu",
        sys.base_prefix, sys.prefix,
    )  # fmt: skip
    chosen: list[str] = []
    for path in sorted({os.path.abspath(path) for path in wanted if os.path.exists(path)}):
        if not any(path.startswith(f"{above}/") for above in chosen):
            chosen.append(path)
    return chosen


def are_open_to_all() -> bool:
    """Whether a user who owns nothing can reach the interpreter's files."""
    return all(_open_to_all(os.path.realpath(path)) for path in (sys.base_prefix, sys.prefix))


def _open_to_all(path: str) -> bool:
    while True:
        if not os.stat(path).st_mode & 0o001:
            return False
        if path == "/":
            return True
        path = os.path.dirname(path)
