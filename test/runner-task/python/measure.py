"""
Runs a Python program of the sandbox as `python -I -B … program arguments` would, and notes which lines of the kernel
and of the warden it runs. The notes stay in the process: a cell prints them with `surveyor_measure.report()`, from
inside of any jail. Called with the folder of both packages, the flags, the program and its arguments.
"""

import json
import pathlib
import runpy
import sys
import threading
import types
from collections.abc import Callable, Iterator
from typing import Any

folder = pathlib.Path(sys.argv[1])
sources = {str(path) for part in ("kernel", "warden") for path in (folder / part).rglob("*.py")}


def lines_of(code: types.CodeType) -> Iterator[int]:
    """The lines of a code object, and of those inside it, that something runs on."""
    for _, _, line in code.co_lines():
        if line is not None and line > 0:
            yield line
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from lines_of(constant)


# Read now: in a jail there are no such files.
possible = {path: set(lines_of(compile(pathlib.Path(path).read_text(), path, "exec"))) for path in sources}
seen: dict[str, set[int]] = {path: set() for path in sources}


def trace(frame: types.FrameType, _event: str, _argument: object) -> Callable[..., Any] | None:
    lines = seen.get(frame.f_code.co_filename)
    if lines is None:
        return None
    lines.add(frame.f_lineno)
    return trace


def report() -> str:
    return json.dumps({path: [len(possible[path] & seen[path]), sorted(possible[path] - seen[path])] for path in seen})


module = types.ModuleType("surveyor_measure")
module.__dict__["report"] = report
sys.modules["surveyor_measure"] = module

arguments = sys.argv[2:]
program = next(index for index, argument in enumerate(arguments) if argument.endswith(".py"))
sys.argv = arguments[program:]
threading.settrace(trace)
sys.settrace(trace)
runpy.run_path(sys.argv[0], run_name="__main__")
