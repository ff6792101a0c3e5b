import { randomUUID } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { ListedCertificate } from '../../contracts/sandbox-certificate.ts';
import { awsFailure, isNamed } from './aws-failure.ts';

/** The list of certificates that clients trust, in the run table. */
export type TrustedCertificates = {
  read(): Promise<readonly ListedCertificate[]>;
  /** Replaces the list that was read; says whether it was still there. */
  replace(before: readonly ListedCertificate[], now: readonly ListedCertificate[]): Promise<boolean>;
};

/** The list’s one item, in a partition of its own: whoever talks to sandboxes may read it, and none of who holds them. */
const key = { pk: 'CERTIFICATES', sk: 'CERTIFICATES' } as const;
const Item = z.object({ certificates: z.array(ListedCertificate), revision: z.string() });

/** Opens the list. */
export const trustedCertificates = (at: {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}): TrustedCertificates => {
  const { client, table: TableName } = at;
  const store = `The table ${TableName}`;
  const get = async (): Promise<z.infer<typeof Item> | undefined> => {
    const found = await client
      .send(new GetCommand({ TableName, Key: key, ConsistentRead: true }))
      .catch((thrown: unknown) => {
        throw awsFailure(store, thrown);
      });
    return found.Item === undefined ? undefined : Item.parse(found.Item);
  };
  return {
    read: async () => (await get())?.certificates ?? [],

    async replace(before, now) {
      const found = await get();
      if (JSON.stringify(found?.certificates ?? []) !== JSON.stringify(before)) return false;
      const revision = randomUUID();
      const condition =
        found === undefined
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : { ConditionExpression: 'revision = :was', ExpressionAttributeValues: { ':was': found.revision } };
      try {
        await client.send(
          new PutCommand({ TableName, Item: { ...key, certificates: [...now], revision }, ...condition }),
        );
        return true;
      } catch (thrown) {
        if (!isNamed(thrown, 'ConditionalCheckFailedException')) throw awsFailure(store, thrown);
        // A write whose answer was lost is sent again, and then refused because it was done.
        return (await get())?.revision === revision;
      }
    },
  };
};
