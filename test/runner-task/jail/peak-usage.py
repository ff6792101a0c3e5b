"""Notes the most that a disk held beside what it holds now, and a process in memory, until its input ends."""

import json
import os
import resource
import select
import sys

disk, process = sys.argv[1], sys.argv[2]


def usage() -> tuple[int, int, int, int]:
    found = os.statvfs(disk)
    space = (found.f_blocks - found.f_bfree) * found.f_frsize
    with open("/proc/meminfo") as lines:
        shared = next(int(line.split()[1]) for line in lines if line.startswith("Shmem:"))
    try:
        with open(f"/proc/{process}/statm") as sizes:
            # Of its own: pages of libraries are the system's cache of files. What it shares is in Shmem.
            of_all, of_files = (int(size) for size in sizes.read().split()[1:3])
            resident = (of_all - of_files) * resource.getpagesize()
    except OSError:
        resident = 0
    return space, found.f_files - found.f_ffree, resident, shared * 1024


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
