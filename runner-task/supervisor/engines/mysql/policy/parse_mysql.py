"""Parses statements of MySQL and MariaDB for the policy, which judges the tree.

It holds no secret and opens nothing: it reads frames from its input (four bytes of length, big-endian, then JSON) and
answers each with a frame. Request: {"id", "sql"}. Answer: {"id", "statements": [{"sql", "tree", "sent"}], "lost",
"altered"} or {"id", "failed", "message"}. `sql` is the tree written out again: what is executed is what was judged, not
what was sent. `sent` is the tree of that text where it is another one, and is to be judged too. With a "mark" in the
request, a table `information_schema.x` is written out as `mark_x`: the caller puts a query in its place.
"""

import gc
import json
import logging
import os
import re
import resource
import struct
import sys
from typing import Any

from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

# The interpreter is started apart from the folder that this file is in.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mysql_essence import altered_part
from mysql_statements import Statements
from mysql_tokens import lost_word, settled, statements_in

# A list of 99,000 numbers, 200,000 characters, took 157 MB. A statement that takes far more ends this process alone.
MOST_MEMORY = 1536 * 1024 * 1024
# Of nested expressions; Python's own stack holds about this many calls.
DEEPEST = 4_000
MOST_BYTES = 64 * 1024 * 1024
# Called without brackets, and no names: both are reserved words.
CLOCKS = {"UTC_DATE", "UTC_TIME", "UTC_TIMESTAMP"}
WORDS = re.compile(r"\b(UTC_DATE|UTC_TIME|UTC_TIMESTAMP|DUAL)\b", re.IGNORECASE)


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


def trees_of(sql: str) -> list[exp.Expression]:
    dialect = Statements()
    tokens = dialect.tokenize(sql)
    count = statements_in(tokens)
    if count > 1:
        raise SeveralError(count)
    trees = dialect.parser().parse(settled(tokens, sql), sql)
    statements = [statement for statement in trees if statement is not None]
    if WORDS.search(sql):
        for statement in statements:
            settle_words(statement)
    return statements


class SeveralError(Exception):
    """Several statements where one is wanted."""


def written_out(statement: exp.Expression) -> str:
    return str(statement.sql(dialect=Statements, comments=False, unsupported_level=ErrorLevel.RAISE, copy=False))


def parse(sql: str, mark: str | None) -> dict[str, Any]:
    try:
        statements = trees_of(sql)
    except SeveralError as error:
        return {"failed": "several", "message": f"there are {error} statements"}
    if len(statements) != 1:
        return {"statements": [], "lost": None, "altered": None}
    statement = statements[0]
    # The tree first: writing it out changes it, and to write out a copy takes twice as long.
    tree = tree_of(statement)
    meant = tree
    if mark is not None:
        mark_catalogs(statement, mark)
        meant = tree_of(statement)
    written = written_out(statement)
    # What runs is this text, so it is read again: a name that was written without its quotes is something else there.
    try:
        read = [tree_of(again) for again in trees_of(written)]
    except (SqlglotError, SeveralError):
        read = []
    sent = read[0] if len(read) == 1 else None
    altered = "what would be sent" if sent is None else altered_part(meant, sent)
    # A part that the grammar reads and does not write would be left out without a word, and the answer be another one.
    lost = lost_word(sql, written) if mark is None else None
    told = {"sql": written, "tree": tree, "sent": None if sent == tree else sent}
    return {"statements": [told], "lost": lost, "altered": altered}


def answer(request: dict[str, Any]) -> str:
    """The answer as JSON: a tree may be too deep to be written although it could be read."""
    try:
        return json.dumps({"id": request["id"], **parse(request["sql"], request.get("mark"))})
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
