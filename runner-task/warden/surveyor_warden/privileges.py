"""The user that a kernel runs as, and the privileges it gives up."""

import ctypes
import os
import random
import stat

from .system_calls import system_call

CAP_CHOWN, CAP_SETGID, CAP_SETUID, CAP_SYS_ADMIN = 0, 6, 7, 21

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
CAPABILITIES_VERSION_3 = 0x20080522

# Far above what distributions, containers' ranges and directory services give out, below the sign bit.
LOWEST_USER = 1_900_000_000
USERS = 200_000_000


def capabilities() -> set[int]:
    """The numbers of those that this process has or could take."""
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION_3, 0)
    # Effective, permitted, inheritable, twice: for the numbers below 32 and those above.
    sets = (ctypes.c_uint32 * 6)()
    system_call("capget", header, sets)
    bits = sets[0] | sets[1] | (sets[3] | sets[4]) << 32
    return {number for number in range(64) if bits >> number & 1}


def users_with_processes() -> set[int]:
    """The numbers of the users that processes run as."""
    taken = set()
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                taken.add(os.stat(f"/proc/{name}").st_uid)
            except FileNotFoundError:
                continue
    return taken


def unused_user() -> int:
    """A user's number that no process has."""
    taken = users_with_processes()
    generator = random.SystemRandom()
    while True:
        user = LOWEST_USER + generator.randrange(USERS)
        if user not in taken:
            return user


def hand_over(folder: str, user: int) -> None:
    """Gives the folder, and what an earlier process left in it, to the user; their groups stay. Follows no link."""
    os.lchown(folder, user, -1)
    with os.scandir(folder) as entries:
        for entry in entries:
            if stat.S_ISDIR(entry.stat(follow_symlinks=False).st_mode):
                hand_over(entry.path, user)
            else:
                os.lchown(entry.path, user, -1)


def become(user: int) -> None:
    """For good: real, effective and saved numbers, and no other group. Capabilities go with the number 0."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    if os.getresuid() != (user,) * 3 or os.getresgid() != (user,) * 3 or os.getgroups() or capabilities():
        raise PermissionError("the process has kept privileges of its user before")


def drop_capabilities() -> None:
    """Keeps the user and gives up the rest."""
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION_3, 0)
    system_call("capset", header, (ctypes.c_uint32 * 6)())
    if capabilities():
        raise PermissionError("the process has kept capabilities")


def deny_new_privileges() -> None:
    """A file with the setuid bit gives none."""
    system_call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def hide() -> None:
    """No process of the same user may read its memory or environment."""
    system_call("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0)


def show() -> None:
    """Processes of the same user may look at what it has open. A change of user had hidden it."""
    system_call("prctl", PR_SET_DUMPABLE, 1, 0, 0, 0)


def die_with(parent: int) -> None:
    """Dies when its parent does, even when that is killed. A change of user forgets this, so it is said after it."""
    system_call("prctl", PR_SET_PDEATHSIG, 9, 0, 0, 0)
    if os.getppid() != parent:
        raise ProcessLookupError("the supervisor is gone")
