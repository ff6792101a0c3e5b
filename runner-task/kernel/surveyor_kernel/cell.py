"""Runs one cell of code in a module that lasts from cell to cell."""

import ast
import linecache
import traceback
import types
from typing import Any

from .plots import take_plots
from .rich_outputs import show

LONGEST_TEXT = 50_000


class Cells:
    """The cells of one session and the names they define."""

    def __init__(self, module: types.ModuleType) -> None:
        self._names = module.__dict__
        self._count = 0

    def run(self, code: str) -> dict[str, Any]:
        """
        The value of the last expression as text, what it and the figures show, and the error: one of them may be there,
        or all.
        """
        self._count += 1
        file = f"<cell {self._count}>"
        # So that tracebacks show the lines.
        linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
        result: str | None = None
        outputs: list[dict[str, str]] = []
        error: dict[str, str] | None = None
        try:
            result, outputs = self._execute(code, file)
        except BaseException as raised:  # noqa: BLE001 - SystemExit and KeyboardInterrupt end a cell, not the kernel
            error = _describe(raised)
        try:
            outputs = [*outputs, *take_plots()]
        except BaseException as raised:  # noqa: BLE001
            error = error or _describe(raised)
        return {"result": result, "outputs": outputs, "error": error}

    def _execute(self, code: str, file: str) -> tuple[str | None, list[dict[str, str]]]:
        tree = ast.parse(code, file)
        last = tree.body[-1] if tree.body else None
        if isinstance(last, ast.Expr):
            tree.body.pop()
        exec(compile(tree, file, "exec"), self._names)
        if not isinstance(last, ast.Expr):
            return None, []
        value = eval(compile(ast.Expression(last.value), file, "eval"), self._names)
        if value is None:
            return None, []
        self._names["_"] = value
        return _cut(repr(value), "show a part of it, or print less"), show(value)


def _cut(text: str, advice: str) -> str:
    if len(text) <= LONGEST_TEXT:
        return text
    return f"{text[:LONGEST_TEXT]}\n… {len(text) - LONGEST_TEXT} characters left out here; {advice} …"


def _describe(raised: BaseException) -> dict[str, str]:
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


def _keep_cells(told: traceback.TracebackException | None, depth: int = 0) -> None:
    """Leaves the lines of the cells in a traceback: what libraries and the kernel do inside helps nobody."""
    if told is None or depth > 10:
        return
    lines = [frame for frame in told.stack if frame.filename.startswith("<cell ")]
    told.stack = traceback.StackSummary.from_list(lines)
    _keep_cells(told.__cause__, depth + 1)
    _keep_cells(told.__context__, depth + 1)
