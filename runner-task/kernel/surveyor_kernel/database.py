"""The databases as an agent's code sees them: no connection and no password, only questions to the supervisor."""

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.backends.sql.datatypes import DuckDBType, MySQLType, PostgresType, SQLiteType
from ibis.expr.operations.relations import Namespace
from ibis.expr.types.joins import Join

from .channel import Channel
from .data_frames import to_frame
from .failures import Failure, failure_from

_TYPES = {"duckdb": DuckDBType, "mysql": MySQLType, "postgres": PostgresType, "sqlite": SQLiteType}


class Database:
    """`db` in every cell is the first one; `databases` holds every one by its source."""

    Failure = Failure

    def __init__(self, channel: Channel, source: str, engine: str, tables: Sequence[dict[str, Any]]) -> None:
        self._channel = channel
        self.source = source
        self.engine = engine
        self._tables = {table["name"]: table for table in tables}

    @property
    def tables(self) -> list[str]:
        """The names of all tables."""
        return list(self._tables)

    def query(self, sql: object) -> Any:
        """Runs one SELECT statement and returns its rows as a DataFrame."""
        if isinstance(sql, ir.Expr):
            return self.execute(sql)
        if not isinstance(sql, str):
            raise TypeError(f"db.query takes SQL as text, not {type(sql).__name__}")
        reply = self._channel.ask({"type": "query", "source": self.source, "sql": sql})
        if "failure" in reply:
            raise failure_from(reply["failure"])
        table = reply["table"]
        if table["truncated"]:
            print(f"[db.query: only the first {table['rows']} rows were read; aggregate in SQL or narrow the query]")
        return to_frame(table)

    def table(self, name: str) -> ir.Table:
        """A table as an ibis expression."""
        table = self._tables.get(name)
        if table is None:
            raise KeyError(f"there is no table {name!r}; there are: {', '.join(map(repr, self._tables))}")
        schema = {column["name"]: self._type_of(column["type"]) for column in table["columns"]}
        # The catalog tells which database an expression is of; it is taken out before the expression becomes SQL.
        namespace = Namespace(catalog=self.source, database=table["schema"])
        return ops.UnboundTable(name=table["table"], schema=schema, namespace=namespace).to_expr()

    def execute(self, expression: ir.Expr) -> Any:
        """Compiles an ibis expression to SQL and runs it: a DataFrame, a Series for a column, a value for a scalar."""
        found = sources_of(expression) - {self.source}
        if found:
            raise ValueError(
                f"the expression reads {', '.join(sorted(found))} and this is {self.source}: one statement runs in one "
                "database. Execute each part in its own and join the DataFrames."
            )
        frame = self.query(ibis.to_sql(_without_sources(expression.as_table()), dialect=self.engine))
        if isinstance(expression, ir.Scalar):
            return frame.iloc[0, 0]
        return frame.iloc[:, 0] if isinstance(expression, ir.Column) else frame

    def _type_of(self, name: str) -> dt.DataType:
        try:
            return _TYPES[self.engine].from_string(name)
        except Exception:  # noqa: BLE001 - a type that ibis has never heard of is no reason to have no table
            return dt.unknown

    def __repr__(self) -> str:
        return (
            f"<the database {self.source} ({self.engine}): {len(self._tables)} tables; "
            "db.query(sql), db.table(name), db.execute(expression)>"
        )


def sources_of(expression: ir.Expr) -> set[str]:
    """The databases whose tables an expression reads."""
    tables = expression.op().find(ops.UnboundTable)
    return {table.namespace.catalog for table in tables if table.namespace.catalog is not None}


def bind_expressions(first: Database, databases: Mapping[str, Database]) -> None:
    """Lets `expression.execute()` and `.to_pandas()` run through the supervisor: there is no other backend here."""

    def execute(expression: ir.Expr, **_: object) -> Any:
        # One of several goes to any of them, which says what is wrong with that.
        source = min(sources_of(expression), default="")
        return databases.get(source, first).execute(expression)

    # A join that nothing follows yet has methods of its own.
    for kind in (ir.Expr, Join):
        kind.execute = execute
        kind.to_pandas = execute


def _without_sources(expression: ir.Expr) -> ir.Expr:
    plain = {
        table: table.copy(namespace=Namespace(database=table.namespace.database))
        for table in expression.op().find(ops.UnboundTable)
    }
    return expression.op().replace(plain).to_expr() if plain else expression
