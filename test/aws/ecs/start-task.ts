/** What RunTask is called with, as far as the test server looks at it. */
export type RunTaskInput = {
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly launchType?: string;
  readonly platformVersion?: string;
  readonly count?: number;
  readonly clientToken?: string;
  readonly startedBy?: string;
  readonly networkConfiguration?: {
    readonly awsvpcConfiguration?: {
      readonly subnets?: readonly string[];
      readonly securityGroups?: readonly string[];
      readonly assignPublicIp?: string;
    };
  };
  readonly overrides?: {
    readonly containerOverrides?: readonly {
      readonly name: string;
      readonly environment?: readonly { readonly name: string; readonly value: string }[];
    }[];
  };
};

/** Why a task is no more, in the words of DescribeTasks. */
export type TaskEnd = {
  readonly stopCode: string;
  readonly stoppedReason: string;
  readonly containers?: readonly { readonly name: string; readonly reason?: string; readonly exitCode?: number }[];
};

/** A task that runs. */
export type StartedTask = {
  /** The address that its network interface shows. */
  readonly address: string;
  /** Of its first process, where it has one. */
  readonly pid?: number | undefined;
  /** Resolves when it ends by itself. */
  readonly ended: Promise<TaskEnd>;
  stop(): Promise<void>;
};

/** Starts what a task is made of; one that cannot be started is a task that stopped: `{ stopped: … }`. */
export type StartTask = (input: RunTaskInput) => Promise<StartedTask | { readonly stopped: TaskEnd }>;

/** The value of a variable that a RunTask overrides in some container. */
export const overriddenVariable = (input: RunTaskInput, name: string): string | undefined =>
  input.overrides?.containerOverrides
    ?.flatMap(({ environment = [] }) => environment)
    .find((variable) => variable.name === name)?.value;
