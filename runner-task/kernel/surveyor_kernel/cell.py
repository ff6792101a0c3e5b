"""Runs one cell of code in a module that lasts from cell to cell."""

import ast
import linecache
import traceback

from .figures import take_figures
from .rich_outputs import show

LONGEST_TEXT = 50_000


class Cells:
    """The cells of one session and the names they define."""

    def __init__(self, module):
        self._names = module.__dict__
        self._count = 0

    def run(self, code):
        """The value of the last expression as text, what it and the figures show, and the error: one of them may be there, or all."""
        self._count += 1
        file = f"<cell {self._count}>"
        # So that tracebacks show the lines.
        linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
        result, outputs, error = None, [], None
        try:
            result, outputs = self._execute(code, file)
        except BaseException as raised:  # noqa: BLE001 - SystemExit and KeyboardInterrupt end a cell, not the kernel
            error = _describe(raised)
        try:
            outputs = [*outputs, *take_figures()]
        except BaseException as raised:  # noqa: BLE001
            error = error or _describe(raised)
        return {"result": result, "outputs": outputs, "error": error}

    def _execute(self, code, file):
        tree = ast.parse(code, file)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, file, "exec"), self._names)
        if last is None:
            return None, []
        value = eval(compile(ast.Expression(last.value), file, "eval"), self._names)
        if value is None:
            return None, []
        self._names["_"] = value
        return _cut(repr(value), "show a part of it, or print less"), show(value)


def _cut(text, advice):
    if len(text) <= LONGEST_TEXT:
        return text
    return f"{text[:LONGEST_TEXT]}\n… {len(text) - LONGEST_TEXT} characters left out here; {advice} …"


def _describe(raised):
    told = traceback.TracebackException.from_exception(raised, limit=-50)
    _keep_cells(told)
    try:
        message = str(raised)
    except Exception:  # noqa: BLE001
        message = "(its message cannot be shown)"
    return {
        "name": type(raised).__name__,
        "message": message[:4_000],
        "traceback": _cut("".join(told.format()), "the message above says the rest"),
    }


def _keep_cells(told, depth=0):
    """Leaves the lines of the cells in a traceback: what libraries and the kernel do inside helps nobody."""
    if told is None or depth > 10:
        return
    told.stack = traceback.StackSummary.from_list([frame for frame in told.stack if frame.filename.startswith("<cell ")])
    _keep_cells(told.__cause__, depth + 1)
    _keep_cells(told.__context__, depth + 1)
