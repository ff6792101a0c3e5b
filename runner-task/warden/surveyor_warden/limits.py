"""Limits of the process that the system keeps."""

import contextlib
import os
import resource

MEBIBYTE = 1024 * 1024

# Beside the memory that a cell may touch: stacks of threads and arenas of allocators, reserved and hardly used.
RESERVED_BYTES = 2048 * MEBIBYTE
THREADS = 256
# Where processors are short it gets a third of what others get.
LESS_PRIORITY = 5
# A file that is mapped and has no name counts as this much, since nothing tells its size.
LARGEST_FILE_BYTES = 128 * MEBIBYTE

LIMITS = {
    # One byte, not none: a program that the system hands dumps to is then not started.
    "RLIMIT_CORE": 1,
    "RLIMIT_NOFILE": 256,
    "RLIMIT_FSIZE": LARGEST_FILE_BYTES,
    # That of the first thread, which no other limit counts.
    "RLIMIT_STACK": 8 * MEBIBYTE,
    # For all cells of a session together; each has its own limit of time besides.
    "RLIMIT_CPU": 4 * 3600,
    "RLIMIT_MEMLOCK": 0,
    "RLIMIT_MSGQUEUE": 0,
    "RLIMIT_RTPRIO": 0,
    "RLIMIT_NICE": 0,
    "RLIMIT_SIGPENDING": 1024,
}


def set_limits() -> None:
    """Those that hold everywhere. A limit that the system does not know is left out."""
    for name, value in LIMITS.items():
        _set(name, value)


def limit_memory(most_bytes: int) -> None:
    """
    Of what is its own alone: the process never has more of that. Of addresses, because memory that could be shared is
    not in it: what is there already (libraries, most of it never touched), and this much more.
    """
    _set("RLIMIT_DATA", most_bytes)
    try:
        with open("/proc/self/statm") as sizes:
            taken = int(sizes.read().split()[0]) * resource.getpagesize()
    except OSError:
        # No Linux: the watch from outside is what there is.
        return
    _set("RLIMIT_AS", taken + most_bytes + RESERVED_BYTES)


def limit_threads() -> None:
    """Counted for a user, so it is of use only to a process with a user of its own."""
    _set("RLIMIT_NPROC", THREADS)


def give_way() -> None:
    """Others get a processor sooner, the watch over this process above all."""
    with contextlib.suppress(OSError):
        os.nice(LESS_PRIORITY)


def be_killed_first() -> None:
    """When memory runs out, the system picks this process before any other."""
    try:
        with open("/proc/self/oom_score_adj", "w") as score:
            score.write("1000")
    except OSError:
        pass


def _set(name: str, value: int) -> None:
    limit = getattr(resource, name, None)
    if limit is None:
        return
    hard = resource.getrlimit(limit)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(limit, (value, value))
