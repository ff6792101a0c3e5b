"""Locks of the module `multiprocessing` where there can be one process alone."""

import multiprocessing
import threading
from multiprocessing.context import BaseContext


def use_thread_locks() -> None:
    """
    Those between processes lie in shared memory, which the jail closes, and the module's pool of threads asks for one
    too. Where no process can be forked, those between threads do the same.
    """
    try:
        multiprocessing.Lock()
    except OSError:
        # Another type than the checkers expect, with the same methods.
        setattr(BaseContext, "Lock", lambda _context: threading.Lock())  # noqa: B010
