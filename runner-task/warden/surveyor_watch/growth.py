"""What a call that the gate asks about can add at most to what its process holds (`surveyor_warden/gate.py`)."""

from dataclasses import dataclass

from surveyor_warden.call_filter import MAP_SHARED
from surveyor_warden.limits import LARGEST_FILE_BYTES
from surveyor_warden.system_calls import NUMBERS

NAMES = {number: name for name, number in NUMBERS.items()}
# Which argument tells how much; where none does, a call ends at the largest file.
COUNTS = {"write": 2, "pwrite64": 2, "sendfile": 3, "copy_file_range": 4}
UNTOLD = ("writev", "pwritev", "pwritev2")
FOLDERS = ("mkdir", "mkdirat")
MAKING = ("open", "openat", "creat", *FOLDERS)
RENAMING = ("rename", "renameat", "renameat2")


@dataclass(frozen=True)
class Call:
    """A system call that waits. `thread` is who makes it."""

    thread: int
    name: str
    arguments: tuple[int, ...]

    @property
    def shares(self) -> bool:
        """Whether it maps what is more than the process's own."""
        return self.name == "mmap" and bool(self.arguments[3] & MAP_SHARED)

    @property
    def written_to(self) -> int | None:
        """The descriptor that it writes to."""
        if self.name in ("sendfile", "write", "pwrite64", *UNTOLD):
            return self.arguments[0] & 0xFFFFFFFF
        return None


@dataclass(frozen=True)
class Growth:
    """Bytes of disks, files and folders, and memory that leaves the system's own limit as it becomes read-only."""

    space: int = 0
    entries: int = 0
    read_only: int = 0


def growth_of(call: Call, block: int, has_shared: bool) -> Growth:
    """`block` is what the least of writing takes; `has_shared`, whether a mapping could be shared, and be enlarged."""
    name, arguments = call.name, call.arguments
    if name in COUNTS:
        return Growth(space=_in_blocks(arguments[COUNTS[name]], block))
    if name in UNTOLD:
        return Growth(space=_in_blocks(LARGEST_FILE_BYTES, block))
    if name in MAKING:
        return Growth(space=2 * block, entries=1)
    if name in RENAMING:
        return Growth(space=2 * block)
    if name == "mmap":
        # Not cut: that of a device is no file.
        return Growth(space=arguments[1] + block)
    if name == "mremap":
        return Growth(space=arguments[2] + block if has_shared else 0)
    if name == "mprotect":
        return Growth(read_only=arguments[1])
    raise ValueError(f"the gate asks about {name}, and nobody knows what that takes")


def _in_blocks(count: int, block: int) -> int:
    """A write begins and ends within blocks."""
    return (min(count, LARGEST_FILE_BYTES) // block + 2) * block
