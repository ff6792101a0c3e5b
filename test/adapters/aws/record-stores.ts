import { AsyncLocalStorage } from 'node:async_hooks';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { portAccess } from '../../../src/ports/port-access.ts';
import type { Stores } from '../../../src/ports/stores.ts';

/** One action on the table, as IAM sees it, and the method of a store that asked for it. */
export type StoreCall = {
  readonly port: string;
  readonly member: string;
  readonly action: string;
  readonly partition: string;
  readonly index?: string | undefined;
};

type Input = {
  readonly IndexName?: string;
  readonly Key?: Readonly<Record<string, unknown>>;
  readonly Item?: Readonly<Record<string, unknown>>;
  readonly KeyConditionExpression?: string;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
  readonly TransactItems?: readonly {
    readonly Put?: Input;
    readonly Update?: Input;
    readonly Delete?: Input;
    readonly ConditionCheck?: Input;
  }[];
};

type Asked = Omit<StoreCall, 'port' | 'member'>;

/** Stores whose every action is noted down with the method that it came from. */
export const recordStores = (client: DynamoDBDocumentClient, stores: Stores, calls: StoreCall[]): Stores => {
  const asking = new AsyncLocalStorage<Pick<StoreCall, 'port' | 'member'>>();
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const from = asking.getStore();
      const asked = actionsOf(String(context['commandName']), args.input as Input);
      if (from !== undefined) calls.push(...asked.map((one) => ({ ...from, ...one })));
      return next(args);
    },
    { step: 'initialize', name: 'record', override: true },
  );
  const recorded = (port: string, store: object): object =>
    new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...args: readonly unknown[]) =>
          asking.run({ port, member: String(name) }, () => Reflect.apply(member, target, args) as unknown);
      },
    });
  const entries = Object.entries<object>(stores).map(([port, store]) => [port, recorded(port, store)]);
  // Object.fromEntries forgets the names, which are those of the stores.
  return Object.fromEntries(entries) as Stores;
};

const actionsOf = (command: string, input: Input): readonly Asked[] => {
  if (input.TransactItems !== undefined)
    return input.TransactItems.flatMap(({ Put, Update, Delete, ConditionCheck }) => [
      ...(Put === undefined ? [] : actionsOf('PutItemCommand', Put)),
      ...(Update === undefined ? [] : actionsOf('UpdateItemCommand', Update)),
      ...(ConditionCheck === undefined ? [] : actionsOf('ConditionCheckItemCommand', ConditionCheck)),
      ...(Delete === undefined ? [] : actionsOf('DeleteItemCommand', Delete)),
    ]);
  const action = command.replace(/Command$/, '').replace(/^(Get|Put|Update|Delete)$/, '$1Item');
  const variable = /\w*pk = (:\w+)/.exec(input.KeyConditionExpression ?? '')?.[1] ?? '';
  const partition = (input.Key ?? input.Item)?.['pk'] ?? input.ExpressionAttributeValues?.[variable];
  return [{ action, partition: textOf(partition), index: input.IndexName }];
};

/** A value as it is given to the document client, or as that client has marshalled it. */
const textOf = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'S' in value ? String(value.S) : String(value);

/** The access that opens a member of a store. */
export const accessOf = (port: string, member: string): string => {
  const table: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = portAccess;
  return Object.entries(table[port] ?? {}).find(([, members]) => members.includes(member))?.[0] ?? 'none';
};

/** A pattern of IAM's StringLike. */
export const likePattern = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 's');
