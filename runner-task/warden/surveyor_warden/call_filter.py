"""
Which system calls the jailed process may make: what is not named here is refused with EPERM.

The list is what CPython, numpy, pandas, polars, pyarrow, ibis, duckdb and matplotlib were seen to need in one process
with threads and files. Where a call can do both harm and good, its arguments decide.
"""

import errno
from dataclasses import dataclass

from .bpf import ARCHITECTURE, NUMBER, Program, high_half, low_half
from .system_calls import NUMBERS

X86_64 = 0xC000003E
X32 = 0x40000000
KILL_PROCESS = 0x80000000
ALLOW = 0x7FFF0000
ASK = 0x7FC00000


def refuse(number: int) -> int:
    return 0x00050000 | number


ALWAYS = (
    # Files: which ones is for permissions, Landlock and mounts to say; a filter cannot read paths.
    "read", "write", "open", "close", "stat", "fstat", "lstat", "lseek", "pread64", "pwrite64", "readv", "writev",
    "access", "sendfile", "flock", "fsync", "fdatasync", "truncate", "ftruncate", "getcwd", "chdir", "fchdir", "rename",
    "mkdir", "rmdir", "creat", "unlink", "readlink", "chmod", "fchmod", "umask", "statfs", "fstatfs", "getdents64",
    "fadvise64", "openat", "mkdirat", "newfstatat", "unlinkat", "renameat", "readlinkat", "fchmodat", "faccessat",
    "utimensat", "preadv", "pwritev", "renameat2", "copy_file_range", "preadv2", "pwritev2", "statx",
    "close_range", "faccessat2", "fchmodat2", "dup", "dup2", "dup3",
    # Pipes and waiting.
    "pipe", "pipe2", "poll", "ppoll", "select", "pselect6", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait",
    "epoll_pwait2", "eventfd2", "pause", "nanosleep", "clock_nanosleep", "sched_yield",
    # Memory. RLIMIT_DATA, RLIMIT_AS and the watch from outside bound it; mmap: see below.
    "mprotect", "munmap", "brk", "mremap", "msync", "mincore", "madvise", "membarrier",
    # Threads and signals of its own.
    "futex", "set_robust_list", "rseq", "gettid", "sched_getaffinity", "getcpu", "rt_sigaction", "rt_sigprocmask",
    "rt_sigreturn", "rt_sigpending", "rt_sigtimedwait", "rt_sigsuspend", "sigaltstack", "restart_syscall", "alarm",
    "getitimer", "setitimer", "exit", "exit_group",
    # What it is and what time it is.
    "getpid", "getppid", "getpgrp", "getuid", "getgid", "geteuid", "getegid", "getresuid", "getresgid", "getgroups",
    "uname", "sysinfo", "getrlimit", "getrusage", "times", "time", "gettimeofday", "clock_gettime", "clock_getres",
    "getrandom",
)  # fmt: skip

# Libraries ask for these and have another way where the machine does not know them; EPERM would be an error to them.
# clone3 keeps its flags in memory, where a filter cannot look.
UNKNOWN = ("clone3", "openat2")
# fallocate takes any space in no time, so that nobody could look in between.
UNSUPPORTED = ("fallocate", "getxattr", "lgetxattr", "fgetxattr", "listxattr", "llistxattr", "flistxattr")

# The flags of glibc's pthread_create; every process but no thread has others.
THREAD_FLAGS = 0x003D0F00
O_ASYNC = 0o20000
# F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_GETLK, F_SETLK, F_SETLKW, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW,
# F_DUPFD_CLOEXEC, F_GETPIPE_SZ. Not F_SETOWN, F_SETSIG, F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ, F_ADD_SEALS.
FCNTL = (0, 1, 2, 3, 5, 6, 7, 36, 37, 38, 1030, 1032)
F_SETFL = 4
# TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX. Not TIOCSTI, FIOASYNC, FIOSETOWN, SIOC*.
IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
MAP_SHARED, MAP_ANONYMOUS, MAP_GROWSDOWN, MAP_HUGETLB = 0x01, 0x20, 0x100, 0x40000
MAP_UNCOUNTED = MAP_GROWSDOWN | MAP_HUGETLB
# Code that could send it to itself would go on while the watch holds it still.
SIGCONT = 18
# PR_SET_NAME, PR_GET_NAME, PR_SET_VMA. Not PR_SET_DUMPABLE, PR_SET_PDEATHSIG, PR_SET_PTRACER, PR_SET_SECCOMP.
PRCTL = (15, 16, 0x53564D41)


@dataclass(frozen=True)
class OneOf:
    """The low half of an argument is one of these: right for arguments that the kernel takes as int."""

    argument: int
    values: tuple[int, ...]


@dataclass(frozen=True)
class NoneOf:
    """The low half of an argument is none of these."""

    argument: int
    values: tuple[int, ...]


@dataclass(frozen=True)
class Without:
    """None of these bits is set in the low half of an argument."""

    argument: int
    bits: int


@dataclass(frozen=True)
class Null:
    """All 64 bits of an argument are zero."""

    argument: int


Condition = OneOf | NoneOf | Without | Null


def conditions(process: int) -> dict[str, list[list[Condition]]]:
    """For each call that depends on its arguments: the cases in which it is allowed, each a list of conditions."""
    return {
        # What is shared without a file or grows like a stack is not in RLIMIT_DATA; huge pages are in no count at all.
        "mmap": [[Without(3, MAP_SHARED | MAP_UNCOUNTED)], [Without(3, MAP_ANONYMOUS | MAP_UNCOUNTED)]],
        "clone": [[OneOf(0, (THREAD_FLAGS,))]],
        "fcntl": [[OneOf(1, FCNTL)], [OneOf(1, (F_SETFL,)), Without(2, O_ASYNC)]],
        "ioctl": [[OneOf(1, IOCTL)]],
        "prctl": [[OneOf(0, PRCTL)]],
        "kill": [[OneOf(0, (process,)), NoneOf(1, (SIGCONT,))]],
        "tgkill": [[OneOf(0, (process,)), NoneOf(2, (SIGCONT,))]],
        # Its own limits may be read, not changed.
        "prlimit64": [[OneOf(0, (0, process)), Null(2)]],
    }


def build_filter(process: int) -> bytes:
    """The filter for the process of this number, as bytes."""
    program = Program()
    program.load(ARCHITECTURE)
    # 32-bit and x32 calls have numbers of their own: nothing harmless makes them in a 64-bit Python.
    program.jump_equal(X86_64, otherwise="foreign")
    program.load(NUMBER)
    program.jump_at_least(X32, otherwise="native")
    program.label("foreign")
    program.answer(KILL_PROCESS)
    program.label("native")
    for names, answer in (
        (ALWAYS, ALLOW),
        (UNKNOWN, refuse(errno.ENOSYS)),
        (UNSUPPORTED, refuse(errno.EOPNOTSUPP)),
    ):
        for name in names:
            program.jump_equal(NUMBERS[name], otherwise=f"not {name}")
            program.answer(answer)
            program.label(f"not {name}")
    for name, cases in conditions(process).items():
        program.jump_equal(NUMBERS[name], otherwise=f"not {name}")
        for number, case in enumerate(cases):
            following = f"{name}, after case {number}"
            for place, condition in enumerate(case):
                _test(program, condition, following, f"{name}, case {number}, condition {place}")
            program.answer(ALLOW)
            program.label(following)
        program.answer(refuse(errno.EPERM))
        program.label(f"not {name}")
    program.answer(refuse(errno.EPERM))
    return program.assemble()


def _test(program: Program, condition: Condition, failed: str, here: str) -> None:
    program.load(low_half(condition.argument))
    match condition:
        case OneOf(values=(*others, last)):
            for value in others:
                program.jump_equal(value, then=here)
            program.jump_equal(last, otherwise=failed)
            program.label(here)
        case NoneOf(values=values):
            for number, value in enumerate(values):
                program.jump_equal(value, then=failed, otherwise=f"{here}, value {number}")
                program.label(f"{here}, value {number}")
        case Without(bits=bits):
            program.keep_bits(bits)
            program.jump_equal(0, otherwise=failed)
        case Null(argument=argument):
            program.jump_equal(0, otherwise=failed)
            program.load(high_half(argument))
            program.jump_equal(0, otherwise=failed)
        case other:
            raise ValueError(f"the filter knows no condition {other}")
