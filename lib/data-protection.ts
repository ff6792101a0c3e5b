import { RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Whether the data outlives the stack. */
export type DataProtection = { readonly deletionProtection: boolean; readonly removalPolicy: RemovalPolicy };

/**
 * Data outlives the stack unless the context says otherwise: `cdk deploy -c protectData=false`, for a stack that is
 * tried out and thrown away. Anything but `false` protects.
 */
export const dataProtection = (scope: Construct): DataProtection =>
  String(scope.node.tryGetContext('protectData')) === 'false'
    ? { deletionProtection: false, removalPolicy: RemovalPolicy.DESTROY }
    : { deletionProtection: true, removalPolicy: RemovalPolicy.RETAIN };
