import type { Failure } from '../../src/contracts/failure.ts';
import type { RunView } from '../../src/contracts/run.ts';
import { programName } from '../program-name.ts';
import { gapsText, totalsText } from '../progress/totals-text.ts';
import { endWithOutcome, type FailOnOptions } from './fail-on.ts';
import { placesText, reportPlaces } from './report-places.ts';
import { runFailure } from './run-failure.ts';
import type { ServiceLink } from './service-link.ts';
import type { Terminal } from './terminal.ts';

/** How a run stands, and what it came to: findings, changes, and what it did not look at. */
export const runLines = ({ run_id, status, totals }: RunView): readonly string[] => {
  if (totals === undefined) return [`Run ${run_id} ${status}`];
  const gaps = gapsText(totals);
  return [
    `Run ${run_id} ${status}: ${totalsText(totals)}`,
    ...(gaps === undefined ? [] : [`  ${gaps}. They are listed by: ${programName} findings ${run_id}`]),
  ];
};

/**
 * Tells of a run that has ended and of its reports. Answers with the run's failure, for the command to end with; where it
 * succeeded, the exit code is that of its outcome.
 */
export const tellEnd = async (
  link: Pick<ServiceLink, 'reportFile' | 'browserUrl' | 'isOwn'>,
  terminal: Terminal,
  view: RunView,
  options: FailOnOptions,
): Promise<Failure | undefined> => {
  const failure = runFailure(view);
  const outcome = failure === undefined ? endWithOutcome(view.totals, options) : undefined;
  const reports = await reportPlaces(link, view, !link.isOwn);
  terminal.print({ run: view, outcome, reports }, () =>
    [...runLines(view), ...(reports.length === 0 ? [] : [placesText(reports, view.run_id)])].join('\n'),
  );
  return failure;
};
