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

/** An update’s expressions; without the condition named, it is that the item exists. */
export type ItemUpdate = {
  readonly set: string;
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

  const allowed = async (call: Promise<unknown>): Promise<boolean> => {
    try {
      await call;
      return true;
    } catch (thrown) {
      if (isNamed(thrown, 'ConditionalCheckFailedException')) return false;
      throw itemFailure(store, thrown);
    }
  };

  return {
    async get(Key) {
      return (await done(client.send(new GetCommand({ TableName, Key, ConsistentRead: true })))).Item;
    },

    async put(Item) {
      await done(client.send(new PutCommand({ TableName, Item })));
    },

    async putNew(Item, orWhere) {
      const absent = 'attribute_not_exists(pk)';
      const input: PutCommandInput =
        orWhere === undefined
          ? { TableName, Item, ConditionExpression: absent }
          : {
              TableName,
              Item,
              ConditionExpression: `${absent} or ${orWhere.condition}`,
              ExpressionAttributeNames: orWhere.names,
              ExpressionAttributeValues: orWhere.values,
            };
      return await allowed(client.send(new PutCommand(input)));
    },

    async putTogether(items) {
      const TransactItems = items.map((Item) => ({ Put: { TableName, Item } }));
      await done(client.send(new TransactWriteCommand({ TransactItems })));
    },

    async update(Key, { set, names, values, condition = 'attribute_exists(pk)' }) {
      const input: UpdateCommandInput = {
        TableName,
        Key,
        UpdateExpression: set,
        ConditionExpression: condition,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: values,
      };
      return await allowed(client.send(new UpdateCommand(input)));
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
        ConditionExpression: where?.condition ?? 'attribute_exists(pk)',
        ExpressionAttributeNames: where?.names,
        ExpressionAttributeValues: where?.values,
      };
      return await allowed(client.send(new DeleteCommand(input)));
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

/** Only the run itself can still be too large here: up to 1,000 table names are its own, all else is measured before. */
const itemFailure = (store: string, thrown: unknown): Failure =>
  isNamed(thrown, 'ValidationException') && thrown instanceof Error && thrown.message.includes('Item size')
    ? new Failure('REQUEST_TOO_LARGE', `${store} takes 400 KB for one run.`, {
        advice: { kind: 'name_fewer_tables' },
        where: 'tables',
        cause: thrown,
      })
    : awsFailure(store, thrown);
