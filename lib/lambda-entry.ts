import { type FunctionName, type Needs, needsOf } from '../src/contracts/function-needs.ts';

/** The ports that every function has: they need no permission, and cost next to nothing. */
const freePorts = ['clock', 'log', 'api', 'platform', 'modelOverride'] as const;

type Own = { readonly [P in keyof Needs]?: (accesses: NonNullable<Needs[P]>) => string };

/** Ports for which a function gets less of the code where it needs less: the module below src/adapters/aws/ports/. */
const ownModules: Own = {
  // Who calls sandboxes needs nothing of ECS, and is where ECS cannot be reached.
  sandbox: (accesses) => (accesses.every((access) => access === 'call') ? 'sandboxCalls' : 'sandbox'),
  model: (accesses) => (accesses.includes('call') ? 'model' : 'modelName'),
};

/** The constant that makes a port, and the module that has it, which bears its name. */
const constantOf = (port: string, accesses: readonly string[]): string => {
  const own = (ownModules as Readonly<Record<string, ((accesses: readonly string[]) => string) | undefined>>)[port];
  return own?.(accesses) ?? port;
};

const fileOf = (constant: string): string => constant.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/**
 * What Lambda loads of a function: its handler, made from the ports in the function's row of the needs and from no other.
 * What is not declared there is not in the bundle.
 */
export const lambdaEntry = (name: FunctionName): string => {
  const needed = Object.entries<readonly string[]>(needsOf(name));
  const ports = [...needed, ...freePorts.map((port): [string, readonly string[]] => [port, []])].map(
    ([port, accesses]) => ({ port, constant: constantOf(port, accesses) }),
  );
  return [
    `import { makePorts } from './src/adapters/aws/ports/make-ports.ts';`,
    ...ports.map(({ constant }) => `import { ${constant} } from './src/adapters/aws/ports/${fileOf(constant)}.ts';`),
    `import { handler as create } from './functions/${name}/handler.ts';`,
    `export const handler = create(makePorts({ ${ports.map(({ port, constant }) => `${port}: ${constant}`).join(', ')} }));`,
  ].join('\n');
};
