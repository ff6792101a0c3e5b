import { defaultSandboxPlaces } from '../../../contracts/sandbox-places.ts';

/** How a deployment's sandboxes are started. */
export type FargateSettings = {
  readonly cluster: string;
  /** The ARN of the task definition's revision. */
  readonly taskDefinition: string;
  readonly family: string;
  readonly subnets: readonly string[];
  readonly securityGroup: string;
  /** The container that the settings are for. */
  readonly container: string;
  /** Sandboxes at once, those started ahead included. */
  readonly places: number;
  /** How many are started before anybody asks. */
  readonly warm: number;
  /** What the supervisor is told, beside its token. */
  readonly supervisor: {
    readonly listen: { readonly host: string; readonly port: number };
    readonly lease_seconds: number;
  } & Readonly<Record<string, unknown>>;
};

const gibibyte = 1024 ** 3;

/** What a deployment says about its sandboxes; all else is as docs/image.md has it. */
export type FargateChoice = Pick<FargateSettings, 'cluster' | 'taskDefinition' | 'subnets' | 'securityGroup'> &
  Partial<Pick<FargateSettings, 'places' | 'warm'>> & {
    /** Where a supervisor fetches objects from, in the place of S3. */
    readonly objectOrigin?: string | undefined;
  };

/** The settings of a deployment's sandboxes. */
export const fargateSettings = ({ objectOrigin, ...choice }: FargateChoice): FargateSettings => ({
  places: defaultSandboxPlaces,
  warm: 0,
  ...choice,
  family: (choice.taskDefinition.split('/').at(-1) ?? choice.taskDefinition).split(':')[0] ?? choice.taskDefinition,
  container: 'supervisor',
  supervisor: {
    listen: { host: '0.0.0.0', port: 8443 },
    folder: '/run/surveyor/sandbox',
    python: '/opt/python/bin/python',
    kernel: '/opt/surveyor/runner-task/kernel',
    kernel_socket: '/run/surveyor/kernels.socket',
    database_memory_bytes: 2 * gibibyte,
    kernel_memory_bytes: 4 * gibibyte,
    lease_seconds: 3_600,
    isolation_at_least: 'full',
    ...(objectOrigin === undefined ? {} : { object_origin: objectOrigin }),
  },
});
