"""What a kernel may hold."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """`entries` are files and folders, `depth` folders in folders."""

    memory_bytes: int
    bytes: int
    entries: int
    depth: int
