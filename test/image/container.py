"""
Runs a program as a container of a Fargate task would run it, without a container engine: own mount, process, network
and IPC name spaces, a read-only root, tmpfs alone to write on, the capabilities that Fargate leaves, no_new_privs off.

Its argument is JSON: `root`, the root file system; `volume`, a folder to see at /run/surveyor, else there is a tmpfs;
`data`, a folder to see at /run/surveyor/data; `user`; `capabilities`, by number, else those that Fargate leaves;
`network_of`, the number of a process whose network it shares, as containers of one task do; `landlock`, whether the
system has it: Fargate's Linux, 5.10, does not; `environment`; `program`.
"""

import ctypes
import errno
import fcntl
import json
import os
import socket
import stat
import struct
import sys

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = (
    0x1, 0x2, 0x4, 0x8, 0x20, 0x1000, 0x4000, 0x40000,
)  # fmt: skip
CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWPID, CLONE_NEWNET = (
    0x20000, 0x8000000, 0x4000000, 0x20000000, 0x40000000,
)  # fmt: skip
MNT_DETACH, PIVOT_ROOT = 2, 155
PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 22, 24
SIOCSIFFLAGS, IFF_UP = 0x8914, 0x1
# CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, NET_BIND_SERVICE, NET_RAW, SYS_CHROOT, MKNOD,
# AUDIT_WRITE, SETFCAP.
LEFT_BY_FARGATE = {0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31}
DEVICES = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9)}

libc = ctypes.CDLL(None, use_errno=True)


def check(result):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def mount(source, target, kind=None, flags=0, options=None):
    words = [None if word is None else os.fsencode(word) for word in (source, target, kind)]
    check(libc.mount(*words, ctypes.c_ulong(flags), None if options is None else options.encode()))


def make_root(root, volume, data, user):
    mount(None, "/", flags=MS_REC | MS_PRIVATE)
    mount(root, root, flags=MS_BIND)
    mount(None, root, flags=MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NODEV)
    mount("proc", f"{root}/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    mount("sysfs", f"{root}/sys", "sysfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)
    mount("tmpfs", f"{root}/dev", "tmpfs", MS_NOSUID, "size=64k,mode=755")
    for name, (major, minor) in DEVICES.items():
        os.mknod(f"{root}/dev/{name}", 0o666 | stat.S_IFCHR, os.makedev(major, minor))
        os.chmod(f"{root}/dev/{name}", 0o666)
    os.mkdir(f"{root}/dev/shm")
    mount("shm", f"{root}/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=64m,mode=1777")
    if volume is None:
        mount("tmpfs", f"{root}/run/surveyor", "tmpfs", MS_NOSUID | MS_NODEV, "size=2g,mode=755")
        os.chown(f"{root}/run/surveyor", user, user)
    else:
        mount(volume, f"{root}/run/surveyor", flags=MS_BIND)
        mount(None, f"{root}/run/surveyor", flags=MS_BIND | MS_REMOUNT | MS_NOSUID | MS_NODEV)
    if data is not None:
        os.makedirs(f"{root}/run/surveyor/data", exist_ok=True)
        mount(data, f"{root}/run/surveyor/data", flags=MS_BIND)
        mount(None, f"{root}/run/surveyor/data", flags=MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV)


def enter(root):
    os.chdir(root)
    check(libc.syscall(PIVOT_ROOT, b".", b"."))
    check(libc.umount2(b".", MNT_DETACH))
    os.chdir("/")


def take_landlock_away():
    """Its three system calls, 444 to 446, answer ENOSYS, as they do where the system does not know them."""
    lines = [(0x20, 0, 0, 0), (0x35, 0, 2, 444), (0x25, 1, 0, 446), (0x06, 0, 0, 0x00050000 | errno.ENOSYS)]
    lines.append((0x06, 0, 0, 0x7FFF0000))
    code = b"".join(struct.pack("<HBBI", *line) for line in lines)
    program = struct.pack("<HxxxxxxQ", len(lines), ctypes.addressof(kept := ctypes.create_string_buffer(code)))
    check(libc.prctl(PR_SET_SECCOMP, 2, program, 0, 0))
    del kept


def bring_up_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14s", b"lo", IFF_UP, b""))


def main():
    settings = json.loads(sys.argv[1])
    network_of = settings.get("network_of")
    check(libc.unshare(CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWPID | (0 if network_of else CLONE_NEWNET)))
    if network_of:
        with open(f"/proc/{network_of}/ns/net") as network:
            check(libc.setns(network.fileno(), CLONE_NEWNET))
    child = os.fork()
    if child != 0:
        # What is outside finds the container's files through this process: /proc/<pid>/root.
        print(json.dumps({"pid": child}), flush=True)
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    check(libc.prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0))
    if not network_of:
        bring_up_loopback()
    user = settings["user"]
    make_root(settings["root"], settings.get("volume"), settings.get("data"), user)
    enter(settings["root"])
    if not settings["landlock"]:
        take_landlock_away()
    kept = settings.get("capabilities", LEFT_BY_FARGATE)
    for capability in range(64):
        # The first one that the system does not know ends the list.
        if capability not in kept and libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
    program = settings["program"]
    os.execve(program[0], program, {"PATH": "/usr/bin", "TZ": "UTC", **settings.get("environment", {})})


main()
