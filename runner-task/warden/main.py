"""
The first code of a kernel's process. Descriptor 3 leads to the supervisor; started in isolated mode (-I).

Its argument is JSON: `kernel`, the folder of the kernel's package; `at_most`, the level of the jail; `memory_bytes`.
"""

import json
import pathlib
import sys
from functools import partial

settings = json.loads(sys.argv[1])
sys.path[:0] = [str(pathlib.Path(__file__).parent), settings["kernel"]]

from surveyor_warden import jail  # noqa: E402

jail.prepare()

from surveyor_kernel.kernel import serve  # noqa: E402

del sys.path[:2]
serve(
    descriptor=3,
    enter_jail=partial(jail.enter, at_most=settings["at_most"], memory_bytes=settings["memory_bytes"]),
)
