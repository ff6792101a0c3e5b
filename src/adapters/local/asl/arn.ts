const PREFIX = 'arn:aws:states:local:000000000000';

/** The name of a machine as an ARN. */
export const machineArn = (machine: string): string => `${PREFIX}:stateMachine:${machine}`;

/** The machine that a plain name or an ARN names. */
export const machineOf = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf(':') + 1);

/** The id of an execution, an ARN. */
export const executionArn = (machine: string, name: string): string => `${PREFIX}:execution:${machine}:${name}`;
