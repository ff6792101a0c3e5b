import type { RecordedCall } from '../../aws/platform/front-door.ts';
import type { Usage } from './price-list.ts';
import { readUnits, type WireItem } from './request-units.ts';

/** Counts what the calls of functions take of the services that bill by the call. */
export type CallMeter = {
  onAnswer(call: RecordedCall, answer: Buffer): void;
  /** What was taken since the last time that this was asked. */
  take(): { readonly usage: Usage; readonly calls: Readonly<Record<string, number>> };
};

/** A meter that stands at nothing. */
export const createCallMeter = (): CallMeter => {
  let metered: { readonly call: RecordedCall; readonly read: number; readonly write: number }[] = [];
  return {
    onAnswer: (call, answer) => {
      const units = call.service === 'dynamodb' ? unitsOf(call, answer) : { read: 0, write: 0 };
      metered.push({ call, ...units });
    },
    take: () => {
      const taken = metered;
      metered = [];
      const count = (holds: (call: RecordedCall) => boolean): number =>
        taken.filter(({ call }) => call.caller !== '' && holds(call)).length;
      const isS3Read = ({ operation }: RecordedCall): boolean => /^(Get|Head)Object$/.test(operation);
      const calls: Record<string, number> = {};
      for (const { call } of taken) {
        // Where an operation is a path, its kind is what that ends in.
        const name = `${call.service} ${call.operation.split('/').at(-1)}`;
        calls[name] = (calls[name] ?? 0) + 1;
      }
      return {
        calls,
        usage: {
          'dynamodb-read-units': taken.reduce((sum, { read }) => sum + read, 0),
          'dynamodb-write-units': taken.reduce((sum, { write }) => sum + write, 0),
          's3-reads': count((call) => call.service === 's3' && isS3Read(call)),
          // Deleting costs nothing.
          's3-writes': count(
            (call) => call.service === 's3' && !isS3Read(call) && !call.operation.startsWith('Delete'),
          ),
          'secret-calls': count(({ service }) => service === 'secretsmanager'),
          // DynamoDB asks for the key of its table once in five minutes, for each role that uses the table.
          'kms-requests': new Set(
            taken.filter(({ call }) => call.service === 'dynamodb').map(({ call }) => call.caller),
          ).size,
          'bus-events': taken
            .filter(({ call }) => call.operation === 'PutEvents')
            .reduce((sum, { call }) => sum + [call.input?.['Entries'] ?? []].flat().length, 0),
          'queue-requests': count(({ service }) => service === 'sqs'),
        },
      };
    },
  };
};

type Capacity = { readonly CapacityUnits: number };
type DynamoAnswer = {
  readonly Item?: WireItem;
  readonly Items?: readonly WireItem[];
  readonly ConsumedCapacity?: Capacity | readonly Capacity[];
};

/** The emulator counts writes by the size of the items and of those in indexes, and takes each read for one of 4 KB. */
const unitsOf = (
  { operation, input, status }: RecordedCall,
  answer: Buffer,
): { readonly read: number; readonly write: number } => {
  const { Item, Items, ConsumedCapacity } = JSON.parse(answer.toString()) as DynamoAnswer;
  if (operation === 'GetItem' || operation === 'Query') {
    const items = Items ?? (Item === undefined ? [] : [Item]);
    return { read: readUnits(items, input?.['ConsistentRead'] === true), write: 0 };
  }
  // A write that its condition refused is billed as well; its item is one of ours, which are mostly below 1 KB.
  if (status !== 200) return { read: 0, write: 1 };
  const units = [ConsumedCapacity ?? []].flat();
  if (units.length === 0) throw new Error(`The emulator does not say what ${operation} takes.`);
  return { read: 0, write: units.reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0) };
};
