import { cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync, type Metafile } from 'esbuild';
import { type FunctionName, functionNames, functionTable } from './function-table.ts';

/** The bundled functions: a folder per function, ready to be an asset, and what esbuild says went into each. */
export type FunctionBundles = { readonly folderOf: (name: FunctionName) => string; readonly metafile: Metafile };

const root = resolve(import.meta.dirname, '..');

/**
 * Bundles all functions in one run of esbuild: a bundler per function would take seconds each. Each bundle is one ES
 * module, `<into>/<name>/index.mjs`, with `prompts/` beside it where the function reads them; the AWS SDK is left to Lambda's
 * runtime.
 */
export const bundleFunctions = (into: string): FunctionBundles => {
  const folderOf = (name: FunctionName): string => join(into, name);
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: functionNames.map((name) => ({ in: join('functions', name, 'lambda.ts'), out: join(name, 'index') })),
    outdir: into,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    external: ['@aws-sdk/*'],
    // Names of functions stay, so that stack traces can be read without a source map.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    // CommonJS packages inside an ES module still call require for what Node brings.
    banner: { js: "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);" },
    metafile: true,
    logLevel: 'warning',
  });
  for (const name of functionNames) {
    if (!functionTable[name].grants.includes('prompts:read')) continue;
    cpSync(join(root, 'prompts'), join(folderOf(name), 'prompts'), { recursive: true });
  }
  return { folderOf, metafile };
};
