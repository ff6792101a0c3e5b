import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { App, Validations } from 'aws-cdk-lib';
import { Template as CdkTemplate } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { SurveyorStack } from '../../lib/surveyor-stack.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

/** A resource of a template, with its id and its path in the tree of constructs. */
export type Resource = {
  readonly id: string;
  readonly type: string;
  readonly path: string;
  readonly DeletionPolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
};

/** A template, to be asked for its resources. */
export type Template = { readonly resources: readonly Resource[]; ofType(type: string): readonly Resource[] };

/** A value of the context, for each key. */
export type Context = Readonly<Record<string, string>>;

/** How long a synthesis may take where others want the same cores: it is there to end what hangs. */
export const synthesisTimeout = 540_000;

/** What `npm run synth` makes, in a home without AWS credentials or configuration; cdk-nag's rules are part of it. */
export const synthesize = async (output: string): Promise<Template> => {
  const PATH = `${dirname(process.execPath)}:${process.env['PATH']}`;
  const env = { PATH, HOME: output, CDK_DISABLE_CLI_TELEMETRY: 'true' };
  const cdk = join(root, 'node_modules/.bin/cdk');
  await run(cdk, ['synth', '--quiet', '--output', join(output, 'cdk.out')], {
    cwd: root,
    env,
    // 10 s of one core; a machine whose cores are shared by twenty others has taken more than 150 s.
    timeout: synthesisTimeout,
  });
  return template(JSON.parse(readFileSync(join(output, 'cdk.out/surveyor.template.json'), 'utf8')));
};

/**
 * The stack under a context, with the sources of the functions in place of their bundles. Fails with what cdk-nag has against
 * it.
 */
export const stackTemplate = (context: Context): Template => template(stackJson(context));

/** The same as CloudFormation reads it; `change` is done to the stack before. */
export const stackJson = (
  context: Context,
  change: (stack: SurveyorStack) => void = () => undefined,
): Readonly<Record<string, unknown>> => {
  const bundles = { folderOf: (name: string) => join(root, 'functions', name), metafile: { inputs: {}, outputs: {} } };
  const app = new App({ context: { ...context, 'aws:cdk:enable-path-metadata': true } });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const stack = new SurveyorStack(app, 'surveyor', { bundles });
  change(stack);
  return CdkTemplate.fromStack(stack).toJSON();
};

const template = (json: Readonly<Record<string, unknown>>): Template => {
  type Raw = Resource & { readonly Type: string; readonly Metadata?: Readonly<Record<string, string>> };
  const resources = Object.entries(json['Resources'] as Readonly<Record<string, Raw>>).map(([id, raw]) => ({
    ...raw,
    id,
    type: raw.Type,
    path: (raw.Metadata?.['aws:cdk:path'] ?? '').replace(/^surveyor\//, '').replace(/\/Resource$/, ''),
  }));
  return { resources, ofType: (type) => resources.filter((resource) => resource.type === type) };
};

/** A golden copy of resources: by their paths, without what hangs on the code of the day. */
export const goldenOf = (resources: readonly Resource[]): string => {
  const byPath = resources
    .map(({ path, type, Properties }) => [path, { Type: type, Properties }] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(byPath), null, 2).replaceAll(/\b[0-9a-f]{64}\b/g, '<hash>')}\n`;
};

/** A value of a template as text, references as `<Id>` and `<Id.Arn>`. */
export const flat = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[intrinsic, content] = ['', '']] = Object.entries(value) as [string, unknown][];
  if (intrinsic === 'Ref') return `<${String(content)}>`;
  if (intrinsic === 'Fn::GetAtt' && Array.isArray(content)) return `<${content.join('.')}>`;
  if (intrinsic === 'Fn::Join' && Array.isArray(content)) return (content[1] as unknown[]).map(flat).join(content[0]);
  return JSON.stringify(value);
};
