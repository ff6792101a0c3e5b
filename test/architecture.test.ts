import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * The arrows of the design, held against the code's own imports. A layer is a folder; what it may import of the others
 * stands beside it, with packages as `npm:`. A layer may always import itself.
 */
const root = resolve(import.meta.dirname, '..');

const layers = {
  'src/contracts': ['npm:zod'],
  'src/domain': ['src/contracts', 'npm:*', 'node:crypto'],
  'src/ports': ['src/contracts', 'src/domain'],
  'src/use-cases': ['src/ports', 'src/domain', 'src/contracts', 'npm:*', 'node:*'],
  'src/adapters': ['src/ports', 'src/domain', 'src/contracts', 'npm:*', 'node:*', 'runner-task'],
  'runner-task': ['src/contracts', 'src/domain', 'npm:*', 'node:*'],
  functions: [
    'src/use-cases',
    'src/adapters',
    'src/ports',
    'src/contracts',
    'state-machines',
    'package.json',
    'npm:*',
    'node:*',
  ],
  lib: ['state-machines', 'src/contracts', 'src/domain/chain', 'npm:*', 'node:*'],
  bin: ['lib', 'functions', 'runner-task', 'src', 'state-machines', 'package.json', 'npm:*', 'node:*'],
} as const satisfies Record<string, readonly string[]>;

const filesBelow = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === 'node_modules' ? [] : filesBelow(path);
    return /\.(ts|mjs)$/.test(name) && !name.endsWith('.test.ts') ? [path] : [];
  });

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s*['"]([^'"]+)['"]/g;

const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');

const target = (file: string, specifier: string): string => {
  if (specifier.startsWith('.')) return relative(root, resolve(dirname(file), specifier));
  return specifier.startsWith('node:') ? specifier : `npm:${specifier}`;
};

const allowed = (to: string, layer: string, rules: readonly string[]): boolean =>
  [layer, ...rules].some((rule) =>
    rule.endsWith('*') ? to.startsWith(rule.slice(0, -1)) : to === rule || to.startsWith(`${rule}/`),
  );

/** Pure code has no clock, no randomness and no I/O of its own. */
const impure =
  /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\brandomUUID\(|\bprocess\.|\bfetch\(|\bsetTimeout\(|\bsetInterval\(/;

describe('the architecture', () => {
  for (const [layer, rules] of Object.entries(layers)) {
    it(`lets ${layer} import only what stands below it`, () => {
      const files = filesBelow(join(root, layer));
      expect(files.length).toBeGreaterThan(0);
      const wrong = files.flatMap((file) =>
        importsOf(file)
          .map((specifier) => target(file, specifier))
          .filter((to) => !allowed(to, layer, rules))
          .map((to) => `${relative(root, file)} imports ${to}`),
      );
      expect(wrong).toEqual([]);
    });
  }

  it('keeps the clock, randomness and I/O out of the domain and the contracts', () => {
    const files = ['src/domain', 'src/contracts'].flatMap((layer) => filesBelow(join(root, layer)));
    const wrong = files
      .filter((file) => impure.test(readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')))
      .map((file) => relative(root, file));
    expect(wrong.filter((file) => file !== 'src/contracts/client.ts')).toEqual([]);
  });

  it('has no circles', () => {
    const files = Object.keys(layers).flatMap((layer) => filesBelow(join(root, layer)));
    const edges = new Map(
      files.map((file) => [
        relative(root, file),
        importsOf(file)
          .filter((to) => to.startsWith('.'))
          .map((to) => target(file, to)),
      ]),
    );
    const state = new Map<string, 'open' | 'done'>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
        return;
      }
      state.set(file, 'open');
      for (const to of edges.get(file) ?? []) visit(to, [...path, file]);
      state.set(file, 'done');
    };
    for (const file of edges.keys()) visit(file, []);
    expect(circles).toEqual([]);
  });

  it('keeps the planted flaws of the sample datasets to the tests', () => {
    const files = Object.keys(layers).flatMap((layer) => filesBelow(join(root, layer)));
    const wrong = files.filter(
      (file) => !file.endsWith('planted-flaws.ts') && importsOf(file).some((to) => to.includes('planted-flaws')),
    );
    expect(wrong.map((file) => relative(root, file))).toEqual([]);
  });

  it('has a function for each route and each task, and a route or task for each function', async () => {
    const { routes } = await import('../src/contracts/routes.ts');
    const { tasks } = await import('../src/contracts/task.ts');
    const wanted = [...Object.values(routes).map((route) => route.function), ...Object.keys(tasks)].sort();
    const there = readdirSync(join(root, 'functions'))
      .filter((name) => statSync(join(root, 'functions', name)).isDirectory())
      .sort();
    expect(there).toEqual(wanted);
  });

  it('keeps nothing in a function’s folder but its handler', () => {
    const folders = readdirSync(join(root, 'functions'), { withFileTypes: true }).filter((one) => one.isDirectory());
    const held = folders.map(({ name }) => [name, readdirSync(join(root, 'functions', name))]);
    expect(held).toEqual(folders.map(({ name }) => [name, ['handler.ts']]));
  });

  it('keeps every function’s handler within forty lines', () => {
    const long = filesBelow(join(root, 'functions'))
      .filter((file) => file.endsWith('handler.ts'))
      .filter((file) => readFileSync(file, 'utf8').split('\n').length > 41);
    expect(long.map((file) => relative(root, file))).toEqual([]);
  });
});
