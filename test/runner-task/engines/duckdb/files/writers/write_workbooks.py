"""Writes workbooks of random tables, and what they hold as JSON: write_workbooks.py <folder> <number>."""

import datetime
import json
import random
import sys
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

WORDS = [
    "Bonn",
    "Köln & Co",
    "<b>",
    'say "no"',
    "two\nlines",
    " padded ",
    "007",
    "1E5",
    "_x0041_",
    "日本",
    "😀",
    "TRUE",
    "2024-01-01",
    "it's",
]
DAY = datetime.date(2024, 1, 1)


def value_of(kind: str, chance: random.Random) -> Any:
    if chance.random() < 0.15:
        return None
    match kind:
        case "whole":
            return chance.choice([0, -1, 7, 10**6, 2**53 - 1, -(10**12)])
        case "fraction":
            return chance.choice([0.1, -2.5, 1e-7, 1.5e20, 3.14159265358979])
        case "text":
            return chance.choice(WORDS)
        case "day":
            return DAY + datetime.timedelta(days=chance.randrange(-40_000, 40_000))
        case "moment":
            seconds = chance.randrange(1, 10**9)
            return datetime.datetime(1999, 1, 1) + datetime.timedelta(seconds=seconds)
        case "boolean":
            return chance.random() < 0.5
    return value_of(chance.choice(["whole", "text", "boolean", "day"]), chance)


def told(value: Any) -> str | None:
    """A value as a text, as it has to be read: numbers as JavaScript writes them are compared as numbers."""
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


def write_openpyxl(path: Path, top: int, left: int, rows: list[list[Any]], title: str | None) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Data"
    if title is not None:
        sheet.cell(1, 1, title)
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if value is not None:
                sheet.cell(top + y, left + x, value)
    book.save(path)


def write_xlsxwriter(
    path: Path, top: int, left: int, rows: list[list[Any]], title: str | None, options: dict[str, Any]
) -> None:
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False, **options})
    sheet = book.add_worksheet("Data")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    moment = book.add_format({"num_format": "[$-407]d. mmmm yyyy hh:mm:ss;@"})
    if title is not None:
        sheet.write_string(0, 0, title)
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            at = (top - 1 + y, left - 1 + x)
            if isinstance(value, bool):
                sheet.write_boolean(*at, value)
            elif isinstance(value, datetime.datetime):
                sheet.write_datetime(*at, value, moment)
            elif isinstance(value, datetime.date):
                sheet.write_datetime(*at, value, day)
            elif isinstance(value, int | float) and y % 2 == 1:
                sheet.write_formula(*at, "=1+1", None, value)
            elif isinstance(value, int | float):
                sheet.write_number(*at, value)
            elif value is not None:
                sheet.write_string(*at, value)
    book.close()


def main(folder: Path, number: int) -> None:
    chance = random.Random(11)
    truth = {}
    for index in range(number):
        columns = [
            chance.choice(["whole", "fraction", "text", "day", "moment", "boolean", "mixed"])
            for _ in range(chance.randrange(2, 8))
        ]
        options = chance.choice([None, {}, {"constant_memory": True}, {"date_1904": True}])
        if options is not None and options.get("date_1904"):
            columns = ["whole" if kind in ("day", "mixed") else kind for kind in columns]
        names = [f"{kind} {place}" for place, kind in enumerate(columns)]
        data = [[value_of(kind, chance) for kind in columns] for _ in range(chance.randrange(3, 80))]
        if options is None:
            # openpyxl writes as it is what Excel takes for a character's number.
            data = [[None if value == "_x0041_" else value for value in row] for row in data]
        # A row of one cell at the end would be a remark, and one without a cell is none.
        data = [
            row
            if sum(value is not None for value in row) > 1
            else [1 if kind in ("whole", "fraction") else None for kind in columns]
            for row in data
        ]
        data = [row for row in data if sum(value is not None for value in row) > 1]
        title = chance.choice([None, "A title"]) if len(columns) > 2 else None
        top, left = (3, 1) if title is not None else (chance.randrange(1, 5), chance.randrange(1, 30))
        path = folder / f"book{index}.xlsx"
        if options is None:
            write_openpyxl(path, top, left, [names, *data], title)
        else:
            write_xlsxwriter(path, top, left, [names, *data], title, options)
        truth[f"book{index}"] = {"names": names, "rows": [[told(value) for value in row] for row in data]}
    (folder / "truth.json.txt").write_text(json.dumps(truth), "utf-8")


main(Path(sys.argv[1]), int(sys.argv[2]))
