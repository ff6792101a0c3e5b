"""A small Python kernel: runs cells with lasting state and reaches the database through the supervisor alone."""
