"""Limits of the process that the system keeps."""

import resource

MEBIBYTE = 1024 * 1024

# Beside the memory that a cell may touch: stacks of threads and arenas of allocators, reserved and hardly used.
RESERVED_BYTES = 2048 * MEBIBYTE
THREADS = 256

LIMITS = {
    "RLIMIT_CORE": 0,
    "RLIMIT_NOFILE": 512,
    # The largest file that the workspace may hold.
    "RLIMIT_FSIZE": 256 * MEBIBYTE,
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
    """Of addresses: what is there already (libraries, most of it never touched), and this much more."""
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
