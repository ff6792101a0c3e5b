"""The parts of the listener: what a kernel's container does for the supervisor of another one."""
