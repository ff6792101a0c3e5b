"""Messages between the supervisor and the listener, framed as a kernel's are: four bytes of length, then JSON."""

import json
import socket
import struct
from typing import Any

MOST_BYTES = 4096


Message = dict[str, Any]


class Connection:
    """Reads no byte beyond a message: what follows the first one of a channel is for the kernel."""

    def __init__(self, stream: socket.socket) -> None:
        stream.setblocking(False)
        self.stream = stream
        self._begun = b""

    def user(self) -> int:
        """The number of the user at the other end, as the system tells it."""
        credentials = self.stream.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        user: int = struct.unpack("3i", credentials)[1]
        return user

    def receive(self) -> Message | None:
        """The next message, None until it is whole. Raises EOFError at the end, ValueError at what is no message."""
        while True:
            wanted = 4 + int.from_bytes(self._begun[:4]) if len(self._begun) >= 4 else 4
            if wanted > MOST_BYTES:
                raise ValueError(f"a message of {wanted} bytes, the limit is {MOST_BYTES}")
            try:
                data = self.stream.recv(wanted - len(self._begun))
            except BlockingIOError:
                return None
            if not data:
                raise EOFError
            self._begun += data
            if len(self._begun) > 4 and len(self._begun) == 4 + int.from_bytes(self._begun[:4]):
                body, self._begun = self._begun[4:], b""
                message: Message = json.loads(body)
                return message

    def send(self, message: Message) -> None:
        """Raises OSError where the other end is gone or does not read."""
        body = json.dumps(message).encode()
        self.stream.sendall(struct.pack(">I", len(body)) + body)

    def close(self) -> None:
        self.stream.close()
