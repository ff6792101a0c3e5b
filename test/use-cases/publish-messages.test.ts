import { expect, it } from 'vitest';
import { Failure } from '../../src/contracts/failure.ts';
import { measuredLines } from '../../src/contracts/measured-lines.ts';
import type { Message } from '../../src/contracts/message.ts';
import { publishMessages } from '../../src/use-cases/publish-messages.ts';
import { freshTenant, sampleRun } from '../contracts/stores/samples.ts';

const published: Message[] = [];
const logged: unknown[] = [];
const say = (line: string, fields?: unknown) => void logged.push([line, fields]);
const log = { debug() {}, info() {}, warn: say, error: say, with: () => log };
const after = sampleRun(freshTenant());

const portsWith = (put: (messages: readonly Message[]) => Promise<void>) => ({
  log,
  clock: { now: () => new Date(), newRunId: () => after.run_id },
  webhooks: { list: async () => ({ items: [] }) },
  deliveries: { add: async () => true },
  functions: { send: async () => undefined },
  bus: { put },
  runChanges: {
    of: () => [
      {
        id: '1',
        read: () => {
          throw new Failure('STORAGE_FAILED', 'A document is not what Surveyor stores there.');
        },
      },
      { id: '2', read: () => ({ before: undefined, after }) },
    ],
  },
});

it('passes over a change that cannot be read, tells of it, and publishes those behind it', async () => {
  const answer = await publishMessages(
    portsWith(async (messages) => void published.push(...messages)),
    {},
  );
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(published).toMatchObject([{ type: 'run-started' }]);
  expect(logged).toEqual([[measuredLines.deliveryFailed, expect.objectContaining({ change: '1' })]]);
});

it('has a change again that could be read and not be published', async () => {
  const down = async (): Promise<never> => {
    throw new Failure('STORAGE_FAILED', 'The bus is away.');
  };
  expect(await publishMessages(portsWith(down), {})).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
});
