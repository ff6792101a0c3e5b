import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { parse } from 'yaml';
import { functionTable } from './function-table.ts';
import { lambdaEntry } from './lambda-entry.ts';
import { type FunctionName, functionNames } from '../src/contracts/function-needs.ts';

/** The bundled functions: a folder per function, ready to be an asset, and what esbuild says went into each. */
export type FunctionBundles = { readonly folderOf: (name: FunctionName) => string; readonly metafile: Metafile };

const root = resolve(import.meta.dirname, '..');
const entry = 'lambda-entry';

/** Gives esbuild a module `lambda-entry:<function>` for each function, which stands in no file: all would be the same. */
const lambdaEntries: Plugin = {
  name: entry,
  setup: (esbuild) => {
    esbuild.onResolve({ filter: new RegExp(`^${entry}:`) }, ({ path }) => ({
      path: path.slice(entry.length + 1),
      namespace: entry,
    }));
    esbuild.onLoad({ filter: /^/, namespace: entry }, ({ path }) => ({
      contents: lambdaEntry(path as FunctionName),
      resolveDir: root,
    }));
  },
};

/**
 * Bundles all functions in one run of esbuild: a bundler per function would take seconds each. Each bundle is one ES
 * module, `<into>/<name>/index.mjs`, with `prompts/` beside it where the function reads them; the AWS SDK is left to Lambda's
 * runtime.
 */
export const bundleFunctions = async (into: string): Promise<FunctionBundles> => {
  const folderOf = (name: FunctionName): string => join(into, name);
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: functionNames.map((name) => ({ in: `${entry}:${name}`, out: join(name, 'index') })),
    plugins: [lambdaEntries],
    outdir: into,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    external: ['@aws-sdk/*'],
    minify: true,
    // Functions keep their names, so that stack traces can be read without a source map.
    keepNames: true,
    legalComments: 'none',
    // CommonJS packages inside an ES module still call require for what Node brings.
    banner: { js: "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);" },
    metafile: true,
    logLevel: 'warning',
  });
  for (const name of functionNames) {
    if (functionTable[name].grants.some((grant) => grant.startsWith('prompts:')))
      bundlePrompts(join(folderOf(name), 'prompts'));
  }
  return { folderOf, metafile };
};

/** Writes each prompt as `{agent}.json`: its text, by whose hash it is known, and what a function would parse of it. */
const bundlePrompts = (into: string): void => {
  mkdirSync(into, { recursive: true });
  for (const file of readdirSync(join(root, 'prompts'))) {
    const text = readFileSync(join(root, 'prompts', file), 'utf8');
    writeFileSync(join(into, `${basename(file, '.yaml')}.json`), JSON.stringify({ text, document: parse(text) }));
  }
};
