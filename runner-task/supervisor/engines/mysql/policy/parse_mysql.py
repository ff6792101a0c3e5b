"""Parses statements of MySQL and MariaDB for the policy, which judges the tree.

It holds no secret and opens nothing: it reads frames from its input (four bytes of length, big-endian, then JSON) and
answers each with a frame. Request: {"id", "sql"}. Answer: {"id", "statements": [{"sql", "tree"}]} or {"id", "failed",
"message"}. `sql` is the tree written out again: what is executed is what was judged, not what was sent. With a "mark" in
the request, a table `information_schema.x` is written out as `mark_x`: the caller puts a query in its place.
"""

import gc
import json
import logging
import resource
import struct
import sys
from typing import Any, ClassVar

import sqlglot
from sqlglot import exp
from sqlglot.dialects.mysql import MySQL
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.tokens import TokenType

# A list of 99,000 numbers, 200,000 characters, took 157 MB. A statement that takes far more ends this process alone.
MOST_MEMORY = 1536 * 1024 * 1024
# Of nested expressions; Python's own stack holds about this many calls.
DEEPEST = 4_000
MOST_BYTES = 64 * 1024 * 1024


def values_as_written(generator: MySQL.Generator, values: exp.Values) -> str:
    """VALUES with its rows as they came: MySQL writes them ROW(…), MariaDB in brackets alone."""
    rows = []
    for row in values.expressions:
        only = row.expressions[0] if isinstance(row, exp.Tuple) and len(row.expressions) == 1 else None
        is_row = isinstance(only, exp.Anonymous) and only.name.upper() == "ROW"
        rows.append(generator.sql(only if is_row else row))
    written = f"VALUES {', '.join(rows)}"
    alias = generator.sql(values, "alias")
    return f"({written}) AS {alias}" if alias else written


class Statements(MySQL):
    """MySQL, with every plain call kept as it was written: its name is judged, and none is rewritten into another."""

    class Parser(MySQL.Parser):
        FUNCTIONS: ClassVar[dict[str, Any]] = {}
        # VALUES(column) belongs to INSERT; here VALUES begins a list of rows.
        FUNC_TOKENS = MySQL.Parser.FUNC_TOKENS - {TokenType.VALUES}
        FUNCTION_PARSERS: ClassVar = {
            name: parse for name, parse in MySQL.Parser.FUNCTION_PARSERS.items() if name != "VALUES"
        }

    class Generator(MySQL.Generator):
        TRANSFORMS: ClassVar = {
            **MySQL.Generator.TRANSFORMS,
            # MariaDB has no REGEXP_LIKE, and reads x'1F' as a text where 0x1F is a number.
            exp.RegexpLike: lambda self, e: f"({self.sql(e, 'this')} REGEXP {self.sql(e, 'expression')})",
            exp.HexString: lambda self, e: f"0x{e.name}",
            exp.Values: lambda self, e: values_as_written(self, e),
        }


def tree_of(value: Any) -> Any:
    """A tree as JSON: each node an object with its class, and its parts that are there."""
    if isinstance(value, exp.Expression):
        parts: dict[str, Any] = {}
        for name, part in value.args.items():
            # Not `in`, nor `==` alone: they would ask a node for a hash of all below it.
            if part is not None and part is not False and not (type(part) is list and not part):
                parts[name] = part if type(part) is str else tree_of(part)
        return {"class": type(value).__name__, "parts": parts}
    if isinstance(value, list):
        return [tree_of(item) for item in value]
    return value if isinstance(value, (str, bool, int)) else getattr(value, "value", None) or str(value)


def mark_catalogs(statement: exp.Expression, mark: str) -> None:
    """Renames the tables of information_schema, each of which goes on under the name that it is known by."""
    for table in list(statement.find_all(exp.Table)):
        # DESCRIBE tells of its columns alone.
        if table.db.lower() == "information_schema" and not isinstance(table.parent, exp.Describe):
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
            table.set("this", exp.to_identifier(f"{mark}_{table.name.lower()}", quoted=True))
            table.set("db", None)


def read_out(statement: Any, mark: str | None) -> dict[str, Any]:
    # The tree first: writing it out changes it, and to write out a copy takes twice as long.
    tree = tree_of(statement)
    if mark is not None:
        mark_catalogs(statement, mark)
    sql = statement.sql(dialect=Statements, comments=False, unsupported_level=ErrorLevel.RAISE, copy=False)
    return {"sql": sql, "tree": tree}


def parse(sql: str, mark: str | None) -> list[dict[str, Any]]:
    return [read_out(statement, mark) for statement in sqlglot.parse(sql, read=Statements) if statement is not None]


def answer(request: dict[str, Any]) -> str:
    """The answer as JSON: a tree may be too deep to be written although it could be read."""
    try:
        return json.dumps({"id": request["id"], "statements": parse(request["sql"], request.get("mark"))})
    except RecursionError:
        message = "the statement is nested too deeply to be parsed"
        return json.dumps({"id": request["id"], "failed": "depth", "message": message})
    except SqlglotError as error:
        errors = getattr(error, "errors", None) or [{}]
        where = errors[0]
        place = f" (line {where['line']}, column {where['col']})" if where.get("line") else ""
        near = f" at or near {where['highlight']!r}" if where.get("highlight") else ""
        description = (where.get("description") or str(error).split("\n")[0]).split(". Line")[0].rstrip(".")
        return json.dumps({"id": request["id"], "failed": "syntax", "message": f"{description}{near}{place}"})


def read(count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = sys.stdin.buffer.read(count - len(data))
        if not part:
            sys.exit(0)
        data += part
    return data


def main() -> None:
    logging.disable(logging.CRITICAL)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.setrecursionlimit(DEEPEST)
    # A tree points both ways, so reference counts never free it, and looking for such garbage while one grows took
    # half of the time. It is looked for between statements, and not among what was imported.
    gc.disable()
    gc.freeze()
    while True:
        (length,) = struct.unpack(">I", read(4))
        if length > MOST_BYTES:
            sys.exit(1)
        body = answer(json.loads(read(length))).encode()
        sys.stdout.buffer.write(struct.pack(">I", len(body)) + body)
        sys.stdout.buffer.flush()
        del body
        gc.collect()


main()
