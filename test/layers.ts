/** A folder of the code, what it holds, and what its files may import beside each other. */
export type Layer = {
  readonly folder: string;
  readonly holds: string;
  /** Folders and files of this project. */
  readonly imports: readonly string[];
  /** npm packages by name. */
  readonly packages: readonly string[];
  /** Node's own modules: all, or these. */
  readonly node: 'all' | readonly string[];
};

const adapterImports = ['src/ports', 'src/domain', 'src/contracts'];

/**
 * The layers, from the lowest up. A file belongs to the deepest folder that holds it. `architecture.test.ts` holds the
 * code against this table, and docs/README.md prints it.
 */
export const layers: readonly Layer[] = [
  {
    folder: 'src/contracts',
    holds: 'zod schemas; the tables of routes, failures, tasks',
    imports: [],
    packages: ['zod'],
    node: [],
  },
  {
    folder: 'src/domain',
    holds: 'pure code: chain, engines, rules, profile, report, drift, budget, agent, datasets',
    imports: ['src/contracts'],
    packages: ['croner', 'fastest-levenshtein', 'sanitize-html', 'zod'],
    node: ['crypto'],
  },
  { folder: 'src/ports', holds: 'interfaces', imports: ['src/domain', 'src/contracts'], packages: [], node: [] },
  {
    folder: 'src/use-cases',
    holds: 'one verb a file',
    imports: ['src/ports', 'src/domain', 'src/contracts'],
    packages: ['zod'],
    node: ['crypto', 'timers/promises', 'util'],
  },
  {
    folder: 'src/adapters',
    holds: 'what serves both platforms: Claude, prompt files, buckets that are surveyed, logs, clock',
    imports: adapterImports,
    packages: ['@anthropic-ai/sdk', '@aws-lambda-powertools/logger', '@aws-sdk/client-s3', 'ipaddr.js', 'ulid', 'yaml'],
    node: 'all',
  },
  {
    folder: 'src/adapters/aws',
    holds: 'the ports on AWS',
    imports: [...adapterImports, 'src/adapters'],
    packages: [
      '@aws-sdk/client-cloudformation',
      '@aws-sdk/client-cloudwatch-logs',
      '@aws-sdk/client-dynamodb',
      '@aws-sdk/client-dynamodb-streams',
      '@aws-sdk/client-ecs',
      '@aws-sdk/client-eventbridge',
      '@aws-sdk/client-lambda',
      '@aws-sdk/client-s3',
      '@aws-sdk/client-scheduler',
      '@aws-sdk/client-secrets-manager',
      '@aws-sdk/client-sfn',
      '@aws-sdk/client-sqs',
      '@aws-sdk/lib-dynamodb',
      '@aws-sdk/util-dynamodb',
      '@peculiar/x509',
      'reflect-metadata',
      'ulid',
      'zod',
    ],
    node: 'all',
  },
  {
    folder: 'src/adapters/local',
    holds: 'the ports on one machine',
    imports: [...adapterImports, 'src/adapters'],
    packages: ['@aws-sdk/client-s3', 'jsonata', 'zod'],
    node: 'all',
  },
  {
    folder: 'runner-task',
    holds: 'the sandbox: `supervisor/` (TypeScript), `kernel/` and `warden/` (Python)',
    imports: ['src/domain', 'src/contracts'],
    packages: ['zod'],
    node: 'all',
  },
  {
    folder: 'runner-task/supervisor/engines/duckdb',
    holds: 'DuckDB, in a process of its own',
    imports: ['runner-task', 'src/domain', 'src/contracts'],
    packages: ['@duckdb/node-api', 'zod'],
    node: 'all',
  },
  {
    folder: 'runner-task/supervisor/engines/mysql',
    holds: 'MySQL and MariaDB',
    imports: ['runner-task', 'src/domain', 'src/contracts'],
    packages: ['mysql2', 'zod'],
    node: 'all',
  },
  {
    folder: 'runner-task/supervisor/engines/postgres',
    holds: 'PostgreSQL',
    imports: ['runner-task', 'src/domain', 'src/contracts'],
    packages: ['libpg-query', 'pg', 'zod'],
    node: 'all',
  },
  {
    folder: 'runner-task/supervisor/engines/sqlite',
    holds: 'SQLite, in a process of its own',
    imports: ['runner-task', 'src/domain', 'src/contracts'],
    packages: ['zod'],
    node: ['crypto', 'fs', 'path', 'sqlite', 'url'],
  },
  {
    folder: 'functions',
    holds: 'the thin edge of each Lambda function',
    imports: ['src/use-cases', 'src/ports', 'src/contracts', 'state-machines', 'package.json'],
    packages: ['@middy/core', 'aws-lambda', 'jose', 'zod'],
    node: [],
  },
  { folder: 'state-machines', holds: 'chains and machines, plain data', imports: [], packages: [], node: [] },
  { folder: 'prompts', holds: 'one prompt each, plain data', imports: [], packages: [], node: [] },
  {
    folder: 'lib',
    holds: 'CDK constructs',
    imports: ['state-machines', 'src/domain/chain', 'src/domain/nearest.ts', 'src/contracts'],
    packages: ['aws-cdk-lib', 'cdk-nag', 'constructs', 'esbuild', 'yaml', 'zod'],
    node: ['fs', 'path'],
  },
  {
    folder: 'bin',
    holds: 'the command line, the local service, the CDK app',
    imports: ['lib', 'functions', 'src', 'state-machines'],
    packages: [
      '@aws-sdk/client-ec2',
      '@aws-sdk/client-lambda',
      '@aws-sdk/client-service-quotas',
      '@aws-sdk/client-ssm',
      '@aws-sdk/client-sts',
      '@hono/node-server',
      'aws-cdk-lib',
      'aws-lambda',
      'cdk-nag',
      'commander',
      'hono',
      'log-update',
      'picocolors',
      'zod',
    ],
    node: 'all',
  },
];

/** The layer of a file of the project: the deepest folder that holds it. */
export const layerOf = (file: string): Layer | undefined =>
  layers
    .filter(({ folder }) => file.startsWith(`${folder}/`))
    .toSorted((a, b) => b.folder.length - a.folder.length)
    .at(0);

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

/** The layers as a table in Markdown. */
export const layerTable = (): string =>
  [
    '| folder | holds | may import | npm packages | of Node |',
    '|---|---|---|---|---|',
    ...layers.map(
      ({ folder, holds, imports, packages, node }) =>
        `| \`${folder}\` | ${holds} | ${code(imports)} | ${code(packages)} | ${node === 'all' ? 'all' : code(node)} |`,
    ),
  ].join('\n');
