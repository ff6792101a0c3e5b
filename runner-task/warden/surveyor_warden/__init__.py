"""The warden: the first code of a kernel's process. It holds no secret, and puts the process into its jail."""
