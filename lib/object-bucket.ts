import { Duration } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, HttpMethods, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { dataProtection } from './data-protection.ts';

/** The object store: reports, evidence and conversations. */
export class ObjectBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, origins: readonly string[]) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      lifecycleRules: [
        {
          id: 'forget-what-was-replaced',
          noncurrentVersionExpiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
      // The API redirects to large reports, and a browser that follows from one host to another calls its own page's origin
      // "null". Who may read is what the link says; no cookie and no key is involved.
      ...(origins.length === 0 ? {} : { cors: [{ allowedMethods: [HttpMethods.GET], allowedOrigins: ['*'] }] }),
      removalPolicy: dataProtection(this).removalPolicy,
    });
    acknowledge(this.bucket, {
      'AwsSolutions-S1':
        'Only the functions reach this bucket, and each read and write is in their logs; who needs a second trail turns on CloudTrail data events.',
    });
  }
}
