import { randomUUID } from 'node:crypto';
import { GetCommand, paginateQuery, type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { Tenant, Timestamp } from '../../../contracts/common.ts';
import type { LeaseHolder } from '../../../contracts/sandbox.ts';
import { awsFailure, isNamed } from '../aws-failure.ts';
import { Ticket, WarmTask } from './ticket.ts';

/** A record as it was read: a write names the revision that it replaces. */
export type Kept<T> = { readonly value: T; readonly revision: string };

/** Who has a place: the sort key of a ticket or of a task started ahead. */
export const Place = z.strictObject({ number: z.int().nonnegative(), held_by: z.string() });
export type Place = z.infer<typeof Place>;

/** When a tenant was last given a place, of which its turn depends. */
export const ServedTenant = z.strictObject({ tenant: Tenant, at: Timestamp });
export type ServedTenant = z.infer<typeof ServedTenant>;

/** All that is known of sandboxes at one moment. */
export type PlaceRecords = {
  readonly tickets: readonly Kept<Ticket>[];
  readonly places: readonly Kept<Place>[];
  readonly warm: readonly Kept<WarmTask>[];
  readonly served: readonly Kept<ServedTenant>[];
};

/**
 * One record's change: what stood there (absent: nothing may; `whatever`: it does not matter), and what is to (absent: it goes).
 */
export type PlaceChange = {
  readonly key: string;
  readonly was?: string | undefined;
  readonly now?: object | undefined;
  /** Seconds since 1970 after which the record may be forgotten. */
  readonly expires?: number;
};

/** In place of a revision: any. */
export const whatever = '*';

/** The tickets, places and warm tasks of a deployment. All writes are conditional; `write` does all of its changes or none. */
export type PlaceTable = {
  ticket(tenant: string, holder: LeaseHolder): Promise<Kept<Ticket> | undefined>;
  all(): Promise<PlaceRecords>;
  /** Whether they were done. False: somebody was faster, so read again. */
  write(changes: readonly PlaceChange[]): Promise<boolean>;
};

const partition = 'SANDBOX';

/** The sort keys of the partition. */
export const placeKeys = {
  ticket: (tenant: string, { kind, id }: LeaseHolder): string => `TICKET#${tenant}#${kind}#${id}`,
  place: (number: number): string => `PLACE#${String(number).padStart(4, '0')}`,
  warm: (id: string): string => `WARM#${id}`,
  served: (tenant: string): string => `SERVED#${tenant}`,
} as const;

const Row = z.object({ sk: z.string(), revision: z.string(), document: z.unknown() });
type Row = z.infer<typeof Row>;

/** Opens the table. */
export const dynamoPlaceTable = (at: {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}): PlaceTable => {
  const { client, table: TableName } = at;
  const store = `The table ${TableName}`;
  const rowAt = async (sk: string): Promise<Row | undefined> => {
    const { Item } = await client.send(new GetCommand({ TableName, Key: { pk: partition, sk }, ConsistentRead: true }));
    return Item === undefined ? undefined : Row.parse(Item);
  };
  const guarded = async <T>(work: () => Promise<T>): Promise<T> =>
    work().catch((thrown: unknown) => {
      throw awsFailure(store, thrown);
    });

  return {
    ticket: (tenant, holder) =>
      guarded(async () => {
        const row = await rowAt(placeKeys.ticket(tenant, holder));
        return row === undefined ? undefined : { value: Ticket.parse(row.document), revision: row.revision };
      }),

    all: () =>
      guarded(async () => {
        const rows: Row[] = [];
        const query = {
          TableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': partition },
          ConsistentRead: true,
        };
        for await (const { Items = [] } of paginateQuery({ client }, query))
          rows.push(...Items.map((item) => Row.parse(item)));
        const of = <T>(schema: z.ZodType<T>, beginning: string): readonly Kept<T>[] =>
          rows
            .filter(({ sk }) => sk.startsWith(beginning))
            .map(({ document, revision }) => ({ value: schema.parse(document), revision }));
        return {
          tickets: of(Ticket, 'TICKET#'),
          places: of(Place, 'PLACE#'),
          warm: of(WarmTask, 'WARM#'),
          served: of(ServedTenant, 'SERVED#'),
        };
      }),

    write: (changes) =>
      guarded(async () => {
        const revision = randomUUID();
        const TransactItems = changes.map(({ key: sk, was, now, expires }) => {
          const condition = {
            TableName,
            ...conditionOf(was),
          };
          return now === undefined
            ? { Delete: { ...condition, Key: { pk: partition, sk } } }
            : {
                Put: {
                  ...condition,
                  Item: {
                    pk: partition,
                    sk,
                    revision,
                    document: plainOf(now),
                    ...(expires === undefined ? {} : { expires }),
                  },
                },
              };
        });
        try {
          await client.send(new TransactWriteCommand({ TransactItems }));
          return true;
        } catch (thrown) {
          if (!isNamed(thrown, 'TransactionCanceledException')) throw thrown;
          // The client sends again what had no answer. What stands there by this very write was done by it.
          const found = await Promise.all(changes.map(({ key }) => rowAt(key)));
          return changes.every(({ was, now }, index) =>
            was === whatever
              ? true
              : now === undefined
                ? found[index] === undefined
                : found[index]?.revision === revision,
          );
        }
      }),
  };
};

const conditionOf = (was: string | undefined) => {
  if (was === whatever) return {};
  return was === undefined
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : { ConditionExpression: 'revision = :was', ExpressionAttributeValues: { ':was': was } };
};

/** Without what is undefined, which DynamoDB has no word for. */
const plainOf = (document: object): unknown => JSON.parse(JSON.stringify(document));
