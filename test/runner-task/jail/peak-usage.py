"""
Notes the most that a disk held beside what it holds now, and a process in memory and in memory that could be shared,
until its input ends.
"""

import contextlib
import glob
import json
import os
import re
import resource
import select
import sys

disk, process = sys.argv[1], sys.argv[2]


# What processes could share, of which pages can leave every table: those mappings count in full.
MAPPED = re.compile(rb"^([0-9a-f]+)-([0-9a-f]+) ...s .*(?:/dev/zero|/memfd:|/SYSV)", re.MULTILINE)


def shared_bytes() -> int:
    try:
        with open(f"/proc/{process}/maps", "rb") as maps:
            mapped = sum(int(end, 16) - int(start, 16) for start, end in MAPPED.findall(maps.read()))
    except OSError:
        return 0
    files = 0
    for pattern in (f"/proc/{process}/fd/*", f"/proc/{process}/root/dev/shm/surveyor-walk-*"):
        for path in glob.iglob(pattern):
            with contextlib.suppress(OSError):
                if "/root/" in path or os.readlink(path).startswith("/memfd:"):
                    files += os.stat(path).st_blocks * 512
    return mapped + files


def usage() -> tuple[int, int, int, int]:
    found = os.statvfs(disk)
    space = (found.f_blocks - found.f_bfree) * found.f_frsize
    try:
        with open(f"/proc/{process}/statm") as sizes:
            # Of its own: pages of libraries are the system's cache of files.
            of_all, of_files = (int(size) for size in sizes.read().split()[1:3])
            resident = (of_all - of_files) * resource.getpagesize()
    except OSError:
        resident = 0
    return space, found.f_files - found.f_ffree, resident, shared_bytes()


before = usage()
most = [0, 0, 0, 0]
print("begun", flush=True)
while True:
    space, entries, resident, shared = usage()
    found = (space - before[0], entries - before[1], resident, shared - before[3])
    most = [max(pair) for pair in zip(most, found, strict=True)]
    if select.select([0], [], [], 0.001)[0]:
        break
print(json.dumps(dict(zip(("space", "entries", "resident", "shared"), most, strict=True))))
