import type { Engine } from '../../../src/contracts/engine.ts';
import type { Finding, Findings, NotLookedAt } from '../../../src/contracts/finding.ts';
import type { TableProfile } from '../../../src/contracts/profile.ts';
import type { DatabaseRole, NotVisible } from '../../../src/contracts/schema.ts';
import type { SurveyedRun } from '../../../src/domain/drift/surveyed-run.ts';
import { findingKey } from '../../../src/domain/finding/finding-key.ts';

/** A survey of one database, as far as comparing is concerned. */
export type Planned = {
  readonly tables: readonly TableProfile[];
  /** PostgreSQL where it does not say. */
  readonly engine?: Engine;
  readonly asked?: readonly string[];
  readonly failed?: readonly string[];
  readonly not_visible?: readonly NotVisible[];
  readonly failure?: string;
  readonly role?: DatabaseRole;
  /** Absent: the run kept no findings as data. */
  readonly findings?: readonly Finding[];
  readonly rules?: readonly string[];
  readonly not_looked_at?: readonly NotLookedAt[];
};

/** The run of a survey, as others refer to it. */
export const ref = (index: number) => ({
  run_id: `01JJ00000000000000000000${String(index).padStart(2, '0')}`,
  at: `2026-01-${String(index + 1).padStart(2, '0')}T00:00:00.000Z`,
});

/** The run that a planned survey leaves behind; the higher its index, the later it was. */
export const survey = (index: number, planned: Planned): SurveyedRun => ({
  run: {
    run_id: ref(index).run_id,
    created_at: ref(index).at,
    sources: [
      {
        name: 'main',
        kind: 'connection',
        label: planned.engine ?? 'shop',
        engine: planned.engine ?? 'postgres',
        ...(planned.asked === undefined ? {} : { tables: planned.asked }),
      },
    ],
  },
  profile: {
    databases: [
      {
        source: 'main',
        label: planned.engine ?? 'shop',
        engine: planned.engine ?? 'postgres',
        engine_version: '15',
        tables: planned.tables,
        failed: (planned.failed ?? []).map((table) => ({
          table,
          failure: { kind: 'STATEMENT_FAILED', message: 'no' },
        })),
        not_visible: planned.not_visible ?? [],
        ...(planned.role === undefined ? {} : { role: planned.role }),
        ...(planned.failure === undefined
          ? {}
          : { failure: { kind: 'DATABASE_UNREACHABLE', message: planned.failure } }),
      },
    ],
  },
  ...(planned.findings === undefined ? {} : { findings: findingsOf(planned, planned.findings) }),
});

const findingsOf = (
  { rules = ['blank', 'orphan'], not_looked_at = [] }: Planned,
  findings: readonly Finding[],
): Findings => ({
  rules,
  findings,
  relationships: [],
  keys: [],
  facts: [],
  not_looked_at,
});

/** A finding of a rule in some place. */
export const finding = (
  rule: string,
  table: string,
  columns: readonly string[],
  rows: number,
  more: Partial<Finding> = {},
): Finding => {
  const place = { source: 'main', table, columns };
  return {
    key: findingKey(rule, place),
    rule,
    severity: 'medium',
    place,
    rows,
    basis: 'exact',
    examples: [],
    evidence: ['e0123456789ab'],
    title: `${rule} in ${table}`,
    detail: 'Counted.',
    advice: 'Mend it.',
    ...more,
  };
};

/** A measured table with columns that hold nothing worth telling. */
export const table = (
  name: string,
  columns: readonly string[] = ['id', 'email', 'note', 'customer_id'],
): TableProfile => ({
  table: name,
  schema: { name, kind: 'table', columns: [], constraints: [] },
  rows: { basis: 'exact', count: 100 },
  columns: columns.map((column) => ({
    name: column,
    type: 'BIGINT',
    kind: 'number',
    nulls: { basis: 'exact', count: 0, share: 0 },
  })),
  statements: [],
  profiled_at: '2025-07-01T00:00:00.000Z',
  milliseconds: 1,
});
