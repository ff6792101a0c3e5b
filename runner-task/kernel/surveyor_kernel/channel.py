"""Messages to and from the supervisor: four bytes of length, big-endian, then that much JSON."""

import itertools
import json
import os
import queue
import socket
import struct
import threading

MOST_BYTES = 512 * 1024 * 1024


class Channel:
    """
    Two threads do all reading and writing, so that the main thread waits on queues alone: a KeyboardInterrupt there can
    cut no message in half.
    """

    def __init__(self, descriptor):
        self._socket = socket.socket(fileno=descriptor)
        self._socket.setblocking(True)
        self._socket.set_inheritable(False)
        self._outbox = queue.SimpleQueue()
        self._replies = {}
        self._ids = itertools.count(1)
        self.orders = queue.SimpleQueue()
        threading.Thread(target=self._read, name="surveyor-read", daemon=True).start()
        threading.Thread(target=self._write, name="surveyor-write", daemon=True).start()

    def send(self, message):
        self._outbox.put(message)

    def ask(self, message):
        """Sends a question and waits for its reply. The reply to a question that was interrupted is dropped."""
        number = next(self._ids)
        reply = self._replies[number] = queue.SimpleQueue()
        try:
            self.send({**message, "id": number})
            return reply.get()
        finally:
            self._replies.pop(number, None)

    def _read(self):
        try:
            while True:
                (length,) = struct.unpack(">I", self._receive(4))
                if length > MOST_BYTES:
                    raise EOFError
                message = json.loads(self._receive(length))
                if message["type"] == "reply":
                    waiting = self._replies.get(message["id"])
                    if waiting is not None:
                        waiting.put(message)
                else:
                    self.orders.put(message)
        except (EOFError, OSError):
            # The supervisor is gone; nobody is left to work for.
            os._exit(0)

    def _receive(self, length):
        data = bytearray(length)
        view = memoryview(data)
        while view:
            count = self._socket.recv_into(view)
            if count == 0:
                raise EOFError
            view = view[count:]
        return data

    def _write(self):
        while True:
            body = json.dumps(self._outbox.get()).encode()
            try:
                self._socket.sendall(struct.pack(">I", len(body)) + body)
            except OSError:
                os._exit(0)
