import { randomUUID } from 'node:crypto';
import type { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DeleteCommandInput,
  type DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  PutCommand,
  type PutCommandInput,
  type QueryCommandInput,
  TransactWriteCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { Failure } from '../../../contracts/failure.ts';
import { awsFailure, isNamed } from '../aws-failure.ts';
import type { ItemKey } from './dynamo-table.ts';

/** An item’s attributes. */
export type Item = Readonly<Record<string, unknown>>;

/**
 * Which kind of conditional write it is. The client sends a write whose answer was lost again, and is then refused, because
 * it was done. So each carries an id of its own, which the item keeps under its kind: a refused one that finds its id has
 * succeeded before. Kinds apart, because another write may come in between.
 */
export type WriteKind =
  | 'created'
  | 'replaced'
  | 'reopened'
  | 'settled'
  | 'acted'
  | 'reported'
  | 'described'
  | 'executed'
  | 'tested'
  | 'rotated'
  | 'revoked'
  | 'noted'
  | 'used'
  | 'claimed'
  | 'tried'
  | 'retried';

/** An update’s expressions; without the condition named, it is that the item exists. */
export type ItemUpdate = {
  readonly kind: WriteKind;
  readonly set: readonly string[];
  readonly remove?: readonly string[];
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
  readonly condition?: string;
};

/** A condition on an item that is there. */
export type ItemCondition = Pick<ItemUpdate, 'names' | 'values'> & { readonly condition: string };

/** Which items to read. All reads but those of an index are consistent. */
export type ItemQuery = {
  readonly condition: string;
  readonly values: Readonly<Record<string, string>>;
  /** Which of those found are wanted. They are read all the same, so it is no way to search much. */
  readonly filter?: { readonly expression: string; readonly values: Readonly<Record<string, string>> } | undefined;
  readonly index?: string;
  readonly newestFirst?: boolean;
  readonly after?: ItemKey | undefined;
  readonly limit?: number;
};

/** The items of one table. Conditional writes say whether they were let through; all else fails with STORAGE_FAILED. */
export type Items = {
  get(key: ItemKey): Promise<Item | undefined>;
  put(item: ItemKey & Item): Promise<void>;
  /** Writes an item that is not there yet, or that the other condition lets go. */
  putNew(item: ItemKey & Item, orWhere?: ItemCondition): Promise<boolean>;
  /** The same, if another item is there and the condition holds for it, both at one moment. */
  putNewBeside(item: ItemKey & Item, orWhere: ItemCondition, beside: ItemKey, which: ItemCondition): Promise<boolean>;
  /** Replaces an item for which the condition holds. */
  replace(item: ItemKey & Item, where: ItemCondition): Promise<boolean>;
  /** All or none. */
  putTogether(items: readonly (ItemKey & Item)[]): Promise<void>;
  update(key: ItemKey, update: ItemUpdate): Promise<boolean>;
  /** Adds 1 to a number of an item, made where it is missing, sets other attributes, and answers with the number. */
  count(key: ItemKey, attribute: string, set: Readonly<Record<string, number>>): Promise<number>;
  /** Removes an item, if the condition holds; says whether there was such a one. */
  remove(key: ItemKey, where?: ItemCondition): Promise<boolean>;
  query(query: ItemQuery): Promise<readonly Item[]>;
};

/** Items read at once where most may be filtered out. */
const filteredPage = 200;

/** Opens a table. */
export const dynamoItems = (client: DynamoDBDocumentClient, TableName: string): Items => {
  const store = `The table ${TableName}`;

  const done = async <T>(call: Promise<T>): Promise<T> =>
    call.catch((thrown: unknown) => {
      throw itemFailure(store, thrown);
    });

  const get = async (Key: ItemKey): Promise<Item | undefined> =>
    (await done(client.send(new GetCommand({ TableName, Key, ConsistentRead: true })))).Item;

  /** Whether a conditional write with this id is done, now or before. */
  const isDone = async (
    call: Promise<unknown>,
    { pk, sk }: ItemKey,
    mark: { readonly kind: WriteKind; readonly id: string },
  ): Promise<boolean> => {
    try {
      await call;
      return true;
    } catch (thrown) {
      if (!isRefused(thrown)) throw itemFailure(store, thrown);
      return (await get({ pk, sk }))?.[markOf(mark.kind)] === mark.id;
    }
  };

  /** Puts an item that carries the id of this write. */
  const put = async (item: ItemKey & Item, kind: WriteKind, where: Partial<ItemCondition>): Promise<boolean> => {
    const mark = { kind, id: randomUUID() };
    const input: PutCommandInput = { TableName, Item: { ...item, [markOf(kind)]: mark.id }, ...conditionOf(where) };
    return isDone(client.send(new PutCommand(input)), item, mark);
  };

  return {
    get,

    async put(Item) {
      await done(client.send(new PutCommand({ TableName, Item })));
    },

    putNew: async (item, orWhere) => put(item, 'created', { ...orWhere, condition: absentOr(orWhere) }),

    replace: async (item, where) => put(item, 'replaced', where),

    async putNewBeside(item, orWhere, beside, which) {
      const mark = { kind: 'created', id: randomUUID() } as const;
      const Put = {
        TableName,
        Item: { ...item, [markOf(mark.kind)]: mark.id },
        ...conditionOf({ ...orWhere, condition: absentOr(orWhere) }),
      };
      const ConditionCheck = { TableName, Key: beside, ...conditionOf(which), ConditionExpression: which.condition };
      return isDone(
        client.send(new TransactWriteCommand({ TransactItems: [{ ConditionCheck }, { Put }] })),
        item,
        mark,
      );
    },

    async putTogether(items) {
      const TransactItems = items.map((Item) => ({ Put: { TableName, Item } }));
      await done(client.send(new TransactWriteCommand({ TransactItems })));
    },

    async update(Key, { kind, set, remove = [], names, values, condition = 'attribute_exists(pk)' }) {
      const mark = { kind, id: randomUUID() };
      const input: UpdateCommandInput = {
        TableName,
        Key,
        UpdateExpression: [
          `SET ${[...set, '#mark = :mark'].join(', ')}`,
          ...(remove.length === 0 ? [] : [`REMOVE ${remove.join(', ')}`]),
        ].join(' '),
        // What adds to a list must not do so twice.
        ConditionExpression: `(${condition}) and not #mark = :mark`,
        ExpressionAttributeNames: { ...names, '#mark': markOf(kind) },
        ExpressionAttributeValues: { ...values, ':mark': mark.id },
      };
      return isDone(client.send(new UpdateCommand(input)), Key, mark);
    },

    async count(Key, attribute, set) {
      const attributes = Object.entries(set);
      const sets = attributes.map((_, index) => `#set${index} = :set${index}`);
      const input: UpdateCommandInput = {
        TableName,
        Key,
        UpdateExpression: `SET ${sets.join(', ')} ADD #count :one`,
        ExpressionAttributeNames: {
          '#count': attribute,
          ...Object.fromEntries(attributes.map(([name], index) => [`#set${index}`, name])),
        },
        ExpressionAttributeValues: {
          ':one': 1,
          ...Object.fromEntries(attributes.map(([, value], index) => [`:set${index}`, value])),
        },
        ReturnValues: 'UPDATED_NEW',
      };
      return Number((await done(client.send(new UpdateCommand(input)))).Attributes?.[attribute]);
    },

    async remove(Key, where) {
      const input: DeleteCommandInput = {
        TableName,
        Key,
        ...conditionOf({ ...where, condition: where?.condition ?? 'attribute_exists(pk)' }),
      };
      try {
        await client.send(new DeleteCommand(input));
        return true;
      } catch (thrown) {
        if (!isRefused(thrown)) throw itemFailure(store, thrown);
        // What is gone keeps no id. One that was sent twice and finds nothing has removed it, or stood beside who did.
        return wasRepeated(thrown) && (await get(Key)) === undefined;
      }
    },

    async query({ condition, values, filter, index, newestFirst = false, after, limit }) {
      const input: QueryCommandInput = {
        TableName,
        KeyConditionExpression: condition,
        ExpressionAttributeValues: { ...values, ...filter?.values },
        ...(filter === undefined ? {} : { FilterExpression: filter.expression }),
        ScanIndexForward: !newestFirst,
        ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
        ...(after === undefined ? {} : { ExclusiveStartKey: after }),
        // DynamoDB counts what it reads, not what the filter lets through.
        ...(limit === undefined ? {} : { Limit: filter === undefined ? limit : Math.max(limit, filteredPage) }),
      };
      const items: Item[] = [];
      const collect = async (): Promise<void> => {
        // A page ends at 1 MB, so even a query with a limit may need several.
        for await (const { Items = [] } of paginateQuery({ client }, input)) {
          items.push(...Items);
          if (limit !== undefined && items.length >= limit) return;
        }
      };
      await done(collect());
      return items.slice(0, limit);
    },
  };
};

/** The attribute that keeps the id of the last write of a kind. */
const markOf = (kind: WriteKind): string => `${kind}_by`;

const absentOr = (orWhere: ItemCondition | undefined): string =>
  orWhere === undefined ? 'attribute_not_exists(pk)' : `attribute_not_exists(pk) or ${orWhere.condition}`;

const conditionOf = ({ condition, names, values }: Partial<ItemCondition>) => ({
  ConditionExpression: condition,
  ...(names === undefined ? {} : { ExpressionAttributeNames: names }),
  ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
});

/** Whether it was the condition that a write failed of, alone or in a transaction. */
const isRefused = (thrown: unknown): boolean =>
  isNamed(thrown, 'ConditionalCheckFailedException') ||
  (isNamed(thrown, 'TransactionCanceledException') &&
    (thrown as TransactionCanceledException).CancellationReasons?.some(
      ({ Code }) => Code === 'ConditionalCheckFailed',
    ) === true);

/** Whether the client has sent a request more than once before it failed. */
const wasRepeated = (thrown: unknown): boolean =>
  ((thrown as Partial<TransactionCanceledException>).$metadata?.attempts ?? 1) > 1;

/** Only the run itself can still be too large here: up to 1,000 table names are its own, all else is measured before. */
const itemFailure = (store: string, thrown: unknown): Failure =>
  isNamed(thrown, 'ValidationException') && thrown instanceof Error && thrown.message.includes('Item size')
    ? new Failure('REQUEST_TOO_LARGE', `${store} takes 400 KB for one run.`, {
        advice: { kind: 'name_fewer_tables' },
        where: 'tables',
        cause: thrown,
      })
    : awsFailure(store, thrown);
