import { setTimeout as sleep } from 'node:timers/promises';
import { type ChaosService, faultsOf, makeChaosHome, untilEnded } from './chaos-home.ts';

/** What the rounds came to. `faults` must be empty. */
export type ChaosResult = {
  readonly rounds: number;
  readonly runs: number;
  /** How the runs had ended before they were resumed, and how often. */
  readonly ended: Readonly<Record<string, number>>;
  readonly resumptions: number;
  readonly succeeded: number;
  readonly faults: readonly string[];
};

/** What a run has done before the random time begins: else most kills would find it measuring tables. */
const milestones = ['started', 'agent', 'report'] as const;

const reached = async ({ api }: ChaosService, id: string, milestone: (typeof milestones)[number]): Promise<void> => {
  for (let waited = 0; milestone !== 'started' && waited < 120_000; waited += 20) {
    const { status, agents, reports } = await api.getRun({ id });
    if (status !== 'running' || (milestone === 'agent' ? agents : reports).length > 0) return;
    await sleep(20);
  }
};

/** Runs that are resumed beside the new one: a sandbox each, and the machine has two cores. */
const mostResumed = 1;

/**
 * Kills the service with `kill -9` at a random point of a run, in each of its parts, starts it again, looks for what is
 * left, resumes what was interrupted beside a new run, and kills it again. In the end every run is resumed, and must
 * succeed.
 */
export const killService = async (
  rounds: number,
  random: () => number,
  say: (line: string) => void = () => undefined,
): Promise<ChaosResult> => {
  const home = makeChaosHome();
  const faults: string[] = [];
  const ended = new Map<string, number>();
  const runs: string[] = [];
  let resumptions = 0;
  const check = async (when: string, serving: boolean): Promise<void> => {
    faults.push(...(await faultsOf(home, serving)).map((fault) => `${when}: ${fault}`));
  };
  const resume = async ({ api, connection }: ChaosService, id: string): Promise<void> => {
    await api.resumeRun({ id, db_conn_string: connection });
    resumptions += 1;
  };
  /** The runs that have not succeeded; each must say why. */
  const open = async ({ api }: ChaosService): Promise<readonly string[]> => {
    const views = await Promise.all(runs.map((id) => api.getRun({ id })));
    for (const { run_id, status, failure } of views)
      if (status === 'running' || (status !== 'succeeded' && !failure?.message))
        faults.push(`run ${run_id} is ${status} without a reason`);
    return views.filter(({ status }) => status !== 'succeeded').map(({ run_id }) => run_id);
  };

  try {
    // How long a run takes here: the kills are spread over that.
    const first = await home.start();
    const begun = performance.now();
    const { run_id: whole } = await first.api.createCatalog({ db_conn_string: first.connection, s3_prefix: 'chaos' });
    const undisturbed = await untilEnded(first, whole);
    if (undisturbed.status !== 'succeeded') faults.push(`the undisturbed run is ${undisturbed.status}`);
    const span = performance.now() - begun;
    await first.stop();
    await check('after a stop in order', false);

    for (let round = 1; round <= rounds; round += 1) {
      const service = await home.start();
      await check(`after kill ${round - 1}`, true);
      for (const id of (await open(service)).slice(-mostResumed)) await resume(service, id);
      const { run_id } = await service.api.createCatalog({ db_conn_string: service.connection, s3_prefix: 'chaos' });
      runs.push(run_id);
      await reached(service, run_id, milestones[round % milestones.length] ?? 'started');
      const delay = random() * span * 0.5;
      await sleep(delay);
      const { status, agents, reports } = await service.api.getRun({ id: run_id });
      await service.kill();
      const stage = status === 'running' ? `running, ${agents.length} agents, ${reports.length} reports` : status;
      ended.set(stage, (ended.get(stage) ?? 0) + 1);
      say(`kill ${round}: ${stage}`);
    }
    const last = await home.start();
    await check('after the last kill', true);
    let left = await open(last);
    for (const id of left) await resume(last, id);
    for (const id of left) {
      const run = await untilEnded(last, id, 600);
      if (run.status !== 'succeeded') faults.push(`run ${id}, resumed: ${run.status}, ${run.failure?.message}`);
    }
    left = await open(last);
    await last.stop();
    await check('in the end', false);
    return {
      rounds,
      runs: runs.length,
      ended: Object.fromEntries(ended),
      resumptions,
      succeeded: runs.length - left.length,
      faults,
    };
  } finally {
    home.remove();
  }
};
