import type { ListedFinding } from '../../src/contracts/finding-page.ts';
import type { DatabaseProfile } from '../../src/contracts/profile.ts';
import { Report } from '../../src/contracts/report.ts';
import { listedFindings } from './listed-findings.ts';
import type { LocalService } from './local-service.ts';

/** What a survey of one database came to. */
export type SurveyedDatabase = {
  readonly profile: DatabaseProfile;
  readonly findings: readonly ListedFinding[];
  /** Why tables could not be measured, by their names. */
  readonly failed: Readonly<Record<string, string>>;
};

/** Surveys one database by the local service, and fails where the run does. */
export const surveyDatabase = async (local: LocalService, url: string, seconds?: number): Promise<SurveyedDatabase> => {
  const { run_id } = await local.api.createCatalog({ db_conn_string: url, s3_prefix: `reports/${Date.now()}` });
  const run = await local.ended(run_id, seconds);
  if (run.failure !== undefined)
    throw new Error(`the run ended ${run.status}: ${run.failure.kind} ${run.failure.message}`);
  const report = Report.parse(await local.api.readReport({ id: run_id, agent: 'cataloging' }));
  const [profile] = report.profile?.databases ?? [];
  if (profile === undefined) throw new Error('the report holds no profile');
  return {
    profile,
    findings: (await listedFindings(local, run_id)).findings,
    failed: Object.fromEntries(
      profile.failed.map(({ table, failure }) => [table, `${failure.kind}: ${failure.message}`]),
    ),
  };
};
