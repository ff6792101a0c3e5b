"""What MySQL and MariaDB write in several ways, put into the one that the grammar knows, before it is parsed."""

import re
from collections import Counter

from sqlglot.tokens import Token, TokenType

# What ODBC writes in braces: a word before a text, and what it stands for.
ODBC_VALUES = {
    "D": (TokenType.DATE, "DATE"),
    "T": (TokenType.TIME, "TIME"),
    "TS": (TokenType.TIMESTAMP, "TIMESTAMP"),
}
SHOWN_ALSO_AS = {"KEYS": "INDEX", "INDEXES": "INDEX", "FIELDS": "COLUMNS"}
SELECT_OPTIONS = {
    "HIGH_PRIORITY",
    "STRAIGHT_JOIN",
    "SQL_SMALL_RESULT",
    "SQL_BIG_RESULT",
    "SQL_BUFFER_RESULT",
    "SQL_NO_CACHE",
    "SQL_CACHE",
    "SQL_CALC_FOUND_ROWS",
}
HOW_MANY = {"ALL", "DISTINCT", "DISTINCTROW"}
# Few statements have any of it, and to look at each token takes time.
SEVERAL_WAYS = re.compile(r"[{\\]|\bx'|^\s*SHOW\b|\bMATCH\s+[^(\s]|\bSELECT\s+(?:SQL_|HIGH_|STRAIGHT_)", re.IGNORECASE)


def settled(tokens: list[Token], sql: str) -> list[Token]:
    """The tokens of a statement, in the one way that the grammar knows."""
    if not SEVERAL_WAYS.search(sql):
        return tokens
    left: list[Token] = []
    braces: list[bool] = []
    at = 0
    while at < len(tokens):
        token, after = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else None
        word = after.text.upper() if after is not None else ""
        if token.token_type == TokenType.HEX_STRING and sql[token.start] in "xX":
            # A text that may be empty, where 0x1F is a number among numbers.
            token.text = f"'{token.text}"
        if token.token_type == TokenType.L_BRACE and word in {*ODBC_VALUES, "OJ", "FN"} and after is not None:
            if word in ODBC_VALUES:
                after.token_type, after.text = ODBC_VALUES[word]
                left.append(after)
            braces.append(True)
            at += 2
            continue
        if token.token_type == TokenType.R_BRACE and braces:
            braces.pop()
        elif token.text == "\\" and word == "N":
            token.token_type, token.text = TokenType.NULL, "NULL"
            left.append(token)
            at += 1
        elif token.text.upper() == "MATCH" and after is not None and after.token_type != TokenType.L_PAREN:
            at = match_in_brackets(tokens, at, left)
        else:
            left.append(token)
        at += 1
    settle_options(left)
    if left and left[0].token_type == TokenType.SHOW:
        settle_show(left)
    return left


def match_in_brackets(tokens: list[Token], at: int, left: list[Token]) -> int:
    """MATCH a, b AGAINST is MATCH (a, b) AGAINST; without AGAINST it is a name. Answers with the last place read."""
    end = next((place for place in range(at, len(tokens)) if tokens[place].text.upper() == "AGAINST"), None)
    left.append(tokens[at])
    if end is None or any(token.token_type == TokenType.L_PAREN for token in tokens[at:end]):
        return at
    left.append(Token(TokenType.L_PAREN, "("))
    left.extend(tokens[at + 1 : end])
    left.append(Token(TokenType.R_PAREN, ")"))
    return end - 1


def settle_options(tokens: list[Token]) -> None:
    """The options of SELECT may stand in any order, DISTINCT among them; the grammar has it before the others."""
    for at, token in enumerate(tokens):
        if token.token_type != TokenType.SELECT:
            continue
        end = at + 1
        while end < len(tokens) and tokens[end].text.upper() in SELECT_OPTIONS | HOW_MANY:
            end += 1
        tokens[at + 1 : end] = sorted(tokens[at + 1 : end], key=lambda option: option.text.upper() not in HOW_MANY)


def settle_show(tokens: list[Token]) -> None:
    for token in tokens:
        word = token.text.upper()
        if word in ("LIKE", "WHERE"):
            return
        if token.token_type == TokenType.IN:
            token.token_type, token.text = TokenType.FROM, "FROM"
        elif word in SHOWN_ALSO_AS and token is not tokens[-1] and token.token_type != TokenType.IDENTIFIER:
            token.text = SHOWN_ALSO_AS[word]


def statements_in(tokens: list[Token]) -> int:
    """How many statements there are, whether they can be read or not."""
    count, is_empty = 0, True
    for token in tokens:
        if token.token_type == TokenType.SEMICOLON:
            is_empty = True
        elif is_empty:
            count, is_empty = count + 1, False
    return count


QUOTED = re.compile(r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.|\"\")*\"", re.DOTALL)
WORD = re.compile(r"(?<!\w)[A-Za-z_]\w*")
# It goes without saying between two queries.
DISTINCT_ROWS = re.compile(r"\b(UNION|INTERSECT|EXCEPT)\s+DISTINCT\b", re.IGNORECASE)
# Words that may go when a statement is written out again: what they say is said otherwise, or goes without saying.
SPOKEN_OTHERWISE = set(
    WORD.findall(
        """AS ASC INNER OUTER ALL DISTINCTROW DIV RLIKE REGEXP SOME AND OR MOD FROM FOR IN LEADING POSITION FETCH FIRST
        NEXT ROW ROWS ONLY OFFSET DUAL KEY KEYS INDEX INDEXES FIELDS EXPLAIN DESC TABLE OJ FN D T TS N CHARACTER SET
        CHARSET NCHAR INT INTEGER SIGNED UNSIGNED VARCHAR CHAR BINARY SUBSTR CONVERT IS NOT TIMESTAMP DATETIME X B
        UNKNOWN SOUNDS LIKE DATABASE USING TRIM MID"""
    )
)


def lost_word(sql: str, written: str) -> str | None:
    """A word of the statement that what was written out has not, and that does not go without saying."""
    count: Counter[str] = Counter()
    for text, add in ((sql, count.update), (written, count.subtract)):
        plain = DISTINCT_ROWS.sub(r"\1", QUOTED.sub("''", text))
        add(word.upper() for word in WORD.findall(plain))
    return next((word for word, left in count.items() if left > 0 and word not in SPOKEN_OTHERWISE), None)
