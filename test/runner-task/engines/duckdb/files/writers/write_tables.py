"""Writes random tables in many formats, and what they hold as JSON: write_tables.py <folder> <number> <seed>."""

import csv
import datetime
import gzip
import json
import random
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

Row = list[Any]
Table = tuple[list[str], list[str], list[Row]]

WORDS = ["Bonn", "Köln & Co", "<b>", 'say "no"', "two\nlines", "007", "1E5", "日本", "😀", "TRUE", "it's", "a;b", "x,y"]
WORDS += ["#1", "-", "n/a", "3 kg", "1.10", "tab\there", "\\N", "a\\b", "(5)", "12:30", "+5", "1/2/2024"]
KINDS = ["whole", "small", "long", "fraction", "price", "text", "code", "day", "moment", "boolean"]


def value_of(kind: str, chance: random.Random) -> Any:
    match kind:
        case "whole":
            return chance.choice([0, -1, 7, 10**6, 2**53 - 1, -(10**12), chance.randrange(-(10**9), 10**9)])
        case "small":
            return chance.randrange(0, 9)
        case "long":
            return chance.randrange(-(2**63), 2**63)
        case "fraction":
            return chance.choice([0.1, -2.5, 1e-7, 1.5e20, 3.14159265358979, chance.uniform(-1e6, 1e6), 5e-324, 2.0])
        case "price":
            return round(chance.uniform(0, 1000), 2)
        case "text":
            return chance.choice(WORDS)
        case "code":
            return f"{chance.randrange(0, 10**6):06d}"
        case "day":
            return datetime.date(2024, 1, 1) + datetime.timedelta(days=chance.randrange(-40_000, 40_000))
        case "moment":
            return datetime.datetime(1999, 1, 1) + datetime.timedelta(seconds=chance.randrange(1, 10**9))
    return chance.random() < 0.5


def told(value: Any) -> str | None:
    """A value with its kind, as it has to be read."""
    if value is None:
        return None
    if isinstance(value, bool):
        return f"boolean {value}".lower()
    if isinstance(value, int | float):
        return f"number {value!r}"
    if isinstance(value, datetime.datetime):
        return f"moment {value.isoformat(sep=' ')}"
    if isinstance(value, datetime.date):
        return f"day {value.isoformat()}"
    return f"text {value}"


def random_table(chance: random.Random, excel: bool) -> Table:
    kinds = [chance.choice(KINDS) for _ in range(chance.randrange(2, 8))]
    if excel:
        kinds = ["whole" if kind == "long" else kind for kind in kinds]
    names = [f"{kind} {place}" for place, kind in enumerate(kinds)]
    gaps = chance.choice([0, 0.15, 0.6])
    rows = [
        [None if chance.random() < gaps else value_of(kind, chance) for kind in kinds]
        for _ in range(chance.randrange(2, 60))
    ]
    # A row of one cell may be a remark, and one without any is none.
    rows = [row for row in rows if sum(value is not None for value in row) > 1]
    rows = rows or [[value_of(kind, chance) for kind in kinds]]
    # XlsxWriter writes 16 digits.
    return names, kinds, [[float(f"{v:.15g}") if excel and isinstance(v, float) else v for v in row] for row in rows]


TYPES = {"whole": "Int64", "small": "Int64", "long": "Int64", "boolean": "boolean", "moment": "datetime64[us]"}


def frame(table: Table) -> pd.DataFrame:
    names, kinds, rows = table
    columns = {
        name: pd.Series([row[place] for row in rows], dtype=TYPES.get(kind, "object"))
        for place, (name, kind) in enumerate(zip(names, kinds, strict=True))
    }
    return pd.DataFrame(columns)


def arrow(table: Table) -> pa.Table:
    types = {
        "whole": pa.int64(),
        "small": pa.int8(),
        "long": pa.int64(),
        "fraction": pa.float64(),
        "price": pa.float64(),
        "day": pa.date32(),
        "moment": pa.timestamp("us"),
        "boolean": pa.bool_(),
    }
    names, kinds, rows = table
    return pa.table(
        {
            name: pa.array([row[place] for row in rows], types.get(kind, pa.string()))
            for place, (name, kind) in enumerate(zip(names, kinds, strict=True))
        }
    )


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def records(table: Table) -> list[dict[str, Any]]:
    names, _, rows = table
    return [{name: plain(value) for name, value in zip(names, row, strict=True)} for row in rows]


def pandas_csv(path: Path, table: Table, chance: random.Random) -> None:
    encoding = chance.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16"])
    frame(table).to_csv(
        path,
        index=False,
        sep=chance.choice([",", ";", "\t", "|"]),
        quoting=chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
        lineterminator=chance.choice(["\n", "\r\n"]),
        encoding=encoding,
        compression="gzip" if path.suffix == ".gz" else None,
    )


def python_csv(path: Path, table: Table, chance: random.Random) -> None:
    names, _, rows = table
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, dialect=chance.choice(["excel", "excel-tab", "unix"]))
        writer.writerow(names)
        writer.writerows([plain(value) for value in row] for row in rows)


def arrow_csv(path: Path, table: Table, _: random.Random) -> None:
    pa_csv.write_csv(arrow(table), path)


def pandas_json(path: Path, table: Table, chance: random.Random) -> None:
    lines = chance.random() < 0.5
    data = frame(table).astype({name: "object" for name, kind in zip(*table[:2], strict=True) if kind == "day"})
    for name, kind in zip(*table[:2], strict=True):
        if kind == "day":
            data[name] = data[name].map(plain, na_action="ignore")
    data.to_json(path, orient="records", lines=lines, date_format="iso", double_precision=15, force_ascii=lines)


def python_json(path: Path, table: Table, chance: random.Random) -> None:
    text = json.dumps(records(table), ensure_ascii=chance.random() < 0.5, indent=chance.choice([None, 2]))
    path.write_text(text, "utf-8")


def python_lines(path: Path, table: Table, _: random.Random) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        # A record leaves out what has no value, as many services do.
        for record in records(table):
            file.write(json.dumps({name: value for name, value in record.items() if value is not None}) + "\n")


def arrow_parquet(path: Path, table: Table, chance: random.Random) -> None:
    pq.write_table(
        arrow(table),
        path,
        compression=chance.choice(["snappy", "gzip", "zstd", "brotli", "lz4", "none"]),
        version=chance.choice(["1.0", "2.4", "2.6"]),
        data_page_version=chance.choice(["1.0", "2.0"]),
        use_dictionary=chance.random() < 0.5,
        row_group_size=chance.choice([1, 7, 1000]),
    )


def pandas_parquet(path: Path, table: Table, _: random.Random) -> None:
    frame(table).to_parquet(path, index=False)


def pandas_excel(path: Path, table: Table, chance: random.Random) -> None:
    frame(table).to_excel(path, index=False, engine=chance.choice(["openpyxl", "xlsxwriter"]))


def sqlite(path: Path, table: Table, _: random.Random) -> None:
    affinities = {"whole": "INTEGER", "small": "INTEGER", "long": "INTEGER", "fraction": "REAL", "price": "REAL"}
    names, kinds, rows = table
    connection = sqlite3.connect(path)
    columns = ", ".join(f'"{name}" {affinities.get(kind, "TEXT")}' for name, kind in zip(names, kinds, strict=True))
    connection.execute(f"CREATE TABLE written ({columns})")
    marks = ", ".join("?" for _ in names)
    connection.executemany(f"INSERT INTO written VALUES ({marks})", [[flat(value) for value in row] for row in rows])
    connection.commit()
    connection.close()


def flat(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else plain(value)


WRITERS: dict[str, tuple[str, Callable[[Path, Table, random.Random], None]]] = {
    "pandas_csv": (".csv", pandas_csv),
    "pandas_packed": (".csv.gz", pandas_csv),
    "python_csv": (".csv", python_csv),
    "arrow_csv": (".csv", arrow_csv),
    "pandas_json": (".json", pandas_json),
    "python_json": (".json", python_json),
    "python_lines": (".ndjson.gz", python_lines),
    "arrow_parquet": (".parquet", arrow_parquet),
    "pandas_parquet": (".parquet", pandas_parquet),
    "pandas_excel": (".xlsx", pandas_excel),
    "sqlite": (".db", sqlite),
}


def main(folder: Path, number: int, seed: int) -> None:
    chance = random.Random(seed)
    truth = {}
    for index in range(number):
        writer = list(WRITERS)[index % len(WRITERS)]
        ending, write = WRITERS[writer]
        table = random_table(chance, excel=writer == "pandas_excel")
        name = f"{writer}_{index}"
        write(folder / (name + ending), table, chance)
        truth[name] = {
            "file": name + ending,
            "names": table[0],
            "rows": [[told(value) for value in row] for row in table[2]],
        }
    (folder / "truth.txt").write_text(json.dumps(truth), "utf-8")


main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
