import { afterEach, describe, expect, it } from 'vitest';
import { analystModel } from '../../src/adapters/analyst-model.ts';
import { publishReport } from '../../src/use-cases/publish-report.ts';
import { readReport } from '../../src/use-cases/read-report.ts';
import { startAgent } from '../../src/use-cases/start-agent.ts';
import { type LoopBench, type LoopPorts, makeLoop, plainPrompt, tenant } from '../support/agent-loop.ts';
import { inProcessSandbox } from '../support/in-process-sandbox.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const bench = async (): Promise<LoopBench> => {
  const sandbox = await inProcessSandbox(['create table orders as select i as id from range(10) t(i)']);
  const made = await makeLoop({ model: analystModel(), sandbox });
  closers.push(made.close);
  await startAgent(made.ports, {
    tenant,
    run_id: made.run.run_id,
    node: 'cataloging',
    agent: 'cataloging',
    attempt: 1,
  });
  return made;
};

/** Ports of a process that is killed before or after one of its writes: odd numbers before, even ones after. */
const killedAt = (ports: LoopPorts, moment: number): LoopPorts => {
  let writes = 0;
  const write = async <T>(work: () => Promise<T>): Promise<T> => {
    if ((writes += 1) >= moment) throw new Error('killed');
    const result = await work();
    if ((writes += 1) >= moment) throw new Error('killed');
    return result;
  };
  const { reports, runs } = ports;
  return {
    ...ports,
    reports: { ...reports, put: (...given) => write(() => reports.put(...given)) },
    runs: { ...runs, addReport: (...given) => write(() => runs.addReport(...given)) },
  };
};

describe('a report and its twin', () => {
  it.each([1, 2, 3, 4, 5, 6, 7])('are both to be had or neither, killed at moment %i', async (moment) => {
    const { ports, run, session } = await bench();
    const submission = { html: '<p>Ten orders.</p>', findings: [] };
    const publish = async (own: LoopPorts) => publishReport(own, await session('cataloging'), plainPrompt, submission);
    const read = async () =>
      Promise.all(
        (['html', 'json'] as const).map((format) =>
          readReport(ports, tenant, { runId: run.run_id, agent: 'cataloging', format }).then(
            () => 'there',
            () => 'not there',
          ),
        ),
      );

    const outcome = await publish(killedAt(ports, moment)).then(
      () => 'published',
      (thrown: unknown) => String(thrown),
    );
    expect(outcome).toBe(moment <= 6 ? 'Error: killed' : 'published');
    const isThere = moment >= 6;
    const listed = (await ports.runs.get(tenant, run.run_id))?.reports ?? [];
    expect(listed).toHaveLength(isThere ? 1 : 0);
    expect(await read()).toEqual(isThere ? ['there', 'there'] : ['not there', 'not there']);

    await publish(ports);
    expect(await read()).toEqual(['there', 'there']);
  });

  it('are not written where the twin could not be read again', async () => {
    const { ports, run, session } = await bench();
    const spoilt = { ...(await session('cataloging')), turns: -1 };
    await expect(publishReport(ports, spoilt, plainPrompt, { html: '<p>x</p>', findings: [] })).rejects.toMatchObject({
      kind: 'INTERNAL',
      message: expect.stringContaining('session.turns') as string,
    });
    expect((await ports.runs.get(tenant, run.run_id))?.reports).toEqual([]);
  });
});
