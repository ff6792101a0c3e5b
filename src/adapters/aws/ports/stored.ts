import * as z from 'zod';
import { dynamoClient } from '../clients/dynamo-client.ts';
import { createDocumentTable, type DocumentTable } from '../stores/dynamo-document-table.ts';
import { dynamoItems } from '../stores/dynamo-items.ts';
import { type AwsPort, awsPort, text } from './aws-port.ts';

/** A store in the table of the deployment. */
export const stored = <T>(make: (table: DocumentTable) => T): AwsPort<T> =>
  awsPort(z.object({ TABLE_NAME: text }), ({ TABLE_NAME }) =>
    make(createDocumentTable(dynamoItems(dynamoClient(), TABLE_NAME), `the table ${TABLE_NAME}`)),
  );
