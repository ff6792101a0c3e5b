import type { Ports } from '../../src/ports/ports.ts';
import { reconcileRuns } from '../../src/use-cases/reconcile-runs.ts';
import { taskHandler } from '../task-edge.ts';

/** A start takes seconds, and an event minutes at the worst. */
const grace_seconds = 300;

/** Called by the clock; no state of a machine does. */
export const handler = (ports: Ports) =>
  taskHandler('reconcile-runs', ports, async (own) => reconcileRuns(own, { grace_seconds }));
