"""What a statement must still say when the text that it was written out as is read again."""

from collections import Counter
from typing import Any

# What is written in another way than it was read: FETCH as LIMIT, POSITION as LOCATE. What it became is judged too.
WRITTEN_OTHERWISE = {
    *("Paren", "Subquery", "Anonymous", "Cast", "DataType", "Concat", "StrPosition", "Substring", "Trim", "Soundex"),
    *("Fetch", "LimitOptions", "Limit", "Offset", "CurrentTime", "CurrentTimestamp", "Localtime", "Localtimestamp"),
}
# FETCH FIRST ROW is one row, and GROUP_CONCAT separates with a comma.
GOES_WITHOUT_SAYING = {("number", "1"), ("text", ",")}


def essence(tree: Any) -> Counter[tuple[str, ...]]:
    """Every name and value of a tree, and how often it has each class of node."""
    found: Counter[tuple[str, ...]] = Counter()
    left = [tree]
    while left:
        node = left.pop()
        if isinstance(node, list):
            left.extend(node)
        elif isinstance(node, dict):
            kind, parts = node["class"], node["parts"]
            left.extend(parts.values())
            this = parts.get("this")
            if kind == "Identifier":
                found["name", str(this)] += 1
            elif kind == "Literal":
                found["text" if parts.get("is_string") else "number", str(this)] += 1
            elif kind not in WRITTEN_OTHERWISE:
                found["part", kind] += 1
    return found


def altered_part(judged: Any, sent: Any) -> str | None:
    """The first thing that one tree has more or less often than the other; None where they say the same."""
    if judged == sent:
        return None
    counted = essence(judged)
    counted.subtract(essence(sent))
    for (sort, what), times in counted.items():
        if times > 0 or (times < 0 and (sort, what) not in GOES_WITHOUT_SAYING):
            return f"the {sort} {what}"
    return None
