"""Results of statements as DataFrames, with their types restored from the engines' names of them."""

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd

INTEGERS = {
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
    "BIGNUM", "INT", "MEDIUMINT", "OID",
}  # fmt: skip
FLOATS = {"FLOAT", "DOUBLE", "DECIMAL", "REAL", "DOUBLE PRECISION", "NUMERIC"}
NESTED = {"STRUCT", "MAP", "UNION"}


def to_frame(table: dict[str, Any]) -> pd.DataFrame:
    """
    Integers become int64, or Int64 where there are nulls; decimals become float64, as DuckDB's own client does it;
    times datetime64; lists and structs Python's; all else text.
    """
    columns = [
        _column(values, column["type"]) for column, values in zip(table["columns"], table["values"], strict=True)
    ]
    # Two columns may have one name.
    frame = pd.DataFrame(dict(enumerate(columns)), index=range(table["rows"]))
    frame.columns = [column["name"] for column in table["columns"]]
    return frame


def _column(values: Sequence[Any], type_name: str) -> pd.Series:
    base = type_name.split("(")[0].upper().removesuffix(" UNSIGNED")
    if type_name.endswith("]") or base in NESTED:
        return pd.Series([None if value is None else json.loads(value) for value in values], dtype="object")
    if base in INTEGERS:
        return _integers(values)
    if base in FLOATS:
        return pd.Series([None if value is None else float(value) for value in values], dtype="float64")
    if base == "BOOLEAN":
        return pd.Series(values, dtype="boolean" if None in values else "bool")
    if base in ("DATE", "DATETIME") or base.startswith("TIMESTAMP"):
        return _times(values, base)
    return pd.Series(values, dtype="str")


def _integers(values: Sequence[Any]) -> pd.Series:
    whole = [None if value is None else int(value) for value in values]
    try:
        return pd.Series(whole, dtype="Int64" if None in whole else "int64")
    except OverflowError:
        return pd.Series(whole, dtype="object")


def _times(values: Sequence[Any], base: str) -> pd.Series:
    try:
        times = pd.to_datetime(pd.Series(values, dtype="str"), format="ISO8601", utc="WITH TIME ZONE" in base)
        return times.dt.as_unit("ns" if base == "TIMESTAMP_NS" else "us")
    except (ValueError, OverflowError):
        # Infinite, before Christ, or beyond what pandas can hold: better as text than lost.
        return pd.Series(values, dtype="str")
