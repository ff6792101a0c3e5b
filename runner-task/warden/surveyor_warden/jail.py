"""
Puts the process into the strictest jail that this machine gives, and says which that is.

The process must have one thread: Landlock and name spaces bind the thread that asks for them and those it starts.
"""

import os
import socket
import sys
from dataclasses import dataclass, replace

from . import gate, landlock, limits, needed_files, privileges, seccomp
from .call_filter import build_filter
from .left_files import remove_left_files
from .private_root import make_private_root
from .self_attack import attack

LEVELS = ("process", "seccomp", "full")

# The workspace itself is closed to others. Its group is the supervisor's where that is another user, and may read.
UMASK = 0o007


@dataclass(frozen=True)
class Plan:
    """What of the jail is put up."""

    own_user: bool
    private_root: bool
    landlock: bool
    filter: bool
    gate: bool = False

    @property
    def files_are_closed(self) -> bool:
        """Whether the process reaches no file of the service's user, and with it no memory of another process."""
        return self.own_user or self.landlock

    @property
    def level(self) -> str:
        if not (self.filter and self.files_are_closed):
            return "process"
        return "full" if self.own_user else "seccomp"

    def __str__(self) -> str:
        parts = {
            "own user": self.own_user,
            "private root": self.private_root,
            "Landlock": self.landlock,
            "system call filter": self.filter,
            "gate": self.gate,
        }
        there = [part for part, is_there in parts.items() if is_there]
        return f"{self.level}: a process of its own, {', '.join([*there, 'resource limits'])}"


def make_plan(at_most: str) -> Plan:
    """The strictest, up to a level. It claims nothing yet: what it names is put up or the process ends."""
    if at_most == "process" or not seccomp.is_available():
        return Plan(own_user=False, private_root=False, landlock=False, filter=False)
    held = privileges.capabilities()
    may_mount = privileges.CAP_SYS_ADMIN in held
    own_user = (
        at_most == "full"
        and {privileges.CAP_CHOWN, privileges.CAP_SETGID, privileges.CAP_SETUID} <= held
        # Another user must still reach the libraries; in a private root everyone does.
        and (may_mount or needed_files.are_open_to_all())
    )
    return Plan(own_user=own_user, private_root=own_user and may_mount, landlock=landlock.version() > 0, filter=True)


def prepare() -> None:
    """What can be done before anything else, libraries included."""
    limits.set_limits()
    limits.be_killed_first()
    if sys.platform.startswith("linux"):
        privileges.deny_new_privileges()
        privileges.die_with(os.getppid())
    # Allocators start threads of their own when their library is loaded.
    os.environ["JE_ARROW_MALLOC_CONF"] = "background_thread:false"


def enter(workspace: str, at_most: str, memory_bytes: int, watch: socket.socket) -> str:
    """
    Locks the process in, its working folder the workspace. Answers with the level and its parts in words.
    Raises where it does not come to what was planned, and when an attack on it gets through. `watch` leads to the watch
    over this process, and is closed.
    """
    with watch:
        return str(_enter(make_plan(at_most), workspace, memory_bytes, watch))


def _enter(plan: Plan, workspace: str, memory_bytes: int, watch: socket.socket) -> Plan:
    os.environ.pop("JE_ARROW_MALLOC_CONF", None)
    has_own_disk = os.path.ismount(workspace)
    limits.limit_memory(memory_bytes)
    limits.give_way()
    if not plan.filter:
        os.umask(UMASK)
        os.chdir(workspace)
        if sys.platform.startswith("linux"):
            privileges.hide()
        watch.sendall(b"-")
        return plan

    threads = len(os.listdir("/proc/self/task"))
    if threads != 1:
        raise RuntimeError(f"{threads} threads run before the jail is up; it could bind one of them alone")
    _give_up_files(plan, workspace)
    if plan.files_are_closed:
        # The watch runs as the same user. Another kernel is another user, or reaches no file of a process.
        privileges.show()
    else:
        privileges.hide()
    is_gated = gate.put_up(watch, asks_about_files=not has_own_disk)
    watch.close()
    seccomp.install(build_filter(os.getpid()))
    breaches = attack(plan.files_are_closed)
    if breaches:
        raise PermissionError(f"the jail does not hold: the process could {', '.join(breaches)}")
    return replace(plan, gate=is_gated)


def _give_up_files(plan: Plan, workspace: str) -> None:
    parent = os.getppid()
    readable, usable = needed_files.readable(), needed_files.DEVICES
    if plan.own_user:
        if not (plan.private_root or plan.landlock):
            remove_left_files()
        user = privileges.unused_user()
        privileges.hand_over(workspace, user)
        if plan.private_root:
            make_private_root(os.getcwd(), readable, usable, [workspace])
        else:
            # Others may pass through to their own workspace; each of those is open to its own user alone.
            os.chmod(os.path.dirname(workspace), 0o711)
        limits.limit_threads()
        privileges.become(user)
        privileges.die_with(parent)
    elif privileges.capabilities():
        privileges.drop_capabilities()
    os.umask(UMASK)
    os.chdir(workspace)
    if plan.landlock:
        landlock.restrict(readable, usable, [workspace])
