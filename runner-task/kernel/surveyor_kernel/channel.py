"""Messages to and from the supervisor: four bytes of length, big-endian, then that much JSON."""

import json
import os
import queue
import secrets
import select
import struct
import threading
from typing import Any

MOST_BYTES_IN = 160 * 1024 * 1024
MOST_BYTES_OUT = 32 * 1024 * 1024
# The supervisor always reads; one that does not for this long is gone or stuck.
SEND_MILLISECONDS = 60_000


Message = dict[str, Any]


class Channel:
    """
    Two threads do all reading and writing, so that the main thread waits on queues alone: a KeyboardInterrupt there can
    cut no message in half. They start when the process is in its jail; before, `receive_one` reads the first message.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        os.set_blocking(descriptor, True)
        self._outbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._replies: dict[int, queue.SimpleQueue[Message]] = {}
        self.orders: queue.SimpleQueue[Message] = queue.SimpleQueue()

    def start(self) -> None:
        threading.Thread(target=self._read, name="surveyor-read", daemon=True).start()
        threading.Thread(target=self._write, name="surveyor-write", daemon=True).start()

    def send(self, message: Message) -> None:
        self._outbox.put(message)

    def ask(self, message: Message) -> Message:
        """Sends a question and waits for its reply. The reply to a question that was interrupted is dropped."""
        # Nobody can answer, or ask again, by guessing it. Below 2^53, so that JSON's numbers hold it.
        number = secrets.randbits(53)
        reply: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._replies[number] = reply
        try:
            self.send({**message, "id": number})
            return reply.get()
        finally:
            self._replies.pop(number, None)

    def is_waiting(self) -> bool:
        """Whether a message has begun to come."""
        return bool(select.select([self._descriptor], [], [], 0)[0])

    def receive_one(self) -> Message:
        """The next message, read by this thread. Raises EOFError where the supervisor is gone."""
        (length,) = struct.unpack(">I", self._receive(4))
        if length > MOST_BYTES_IN:
            raise EOFError
        message: Message = json.loads(self._receive(length))
        return message

    def _read(self) -> None:
        try:
            while True:
                message = self.receive_one()
                if message["type"] == "reply":
                    waiting = self._replies.get(message["id"])
                    if waiting is not None:
                        waiting.put(message)
                else:
                    self.orders.put(message)
        finally:
            # The supervisor is gone, or code of a cell has taken the descriptor; nobody is left to work for.
            os._exit(0)

    def _receive(self, length: int) -> bytearray:
        data = bytearray(length)
        view = memoryview(data)
        while view:
            count = os.readv(self._descriptor, [view])
            if count == 0:
                raise EOFError
            view = view[count:]
        return data

    def _write(self) -> None:
        poll = select.poll()
        poll.register(self._descriptor, select.POLLOUT)
        try:
            while True:
                body = json.dumps(self._outbox.get()).encode()
                if len(body) > MOST_BYTES_OUT:
                    raise OverflowError
                view = memoryview(struct.pack(">I", len(body)) + body)
                while view and poll.poll(SEND_MILLISECONDS):
                    view = view[os.write(self._descriptor, view[:65_536]) :]
                if view:
                    raise TimeoutError
        finally:
            os._exit(0)
