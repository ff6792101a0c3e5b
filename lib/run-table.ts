import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { dataProtection } from './data-protection.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });

const indexes = [
  { indexName: 'succeeded-by-prefix', partitionKey: text('prefix_pk'), sortKey: text('prefix_sk') },
  { indexName: 'running', partitionKey: text('running_pk'), sortKey: text('running_sk') },
  // Whoever tries a delivery claims it first, and reads the whole of it then.
  { indexName: 'due', partitionKey: text('due_pk'), sortKey: text('due_sk'), projectionType: ProjectionType.KEYS_ONLY },
] as const;

/** The run store's one table, keyed as docs/access-patterns.md has it. */
export class RunTable extends Construct {
  readonly table: TableV2;
  readonly indexNames: readonly string[] = indexes.map(({ indexName }) => indexName);
  readonly indexArns: readonly string[];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      partitionKey: text('pk'),
      sortKey: text('sk'),
      globalSecondaryIndexes: indexes.map((index) => ({ projectionType: ProjectionType.ALL, ...index })),
      timeToLiveAttribute: 'expires',
      // Messages are made from what was stored: from what a run was before a change and is after it.
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      ...dataProtection(this),
    });
    this.indexArns = this.indexNames.map((name) => `${this.table.tableArn}/index/${name}`);
  }
}
