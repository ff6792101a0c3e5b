import { cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { functionTable } from './function-table.ts';
import { type FunctionName, functionNames } from '../src/contracts/function-needs.ts';

/** The bundled functions: a folder per function, ready to be an asset, and what esbuild says went into each. */
export type FunctionBundles = { readonly folderOf: (name: FunctionName) => string; readonly metafile: Metafile };

const root = resolve(import.meta.dirname, '..');
const entry = 'lambda-entry';

/** What Lambda loads of a function: its handler, made from the ports of AWS. */
const entrySource = (name: string): string => `
  import { awsPorts } from './src/adapters/aws/aws-ports.ts';
  import { handler as create } from './functions/${name}/handler.ts';
  export const handler = create(awsPorts());
`;

/** Gives esbuild a module `lambda-entry:<function>` for each function, which stands in no file: all would be the same. */
const lambdaEntries: Plugin = {
  name: entry,
  setup: (esbuild) => {
    esbuild.onResolve({ filter: new RegExp(`^${entry}:`) }, ({ path }) => ({
      path: path.slice(entry.length + 1),
      namespace: entry,
    }));
    esbuild.onLoad({ filter: /^/, namespace: entry }, ({ path }) => ({
      contents: entrySource(path),
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
