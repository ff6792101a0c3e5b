import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { Failure } from '../../contracts/failure.ts';
import type { Message } from '../../contracts/message.ts';
import type { Bus } from '../../ports/bus.ts';
import { awsFailure } from './aws-failure.ts';

/** As rules name it: `{"source": ["surveyor"], "detail-type": ["run-settled"]}`. */
const source = 'surveyor';

/** A call takes 10 events and 256 KB in all; a message has at most 32 KB. */
const perCall = 7;

/** The bus of the deployment: a message is the detail of an event, under its type. */
export const eventBridgeBus = (options: {
  readonly client: Pick<EventBridgeClient, 'send'>;
  readonly bus: string;
}): Bus => ({
  async put(messages) {
    for (let at = 0; at < messages.length; at += perCall) {
      const Entries = messages.slice(at, at + perCall).map((message: Message) => ({
        EventBusName: options.bus,
        Source: source,
        DetailType: message.type,
        Time: new Date(message.time),
        Detail: JSON.stringify(message),
      }));
      const { FailedEntryCount, Entries: answers } = await options.client
        .send(new PutEventsCommand({ Entries }))
        .catch((thrown: unknown) => {
          throw awsFailure(`The bus ${options.bus}`, thrown);
        });
      if (FailedEntryCount === 0) continue;
      const { ErrorCode, ErrorMessage } = answers?.find((answer) => answer.ErrorCode !== undefined) ?? {};
      throw new Failure(
        'STORAGE_FAILED',
        `The bus ${options.bus} did not take ${FailedEntryCount} of ${Entries.length} messages: ${ErrorCode} ${ErrorMessage}`,
      );
    }
  },
});
