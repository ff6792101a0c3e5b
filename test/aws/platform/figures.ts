import type { Report } from '../../../src/contracts/report.ts';

/** Fields that tell when something was measured, not what. */
const ofTheRun = /_at$|^(run_id|milliseconds|age_seconds)$/;

/** The id of a result is the hash of what it says, in some the time. */
const evidenceId = /\be[0-9a-f]{12}\b/g;

/** What a report says of the data: everything in it but times, and ids that come of them. */
export const figuresOf = ({ profile, findings, body_html }: Report): unknown =>
  JSON.parse(
    JSON.stringify({ profile, findings, body_html }, (field, value: unknown) =>
      ofTheRun.test(field) ? undefined : value,
    ).replaceAll(evidenceId, 'e'),
  );
