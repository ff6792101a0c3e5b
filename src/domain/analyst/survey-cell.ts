import { z } from 'zod';
import { textToStdout } from '../agent/cell-text.ts';
import type { ProfileDigest } from '../profile-digest.ts';
import { measuredColumns } from './column-roles.ts';
import { type Finding, type Reading, countOf } from './finding.ts';

/** The most tables that the cell looks at. */
const mostTables = 12;

/** A Python cell that counts the tables again through ibis, correlates their numbers, and tests card numbers by their check digit. */
export const pythonCell = (profile: ProfileDigest, findings: readonly Finding[]): string => {
  const tables = profile.tables.slice(0, mostTables);
  const numbers = Object.fromEntries(
    tables.map((table) => [
      table.table,
      measuredColumns(table)
        .slice(0, 8)
        .map(({ name }) => name),
    ]),
  );
  const cards = findings
    .filter(({ kind, title }) => kind === 'personal_in_text' && title.includes('payment card'))
    .map(({ table, column }) => [table, column]);
  return `import json, re

def passes_luhn(text):
    for digits in re.findall(r"\\d(?:[ -]?\\d){12,18}", text):
        numbers = [int(digit) for digit in reversed(re.sub(r"\\D", "", digits))]
        if sum(n if i % 2 == 0 else n * 2 - 9 * (n > 4) for i, n in enumerate(numbers)) % 10 == 0:
            return True
    return False

def look_at(name, numbers):
    table = db.table(name)
    found["rows"][name] = int(db.execute(table.count()))
    if len(numbers) < 2:
        return
    matrix = db.execute(table.select(*numbers).limit(5000)).astype("float64").rank().corr()
    for i, a in enumerate(numbers):
        for b in numbers[i + 1:]:
            r = matrix.loc[a, b]
            if abs(r) >= 0.7:
                found["correlated"].append([name, a, b, round(float(r), 2)])

found = {"rows": {}, "correlated": [], "cards": [], "failed": []}
for name, numbers in json.loads(${JSON.stringify(JSON.stringify(numbers))}).items():
    try:
        look_at(name, numbers)
    except Exception as error:
        found["failed"].append([name, str(error)[:200]])
for name, column in json.loads(${JSON.stringify(JSON.stringify(cards))}):
    table = db.table(name)
    texts = db.execute(table.filter(table[column].re_search("[0-9]([ -]?[0-9]){12}")).select(column).limit(5000))[column]
    found["cards"].append([name, column, int(len(texts)), int(sum(passes_luhn(text) for text in texts))])
print(json.dumps(found))
`;
};

const Found = z.object({
  rows: z.record(z.string(), z.number()),
  correlated: z.array(z.tuple([z.string(), z.string(), z.string(), z.number()])),
  cards: z.array(z.tuple([z.string(), z.string(), z.number(), z.number()])),
  failed: z.array(z.tuple([z.string(), z.string()])),
});

/** What the cell found; a cell that failed is one thing less that was looked at. */
export const readPythonCell = (
  profile: ProfileDigest,
  result: { readonly text: string; readonly is_error: boolean } | undefined,
): Reading => {
  const printed = result === undefined || result.is_error ? undefined : textToStdout(result.text);
  const found = printed === undefined ? undefined : parse(printed.stdout);
  if (printed === undefined || found === undefined) {
    return {
      omitted: [
        `Counting again from Python: ${result === undefined ? 'not done, because the budget ran low' : result.text.slice(0, 160)}.`,
      ],
    };
  }
  const evidence = [printed.evidence_id];
  return {
    omitted: found.failed.map(([table, error]) => `${table} from Python: ${error}`),
    facts: [
      ...found.correlated.map(([table, a, b, r]) => ({
        table,
        text: `${a} and ${b} ${r > 0 ? 'rise together' : 'run against each other'} (rank correlation ${r} in the first 5,000 rows).`,
        evidence,
      })),
      ...found.cards.map(([table, column, texts, valid]) => ({
        table,
        text: `Of ${countOf(texts, 'text')} of ${column} with 13 or more digits, ${valid.toLocaleString('en-US')} hold a number whose check digit is that of a payment card.`,
        evidence,
      })),
    ],
    findings: profile.tables.flatMap((table): readonly Finding[] => {
      const now = found.rows[table.table];
      if (now === undefined || now === table.rows.count || table.rows.basis !== undefined) return [];
      return [
        {
          severity: 'low',
          table: table.table,
          kind: 'changed',
          title: `${table.table} changed during the survey`,
          detail: `The profile counted ${countOf(table.rows.count, 'row')}, a later statement ${countOf(now, 'row')}. Figures of this report may be a little apart.`,
          advice: 'Nothing, if the table is written to all the time.',
          rows: Math.abs(now - table.rows.count),
          evidence,
        },
      ];
    }),
  };
};

const parse = (stdout: string): z.infer<typeof Found> | undefined => {
  try {
    return Found.safeParse(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).data;
  } catch {
    return undefined;
  }
};
