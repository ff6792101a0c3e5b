import type { DigestDatabase, DigestTable, ProfileDigest } from '../profile-digest.ts';
import { measuredColumns } from './column-roles.ts';
import { engineOf, engineSql } from '../engines/registry.ts';
import type { PersonalData } from './finding.ts';
import { isView } from './surveyed-tables.ts';
import { isCard } from './weigh-cards.ts';

/** The most tables that the cell looks at, of all databases together. */
export const mostTables = 12;

/** Fewer rows than these rise together by chance. */
const leastRows = 30;

/** What the cell looks at; it speaks of a table or column by its place in these lists, so no name can lead it astray. */
export type CellPlan = {
  readonly tables: readonly { readonly database: DigestDatabase; readonly table: DigestTable }[];
  readonly cards: readonly { readonly database: DigestDatabase; readonly hit: PersonalData }[];
};

/** The first table of each database, then the second of each, as many as there may be; and the columns with card numbers. */
export const planCell = (
  { databases }: ProfileDigest,
  personalOf: (database: DigestDatabase) => readonly PersonalData[],
): CellPlan => ({
  tables: databases
    .flatMap((database) =>
      database.tables.filter((table) => !isView(table)).map((table, rank) => ({ database, table, rank })),
    )
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, mostTables),
  cards: databases.flatMap((database) =>
    personalOf(database)
      .filter(isCard)
      .map((hit) => ({ database, hit })),
  ),
});

/** The columns of a table that are correlated. */
export const correlatedColumns = (table: DigestTable) => measuredColumns(table).slice(0, 8);

/**
 * A Python cell that counts the tables again, correlates their numbers, and tests card numbers by their check digit. What
 * it asks is written here, in the SQL of each database.
 */
export const pythonCell = (plan: CellPlan, hasSeveral: boolean): string => {
  const tables = plan.tables.map(({ database, table }) => {
    const sql = engineSql[engineOf(database.engine)].checkSql;
    const numbers = correlatedColumns(table).map((column, index) => `${sql.asNumber(column)} as c${index}`);
    const from = sql.table(table.table);
    return {
      source: database.source,
      count: `select count(*) as n from ${from}`,
      numbers: numbers.length < 2 ? null : `select ${numbers.join(', ')} from ${from} limit 5000`,
    };
  });
  const cards = plan.cards.map(({ database, hit }) => {
    const sql = engineSql[engineOf(database.engine)].checkSql;
    const text = sql.asText({ name: hit.column, type: '', kind: 'text' });
    return {
      source: database.source,
      texts: `select ${text} as x from ${sql.table(hit.table)} where ${sql.matches(text, '[0-9]([ -]?[0-9]){12}')} limit 5000`,
    };
  });
  return `import json, re

def passes_luhn(text):
    for digits in re.findall(r"\\d(?:[ -]?\\d){12,18}", text):
        numbers = [int(digit) for digit in reversed(re.sub(r"\\D", "", digits))]
        if sum(n if i % 2 == 0 else n * 2 - 9 * (n > 4) for i, n in enumerate(numbers)) % 10 == 0:
            return True
    return False

def look_at(place, table):
    source = source_of(table)
    found["rows"].append([place, int(source.query(table["count"])["n"].iloc[0])])
    if table["numbers"] is None:
        return
    matrix = source.query(table["numbers"]).astype("float64").rank().corr(min_periods=${leastRows}).to_numpy()
    for a in range(len(matrix)):
        for b in range(a + 1, len(matrix)):
            if abs(matrix[a][b]) >= 0.7:
                found["correlated"].append([place, a, b, round(float(matrix[a][b]), 2)])

def look_for_cards(place, column):
    texts = source_of(column).query(column["texts"])["x"]
    found["cards"].append([place, int(len(texts)), int(sum(passes_luhn(text) for text in texts))])

def source_of(asked):
    return ${hasSeveral ? 'databases[asked["source"]]' : 'db'}

def try_each(list, look):
    for place, asked in enumerate(json.loads(list)):
        try:
            look(place, asked)
        except Exception as error:
            found["failed"].append([look.__name__, place, str(error)[:200]])

found = {"rows": [], "correlated": [], "cards": [], "failed": []}
try_each(${JSON.stringify(JSON.stringify(tables))}, look_at)
try_each(${JSON.stringify(JSON.stringify(cards))}, look_for_cards)
print(json.dumps(found))
`;
};
