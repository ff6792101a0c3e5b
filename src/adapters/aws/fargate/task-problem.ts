import type { Task } from '@aws-sdk/client-ecs';

/** Why there is no task, in words for whoever reads the run, and how many tries in all it is worth. */
export type TaskProblem = { readonly message: string; readonly tries: number };

type Cause = { readonly pattern: RegExp; readonly says: string; readonly tries: number };

/** What passes: waited for ever longer, up to a minute each, for some eight minutes. */
const passing = 12;
/** What ended by itself or with its host may do better the next time, but not again and again. */
const ended = 3;

/** What ECS and Fargate say, and what can be done about it. The first that fits counts. */
const causes: readonly Cause[] = [
  {
    pattern: /limit on the number|vCPU.*limit|quota/i,
    says: 'The account runs as many Fargate vCPUs as its quota allows. Ask AWS for more of “Fargate On-Demand vCPU resource count”, or let there be fewer sandboxes (SANDBOX_PLACES).',
    tries: passing,
  },
  {
    pattern: /capacity is unavailable|insufficient capacity|RESOURCE:/i,
    says: 'AWS has no capacity for it at the moment. Try later, or give subnets in other zones.',
    tries: passing,
  },
  {
    pattern: /ResourceInitializationError.*(secret|ssm)/is,
    says: 'Its certificate could not be read. Look whether the secret is there (renew-certificate makes it), and whether the subnets reach Secrets Manager.',
    tries: 1,
  },
  {
    pattern: /CannotPull|ImageNotFound|pull (image|registry|container)|registry auth|manifest/i,
    says: 'Its image could not be pulled. Look whether it is in the registry, and whether the subnets reach ECR and S3 by endpoints.',
    tries: 1,
  },
  {
    pattern: /free (IP )?address|InsufficientFreeAddresses|network interface|\bENI\b/i,
    says: 'It got no network address. Give subnets with free addresses, and look at the quota of network interfaces.',
    tries: passing,
  },
  {
    pattern: /ResourceInitializationError/i,
    says: 'Fargate could not prepare it. Look whether the subnets reach ECR, CloudWatch Logs and Secrets Manager by endpoints.',
    tries: 1,
  },
  { pattern: /throttl|rate exceeded|ServerException|server error/i, says: 'ECS was too busy.', tries: passing },
  {
    pattern: /not authorized|AccessDenied/i,
    says: 'The function’s role does not allow it. Deploy the stack again.',
    tries: 1,
  },
];

const cut = (text: string): string => (text.length <= 400 ? text : `${text.slice(0, 400)}…`);

/** A problem from the words of AWS; one that is not known is worth so many tries. */
export const problemFrom = (said: string, tries = 1): TaskProblem => {
  const cause = causes.find(({ pattern }) => pattern.test(said));
  return cause === undefined
    ? { message: `AWS says: ${cut(said)}`, tries }
    : { message: `${cause.says} AWS says: ${cut(said)}`, tries: cause.tries };
};

/** What came to nothing in a RunTask that threw. */
export const problemOfCall = (thrown: unknown): TaskProblem =>
  thrown instanceof Error
    ? problemFrom(`${thrown.name}: ${thrown.message}`, '$fault' in thrown && thrown.$fault === 'server' ? passing : 1)
    : problemFrom(String(thrown));

/** Why a task stopped: the task's own word for it, and those of its containers. */
export const problemOfTask = ({ stopCode, stoppedReason, containers = [] }: Task): TaskProblem => {
  const parts = containers
    .filter(({ reason, exitCode }) => reason !== undefined || (exitCode ?? 0) !== 0)
    .map(({ name, reason, exitCode }) =>
      [
        name,
        ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
        ...(reason === undefined ? [] : [reason]),
      ].join(': '),
    );
  const said = [`${stopCode ?? 'stopped'}: ${stoppedReason ?? 'no reason given'}`, ...parts].join('; ');
  return problemFrom(said, stopCode === 'TaskFailedToStart' ? 1 : ended);
};
