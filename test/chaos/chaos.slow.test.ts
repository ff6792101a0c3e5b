import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/domain/datasets/seeded-random.ts';
import { killParts } from './kill-parts.ts';
import { killService } from './kill-service.ts';
import { isMissing } from '../support/is-missing.ts';

const random = (): (() => number) => {
  const stream = seededRandom(1);
  return () => stream.next();
};

/** Enough to notice a breakage; `npm run chaos` does it 50 times. */
const rounds = { service: 7, parts: 3 } as const;
const minutes = 15 * 60_000;

describe.skipIf(isMissing('linux'))('`kill -9`', () => {
  it(
    'of the service leaves no run stuck and nothing half done, and what it interrupted can be resumed',
    { timeout: minutes },
    async () => {
      const { faults, runs, succeeded } = await killService(rounds.service, random());
      expect(faults).toEqual([]);
      expect({ runs, succeeded }).toEqual({ runs: rounds.service, succeeded: rounds.service });
    },
  );

  it(
    'of a supervisor, a database or a kernel ends the run for a reason that says so',
    { timeout: minutes },
    async () => {
      const { faults, runs, succeeded } = await killParts(rounds.parts, random());
      expect(faults).toEqual([]);
      expect({ runs, succeeded }).toEqual({ runs: rounds.parts, succeeded: rounds.parts });
    },
  );
});
