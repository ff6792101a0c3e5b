"""The loop of the process: prepare, take a session, run its cells."""

import importlib
import os
import platform
import signal
import sys
import types
import warnings
from collections.abc import Callable

from .cell import Cells
from .channel import Channel, Message
from .failures import define_failures
from .output import end_output, join_output
from .thread_locks import use_thread_locks

# Imported before a session begins: together they take more than a second. Polars is not among them (it takes 0.1 s):
# it starts a thread when it is loaded, and the jail is put up while there is one.
NEEDED = ("pandas", "ibis", "surveyor_kernel.database", "surveyor_kernel.matplotlib_folder")
HELPFUL = ("surveyor_kernel.warm_up", "matplotlib.pyplot")


class Interrupts:
    """SIGINT ends the cell that runs; between cells it is late and means nothing."""

    def __init__(self) -> None:
        self.armed = False

    def arm(self) -> None:
        # Each time anew: a cell can have set a handler of its own.
        signal.signal(signal.SIGINT, self._raise)
        self.armed = True

    def _raise(self, _number: int, _frame: types.FrameType | None) -> None:
        if self.armed:
            self.armed = False
            raise KeyboardInterrupt


def serve(descriptor: int, enter_jail: Callable[[str], str]) -> None:
    """Works until the supervisor is gone. `enter_jail(workspace)` answers with the level of the jail, in words."""
    interrupts = Interrupts()
    signal.signal(signal.SIGINT, interrupts._raise)
    output = join_output()
    channel = Channel(descriptor)
    try:
        begin = _prepare(channel)
    except EOFError:
        return

    isolation = enter_jail(begin["workspace"])
    use_thread_locks()
    channel.start()
    channel.send({"type": "hello", "python": platform.python_version(), "isolation": isolation})
    cells = _begin(channel, begin)
    channel.send({"type": "begun"})
    while True:
        order = channel.orders.get()
        interrupts.arm()
        try:
            cell = cells.run(order["code"])
        except KeyboardInterrupt:
            # It came when the code had just ended.
            cell = {"result": None, "outputs": [], "error": None}
        interrupts.armed = False
        end_output(output, order["mark"])
        channel.send({"type": "cell", "id": order["id"], **cell})


def _prepare(channel: Channel) -> Message:
    """Imports what every session needs, and what helps until one begins."""
    for name in NEEDED:
        importlib.import_module(name)
    for name in HELPFUL:
        if not channel.is_waiting():
            importlib.import_module(name)
    return channel.receive_one()


def _begin(channel: Channel, order: Message) -> Cells:
    import ibis
    import pandas as pd

    from .database import Database, bind_expressions

    define_failures(order["failures"])
    os.environ["HOME"] = order["workspace"]
    warnings.filterwarnings("ignore", message=".*FigureCanvasAgg is non-interactive.*")
    pd.set_option(
        "display.max_rows", 60, "display.max_columns", 40, "display.width", 180, "display.max_colwidth", 100
    )  # fmt: skip
    databases = {
        database["source"]: Database(channel, database["source"], database["engine"], database["tables"])
        for database in order["databases"]
    }
    # Where none is open the supervisor says so to whoever asks.
    first = next(iter(databases.values()), Database(channel, "", "duckdb", []))
    bind_expressions(first, databases)

    # The name that pickled functions and classes of a cell look for.
    module = types.ModuleType("__main__")
    module.__dict__.update(db=first, databases=databases, pd=pd, ibis=ibis)
    sys.modules["__main__"] = module
    return Cells(module)
