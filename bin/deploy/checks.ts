import { defaultSandboxPlaces } from '../../src/contracts/sandbox-places.ts';
import type { Account } from './account.ts';
import type { DeployContext } from './deploy-context.ts';

/** What a check found: all well, something to know, or what keeps a deployment from working and what to do about it. */
export type Found =
  | { readonly state: 'good'; readonly says: string }
  | { readonly state: 'unknown'; readonly says: string }
  | { readonly state: 'missing'; readonly says: string; readonly remedy: string };

/** What is looked at. */
export type Place = {
  readonly account: Account;
  readonly context: DeployContext;
  /** Whether a container engine answers under this command. */
  readonly containerEngine: (command: string) => Promise<boolean>;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** One precondition of a deployment. */
export type Check = { readonly what: string; readonly look: (place: Place) => Promise<Found> };

const good = (says: string): Found => ({ state: 'good', says });
/** Told as what it is: nobody has looked. */
const unknown = (says: string): Found => ({ state: 'unknown', says });
const missing = (says: string, remedy: string): Found => ({ state: 'missing', says, remedy });

/** The CDK's templates of today say so in their rule `CheckBootstrapVersion`. */
const minBootstrap = 6;
/** A sandbox is a task of two vCPUs. */
const cpusOfSandbox = 2;
/** A run measures up to eight tables at once, beside requests and events; a new account has 10 for everything. */
const minConcurrentCalls = 50;
/** What a task and the functions inside need where there is no NAT. */
const neededEndpoints = ['s3', 'dynamodb', 'ecr.api', 'ecr.dkr', 'logs', 'secretsmanager'] as const;

/** Whether an account can be asked at all. */
export const credentials: Check = {
  what: 'credentials',
  async look({ account }) {
    try {
      const { account: id, arn } = await account.identity();
      return good(`account ${id} in ${await account.region()}, as ${arn}`);
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      // The SDK asks for a region first: whether there are credentials nobody knows then.
      if (reason === 'Region is missing')
        return missing(
          'nothing says which region',
          'Set AWS_REGION, and sign in if you are not (aws sso login, AWS_PROFILE).',
        );
      return missing(
        `no credentials that AWS takes: ${reason}`,
        'Sign in (aws sso login, aws configure), or set AWS_PROFILE; and set AWS_REGION.',
      );
    }
  },
};

const bootstrap: Check = {
  what: 'bootstrap of the CDK',
  async look({ account }) {
    const version = await account.bootstrapVersion();
    const run = async (): Promise<string> =>
      `Run npx cdk bootstrap aws://${(await account.identity()).account}/${await account.region()}`;
    if (version === undefined) return missing('this region was never bootstrapped', `${await run()} once.`);
    return version >= minBootstrap
      ? good(`version ${version}`)
      : missing(`version ${version} is too old, ${minBootstrap} is needed`, `${await run()} again.`);
  },
};

const imageBuilder: Check = {
  what: 'image of the sandbox',
  async look({ context, containerEngine, environment }) {
    if (context.text('sandboxImage') !== undefined) return good('the one that the context names');
    const command = environment['CDK_DOCKER'] ?? 'docker';
    return (await containerEngine(command))
      ? good(`built here with ${command}`)
      : missing(
          `nothing answers to ${command}, which has to build it`,
          'Start Docker, or set CDK_DOCKER to finch or podman; or name an image that is built: -c sandboxImage=<repository>@sha256:<digest>.',
        );
  },
};

const fargateQuota: Check = {
  what: 'quota of Fargate vCPUs',
  async look({ account, context }) {
    const sandboxes = Number(context.text('sandboxes') ?? defaultSandboxPlaces);
    const wanted = sandboxes * cpusOfSandbox;
    const quota = await account.fargateCpus();
    if (quota === undefined) return unknown('AWS names none');
    if (quota >= wanted) return good(`${quota}, of which ${wanted} may be used`);
    const possible = Math.floor(quota / cpusOfSandbox);
    const fewer = possible === 0 ? '' : `, or deploy with -c sandboxes=${possible}`;
    return missing(
      `${quota}, and ${sandboxes} sandboxes use ${wanted}`,
      `Ask for ${wanted} (Service Quotas, AWS Fargate, “On-Demand vCPU resource count”)${fewer}.`,
    );
  },
};

const lambdaConcurrency: Check = {
  what: 'concurrency of functions',
  async look({ account }) {
    const quota = await account.concurrentCalls();
    if (quota === undefined) return unknown('AWS names none');
    if (quota >= minConcurrentCalls) return good(`${quota} at once`);
    return missing(
      `${quota} at once, and a run alone may use more`,
      `Ask for ${minConcurrentCalls} or more (Service Quotas, AWS Lambda, “Concurrent executions”).`,
    );
  },
};

const network: Check = {
  what: 'network',
  async look({ account, context }) {
    const vpcId = context.text('vpcId');
    if (vpcId === undefined) return good('the stack makes one');
    const wanted = context.list('subnetIds');
    const found = await account.subnets(wanted);
    const strange = wanted.filter((id) => !found.some((subnet) => subnet.id === id && subnet.vpcId === vpcId));
    if (strange.length > 0)
      return missing(
        `${strange.join(', ')} ${strange.length === 1 ? 'is no subnet' : 'are no subnets'} of ${vpcId} in this region`,
        'Name subnets of that VPC in subnetIds.',
      );
    const endpoints = await account.endpoints(vpcId);
    const lacking = neededEndpoints.filter((name) => !endpoints.includes(name));
    // Behind a NAT gateway none is needed, and the context says so by letting everything out.
    if (lacking.length > 0 && !context.list('endpoints').includes('0.0.0.0/0'))
      return missing(
        `${vpcId} has no endpoint of ${lacking.join(', ')}`,
        'Make them (docs/deploy.md says how they must be), or, where a NAT gateway leads out, deploy with -c endpoints=0.0.0.0/0.',
      );
    return good(`${vpcId}, ${wanted.length} subnet${wanted.length === 1 ? '' : 's'}`);
  },
};

/** What is looked at after that, in this order. */
export const checks: readonly Check[] = [bootstrap, imageBuilder, fargateQuota, lambdaConcurrency, network];
