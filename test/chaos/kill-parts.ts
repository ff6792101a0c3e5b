import { setTimeout as sleep } from 'node:timers/promises';
import { processesBelow } from '../support/processes-below.ts';
import { type ChaosService, faultsOf, makeChaosHome, untilEnded } from './chaos-home.ts';
import type { ChaosResult } from './kill-service.ts';

/** The processes of a sandbox, by what is in their command line. */
const parts = {
  supervisor: 'supervisor/main.ts',
  database: 'supervisor/database-process.ts',
  kernel: 'warden/main.py',
} as const;
export type Part = keyof typeof parts;

const outcomes = ['succeeded', 'failed'];

/**
 * Kills a supervisor, a database process or a kernel with `kill -9` at a random point of a run. The run must end, for a
 * reason that names what was lost, with everything given back, and succeed once it is resumed.
 */
export const killParts = async (
  rounds: number,
  random: () => number,
  say: (line: string) => void = () => undefined,
): Promise<ChaosResult> => {
  const home = makeChaosHome();
  const faults: string[] = [];
  const ended = new Map<string, number>();
  let resumptions = 0;
  let succeeded = 0;
  try {
    const service = await home.start();
    const create = () => service.api.createCatalog({ db_conn_string: service.connection, s3_prefix: 'chaos' });
    const begun = performance.now();
    await untilEnded(service, (await create()).run_id);
    // The shortest run so far: a machine that was busy at first would else have every kill come too late.
    let span = performance.now() - begun;

    for (let round = 0; round < rounds; round += 1) {
      const part = (Object.keys(parts) as Part[])[round % 3] ?? 'supervisor';
      const from = performance.now();
      const { run_id } = await create();
      await sleep(random() * span);
      const victims = await findVictims(service, run_id, home.folder, parts[part]);
      for (const pid of victims) kill(pid);
      let run = await untilEnded(service, run_id);
      if (run.status === 'succeeded') span = Math.min(span, performance.now() - from);
      const how = `${part}: ${run.status}${run.failure === undefined ? '' : ` ${run.failure.kind}`}`;
      ended.set(how, (ended.get(how) ?? 0) + 1);
      say(`round ${round + 1}: killed ${victims.length} of ${how}`);
      if (!outcomes.includes(run.status)) faults.push(`run ${run_id} ended as ${run.status}`);
      if (run.status === 'failed' && !run.failure?.message) faults.push(`run ${run_id} failed without a message`);
      if (run.failure?.kind === 'INTERNAL') faults.push(`run ${run_id} failed as INTERNAL: ${run.failure.message}`);
      faults.push(...(await faultsOf(home, true)).map((fault) => `round ${round + 1}: ${fault}`));
      if (run.status !== 'succeeded') {
        await service.api.resumeRun({ id: run_id, db_conn_string: service.connection });
        resumptions += 1;
        run = await untilEnded(service, run_id);
      }
      if (run.status === 'succeeded') succeeded += 1;
      else faults.push(`run ${run_id}, resumed: ${run.status}, ${run.failure?.message}`);
    }
    await service.stop();
    faults.push(...(await faultsOf(home, false)).map((fault) => `in the end: ${fault}`));
    return { rounds, runs: rounds, ended: Object.fromEntries(ended), resumptions, succeeded, faults };
  } finally {
    home.remove();
  }
};

/** The processes of one part, as soon as there are some; none where the run ends before. */
const findVictims = async (
  { api }: ChaosService,
  id: string,
  folder: string,
  part: string,
): Promise<readonly number[]> => {
  while ((await api.getRun({ id })).status === 'running') {
    const found = processesBelow(folder).filter(({ command }) => command.includes(part));
    if (found.length > 0) return found.map(({ pid }) => pid);
    await sleep(20);
  }
  return [];
};

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
};
