"""An assembler of classic BPF, as much as a seccomp filter needs: loads, forward jumps to labels, returns."""

import struct

LOAD_WORD = 0x20
AND = 0x54
JUMP_EQUAL = 0x15
JUMP_AT_LEAST = 0x35
RETURN = 0x06

# Offsets in struct seccomp_data. An argument has 64 bits; on a little-endian machine its low half comes first.
NUMBER = 0
ARCHITECTURE = 4


def low_half(argument: int) -> int:
    return 16 + 8 * argument


def high_half(argument: int) -> int:
    return low_half(argument) + 4


class Program:
    """Lines of a program and the labels between them."""

    def __init__(self) -> None:
        # Operation, value, and the labels to go to where it holds and where not.
        self._lines: list[tuple[int, int, str | None, str | None]] = []
        self._labels: dict[str, int] = {}

    def load(self, offset: int) -> None:
        self._lines.append((LOAD_WORD, offset, None, None))

    def keep_bits(self, mask: int) -> None:
        self._lines.append((AND, mask, None, None))

    def jump_equal(self, value: int, then: str | None = None, otherwise: str | None = None) -> None:
        """Goes on with the next line where no label is given."""
        self._lines.append((JUMP_EQUAL, value, then, otherwise))

    def jump_at_least(self, value: int, then: str | None = None, otherwise: str | None = None) -> None:
        self._lines.append((JUMP_AT_LEAST, value, then, otherwise))

    def answer(self, value: int) -> None:
        self._lines.append((RETURN, value, None, None))

    def label(self, name: str) -> None:
        if name in self._labels:
            raise ValueError(f"label {name!r} stands twice")
        self._labels[name] = len(self._lines)

    def assemble(self) -> bytes:
        """The program as the kernel takes it: eight bytes a line."""
        return b"".join(
            struct.pack("<HBBI", code, self._distance(at, then), self._distance(at, otherwise), value)
            for at, (code, value, then, otherwise) in enumerate(self._lines)
        )

    def _distance(self, at: int, label: str | None) -> int:
        if label is None:
            return 0
        distance = self._labels[label] - at - 1
        if not 0 <= distance <= 255:
            raise ValueError(f"label {label!r} is {distance} lines away; a jump reaches 0 to 255")
        return distance
