import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { projectRoot } from '../../bin/local/settings.ts';
import { readFigureLines } from './measurement.ts';
import { ratioInterval } from './ratio-interval.ts';

/** Pairs a figure: in turn before–now and now–before. */
const pairs = 6;

/** Figures of one run of the benches, by their names. */
type Figures = ReturnType<typeof readFigureLines>;

/** A checkout of another commit with its own packages. */
const checkOut = (ref: string): { readonly folder: string; readonly remove: () => void } => {
  const parent = mkdtempSync(join(tmpdir(), 'surveyor-against-'));
  const folder = join(parent, 'before');
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: projectRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  git('worktree', 'add', '--detach', folder, ref);
  const remove = (): void => {
    rmSync(parent, { recursive: true, force: true });
    git('worktree', 'prune');
  };
  process.once('exit', remove);
  const lock = (of: string): string => readFileSync(join(of, 'package-lock.json'), 'utf8');
  if (lock(folder) === lock(projectRoot)) {
    // Nothing writes into packages, so both sides can share the files, where they are on one disk.
    execFileSync('sh', [
      '-c',
      'cp -al "$1" "$2" 2>/dev/null || cp -a "$1" "$2"',
      'sh',
      join(projectRoot, 'node_modules'),
      folder,
    ]);
  } else {
    console.log('its packages differ: npm ci …');
    execFileSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      stdio: 'inherit',
    });
  }
  return { folder, remove };
};

const measure = async (folder: string, bench: string): Promise<Figures> => {
  const child = spawn(join(folder, 'node_modules', 'node', 'bin', 'node'), ['test/bench/main.ts', bench], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, code] = await Promise.all([text(child.stdout), new Promise((done) => child.on('close', done))]);
  if (code !== 0) throw new Error(`The bench ${bench} in ${folder} ended with ${String(code)}:\n${output}`);
  return readFigureLines(output);
};

const show = (value: number): string => value.toPrecision(3);

/** Runs benches here and in another commit by turns, and prints each figure's ratio: below 1, it has become less. */
export const benchAgainst = async (ref: string, benches: readonly string[]): Promise<void> => {
  const before = checkOut(ref);
  try {
    for (const bench of benches) {
      const measured: { readonly before: Figures; readonly now: Figures }[] = [];
      for (let pair = 0; pair < pairs; pair += 1) {
        if (pair % 2 === 0) {
          const first = await measure(before.folder, bench);
          measured.push({ before: first, now: await measure(projectRoot, bench) });
        } else {
          const first = await measure(projectRoot, bench);
          measured.push({ before: await measure(before.folder, bench), now: first });
        }
      }
      console.log(`\n${bench.padEnd(82)} before        now  now ÷ before (95%)`);
      for (const [name, { unit }] of measured[0]?.now ?? []) print(name, unit, measured);
    }
  } finally {
    before.remove();
  }
};

const print = (
  name: string,
  unit: string,
  measured: readonly { readonly before: Figures; readonly now: Figures }[],
): void => {
  const values = measured.flatMap(({ before, now }) => {
    const [first, second] = [before.get(name), now.get(name)];
    return first === undefined || second === undefined ? [] : [{ before: first.value, now: second.value }];
  });
  const median = (numbers: readonly number[]): number =>
    numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
  const sides = [median(values.map((pair) => pair.before)), median(values.map((pair) => pair.now))].map((value) =>
    show(value).padStart(9),
  );
  const found = ratioInterval(values);
  const ratio =
    found === undefined
      ? values.length === 0
        ? 'new'
        : ''
      : `${show(found.ratio)} (${show(found.low)} to ${show(found.high)})${found.low <= 1 && found.high >= 1 ? ', no difference seen' : ''}`;
  console.log(`  ${`${name}, ${unit}`.padEnd(76)} ${sides.join('  ')}  ${ratio}`);
};
