import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { RunChange, RunChanges } from '../../ports/run-changes.ts';
import { storedRun } from './stores/dynamo-run-store.ts';
import type { Item } from './stores/dynamo-items.ts';
import { runsBeginning } from './stores/dynamo-table.ts';

const Image = z.record(z.string(), z.unknown()).optional();

/** An event of the table’s stream, as Lambda hands it over. */
const StreamEvent = z.object({
  Records: z.array(
    z.object({
      dynamodb: z.object({
        SequenceNumber: z.string(),
        Keys: z.object({ sk: z.object({ S: z.string() }) }),
        OldImage: Image,
        NewImage: Image,
      }),
    }),
  ),
});

/** Changes of runs out of the stream of the table. What is stored beside runs is passed over. */
export const tableStream = (where: string): RunChanges => {
  const runOf = (image: z.infer<typeof Image>) => image && storedRun(itemOf(image), where);
  return {
    of: (event) =>
      StreamEvent.parse(event)
        .Records.filter(({ dynamodb }) => dynamodb.Keys.sk.S.startsWith(runsBeginning))
        .map(({ dynamodb }): RunChange => ({
          id: dynamodb.SequenceNumber,
          read: () => {
            const after = runOf(dynamodb.NewImage);
            return after === undefined ? undefined : { before: runOf(dynamodb.OldImage), after };
          },
        })),
  };
};

/** An image has the attributes as DynamoDB writes them: each a value under the letter of its type. */
const itemOf = (image: Readonly<Record<string, unknown>>): Item => unmarshall(image as Record<string, AttributeValue>);
