import type { Finding, Findings } from '../../contracts/finding.ts';
import type { RunProfile, TableProfile } from '../../contracts/profile.ts';

/** A table of a run and what speaks for looking at it. */
export type RankedTable = {
  readonly table: TableProfile;
  readonly findings: number;
  /** Columns that tell its rows apart, as declared or as measured; none where there are none. */
  readonly key: readonly string[];
  readonly weight: number;
};

const weights: Readonly<Record<Finding['severity'], number>> = { high: 100, medium: 10, low: 1 };

/** What was found that says how much a table matters. */
export type FoundInTables = Pick<Findings, 'findings' | 'relationships' | 'keys'>;

/** The tables of a run, the most important first: by what is wrong with them, then by what points at them, then by rows. */
export const rankTables = (
  { databases }: RunProfile,
  { findings, relationships, keys }: FoundInTables,
): readonly RankedTable[] => {
  const place = (source: string, table: string): string => JSON.stringify([source, table]);
  const own = Map.groupBy(findings, (finding) => place(finding.place.source, finding.place.table));
  const measured = Map.groupBy(keys, ({ source, table }) => place(source, table));
  const pointing = Map.groupBy(relationships, ({ source, to }) => place(source, to.table));
  return databases
    .flatMap(({ source, tables }) =>
      tables.map((table): RankedTable => {
        const at = place(source, table.table);
        const found = own.get(at) ?? [];
        return {
          table,
          findings: found.length,
          key:
            table.schema.constraints.find(({ kind }) => kind === 'primary_key')?.columns ??
            measured.get(at)?.[0]?.columns ??
            [],
          weight: found.reduce((sum, { severity }) => sum + weights[severity], 0) + 2 * (pointing.get(at)?.length ?? 0),
        };
      }),
    )
    .toSorted((a, b) => b.weight - a.weight || b.table.rows.count - a.table.rows.count);
};
