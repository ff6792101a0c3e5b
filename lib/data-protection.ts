import { RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { contextText, wrongContext } from './context.ts';

/** Whether the data outlives the stack. */
export type DataProtection = { readonly deletionProtection: boolean; readonly removalPolicy: RemovalPolicy };

/**
 * Data outlives the stack unless the context says otherwise: `cdk deploy -c protectData=false`, for a stack that is
 * tried out and thrown away.
 */
export const dataProtection = (scope: Construct): DataProtection => {
  const text = contextText(scope.node, 'protectData') ?? 'true';
  if (text !== 'true' && text !== 'false') wrongContext('protectData', text, 'true or false');
  return text === 'false'
    ? { deletionProtection: false, removalPolicy: RemovalPolicy.DESTROY }
    : { deletionProtection: true, removalPolicy: RemovalPolicy.RETAIN };
};
