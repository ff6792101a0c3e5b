"""The failure table's names as exceptions."""

from collections.abc import Iterable


class Failure(Exception):
    """A statement that did not run. `kind` is its row of the failure table, and the name of its class."""

    kind = "INTERNAL"


_classes: dict[str, type[Failure]] = {}


def define_failures(kinds: Iterable[str]) -> None:
    """Makes one class for each row of the table."""
    for kind in kinds:
        _classes[kind] = type(kind, (Failure,), {"kind": kind, "__module__": "surveyor"})


def failure_from(report: dict[str, str]) -> Failure:
    """The exception for a failure as the supervisor reports it."""
    return _classes.get(report["kind"], Failure)(report["message"])
