"""What the system tells of a process, and of disks, without counting."""

import contextlib
import os
import resource
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Usage:
    """Its own pages in memory, its addresses, and free space and free entries of disks. Bytes."""

    resident: int
    addresses: int
    free_bytes: int
    free_entries: int


def usage_of(process: int, disks: Iterable[str]) -> Usage:
    addresses, resident = _memory(process)
    free_bytes, free_entries = 0, 0
    for folder in disks:
        with contextlib.suppress(OSError):
            disk = os.statvfs(folder)
            free_bytes += disk.f_bfree * disk.f_frsize
            free_entries += disk.f_ffree
    return Usage(resident, addresses, free_bytes, free_entries)


def one_of_each_disk(folders: Iterable[str]) -> list[str]:
    by_disk: dict[int, str] = {}
    for folder in folders:
        with contextlib.suppress(OSError):
            by_disk.setdefault(os.stat(folder).st_dev, folder)
    return list(by_disk.values())


def _memory(process: int) -> tuple[int, int]:
    """Its addresses and what of its own is in memory, in bytes. Zeros when it has ended."""
    size = resource.getpagesize()
    if sys.platform.startswith("linux"):
        try:
            addresses, resident, of_files = Path(f"/proc/{process}/statm").read_text().split()[:3]
        except OSError:
            return 0, 0
        # Pages of libraries are the system's cache of files, the same ones for all kernels.
        return int(addresses) * size, (int(resident) - int(of_files)) * size
    told = subprocess.run(
        ["/bin/ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, check=False
    ).stdout
    resident_bytes = int(told or 0) * 1024
    return resident_bytes, resident_bytes
