import { glob, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { loadSettings } from '../../bin/local/settings.ts';
import { ensurePythonEnvironment } from '../../src/adapters/local/python-environment.ts';
import { pythonLicence, spdxOf, termsOf } from './licence-terms.ts';

/**
 * `npm run licences`: what the dependencies ask, read from the metadata of what is installed: every npm package, and every
 * Python package of the sandbox. Fails where one states no licence, or one that licence-terms.ts does not know.
 */
const root = resolve(import.meta.dirname, '..', '..');
const requirementsFile = join(root, 'runner-task', 'kernel', 'requirements.txt');

type Dependency = {
  readonly name: string;
  readonly from: 'npm' | 'npm, for work on the code' | 'PyPI';
  readonly licence: string | undefined;
};

const npmDependencies = async (): Promise<readonly Dependency[]> => {
  const installed = JSON.parse(await readFile(join(root, 'node_modules', '.package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  return Promise.all(
    Object.entries(installed.packages).map(async ([path, { dev }]) => {
      const { name, license } = JSON.parse(await readFile(join(root, path, 'package.json'), 'utf8')) as {
        name: string;
        license?: unknown;
      };
      const licence = typeof license === 'string' ? spdxOf(license) : undefined;
      return { name, from: dev === true ? ('npm, for work on the code' as const) : ('npm' as const), licence };
    }),
  );
};

const normalized = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-');

const pythonDependencies = async (): Promise<readonly Dependency[]> => {
  const wanted = new Set(
    (await readFile(requirementsFile, 'utf8')).match(/^[a-z0-9][\w.-]*(?===)/gim)?.map(normalized),
  );
  const { cacheDir } = loadSettings();
  const python = await ensurePythonEnvironment({
    cacheDir,
    requirementsFile,
    onProgress: (said) => console.error(said),
  });
  const found: Dependency[] = [];
  for await (const folder of glob(join(python, '..', '..', 'lib', 'python3*', 'site-packages', '*.dist-info'))) {
    const name = normalized(basename(folder).split('-')[0] ?? '');
    if (wanted.has(name)) {
      found.push({ name, from: 'PyPI', licence: pythonLicence(await readFile(join(folder, 'METADATA'), 'utf8')) });
    }
  }
  return found;
};

const dependencies = [...(await npmDependencies()), ...(await pythonDependencies())];
const byLicence = Map.groupBy(dependencies, ({ licence }) => licence ?? 'none stated');
const unknown: string[] = [];
for (const [licence, group] of [...byLicence].sort((a, b) => b[1].length - a[1].length)) {
  const terms = termsOf(licence);
  if (terms === undefined) unknown.push(...group.map(({ name, from }) => `${name} (${from}): ${licence}`));
  console.log(`${licence}: ${terms?.join('; ') ?? 'NOT KNOWN'}`);
  for (const [from, members] of Map.groupBy(group, (dependency) => dependency.from)) {
    const names = members.map(({ name }) => name).sort();
    console.log(`  ${from}: ${names.length > 12 ? `${names.length} packages` : names.join(', ')}`);
  }
}
console.log(`${dependencies.length} packages. Surveyor itself has no licence yet: its owner has not chosen one.`);
if (unknown.length > 0) {
  console.error(`Read these and add what they ask to licence-terms.ts, or do without them:\n${unknown.join('\n')}`);
  process.exitCode = 1;
}
