import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../../..');

/** A resource as the template has it. */
export type TemplateResource = {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
};

/** A folder or file that the template names by its place in the bucket of the bootstrap. */
export type Asset = { readonly path: string; readonly packaging: 'zip' | 'file'; readonly key: string };

/** What `cdk synth` makes of the app. */
export type Synthesis = {
  readonly templateFile: string;
  readonly resources: Readonly<Record<string, TemplateResource>>;
  readonly assets: readonly Asset[];
};

type Manifest = {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string; readonly packaging: Asset['packaging'] };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
};

/** The file that the stack's template is in, below the folder of a synthesis. */
const templateName = 'surveyor.template.json';

/**
 * Synthesizes the app into a folder, as the CDK's command line does: bin/app.ts, told by its environment where to write.
 * Beside it lie the clients of the AWS SDK, which the bundles leave to Lambda's runtime; no other package is in their reach.
 */
export const synthesize = async (folder: string, context: Readonly<Record<string, string>>): Promise<Synthesis> => {
  const out = join(folder, 'cdk.out');
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(join(root, 'node_modules/@aws-sdk'), join(folder, 'node_modules/@aws-sdk'));
  const settings = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { readonly context?: object };
  await promisify(execFile)(process.execPath, ['bin/app.ts'], {
    cwd: root,
    timeout: 150_000,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      CDK_OUTDIR: out,
      CDK_CONTEXT_JSON: JSON.stringify({ ...settings.context, 'aws:cdk:enable-path-metadata': true, ...context }),
    },
  });
  return readSynthesis(folder);
};

/** Reads what was synthesized into a folder. */
export const readSynthesis = (folder: string): Synthesis => {
  const out = join(folder, 'cdk.out');
  const read = (name: string): unknown => JSON.parse(readFileSync(join(out, name), 'utf8'));
  const { Resources } = read(templateName) as { readonly Resources: Synthesis['resources'] };
  const { files } = read('surveyor.assets.json') as Manifest;
  const assets = Object.values(files).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ objectKey }) => ({
      path: join(out, source.path),
      packaging: source.packaging,
      key: objectKey,
    })),
  );
  return { templateFile: join(out, templateName), resources: Resources, assets };
};

/** The folder that a function of ours is made from, by its name; those that the CDK adds have none, and stay the emulator's. */
export const functionFolders = ({ resources, assets }: Synthesis): ReadonlyMap<string, string> =>
  new Map(
    Object.values(resources)
      .filter(({ Type, Properties }) => Type === 'AWS::Lambda::Function' && 'FunctionName' in Properties)
      .map(({ Properties }) => {
        const { FunctionName, Code } = Properties as { FunctionName: string; Code: { S3Key: string } };
        const asset = assets.find(({ key }) => key === Code.S3Key);
        if (asset === undefined) throw new Error(`The manifest has no asset ${Code.S3Key} of ${FunctionName}.`);
        return [FunctionName, asset.path];
      }),
  );
