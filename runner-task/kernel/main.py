"""The kernel: one agent's Python process. Descriptor 3 leads to the supervisor; started in isolated mode (-I)."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from surveyor_kernel.kernel import serve  # noqa: E402

sys.path.pop(0)
serve(descriptor=3)
