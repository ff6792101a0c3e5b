import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Engine } from '../src/contracts/engine.ts';
import { layerOf, layerTable, layers, type Layer } from './layers.ts';
import { readGolden } from './support/read-golden.ts';

const root = resolve(import.meta.dirname, '..');

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

/** What an import names: a file of the project by its path, a module of Node as `node:fs`, a package as `npm:zod`. */
const target = (file: string, specifier: string): string => {
  if (specifier.startsWith('.')) return relative(root, resolve(dirname(file), specifier));
  if (specifier.startsWith('node:')) return specifier;
  return `npm:${specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')}`;
};

/** The entry of a layer that allows an import, as `target` writes it; undefined where none does. */
const allowanceOf = (to: string, { folder, imports, packages, node }: Layer): string | undefined =>
  [
    folder,
    ...imports,
    ...packages.map((name) => `npm:${name}`),
    ...(node === 'all' ? ['node:*'] : node.map((name) => `node:${name}`)),
  ].find((entry) => (entry === 'node:*' ? to.startsWith('node:') : to === entry || to.startsWith(`${entry}/`)));

const codeFiles = (): string[] =>
  layers
    .filter(({ folder }) => !layers.some((outer) => folder.startsWith(`${outer.folder}/`)))
    .flatMap(({ folder }) => filesBelow(join(root, folder)));

/** Pure code has no clock, no randomness and no I/O of its own. */
const impure =
  /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\brandomUUID\(|\bprocess\.|\bfetch\(|\bsetTimeout\(|\bsetInterval\(/;

/** The arguments of the call whose bracket opens before this place, each as it is written. */
const argumentsAt = (code: string, start: number): readonly string[] => {
  const found = [''];
  let depth = 0;
  for (const [token] of code.slice(start).matchAll(/'[^'\n]*'|`[^`]*`|[^]/g)) {
    if (')]}'.includes(token) && depth === 0) break;
    depth += '([{'.includes(token) ? 1 : ')]}'.includes(token) ? -1 : 0;
    if (token === ',' && depth === 0) found.push('');
    else found.push(`${found.pop()}${token}`);
  }
  return found.map((argument) => argument.trim());
};

/** The durations of all timers that a text of code starts; a socket's timeout names its own first. */
const timersOf = (code: string): readonly string[] =>
  [...code.matchAll(/(AbortSignal\.timeout|\.setTimeout|\bsetTimeout)\(/g)].map((match) => {
    const given = argumentsAt(code, match.index + match[0].length);
    return given[match[1] === 'setTimeout' ? 1 : 0] ?? '';
  });

describe('the architecture', () => {
  const filesOf = new Map(layers.map((layer) => [layer, [] as string[]]));
  for (const file of codeFiles()) filesOf.get(layerOf(relative(root, file)) as Layer)?.push(file);

  it.each(layers.filter((layer) => filesOf.get(layer)?.length !== 0))(
    'lets $folder import only what test/layers.ts names, which names no package without need',
    (layer) => {
      const imports = (filesOf.get(layer) ?? []).flatMap((file) =>
        importsOf(file).map((specifier) => ({ file: relative(root, file), to: target(file, specifier) })),
      );
      const forbidden = imports.filter(({ to }) => allowanceOf(to, layer) === undefined);
      expect(forbidden).toEqual([]);
      const used = new Set(imports.map(({ to }) => allowanceOf(to, layer)));
      const unused = [
        ...layer.packages.map((name) => `npm:${name}`),
        ...(layer.node === 'all' ? [] : layer.node.map((name) => `node:${name}`)),
      ].filter((entry) => !used.has(entry));
      expect(unused).toEqual([]);
    },
  );

  it('keeps platforms apart, and engines', () => {
    const engines = Engine.options;
    const siblings = [
      ['aws', 'local'].map((platform) => `src/adapters/${platform}/`),
      engines.map((engine) => `src/domain/engines/${engine}/`),
      engines.map((engine) => `runner-task/supervisor/engines/${engine}/`),
    ];
    for (const folders of siblings) {
      const crossing = folders.flatMap((folder) =>
        filesBelow(join(root, folder)).flatMap((file) =>
          importsOf(file)
            .map((specifier) => target(file, specifier))
            .filter((to) => folders.some((other) => other !== folder && to.startsWith(other)))
            .map((to) => `${relative(root, file)} imports ${to}`),
        ),
      );
      expect(crossing).toEqual([]);
    }
  });

  it('is drawn in docs/README.md as test/layers.ts has it', () => {
    const file = join(root, 'docs', 'README.md');
    const page = readFileSync(file, 'utf8');
    const [head = '', , rest = ''] = page.split(/(\n\| folder \|[^]*?\n)(?=\n)/);
    expect(rest).not.toBe('');
    const drawn = `${head}\n${layerTable()}\n${rest}`;
    expect(readGolden(file, drawn)).toBe(drawn);
  });

  it('keeps the clock, randomness and I/O out of the domain and the contracts', () => {
    const files = ['src/domain', 'src/contracts'].flatMap((layer) => filesBelow(join(root, layer)));
    const wrong = files
      .filter((file) => impure.test(readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')))
      .map((file) => relative(root, file));
    expect(wrong.filter((file) => file !== 'src/contracts/client.ts')).toEqual([]);
  });

  /** What each file of the project imports of it. */
  const edges = new Map(
    codeFiles().map((file) => [
      relative(root, file),
      importsOf(file)
        .filter((to) => to.startsWith('.'))
        .map((to) => target(file, to)),
    ]),
  );

  const circlesIn = (edges: ReadonlyMap<string, readonly string[]>): readonly string[] => {
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
    return circles;
  };

  it('has no circles of files', () => {
    expect(circlesIn(edges)).toEqual([]);
  });

  it('has no circles of folders in the domain', () => {
    // src/domain/engines/mysql/names.ts → engines; a file beside the folders stands for itself.
    const folderOf = (file: string): string | undefined => /^src\/domain\/([^/]+)/.exec(file)?.[1];
    const folders = new Map<string, Set<string>>();
    for (const [file, imports] of edges) {
      const from = folderOf(file);
      if (from === undefined) continue;
      const known = folders.get(from) ?? new Set();
      for (const to of imports.flatMap((one) => folderOf(one) ?? [])) if (to !== from) known.add(to);
      folders.set(from, known);
    }
    expect(folders.size).toBeGreaterThan(10);
    expect(circlesIn(new Map([...folders].map(([from, to]) => [from, [...to]])))).toEqual([]);
  });

  it('imports zod as a namespace: `{ z }` holds all of it, its fifty languages too, and is in each bundle then', () => {
    const wrong = codeFiles().filter((file) => /import (type )?\{[^}]*\} from 'zod'/.test(readFileSync(file, 'utf8')));
    expect(wrong.map((file) => relative(root, file))).toEqual([]);
  });

  it('gives every timer whole milliseconds: a fraction ended runs, and one that is too long fires at once', () => {
    const timers = codeFiles().flatMap((file) =>
      timersOf(readFileSync(file, 'utf8')).map((duration) => ({ file: relative(root, file), duration })),
    );
    expect(timers.length).toBeGreaterThan(20);
    expect(timers.filter(({ duration }) => !/^(wholeMilliseconds\(|[\d_]+$)/.test(duration))).toEqual([]);
    expect(timersOf("f(() => setTimeout(() => g(a, 'b('), 1.5 * n), AbortSignal.timeout(x))")).toEqual([
      '1.5 * n',
      'x',
    ]);
  });

  it('looks names from outside up in its tables by lookUp: every object has a constructor already', () => {
    const found = codeFiles().flatMap((file) => {
      const code = readFileSync(file, 'utf8');
      const tables = [...code.matchAll(/^(?:export )?const (\w+): Readonly<Record<string, /gm)].map(([, name]) => name);
      return tables.flatMap((name) =>
        [...code.matchAll(new RegExp(`(?<![\\w.])${name}\\[[^'\\]]`, 'g'))].map(
          ({ index }) => `${relative(root, file)}: ${code.slice(index, index + 40)}`,
        ),
      );
    });
    // Asked with hasOwn beforehand.
    expect(found.filter((one) => !one.startsWith('src/domain/report/sanitize-body.ts: bodyAttributes['))).toEqual([]);
  });

  it('keeps the planted flaws of the sample datasets to the tests', () => {
    const files = codeFiles();
    const wrong = files.filter(
      (file) => !file.endsWith('planted-flaws.ts') && importsOf(file).some((to) => to.includes('planted-flaws')),
    );
    expect(wrong.map((file) => relative(root, file))).toEqual([]);
  });

  it('has a function for each route, each task and each need of a deployment, and one of these for each function', async () => {
    const { routes } = await import('../src/contracts/routes.ts');
    const { tasks } = await import('../src/contracts/tasks.ts');
    const { maintenanceFunctions } = await import('../src/contracts/function-needs.ts');
    const ofRoutes = Object.values(routes).map((route) => route.function);
    expect(Object.values(tasks).map((task) => task.function)).toEqual(Object.keys(tasks));
    const wanted = [...ofRoutes, ...Object.keys(tasks), ...maintenanceFunctions].sort();
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
