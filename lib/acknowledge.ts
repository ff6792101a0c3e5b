import { Stack, Validations } from 'aws-cdk-lib';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import type { IConstruct } from 'constructs';

/** Accepts findings of cdk-nag on a construct and all below it, each with the reason why it is right here. */
export const acknowledge = (construct: IConstruct, reasons: Readonly<Record<string, string>>): void => {
  for (const [id, reason] of Object.entries(reasons)) Validations.of(construct).acknowledge({ id, reason });
};

/** Accepts these very ARNs with a wildcard in roles below a construct, and no other wildcard. */
export const acknowledgeWildcards = (construct: IConstruct, arns: readonly string[], reason: string): void => {
  for (const arn of arns) {
    const flat = flattenCfnReference(Stack.of(construct).resolve(arn));
    acknowledge(construct, { [`AwsSolutions-IAM5[Resource::${flat}]`]: reason });
  }
};
