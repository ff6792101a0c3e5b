"""Watches a kernel from outside, for as long as it lives, by what it uses."""
