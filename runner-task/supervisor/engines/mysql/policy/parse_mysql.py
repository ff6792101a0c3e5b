"""Parses statements of MySQL and MariaDB for the policy, which judges the tree.

It holds no secret and opens nothing: it reads frames from its input (four bytes of length, big-endian, then JSON) and
answers each with a frame. Request: {"id", "sql"}. Answer: {"id", "statements": [{"sql", "tree"}]} or {"id", "failed",
"message"}. `sql` is the tree written out again: what is executed is what was judged, not what was sent. With a "mark"
in the request, a table `information_schema.x` is written out as `mark_x`: the caller puts a query in its place.
"""

import gc
import json
import logging
import re
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
# Called without brackets, and no names: both are reserved words.
CLOCKS = {"UTC_DATE", "UTC_TIME", "UTC_TIMESTAMP"}
WORDS = re.compile(r"\b(UTC_DATE|UTC_TIME|UTC_TIMESTAMP|DUAL)\b", re.IGNORECASE)
QUOTED_COMMA = "','"


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


def group_concat_parsed(parser: MySQL.Parser) -> Any:
    """GROUP_CONCAT, whose LIMIT stands behind its SEPARATOR; without one it is found around what is joined."""
    node = parser._parse_group_concat()
    if node is not None and isinstance(node.this, exp.Limit) and parser._match(TokenType.OFFSET):
        node.this.set("offset", parser._parse_term())
    elif node is not None and parser._match(TokenType.LIMIT):
        first = parser._parse_term()
        if parser._match(TokenType.COMMA):
            node.set("limit", exp.Limit(expression=parser._parse_term(), offset=first))
        elif parser._match(TokenType.OFFSET):
            node.set("limit", exp.Limit(expression=first, offset=parser._parse_term()))
        else:
            node.set("limit", exp.Limit(expression=first))
    return node


def group_concat_as_written(generator: MySQL.Generator, node: exp.GroupConcat) -> str:
    """GROUP_CONCAT with its LIMIT last, which is the only place where MariaDB takes it."""
    joined, limit = node.this, node.args.get("limit")
    if isinstance(joined, exp.Limit):
        joined, limit = joined.this, joined
    parts = [f"{generator.sql(joined)} SEPARATOR {generator.sql(node, 'separator') or QUOTED_COMMA}"]
    if limit is not None:
        offset = generator.sql(limit, "offset")
        parts.append(f"LIMIT {f'{offset}, ' if offset else ''}{generator.sql(limit, 'expression')}")
    return f"GROUP_CONCAT({' '.join(parts)})"


class Statements(MySQL):
    """MySQL, with every plain call kept as it was written: its name is judged, and none is rewritten into another."""

    class Parser(MySQL.Parser):
        FUNCTIONS: ClassVar[dict[str, Any]] = {}
        # VALUES(column) belongs to INSERT; here VALUES begins a list of rows.
        # DEFAULT(column) tells a column's default.
        FUNC_TOKENS = (MySQL.Parser.FUNC_TOKENS - {TokenType.VALUES}) | {TokenType.DEFAULT}
        FUNCTION_PARSERS: ClassVar = {
            **{name: parse for name, parse in MySQL.Parser.FUNCTION_PARSERS.items() if name != "VALUES"},
            "GROUP_CONCAT": group_concat_parsed,
        }

        def _parse_interval(self, *args: Any, **kwargs: Any) -> Any:
            """INTERVAL(n, …) with a comma is a function, which finds a number's place in a list."""
            if not (self._match(TokenType.INTERVAL, advance=False) and self._is_list_next()):
                return super()._parse_interval(*args, **kwargs)
            self._advance(2)
            values = self._parse_csv(self._parse_assignment)
            self._match_r_paren()
            return self.expression(exp.Anonymous(this="INTERVAL", expressions=values))

        def _is_list_next(self) -> bool:
            depth = 0
            for token in self._tokens[self._index + 1 :]:
                if token.token_type == TokenType.L_PAREN:
                    depth += 1
                elif token.token_type == TokenType.R_PAREN:
                    depth -= 1
                elif depth == 1 and token.token_type == TokenType.COMMA:
                    return True
                if depth == 0:
                    return False
            return False

    class Generator(MySQL.Generator):
        TRANSFORMS: ClassVar = {
            **MySQL.Generator.TRANSFORMS,
            # MariaDB has no REGEXP_LIKE, and reads x'1F' as a text where 0x1F is a number.
            exp.RegexpLike: lambda self, e: f"({self.sql(e, 'this')} REGEXP {self.sql(e, 'expression')})",
            exp.GroupConcat: group_concat_as_written,
            # MariaDB has no arrows.
            exp.JSONExtract: lambda self, e: f"JSON_EXTRACT({self.sql(e, 'this')}, {self.sql(e, 'expression')})",
            exp.JSONExtractScalar: lambda self, e: (
                f"JSON_UNQUOTE(JSON_EXTRACT({self.sql(e, 'this')}, {self.sql(e, 'expression')}))"
            ),
            exp.HexString: lambda self, e: f"0x{e.name}",
            exp.Values: lambda self, e: values_as_written(self, e),
        }

        def jsonvalue_sql(self, expression: exp.JSONValue) -> str:
            """RETURNING takes the types that CAST takes, SIGNED among them, and was read as BIGINT."""
            returning = expression.args.get("returning")
            if isinstance(returning, exp.DataType) and (cast_to := self.CAST_MAPPING.get(returning.this)):
                returning.set("this", cast_to)
            return super().jsonvalue_sql(expression)


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


def is_word(node: Any, words: set[str]) -> bool:
    """Whether a name is one of these words, and not quoted."""
    return isinstance(node, exp.Identifier) and not node.quoted and node.name.upper() in words


def settle_words(statement: exp.Expression) -> None:
    """Words of the language that are taken for names: they would be written out in quotes, and be names."""
    for column in list(statement.find_all(exp.Column)):
        if not column.args.get("table") and is_word(column.this, CLOCKS):
            column.replace(exp.Anonymous(this=column.name.upper(), expressions=[]))
    for select in statement.find_all(exp.Select):
        source = select.args.get("from_")
        table = source.this if source is not None else None
        if isinstance(table, exp.Table) and not table.args.get("db") and is_word(table.this, {"DUAL"}):
            select.set("from_", None)


def read_out(statement: Any, mark: str | None) -> dict[str, Any]:
    # The tree first: writing it out changes it, and to write out a copy takes twice as long.
    tree = tree_of(statement)
    if mark is not None:
        mark_catalogs(statement, mark)
    sql = statement.sql(dialect=Statements, comments=False, unsupported_level=ErrorLevel.RAISE, copy=False)
    return {"sql": sql, "tree": tree}


def parse(sql: str, mark: str | None) -> list[dict[str, Any]]:
    statements = [statement for statement in sqlglot.parse(sql, read=Statements) if statement is not None]
    if WORDS.search(sql):
        for statement in statements:
            settle_words(statement)
    return [read_out(statement, mark) for statement in statements]


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
        description = (where.get("description") or "").split(". Line")[0].rstrip(".")
        # What else the parser says is of its own insides: "Required keyword: 'this' missing for <class …>".
        said = description if description.startswith("Expecting ") else "the statement cannot be read"
        return json.dumps({"id": request["id"], "failed": "syntax", "message": f"{said}{near}{place}"})


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
