import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { clientLimits } from './client-limits.ts';
import { once } from './once.ts';

/** The client of DynamoDB, one for all stores of a function. */
export const dynamoClient = once(() => DynamoDBDocumentClient.from(new DynamoDBClient(clientLimits)));
