import type { ListedFinding } from '../../src/contracts/finding-page.ts';
import type { NotLookedAt } from '../../src/contracts/finding.ts';
import type { LargeDatabase } from '../support/large-database.ts';
import type { LocalService } from '../support/local-service.ts';

/** What a survey of a large database came to, beside what was planted in it. */
export type LargeSurvey = {
  readonly found: readonly string[];
  readonly planted: readonly string[];
  readonly notLookedAt: readonly NotLookedAt[];
};

/** Surveys a large database; findings as lines, those whose rows are estimated with `about` where they are near. */
export const surveyLargeDatabase = async (
  local: LocalService,
  database: LargeDatabase,
  address: string,
): Promise<LargeSurvey> => {
  const { run_id } = await local.api.createCatalog({
    db_conn_string: address,
    s3_prefix: `large/${database.names.length}`,
  });
  const run = await local.ended(run_id, 570);
  if (run.status !== 'succeeded') throw new Error(`the run ended ${run.status}: ${run.failure?.message}`);
  const findings: ListedFinding[] = [];
  const notLookedAt: NotLookedAt[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await local.api.listFindings({ id: run_id, ...(cursor !== undefined && { cursor }) });
    findings.push(...page.findings);
    notLookedAt.push(...(page.not_looked_at ?? []));
    if (page.next_cursor === undefined) break;
    cursor = page.next_cursor;
  }
  const planted = database.planted.map(({ isEstimate = false, ...one }) => ({ ...one, isEstimate }));
  const line = (rule: string, table: string, columns: readonly string[], rows: string | number): string =>
    `${rule} ${table}(${columns.join()}) ${rows}`;
  return {
    found: findings
      .map(({ rule, place: { table, columns }, rows }) => {
        const near = planted.find(
          (one) =>
            one.isEstimate && one.rule === rule && one.table === table && Math.abs(one.rows - rows) <= 0.1 * one.rows,
        );
        return line(rule, table, columns, near === undefined ? rows : `about ${near.rows}`);
      })
      .toSorted(),
    planted: planted
      .map(({ rule, table, columns, rows, isEstimate }) =>
        line(rule, table, columns, isEstimate ? `about ${rows}` : rows),
      )
      .toSorted(),
    notLookedAt,
  };
};
