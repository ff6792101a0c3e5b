"""
What the process did not open: a descriptor that whoever started the service left open reaches every program below it,
and lets it read a file that its user may not open.
"""

import contextlib
import os

# The system's own limit in containers; what was opened with a number above it is found by the listing.
HIGHEST = 4096


def close_inherited(kept: int) -> None:
    """Closes all but the first so many. Called before anything is opened, so that nothing else is there."""
    for number in _numbers():
        if number >= kept:
            with contextlib.suppress(OSError):
                os.close(number)


def open_numbers(kept: int) -> list[int]:
    """Those beyond the first so many that are open, and no copies of these."""
    given = {_place(number) for number in range(kept)}
    return [number for number in range(kept, HIGHEST) if _place(number) not in given | {None}]


def _numbers() -> list[int]:
    # /dev/fd: Linux, where /proc is mounted, and macOS.
    for folder in ("/proc/self/fd", "/dev/fd"):
        with contextlib.suppress(OSError):
            return [int(name) for name in os.listdir(folder)]
    return list(range(HIGHEST))


def _place(number: int) -> tuple[int, int] | None:
    """What it leads to; None where it is not open."""
    try:
        found = os.fstat(number)
    except OSError:
        return None
    return found.st_dev, found.st_ino
