import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { clientLimits } from './client-limits.ts';
import { once } from './once.ts';

/** The client of DynamoDB’s streams. */
export const dynamoStreamsClient = once(() => new DynamoDBStreamsClient(clientLimits));
