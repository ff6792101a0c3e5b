import { z } from 'zod';
import { textToStdout } from '../agent/cell-text.ts';
import type { DigestDatabase, DigestTable } from '../profile-digest.ts';
import { type Fact, type Finding, type Reading, countOf } from './finding.ts';
import { type CellPlan, correlatedColumns } from './survey-cell.ts';
import type { CardCount } from './weigh-cards.ts';

const place = z.int().nonnegative();
const Found = z.object({
  rows: z.array(z.tuple([place, z.number()])),
  correlated: z.array(z.tuple([place, place, place, z.number()])),
  cards: z.array(z.tuple([place, z.number(), z.number()])),
  failed: z.array(z.tuple([z.enum(['look_at', 'look_for_cards']), place, z.string()])),
});

/** What the cell found: of each database, and what it could not do at all. */
export type CellReading = {
  readonly of: (database: DigestDatabase) => Reading & { readonly cards: readonly CardCount[] };
  readonly omitted: readonly string[];
};

/** Reads what the cell printed. A cell that failed is one thing less that was looked at. */
export const readSurveyCell = (
  plan: CellPlan,
  result: { readonly text: string; readonly is_error: boolean } | undefined,
): CellReading => {
  const printed = result === undefined || result.is_error ? undefined : textToStdout(result.text);
  const found = printed === undefined ? undefined : parse(printed.stdout);
  if (printed === undefined || found === undefined) {
    const reason = result === undefined ? 'not done, because the budget ran low' : result.text.slice(0, 160);
    return { of: () => ({ cards: [] }), omitted: [`Counting again from Python: ${reason}.`] };
  }
  const evidence = [printed.evidence_id];
  return {
    omitted: [],
    of: (database) => {
      const table = (at: number): DigestTable | undefined =>
        plan.tables[at]?.database === database ? plan.tables[at].table : undefined;
      const card = (at: number) => (plan.cards[at]?.database === database ? plan.cards[at].hit : undefined);
      return {
        facts: [...Map.groupBy(found.correlated, ([at]) => at)].flatMap(([at, pairs]) =>
          correlatedPairs(table(at), pairs, evidence),
        ),
        findings: found.rows.flatMap(([at, now]) => changed(table(at), now, evidence)),
        cards: found.cards.flatMap(([at, texts, valid]) => {
          const hit = card(at);
          return hit === undefined ? [] : [{ table: hit.table, column: hit.column, texts, valid, evidence }];
        }),
        omitted: found.failed.flatMap(([look, at, error]) => {
          const hit = look === 'look_at' ? table(at) : card(at);
          if (hit === undefined) return [];
          return [`${'column' in hit ? `${hit.table}.${hit.column}` : hit.table} from Python: ${error.split('\n')[0]}`];
        }),
      };
    },
  };
};

/** The most pairs of columns that are named of one table: a table of measurements has dozens. */
const mostPairs = 5;

/** The pairs that go together most, and how many others there are. */
const correlatedPairs = (
  table: DigestTable | undefined,
  pairs: z.infer<typeof Found>['correlated'],
  evidence: readonly string[],
): readonly Fact[] => {
  if (table === undefined) return [];
  const strongest = pairs.toSorted(([, , , r], [, , , s]) => Math.abs(s) - Math.abs(r));
  const more = pairs.length - mostPairs;
  return [
    ...strongest.slice(0, mostPairs).flatMap(([, a, b, r]) => correlated(table, a, b, r, evidence)),
    ...(more > 0
      ? [{ table: table.table, text: `And ${countOf(more, 'more pair')} of columns go together.`, evidence }]
      : []),
  ];
};

const correlated = (
  table: DigestTable,
  a: number,
  b: number,
  r: number,
  evidence: readonly string[],
): readonly Fact[] => {
  const columns = correlatedColumns(table);
  const [x, y] = [columns[a], columns[b]];
  if (x === undefined || y === undefined) return [];
  const together = r > 0 ? 'rise together' : 'run against each other';
  const text = `${x.name} and ${y.name} ${together} (rank correlation ${r} in the first 5,000 rows).`;
  return [{ table: table.table, text, evidence }];
};

const changed = (table: DigestTable | undefined, now: number, evidence: readonly string[]): readonly Finding[] =>
  table === undefined || now === table.rows.count || table.rows.basis !== undefined
    ? []
    : [
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

const parse = (stdout: string): z.infer<typeof Found> | undefined => {
  try {
    return Found.safeParse(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).data;
  } catch {
    return undefined;
  }
};
