import { Evidence } from '../contracts/evidence.ts';
import { storableText } from '../contracts/stored-document.ts';
import type { Lease } from '../contracts/sandbox.ts';
import { evidenceKey, evidenceResultKey } from '../domain/run-keys.ts';
import type { Using } from '../ports/port-access.ts';

/** More than any sandbox records: 10,000 statements are the most of an agent's budget. */
const mostInSandbox = 1_000_000;

/**
 * Fetches the evidence that a sandbox has recorded for a run since the last time, keeps it with its results, and acknowledges it. The sandbox has no
 * way to keep it itself. Kept before it is acknowledged, and under the sandbox's own numbers, so nothing is lost or doubled
 * when this is cut off. Fails as the sandbox or the store does.
 */
export const collectEvidence = async (
  ports: Using<{ evidence: 'write'; evidenceObjects: 'write'; sandbox: 'call' }>,
  lease: Lease,
  runId: string,
): Promise<void> => {
  const { tenant } = lease;
  // Each attempt of a run has a sandbox of its own, and each sandbox counts from 1.
  const before = lease.attempt - 1;
  // What was acknowledged is not sent again, so 0 asks for all that is left.
  let after = 0;
  for (;;) {
    const { evidence } = await ports.sandbox.call(lease, 'evidence', { after });
    const last = evidence.at(-1);
    if (last === undefined) return;
    const json = 'application/json';
    await Promise.all(
      evidence.flatMap(({ evidence: one, result }) => [
        ports.evidenceObjects.put(tenant, evidenceKey(one), storableText(Evidence, one, evidenceKey(one)), json),
        ...(result === undefined || one.result_hash === undefined
          ? []
          : [ports.evidenceObjects.put(tenant, evidenceResultKey(one.result_hash), result, json)]),
      ]),
    );
    await ports.evidence.add(
      tenant,
      runId,
      evidence.map(({ number, evidence: one }) => ({ number: before * mostInSandbox + number, evidence: one })),
    );
    after = last.number;
  }
};
