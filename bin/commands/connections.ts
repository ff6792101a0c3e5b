import type { Command } from 'commander';
import type { ConnectionView } from '../../src/contracts/connection.ts';
import { Failure } from '../../src/contracts/failure.ts';
import { loadSettings } from '../local/settings.ts';
import { connectionName } from './connection-name.ts';
import { connectionsTable, connectionText, rotationText } from './connection-text.ts';
import { followRun } from './follow-run.ts';
import { wholeNumber } from './numbers.ts';
import { readConnectionString } from './read-connection-string.ts';
import { runFailure } from './run-failure.ts';
import type { ServiceLink } from './service-link.ts';
import { terminalOf } from './terminal.ts';
import { withService } from './with-service.ts';
import { programName } from '../program-name.ts';

type Credential = { readonly env?: string };

const example = `
A connection string is read from standard input, or from an environment variable that is named; never from the command
line, which everybody on the machine can see.

Examples:
  ${programName} connections add shop < connection-string.txt
  ${programName} connections rotate shop --env SHOP_DATABASE
  ${programName} connections test shop
  ${programName} catalog connection:shop`;

/** The connection string, from where the command says. Fails with INVALID_REQUEST where there is none. */
const connectionStringOf = async ({ env }: Credential, verb: string, name: string): Promise<string> => {
  if (env === undefined) return readConnectionString(`connections ${verb} ${name}`);
  const given = process.env[env]?.trim() ?? '';
  if (given !== '') return given;
  throw new Failure(
    'INVALID_REQUEST',
    `The environment variable ${env} is empty or not set. Set it, or pipe the connection string in.`,
    {
      where: '--env',
    },
  );
};

/** Asks the service for a connection, and prints it. */
const showing = async (
  command: Command,
  said: (view: ConnectionView) => string,
  ask: (client: ServiceLink['client']) => Promise<ConnectionView>,
): Promise<void> => {
  const terminal = terminalOf(command);
  const view = await withService(loadSettings(), terminal.display().note, ({ client }) => ask(client));
  terminal.print(view, () => said(view));
};

const test = async (name: string, command: Command): Promise<void> => {
  const terminal = terminalOf(command);
  const display = terminal.display();
  const failure = await withService(loadSettings(), display.note, async (link, signal) => {
    const { run_id } = await link.client.testConnection({ name });
    const run = await followRun(link, run_id, display, signal);
    if (run === undefined) return undefined;
    const view = await link.client.getConnection({ name });
    terminal.print(view, () => connectionText(view));
    return runFailure(run);
  });
  if (failure !== undefined) throw failure;
};

/** `surveyor connections …`: database credentials under names. */
export const registerConnections = (program: Command): void => {
  const group = program
    .command('connections')
    .description('Keep database credentials under names: add, list, show, test, rotate, remove')
    .addHelpText('after', example);
  const onOne = (verb: string, description: string): Command =>
    group.command(verb).description(description).argument('<name>', 'the connection').addHelpText('after', example);
  const env = ['--env <variable>', 'the environment variable that holds the connection string'] as const;

  onOne('add', 'Keep a credential under a name')
    .option(...env)
    .action(async (given: string, options: Credential, command: Command) => {
      const name = connectionName(given);
      const db_conn_string = await connectionStringOf(options, 'add', name);
      await showing(
        command,
        (view) => `Added.\n${connectionText(view)}`,
        (client) => client.createConnection({ name, db_conn_string }),
      );
    });

  group
    .command('list')
    .description('List the connections by name')
    .option('--limit <number>', 'how many, at most 100', wholeNumber, 20)
    .option('--cursor <cursor>', 'go on where an earlier list ended')
    .addHelpText('after', example)
    .action(async (options: { limit: number; cursor?: string }, command: Command) => {
      const terminal = terminalOf(command);
      const page = await withService(loadSettings(), terminal.display().note, ({ client }) =>
        client.listConnections(options),
      );
      terminal.print(page, () => connectionsTable(page));
    });

  onOne('show', 'Show one connection and its last test').action(async (name: string, _: unknown, command: Command) =>
    showing(command, connectionText, (client) => client.getConnection({ name: connectionName(name) })),
  );

  onOne('test', 'Open a connection once; the exit code is that of its failure').action(
    async (name: string, _: unknown, command: Command) => test(connectionName(name), command),
  );

  onOne('rotate', 'Replace the credential of a connection')
    .option(...env)
    .action(async (given: string, options: Credential, command: Command) => {
      const name = connectionName(given);
      const db_conn_string = await connectionStringOf(options, 'rotate', name);
      await showing(command, rotationText, (client) => client.rotateConnection({ name, db_conn_string }));
    });

  onOne('remove', 'Forget a connection and its credential').action(async (name: string, _: unknown, command: Command) =>
    showing(
      command,
      (view) => `Removed.\n${connectionText(view)}`,
      (client) => client.deleteConnection({ name: connectionName(name) }),
    ),
  );
};
