import type { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';

/** The one place that both containers write to: sockets, workspaces, spilled data. */
export const runFolder = '/run/surveyor';

/** The number of the supervisor's user, which the listener of the other container serves. */
export const supervisorUser = 10_001;

/** The name of the container that a task's settings are given to. */
export const supervisorContainer = 'supervisor';

/** The capabilities of the default set, which is all that Fargate leaves, that kernels do without. */
const notOfKernels = [
  'AUDIT_WRITE',
  'FOWNER',
  'FSETID',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETPCAP',
  'SYS_CHROOT',
] as const;

const python = '/opt/python/bin/python';
const project = '/opt/surveyor/runner-task';

/** A value that the supervisor's environment gets from a secret. */
export type ContainerSecret = { readonly name: string; readonly valueFrom: string };

/** What both containers are made with. */
export type ContainerProps = {
  readonly image: string;
  readonly volume: string;
  readonly secrets: readonly ContainerSecret[];
  readonly log: CfnTaskDefinition.LogConfigurationProperty;
};

/** The two containers of a task, of one image: docs/image.md says why each is as it is. */
export const sandboxContainers = ({
  image,
  volume,
  secrets,
  log,
}: ContainerProps): readonly CfnTaskDefinition.ContainerDefinitionProperty[] => {
  const shared = {
    image,
    // One is nothing without the other.
    essential: true,
    readonlyRootFilesystem: true,
    mountPoints: [{ sourceVolume: volume, containerPath: runFolder, readOnly: false }],
    // What they do is lost with them, so there is nothing to wait for.
    stopTimeout: 5,
    logConfiguration: log,
  };
  return [
    {
      ...shared,
      name: supervisorContainer,
      user: String(supervisorUser),
      command: [
        '/usr/bin/node',
        '--disable-warning=ExperimentalWarning',
        `${project}/supervisor/main.ts`,
        '--settings-from=environment',
      ],
      linuxParameters: { capabilities: { drop: ['ALL'] } },
      secrets: [...secrets],
    },
    {
      ...shared,
      name: 'kernels',
      user: '0',
      command: [python, '-I', '-B', `${project}/warden/listen.py`, runFolder, String(supervisorUser)],
      linuxParameters: { capabilities: { drop: [...notOfKernels] } },
    },
  ];
};
