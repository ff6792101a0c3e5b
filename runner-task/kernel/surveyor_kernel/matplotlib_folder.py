"""
Imported for what it does: matplotlib reads its list of the machine's fonts where the environment was made.

By itself it uses a folder only where it may write. In the jail it may not: it would warn in the cell's output, leave a
folder in the workspace and look for the fonts anew, which takes 2 s in each process.
"""

import contextlib
import os
import sys

_folder = os.path.join(sys.prefix, "matplotlib")
# Where no list was made with the environment, the first process that may write leaves one for the others.
with contextlib.suppress(OSError):
    os.makedirs(os.path.realpath(_folder), exist_ok=True)
os.environ["MPLCONFIGDIR"] = _folder
# It asks for its folder while it is imported, to look for settings, unless these are named.
os.environ["MATPLOTLIBRC"] = os.devnull

import matplotlib  # noqa: E402

del os.environ["MATPLOTLIBRC"]
matplotlib.get_configdir = matplotlib.get_cachedir = lambda: _folder
