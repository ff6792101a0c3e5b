import type { Command } from 'commander';
import { Name } from '../../src/contracts/common.ts';
import { Failure } from '../../src/contracts/failure.ts';
import { MessageType } from '../../src/contracts/message.ts';
import { loadSettings } from '../local/settings.ts';
import { programName } from '../program-name.ts';
import { wholeNumber } from './numbers.ts';
import type { ServiceLink } from './service-link.ts';
import { terminalOf } from './terminal.ts';
import { deliveriesTable, noSenderNote, webhooksTable, webhookText } from './webhook-text.ts';
import { withService } from './with-service.ts';

type Page = { readonly limit: number; readonly cursor?: string };

const example = `
Messages are signed: the receiver checks them with the key that is shown once. docs/webhooks.md says how.

Examples:
  ${programName} webhooks add chat https://hooks.example/surveyor --on run-settled
  ${programName} webhooks change chat --rotate-key
  ${programName} webhooks deliveries chat
  ${programName} webhooks retry chat 20260131T120140000Z-01JD3Y6M9Q4T8V2X5Z7B1C3D4E-1-run-settled`;

const nameOf = (given: string): string => {
  if (Name.safeParse(given).success) return given;
  throw new Failure(
    'INVALID_REQUEST',
    `"${given}" cannot be the name of a webhook, which is at most 63 lower-case letters, digits and hyphens, starting with a letter. See which there are: ${programName} webhooks list`,
    { where: 'name' },
  );
};

/** The types of messages as they were given; undefined where they were not. */
const typesOf = (given: string | undefined): MessageType[] | undefined =>
  given?.split(',').map((word) => {
    const type = MessageType.safeParse(word.trim());
    if (type.success) return type.data;
    throw new Failure('INVALID_REQUEST', `"${word}" is no message. There are: ${MessageType.options.join(', ')}.`, {
      where: '--on',
    });
  });

/** Asks the service for something, and prints it. */
const showing = async <T>(
  command: Command,
  ask: (client: ServiceLink['client']) => Promise<T>,
  said: (answer: T) => string,
): Promise<void> => {
  const terminal = terminalOf(command);
  const { note } = terminal.display();
  const { answer, isOwn } = await withService(loadSettings(), note, async (link) => ({
    answer: await ask(link.client),
    isOwn: link.isOwn,
  }));
  terminal.print(answer, () => said(answer));
  if (isOwn) note(noSenderNote);
};

/** `surveyor webhooks …`: who is told of started and ended surveys. */
export const registerWebhooks = (program: Command): void => {
  const group = program
    .command('webhooks')
    .description('Tell others of started and ended surveys: add, list, show, change, remove, deliveries, retry')
    .addHelpText('after', example);
  const onOne = (verb: string, description: string): Command =>
    group.command(verb).description(description).argument('<name>', 'the webhook').addHelpText('after', example);
  const paged = (command: Command): Command =>
    command
      .option('--limit <number>', 'how many, at most 100', wholeNumber, 20)
      .option('--cursor <cursor>', 'go on where an earlier list ended');
  const on = ['--on <messages>', `which messages, separated by commas: ${MessageType.options.join(', ')}`] as const;

  onOne('add', 'Have messages sent to a URL')
    .argument('<url>', 'where to: https://…')
    .option(...on)
    .action(async (name: string, url: string, options: { readonly on?: string }, command: Command) => {
      const types = typesOf(options.on);
      await showing(
        command,
        (client) => client.createWebhook({ name: nameOf(name), url, ...(types === undefined ? {} : { types }) }),
        (view) => `Added.\n${webhookText(view)}`,
      );
    });

  paged(group.command('list').description('List the webhooks by name').addHelpText('after', example)).action(
    async (options: Page, command: Command) =>
      showing(command, (client) => client.listWebhooks(options), webhooksTable),
  );

  onOne('show', 'Show one webhook').action(async (name: string, _: unknown, command: Command) =>
    showing(command, (client) => client.getWebhook({ name: nameOf(name) }), webhookText),
  );

  onOne('change', 'Change where messages are sent, which, or with what key')
    .option('--url <url>', 'where to')
    .option(...on)
    .option('--rotate-key', 'make a new key; the one before signs too for a day')
    .option('--pause', 'send nothing until it is resumed')
    .option('--resume', 'send again')
    .action(
      async (
        name: string,
        options: {
          readonly url?: string;
          readonly on?: string;
          readonly rotateKey?: boolean;
          readonly pause?: boolean;
          readonly resume?: boolean;
        },
        command: Command,
      ) => {
        const types = typesOf(options.on);
        const change = {
          ...(options.url === undefined ? {} : { url: options.url }),
          ...(types === undefined ? {} : { types }),
          ...(options.rotateKey === true ? { rotate_key: true as const } : {}),
          ...(options.pause === true || options.resume === true ? { paused: options.pause === true } : {}),
        };
        if (Object.keys(change).length === 0 || (options.pause === true && options.resume === true))
          throw new Failure(
            'INVALID_REQUEST',
            'Say what changes: --url, --on, --rotate-key, and --pause or --resume.',
            { where: 'name' },
          );
        await showing(
          command,
          (client) => client.changeWebhook({ name: nameOf(name), ...change }),
          (view) => `Changed.\n${webhookText(view)}`,
        );
      },
    );

  onOne('remove', 'Forget a webhook and its key').action(async (name: string, _: unknown, command: Command) =>
    showing(
      command,
      (client) => client.deleteWebhook({ name: nameOf(name) }),
      (view) => `Removed.\n${webhookText(view)}`,
    ),
  );

  paged(onOne('deliveries', 'List the messages for a webhook, and what came of them')).action(
    async (name: string, options: Page, command: Command) =>
      showing(
        command,
        (client) => client.listDeliveries({ name: nameOf(name), ...options }),
        (deliveries) => deliveriesTable(name, deliveries),
      ),
  );

  onOne('retry', 'Send a message once more, within a minute')
    .argument('<message>', 'its id, as the list of deliveries has it')
    .action(async (name: string, message_id: string, _: unknown, command: Command) =>
      showing(
        command,
        (client) => client.retryDelivery({ name: nameOf(name), message_id }),
        (delivery) => `Asked for.\n${deliveriesTable(name, { deliveries: [delivery] })}`,
      ),
    );
};
