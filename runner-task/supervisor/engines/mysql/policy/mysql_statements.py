"""The grammar that statements of MySQL and MariaDB are judged by: sqlglot's of MySQL, with what it lacks of either."""

from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.mysql import MySQL
from sqlglot.tokens import Token, TokenType

QUOTED_COMMA = "','"
# Types that MariaDB has beside those of MySQL, as the kind of a type that the parser does not know.
MARIADB_TYPES = {"INET4", "INET6", "UUID"}


def values_as_written(generator: MySQL.Generator, values: exp.Values) -> str:
    """VALUES with its rows as they came: MySQL writes them ROW(…), MariaDB in brackets alone."""
    rows = []
    for row in values.expressions:
        only = row.expressions[0] if isinstance(row, exp.Tuple) and len(row.expressions) == 1 else None
        is_row = isinstance(only, exp.Anonymous) and only.name.upper() == "ROW"
        rows.append(generator.sql(only if is_row else row))
    written = generator.query_modifiers(values, f"VALUES {', '.join(rows)}")
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
        offset = generator.sql(limit, "offset") or generator.sql(limit, "start")
        parts.append(f"LIMIT {f'{offset}, ' if offset else ''}{generator.sql(limit, 'expression')}")
    return f"GROUP_CONCAT({' '.join(parts)})"


def packed_columns_parsed(name: str) -> Any:
    """Parses COLUMN_GET(packed, name AS type) and its like, where what stands behind AS is no name."""

    def argument(parser: MySQL.Parser) -> Any:
        value = parser._parse_assignment()
        return exp.Alias(this=value, alias=parser._parse_types()) if parser._match(TokenType.ALIAS) else value

    return lambda parser: parser.expression(
        exp.Anonymous(this=name, expressions=parser._parse_csv(lambda: argument(parser)))
    )


def limit_as_written(generator: MySQL.Generator, limit: exp.Limit) -> str:
    parts = [generator.sql(limit, part) for part in ("offset", "start", "expression") if limit.args.get(part)]
    examined = generator.sql(limit, "rows_examined")
    told = [", ".join(parts), f"ROWS EXAMINED {examined}" if examined else ""]
    return f"{generator.sql(limit, 'this')} LIMIT {' '.join(part for part in told if part)}"


def cte_as_written(generator: MySQL.Generator, query: exp.CTE) -> str:
    columns = ", ".join(generator.sql(column) for column in query.args.get("cycle") or [])
    cycle = f" CYCLE {columns} RESTRICT" if columns else ""
    return f"{generator.sql(query, 'alias')} AS ({generator.sql(query, 'this')}){cycle}"


def json_column_as_written(generator: MySQL.Generator, column: exp.JSONColumnDef) -> str:
    path = generator.sql(column, "path")
    nested = generator.sql(column, "nested_schema")
    if nested:
        return f"NESTED PATH {path} {nested}"
    name = generator.sql(column, "this")
    if column.args.get("ordinality"):
        return f"{name} FOR ORDINALITY"
    parts = [name, generator.sql(column, "kind")]
    for part, word in (("charset", "CHARACTER SET"), ("collation", "COLLATE")):
        if column.args.get(part):
            parts.append(f"{word} {generator.sql(column, part)}")
    parts.append(f"{'EXISTS ' if column.args.get('exists') else ''}PATH {path}")
    for event in ("empty", "error"):
        answer = column.args.get(event)
        if isinstance(answer, exp.Var):
            parts.append(f"{answer.name} ON {event.upper()}")
        elif answer is not None:
            parts.append(f"DEFAULT {generator.sql(answer)} ON {event.upper()}")
    return " ".join(parts)


def describe_as_written(generator: MySQL.Generator, node: exp.Describe) -> str:
    parts = ["DESCRIBE", *[generator.sql(node, part) for part in ("style", "format", "this", "column")]]
    return " ".join(part for part in parts if part)


def hex_as_written(node: exp.HexString) -> str:
    """A number of hexadecimal digits as it came: MariaDB reads x'1F' as a text, 0x1F as a number among numbers."""
    digits = node.name
    return f"x'{digits[1:]}'" if digits.startswith("'") else f"0x{digits}"


def extract_parsed(parser: MySQL.Parser, document: Any, path: Any) -> Any:
    """document->path, as the call that it stands for: MariaDB has no arrows. The path stays the text that it is."""
    return parser.expression(exp.Anonymous(this="JSON_EXTRACT", expressions=[document, path]))


def extract_text_parsed(parser: MySQL.Parser, document: Any, path: Any) -> Any:
    return parser.expression(exp.Anonymous(this="JSON_UNQUOTE", expressions=[extract_parsed(parser, document, path)]))


class Statements(MySQL):
    """MySQL, with every plain call kept as it was written: its name is judged, and none is rewritten into another."""

    class Parser(MySQL.Parser):
        FUNCTIONS: ClassVar[dict[str, Any]] = {}
        # VALUES(column) belongs to INSERT; here VALUES begins a list of rows.
        # DEFAULT(column) tells a column's default.
        FUNC_TOKENS = (MySQL.Parser.FUNC_TOKENS - {TokenType.VALUES}) | {TokenType.DEFAULT}
        FUNCTION_PARSERS: ClassVar = {
            # CHR(65) is a text, CHAR(65) are bytes.
            **{name: parse for name, parse in MySQL.Parser.FUNCTION_PARSERS.items() if name not in ("VALUES", "CHR")},
            "MID": lambda parser: parser._parse_substring(),
            **{name: packed_columns_parsed(name) for name in ("COLUMN_ADD", "COLUMN_CREATE", "COLUMN_GET")},
            "GROUP_CONCAT": group_concat_parsed,
        }
        COLUMN_OPERATORS: ClassVar = {
            **MySQL.Parser.COLUMN_OPERATORS,
            TokenType.ARROW: extract_parsed,
            TokenType.DARROW: extract_text_parsed,
        }
        DESCRIBE_STYLES: ClassVar = {*MySQL.Parser.DESCRIBE_STYLES, "PARTITIONS"}
        OPERATION_MODIFIERS: ClassVar = MySQL.Parser.OPERATION_MODIFIERS | {"SQL_CACHE"}

        def _parse_interval(self, require_interval: bool = True, parse_function_unit: bool = True) -> Any:
            """
            INTERVAL(n, …) with a comma is a function, which finds a number's place in a list. What is added to an
            interval is a time, not another interval.
            """
            index = self._index
            if not self._match(TokenType.INTERVAL):
                return super()._parse_interval(require_interval, parse_function_unit)
            if self._is_list_next():
                self._advance()
                values = self._parse_csv(self._parse_assignment)
                self._match_r_paren()
                return self.expression(exp.Anonymous(this="INTERVAL", expressions=values))
            length = self._parse_term()
            is_name = isinstance(length, exp.Column) and not length.table and not length.this.quoted
            if length is None or (is_name and self._curr.text.upper() not in self.dialect.VALID_INTERVAL_UNITS):
                self._retreat(index)
                return None
            is_number = isinstance(length, exp.Literal) and not length.is_string
            number = length.copy() if is_number else None
            interval = self._parse_interval_span(length, parse_function_unit=parse_function_unit)
            if number is not None:
                # A number in quotes has six digits behind its point.
                interval.set("this", number)
            return interval

        def _is_list_next(self) -> bool:
            depth = 0
            for token in self._tokens[self._index :]:
                if token.token_type == TokenType.L_PAREN:
                    depth += 1
                elif token.token_type == TokenType.R_PAREN:
                    depth -= 1
                elif depth == 1 and token.token_type == TokenType.COMMA:
                    return True
                if depth == 0:
                    return False
            return False

        def _parse_cte(self) -> Any:
            """MariaDB names behind a recursive query the columns by which it ends."""
            query = super()._parse_cte()
            if query is not None and self._match_text_seq("CYCLE"):
                query.set("cycle", self._parse_csv(self._parse_id_var))
                if not self._match_text_seq("RESTRICT"):
                    self.raise_error("Expecting RESTRICT")
            return query

        def _parse_limit(self, this: Any = None, top: bool = False, skip_limit_token: bool = False) -> Any:
            """LIMIT with its offset in it, and with the limit of MariaDB to the rows that are looked at."""
            if top or skip_limit_token or not self._match(TokenType.LIMIT):
                return super()._parse_limit(this, top, skip_limit_token)
            limit = exp.Limit(this=this)
            if not self._match_text_seq("ROWS", "EXAMINED", advance=False):
                first = self._parse_term()
                if self._match(TokenType.COMMA):
                    limit.set("start", first)
                    first = self._parse_term()
                elif self._match(TokenType.OFFSET):
                    limit.set("start", self._parse_term())
                limit.set("expression", first)
            if self._match_text_seq("ROWS", "EXAMINED"):
                limit.set("rows_examined", self._parse_term())
            return limit

        def _parse_derived_table_values(self, *args: Any, **kwargs: Any) -> Any:
            """A list of rows in brackets may be ordered and limited in them."""
            if not self._match_pair(TokenType.L_PAREN, TokenType.VALUES):
                return super()._parse_derived_table_values(*args, **kwargs)
            values = self._parse_query_modifiers(exp.Values(expressions=self._parse_csv(self._parse_value)))
            self._match_r_paren()
            values.set("alias", self._parse_table_alias())
            return values

        def _parse_join_parts(self) -> Any:
            """JOIN without a condition is no comma: it binds closer."""
            method, side, kind = super()._parse_join_parts()
            if not (method or side or kind) and self._match(TokenType.JOIN, advance=False):
                kind = Token(TokenType.INNER, "INNER")
            return method, side, kind

        def _parse_cube_or_rollup(self, with_prefix: bool = False) -> Any:
            """What is grouped by may have a direction, which is that of the rows."""
            found = super()._parse_cube_or_rollup(with_prefix)
            if found is not None or with_prefix:
                return found
            this = self._parse_disjunction()
            if this is None or not self._match_set((TokenType.ASC, TokenType.DESC)):
                return this
            desc = self._prev.token_type == TokenType.DESC
            return self.expression(exp.Ordered(this=this, desc=desc, nulls_first=not desc))

        def _parse_json_column_def(self) -> Any:
            if self._match_text_seq("NESTED", advance=False):
                return super()._parse_json_column_def()
            column = exp.JSONColumnDef(this=self._parse_id_var())
            if self._match_pair(TokenType.FOR, TokenType.ORDINALITY):
                column.set("ordinality", True)
                return column
            column.set("kind", self._parse_types(allow_identifiers=False))
            if self._match(TokenType.CHARACTER_SET) or self._match_text_seq("CHARACTER", "SET"):
                column.set("charset", self._parse_var(any_token=True))
            if self._match(TokenType.COLLATE):
                column.set("collation", self._parse_var(any_token=True))
            column.set("exists", True if self._match(TokenType.EXISTS) else None)
            if not self._match_text_seq("PATH"):
                self.raise_error("Expecting PATH")
            column.set("path", self._parse_string())
            while True:
                if self._match_texts(("NULL", "ERROR")):
                    answer: Any = exp.Var(this=self._prev.text.upper())
                elif self._match(TokenType.DEFAULT):
                    answer = self._parse_bitwise()
                else:
                    return column
                if not (self._match(TokenType.ON) and self._match_texts(("EMPTY", "ERROR"))):
                    self.raise_error("Expecting ON EMPTY or ON ERROR")
                column.set(self._prev.text.lower(), answer)

        def _parse_match_against(self) -> Any:
            columns = self._parse_csv(self._parse_column)
            if not self._match_text_seq(")", "AGAINST", "("):
                self.raise_error("Expecting AGAINST")
            sought = self._parse_bitwise()
            modifier = " ".join(
                " ".join(words)
                for words in (
                    ("IN", "NATURAL", "LANGUAGE", "MODE"),
                    ("IN", "BOOLEAN", "MODE"),
                    ("WITH", "QUERY", "EXPANSION"),
                )
                if self._match_text_seq(*words)
            )
            return self.expression(exp.MatchAgainst(this=sought, expressions=columns, modifier=modifier or None))

        def _parse_types(self, *args: Any, **kwargs: Any) -> Any:
            """SIGNED INTEGER is SIGNED, and MariaDB has types of its own."""
            if self._curr.text.upper() in MARIADB_TYPES and self._prev.token_type == TokenType.ALIAS:
                self._advance()
                return exp.DataType(this=exp.DType.USERDEFINED, kind=self._prev.text.upper())
            is_sign = self._curr.text.upper() in ("SIGNED", "UNSIGNED")
            found = super()._parse_types(*args, **kwargs)
            if is_sign:
                self._match_texts(("INT", "INTEGER"))
            return found

        def _parse_describe(self) -> Any:
            """DESCRIBE of a table may name one column, or a pattern of names."""
            node = super()._parse_describe()
            if isinstance(node.this, exp.Table) and self._curr:
                node.set("column", self._parse_string() or self._parse_id_var())
            return node

    class Generator(MySQL.Generator):
        TRANSFORMS: ClassVar = {
            **MySQL.Generator.TRANSFORMS,
            # MariaDB has no REGEXP_LIKE.
            exp.RegexpLike: lambda self, e: f"({self.sql(e, 'this')} REGEXP {self.sql(e, 'expression')})",
            exp.GroupConcat: group_concat_as_written,
            exp.HexString: lambda self, e: hex_as_written(e),
            exp.Values: lambda self, e: values_as_written(self, e),
            exp.Limit: limit_as_written,
            exp.CTE: cte_as_written,
            exp.JSONColumnDef: json_column_as_written,
            exp.Describe: describe_as_written,
        }

        def query_modifiers(self, expression: exp.Expression, *sqls: str) -> Any:
            """FETCH with ties, and OFFSET without a limit, have no other form; MySQL has neither."""
            limit, offset = expression.args.get("limit"), expression.args.get("offset")
            ties = isinstance(limit, exp.Fetch) and (limit.args.get("limit_options") or limit).args.get("with_ties")
            if not ties and (limit is not None or offset is None):
                return super().query_modifiers(expression, *sqls)
            rows = [f" OFFSET {self.sql(offset, 'expression')} ROWS"] if offset is not None else []
            if limit is not None:
                rows.append(f" FETCH FIRST {self.sql(limit, 'count') or '1'} ROWS WITH TIES")
            for part in ("limit", "offset"):
                expression.set(part, None)
            return super().query_modifiers(expression, *sqls) + "".join(rows)

        def jsonvalue_sql(self, expression: exp.JSONValue) -> Any:
            """RETURNING takes the types that CAST takes, SIGNED among them, and was read as BIGINT."""
            returning = expression.args.get("returning")
            if isinstance(returning, exp.DataType) and (cast_to := self.CAST_MAPPING.get(returning.this)):
                returning.set("this", cast_to)
            return super().jsonvalue_sql(expression)
