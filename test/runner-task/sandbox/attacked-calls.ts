import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Holding, startMeasuredSupervisor } from './measured-supervisor.ts';

const limits = { rows: 1_000, bytes: 1_000_000, seconds: 10 };
const agent = 'cataloging';

/** How a call of the mix is made and what must come of it: a kind of failure, or the name of what ended the cell. */
type Attack =
  | { readonly sql: string; readonly comes: string }
  | { readonly code: string; readonly comes: string }
  | { readonly intrudes: true; readonly comes: string };

/** Attacks that take milliseconds; twenty, so that both measurements stand at the same place of the mix. */
const quick: readonly Attack[] = [
  { sql: 'DELETE FROM rows', comes: 'STATEMENT_REFUSED' },
  { sql: `FROM read_text('/etc/passwd')`, comes: 'STATEMENT_REFUSED' },
  { sql: 'SELECT 1 +', comes: 'STATEMENT_FAILED' },
  { sql: 'SELECT 1; DROP TABLE rows', comes: 'STATEMENT_REFUSED' },
  { sql: `SELECT '${'x'.repeat(200_000)}'`, comes: 'STATEMENT_REFUSED' },
  { sql: `SELECT repeat('x', 10_000) FROM range(1_000)`, comes: 'ran' },
  { sql: 'SELECT missing FROM rows', comes: 'STATEMENT_FAILED' },
  { code: 'raise ValueError("x" * 1_000_000)', comes: 'ValueError' },
  { code: 'def f(n): return f(n + 1)\nf(0)', comes: 'RecursionError' },
  { code: 'print("x" * 5_000_000)', comes: 'ran' },
  { code: '"y" * 1_000_000', comes: 'ran' },
  { code: 'db.query("DROP TABLE rows")', comes: 'STATEMENT_REFUSED' },
  { code: 'import sys; sys.exit(1)', comes: 'SystemExit' },
  { code: 'bytearray(64 << 30)', comes: 'MemoryError' },
  { code: 'import sys; kept = sys.stdout; sys.stdout = None; print(1); sys.stdout = kept', comes: 'ran' },
  { code: 'class E(BaseException): pass\nraise E', comes: 'E' },
  { code: 'import threading, time; threading.Thread(target=time.sleep, args=(0.1,)).start()', comes: 'ran' },
  { code: 'class R:\n    def __repr__(self): raise KeyboardInterrupt\nR()', comes: 'KeyboardInterrupt' },
  { code: 'for n in range(20): open(f"f{n}", "w").close()', comes: 'ran' },
  { intrudes: true, comes: 'UNAUTHENTICATED' },
];

/** Attacks that end the process, for which a fresh one has to be started: one in each fifty calls. */
const deadly: readonly Attack[] = [
  { code: 'import os, signal; os.kill(os.getpid(), signal.SIGKILL)', comes: 'SANDBOX_LOST' },
  { code: 'import os; os.closerange(0, 256)', comes: 'SANDBOX_LOST' },
  { code: 'import os, time; os.write(3, b"\\xff" * 64); time.sleep(20)', comes: 'SANDBOX_LOST' },
  { code: 'import ctypes; ctypes.string_at(0)', comes: 'SANDBOX_LOST' },
];
const deadlyEach = 50;
const warmUp = 100;

const attackAt = (index: number): Attack => {
  const every = index % deadlyEach === deadlyEach - 1 ? deadly : quick;
  return every[(every === deadly ? Math.floor(index / deadlyEach) : index) % every.length] as Attack;
};

/** What was held before and after, what came otherwise than it must, and how long the neighbour’s answers took. */
export type Endurance = {
  readonly before: Holding;
  readonly after: Holding;
  readonly surprises: readonly string[];
  /** Milliseconds of a statement and a cell of the second sandbox, while the first was attacked. */
  readonly neighbour: readonly number[];
};

/** Attacks one sandbox so many times, after a round that warms it up, and asks a second one meanwhile. */
export const endure = async (python: string, calls: number): Promise<Endurance> => {
  const [attacked, beside] = await Promise.all([startMeasuredSupervisor(python), startMeasuredSupervisor(python)]);
  const surprises: string[] = [];
  const neighbour: number[] = [];
  try {
    for (const supervisor of [attacked, beside]) {
      const path = join(supervisor.folder, 'rows.csv');
      writeFileSync(path, 'n\n1\n2\n');
      await supervisor.call('open', { source: 'files', target: { engine: 'files', path } });
      await supervisor.call('start_session', { agent, statement_limit: calls });
    }
    const outcome = async (attack: Attack): Promise<string> => {
      try {
        if ('intrudes' in attack) await attacked.intrude();
        else if ('sql' in attack)
          await attacked.call('execute_sql', { source: 'files', sql: attack.sql, limits, origin: 'tool', agent });
        else {
          const { cell } = await attacked.call('execute_python', { agent, code: attack.code, seconds: 10 });
          return cell.error?.name ?? 'ran';
        }
        return 'ran';
      } catch (error) {
        return (error as { kind?: string }).kind ?? String(error);
      }
    };
    const attack = async (index: number): Promise<void> => {
      const wanted = attackAt(index);
      const came = await outcome(wanted);
      if (came !== wanted.comes) surprises.push(`${JSON.stringify(wanted).slice(0, 120)}: ${came}`);
    };
    const ask = async (): Promise<void> => {
      const started = performance.now();
      const { table } = await beside.call('execute_sql', {
        source: 'files',
        sql: 'SELECT sum(n) AS n FROM rows',
        limits,
        origin: 'tool',
      });
      const { cell } = await beside.call('execute_python', { agent, code: '6 * 7', seconds: 10 });
      neighbour.push(performance.now() - started);
      if (String(table.values[0]?.[0]) !== '3' || cell.result !== '42') surprises.push('the neighbour was disturbed');
    };
    // Evidence is fetched as a run does it: what is not stays held, on purpose.
    let fetched = 0;
    const fetchEvidence = async (): Promise<void> => {
      for (const supervisor of [attacked, beside]) {
        const after = supervisor === attacked ? fetched : Number.MAX_SAFE_INTEGER;
        const { last } = await supervisor.call('evidence', { after });
        if (supervisor === attacked) fetched = last;
      }
      await attacked.call('evidence', { after: fetched });
    };
    const round = async (from: number, to: number): Promise<void> => {
      for (let index = from; index < to; index += 1) {
        await Promise.all([attack(index), ...(index % 10 === 0 ? [ask()] : [])]);
        if (index % 50 === 49) await fetchEvidence();
      }
      await fetchEvidence();
      await attacked.call('execute_python', { agent, code: '1', seconds: 10 });
      await fetchEvidence();
    };
    await round(0, warmUp);
    const before = await attacked.measure();
    await round(warmUp, warmUp + calls);
    const after = await attacked.measure();
    return { before, after, surprises, neighbour };
  } finally {
    await Promise.all([attacked.end(), beside.end()]);
  }
};
