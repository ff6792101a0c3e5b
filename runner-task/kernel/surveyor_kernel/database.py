"""The database as an agent's code sees it: no connection and no password, only questions to the supervisor."""

import ibis
import ibis.expr.types as ir
from ibis.backends.sql.datatypes import DuckDBType

from .failures import Failure, failure_from
from .frames import to_frame


class Database:
    """`db` in every cell."""

    Failure = Failure

    def __init__(self, channel, tables):
        self._channel = channel
        self._tables = {table["name"]: table for table in tables}

    @property
    def tables(self):
        """The names of all tables."""
        return list(self._tables)

    def query(self, sql):
        """Runs one SELECT statement and returns its rows as a DataFrame."""
        if isinstance(sql, ir.Expr):
            return self.execute(sql)
        if not isinstance(sql, str):
            raise TypeError(f"db.query takes SQL as text, not {type(sql).__name__}")
        reply = self._channel.ask({"type": "query", "sql": sql})
        if "failure" in reply:
            raise failure_from(reply["failure"])
        table = reply["table"]
        if table["truncated"]:
            print(f"[db.query: only the first {table['rows']} rows were read; aggregate in SQL or narrow the query]")
        return to_frame(table)

    def table(self, name):
        """A table as an ibis expression."""
        table = self._tables.get(name)
        if table is None:
            raise KeyError(f"there is no table {name!r}; there are: {', '.join(map(repr, self._tables))}")
        schema = {column["name"]: DuckDBType.from_string(column["type"]) for column in table["columns"]}
        return ibis.table(schema, name=table["table"], database=table["schema"])

    def execute(self, expression):
        """Compiles an ibis expression to SQL and runs it: a DataFrame, a Series for a column, a value for a scalar."""
        frame = self.query(ibis.to_sql(expression.as_table(), dialect="duckdb"))
        if isinstance(expression, ir.Scalar):
            return frame.iloc[0, 0]
        return frame.iloc[:, 0] if isinstance(expression, ir.Column) else frame

    def __repr__(self):
        return f"<the database: {len(self._tables)} tables; db.query(sql), db.table(name), db.execute(expression)>"


def bind_expressions(database):
    """Lets `expression.execute()` and `.to_pandas()` run through the supervisor: there is no other backend here."""

    def execute(expression, **_):
        return database.execute(expression)

    ir.Expr.execute = execute
    ir.Expr.to_pandas = execute
