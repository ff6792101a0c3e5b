import { RunParams } from '../path-params.ts';
import type { Route } from '../route.ts';
import { ResumeRequest, RunAccepted } from '../run.ts';

/** Go on with a run that did not succeed, keeping what it had finished. */
export const resumeRun = {
  method: 'POST',
  path: '/runs/{id}/resume',
  function: 'resume-run',
  roles: ['operator'],
  params: RunParams,
  body: ResumeRequest,
  status: 202,
  output: RunAccepted,
} as const satisfies Route;
