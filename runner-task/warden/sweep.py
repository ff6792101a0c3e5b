"""Removes what kernels that have ended have left outside of their workspaces. Run by root when a session ends."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from surveyor_warden.left_files import remove_left_files

remove_left_files()
