import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FunctionBundles } from '../../../lib/bundle-functions.ts';
import { type FunctionName, functionNames } from '../../../src/contracts/function-needs.ts';
import { functionEnvironment } from '../../support/function-environment.ts';

/**
 * What it takes to import a function's bundle, and a handler that imports the same clients of AWS and nothing else, in
 * milliseconds of a processor: those that wait for one on a busy machine are not among them, and Lambda has a share of one to give.
 */
export type ImportTime = {
  readonly name: FunctionName;
  readonly milliseconds: number;
  readonly clientsAlone: number;
  readonly ratio: number;
};

/** Each round starts a process for every bundle and every set of clients: what else the machine does then strikes all alike. */
const rounds = 7;

/** Measures every function, each in processes of their own: the median of the rounds, and of the ratios in each of them. */
export const importTimes = async (bundles: FunctionBundles, folder: string): Promise<readonly ImportTime[]> => {
  const functions = functionNames.map((name) => {
    const clients = clientsOf(bundles, name);
    return { name, clients, bare: bareHandler(folder, clients), took: [] as number[] };
  });
  const bareTook = new Map<string, number[]>(functions.map(({ bare }) => [bare, []]));
  // What is read for the first time comes from the disk.
  for (const { name } of functions) await importOnce(join(bundles.folderOf(name), 'index.mjs'));
  for (let round = 0; round < rounds; round += 1) {
    for (const [bare, took] of bareTook) took.push(await importOnce(bare));
    for (const { name, took } of functions) took.push(await importOnce(join(bundles.folderOf(name), 'index.mjs')));
  }
  return functions.map(({ name, bare, took }) => {
    const [milliseconds, clientsAlone] = [median(took), median(bareTook.get(bare) ?? [])];
    return { name, milliseconds, clientsAlone, ratio: milliseconds / clientsAlone };
  });
};

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

/** The packages of the AWS SDK that a bundle imports. */
const clientsOf = ({ metafile }: FunctionBundles, name: FunctionName): readonly string[] => {
  const [, output] = Object.entries(metafile.outputs).find(([path]) => path.endsWith(`/${name}/index.mjs`)) ?? [];
  const paths = (output?.imports ?? []).map(({ path }) => path).filter((path) => path.startsWith('@aws-sdk/'));
  return [...new Set(paths)].toSorted();
};

/** Writes a handler that imports these packages, and does nothing. */
const bareHandler = (folder: string, clients: readonly string[]): string => {
  const bare = join(folder, 'bare', clients.map((client) => client.replace('@aws-sdk/', '')).join('+') || 'none');
  mkdirSync(bare, { recursive: true });
  const file = join(bare, 'index.mjs');
  const imports = clients.map((client, index) => `import * as client${index} from '${client}';`);
  const used = clients.map((_, index) => `client${index}`).join(', ');
  writeFileSync(file, [...imports, `export const handler = async () => [${used}].length;`, ''].join('\n'));
  return file;
};

const script = (file: string): string => `
  const began = process.cpuUsage();
  await import(${JSON.stringify(file)});
  const { user, system } = process.cpuUsage(began);
  process.stdout.write(String((user + system) / 1_000));
`;

const importOnce = async (file: string): Promise<number> => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script(file)], {
    env: functionEnvironment,
    timeout: 60_000,
  });
  return Number(stdout);
};
