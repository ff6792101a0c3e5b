"""Pages of a process's own that it can no longer write to."""

import re

AREA = re.compile(rb"^[0-9a-f]+-[0-9a-f]+ .(.).(.) ", re.MULTILINE)
OWN = re.compile(rb"^Anonymous: +([0-9]+) kB$", re.MULTILINE)


def read_only_memory(process: int) -> int:
    """In bytes. 0 when it has ended."""
    try:
        with open(f"/proc/{process}/smaps", "rb") as areas:
            text = areas.read()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = zip(AREA.findall(text), OWN.findall(text), strict=True)
    return sum(int(own) * 1024 for (write, kind), own in found if write != b"w" and kind == b"p")
