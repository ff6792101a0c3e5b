import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * The names of functions and machines, all of them `{stack}-{name}`. They are fixed, not generated: a function that
 * starts a machine and the machine that calls the function would otherwise wait for each other's ARN, and a chain that
 * is deployed while the service runs finds them by the same rule.
 */
export const resourceNames = (scope: Construct) => {
  const stack = Stack.of(scope);
  const arn = (service: string, resource: string, resourceName: string): string =>
    stack.formatArn({ service, resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  const physical = (name: string): string => `${stack.stackName}-${name}`;
  return {
    physical,
    functionArn: (name: string): string => arn('lambda', 'function', physical(name)),
    machineArn: (name: string): string => arn('states', 'stateMachine', physical(name)),
    /** Every execution of a machine. */
    executionsArn: (name: string): string => arn('states', 'execution', `${physical(name)}:*`),
    /** Every schedule of a group. */
    schedulesArn: (group: string): string =>
      stack.formatArn({ service: 'scheduler', resource: 'schedule', resourceName: `${group}/*` }),
    /** Secrets Manager adds a hyphen and six characters to each name. */
    secretArn: (name: string): string => arn('secretsmanager', 'secret', `${name}-??????`),
    bucketArn: (name: string): string => `arn:${stack.partition}:s3:::${name}`,
    /** The secrets that hold connection strings: src/domain/run-keys.ts names them, so that neither fits the others' pattern. */
    connectionSecretArns: ['connections', 'runs'].map((folder) =>
      arn('secretsmanager', 'secret', `${stack.stackName}/*/${folder}/*`),
    ),
    /** The secrets of webhooks. */
    webhookSecretsArn: arn('secretsmanager', 'secret', `${stack.stackName}/*/_webhooks/*`),
  };
};
