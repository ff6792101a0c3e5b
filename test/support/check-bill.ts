import fc from 'fast-check';
import { expect } from 'vitest';
import { claudeModel } from '../../src/adapters/claude-model.ts';
import { heldByRun } from '../../src/contracts/sandbox.ts';
import { heldIn } from '../../src/domain/budget/held-calls.ts';
import { reopenSession } from '../../src/domain/run/reopen-session.ts';
import { sampleAct } from '../contracts/stores/samples.ts';
import { type LoopBench, driveAgent, makeLoop, plainPrompt, tenant } from './agent-loop.ts';
import { type Plan, exactWays, startBilledMessagesApi, ways } from './billed-messages-api.ts';
import { inProcessSandbox } from './in-process-sandbox.ts';
import { type Death, mortalPorts } from './mortal-ports.ts';
import { takeLease } from './take-lease.ts';

const agent = 'cataloging';
/** Dollars that no call here can cost more than: 4,000 tokens of answer, and 8,000 of prompt. */
const mostOfCall = 0.06;

/** A run: how its requests are taken, and how each of its attempts is stopped, if it is, after how many writes. */
type Bill = {
  readonly plans: readonly Plan[];
  readonly dollars: number;
  readonly stops: readonly { readonly death: Death; readonly endsAt: number | undefined }[];
};

/** Runs of up to four attempts, of all ways in which calls break off and runs are stopped. */
export const someBills: fc.Arbitrary<Bill> = fc.record({
  plans: fc.array(
    fc.record({
      way: fc.oneof(
        { weight: 10, arbitrary: fc.constantFrom(...ways) },
        { weight: 8, arbitrary: fc.constant('answer') },
      ),
      words: fc.oneof(fc.nat(40), fc.nat(3_000)),
      submits: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
    }),
    { minLength: 1, maxLength: 16 },
  ),
  dollars: fc.constantFrom(0.05, 0.15, 0.3, 1),
  stops: fc.array(
    fc.record({
      death: fc.constantFrom('killed', 'cancelled'),
      endsAt: fc.option(fc.integer({ min: 1, max: 120 }), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

/** Holds what an agent has counted against the bill of its service, at the end of each attempt and while nothing works. */
export const checkBill = async ({ plans, dollars, stops }: Bill): Promise<void> => {
  let stop: () => void = () => undefined;
  const api = await startBilledMessagesApi(
    (index) => plans[index % plans.length]!,
    () => stop(),
  );
  const sandbox = await inProcessSandbox();
  const prompt = { ...plainPrompt, max_output_tokens: 4_000 };
  const model = claudeModel({ apiKey: 'sk-test', baseUrl: api.url });
  const bench = await makeLoop({ model, sandbox, prompt, budget: { dollars, turns: 12 } });
  try {
    for (const [index, { death, endsAt }] of stops.entries()) {
      const mortal = mortalPorts(bench.ports, death, endsAt);
      stop = mortal.end;
      const driven = driveAgent(mortal.ports, agent, async () => undefined).catch(() => undefined);
      await Promise.race([driven, mortal.ended]);
      // What was under way at the service is made, and billed, by then.
      await new Promise((resolve) => setTimeout(resolve, 15));
      await settle(bench, index + 1);
      const session = await bench.ports.sessions.get(tenant, bench.run.run_id, agent);
      const counted = session?.usage.dollars ?? 0;
      const billed = api.billed();
      expect(counted).toBeGreaterThanOrEqual(billed - 1e-9);
      expect(billed).toBeLessThanOrEqual(dollars + 1e-9);
      // Of calls whose cost nobody was told, and of those that were stopped, it is the most that they could be.
      const guessed = api.taken.filter(({ way }) => !exactWays.has(way)).length + index + 1;
      expect(counted).toBeLessThanOrEqual(billed + guessed * mostOfCall);
      expect(session?.reserved_dollars ?? 0).toBe(0);
      const isExact = session !== undefined && heldIn(session).length === 0 && !wasStopped(stops.slice(0, index + 1));
      if (isExact && api.taken.every(({ way }) => exactWays.has(way))) expect(counted).toBeCloseTo(billed, 9);
      if (session?.status === 'succeeded') return;
      await resume(bench, index + 2);
    }
  } finally {
    bench.close();
    await api.close();
  }
};

const wasStopped = (stops: Bill['stops']): boolean => stops.some(({ endsAt }) => endsAt !== undefined);

/** What the end of a run does to its agent, see settle-run. */
const settle = async ({ ports, run }: LoopBench, attempt: number): Promise<void> => {
  const ended_at = ports.clock.now().toISOString();
  const session = await ports.sessions.get(tenant, run.run_id, agent);
  if (session?.status === 'running')
    await ports.sessions.put({ ...session, status: 'failed', reserved_dollars: 0, ended_at });
  await ports.runs.settle(tenant, run.run_id, { attempt, status: 'failed', ended_at });
};

/** What resuming a run does to its agent, see resume-run. */
const resume = async ({ ports, run }: LoopBench, attempt: number): Promise<void> => {
  expect(await ports.runs.reopen(tenant, run.run_id, { attempt, act: sampleAct() })).toBe(true);
  const session = await ports.sessions.get(tenant, run.run_id, agent);
  if (session !== undefined) await ports.sessions.reopen(reopenSession(session, attempt, {}, ports.clock.now()));
  await ports.leases.put({ ...(await takeLease(ports.sandbox, tenant, heldByRun(run.run_id))) });
};
