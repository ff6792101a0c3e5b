"""Imported for what it does: the first compilation of an ibis expression loads its compiler, which takes 0.3 s."""

import ibis

_table = ibis.table({"number": "int64", "text": "string"}, name="warm_up")
ibis.to_sql(_table.group_by("text").agg(sum=_table.number.sum()).order_by("sum").limit(1), dialect="duckdb")
