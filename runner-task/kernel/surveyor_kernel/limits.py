"""What the process denies itself before any code of an agent runs."""

import ctypes
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38

LIMITS = {
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_NOFILE: 512,
    # The largest file that the workspace may hold.
    resource.RLIMIT_FSIZE: 512 * 1024 * 1024,
}


def set_limits():
    """Sets them and says which level of isolation that makes."""
    for limit, value in LIMITS.items():
        hard = resource.getrlimit(limit)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (value, value))
    if not sys.platform.startswith("linux"):
        return "process: no environment, resource limits"
    libc = ctypes.CDLL(None, use_errno=True)
    done = [
        # Dies with the supervisor even when it is killed.
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0),
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0),
    ]
    if any(done):
        raise OSError(ctypes.get_errno(), "prctl failed")
    return "process: no environment, resource limits, no new privileges"
