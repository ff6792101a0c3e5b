import type { Command } from 'commander';
import { Failure } from '../../src/contracts/failure.ts';
import { loadSettings } from '../local/settings.ts';
import { programName } from '../program-name.ts';

/** What starts, stops or feeds the service of this machine, and says nothing to any other. */
const ofThisMachine: ReadonlySet<string> = new Set(['start', 'up', 'down', 'seed']);

/** The words of a command: `keys add`. */
const nameOf = (command: Command): string =>
  command.parent?.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();

/** What is done to a stack with credentials of AWS, not through its API. */
const mayBeOfStack = (name: string): boolean => /^(keys|prompts) /.test(name);

/** Whether a command is about this machine, whatever service the others speak to. */
const isAboutThisMachine = (command: Command): boolean => {
  const name = nameOf(command);
  return ofThisMachine.has(name) || (mayBeOfStack(name) && command.opts<{ stack?: string }>().stack === undefined);
};

/**
 * Before a command: `--api` counts as SURVEYOR_API_URL. Fails with INVALID_REQUEST where that is set and the command is about
 * this machine: who has set it and forgotten would look at the wrong service.
 */
export const choosePlace = (command: Command): void => {
  const { api } = command.optsWithGlobals<{ api?: string }>();
  if (api !== undefined) process.env['SURVEYOR_API_URL'] = api;
  if (!isAboutThisMachine(command)) return;
  const { remote } = loadSettings();
  if (remote === undefined) return;
  const name = nameOf(command);
  const stack = mayBeOfStack(name) ? ' For those of a deployment add --stack <its stack>.' : '';
  throw new Failure(
    'INVALID_REQUEST',
    `\`${name}\` is about the service of this machine, and ${api === undefined ? 'SURVEYOR_API_URL' : '--api'} names the one at ${remote.url}.${stack} For this machine: ${
      api === undefined ? `SURVEYOR_API_URL= ${programName} ${name} …` : `${programName} ${name} …, without --api`
    }`,
    { where: api === undefined ? 'SURVEYOR_API_URL' : '--api' },
  );
};
