import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SandboxCertificate } from '../../../src/contracts/sandbox-certificate.ts';
import type { MiniStack } from '../../adapters/aws/ministack.ts';
import type { StartTask } from '../ecs/start-task.ts';
import { startSupervisorTask } from '../ecs/supervisor-task.ts';
import type { Deployment } from './deploy.ts';
import type { Synthesis } from './synthesize.ts';

/**
 * What a RunTask of the deployed task definition starts: the runner-task as processes of this machine, with the value that
 * the definition takes from a secret read when it starts, as Fargate's agent does.
 */
export const startDeployedTask =
  (
    synthesis: Synthesis,
    deployed: () => { readonly ministack: MiniStack; readonly deployment: Deployment },
    python: () => Promise<string>,
  ): StartTask =>
  async (input) => {
    const { ministack, deployment } = deployed();
    const certificate = async (): Promise<SandboxCertificate> => {
      const { SecretString = '' } = await new SecretsManagerClient(ministack.client).send(
        new GetSecretValueCommand({ SecretId: secretOf(synthesis, deployment) }),
      );
      return SandboxCertificate.parse(JSON.parse(SecretString));
    };
    return startSupervisorTask({ python: await python(), certificate })(input);
  };

type Container = { readonly Secrets?: readonly { readonly ValueFrom: { readonly Ref: string } }[] };

/** The secret that a container's variable is taken from. Read from the template: the emulator forgets it of a definition. */
const secretOf = ({ resources }: Synthesis, { physicalIds }: Deployment): string => {
  const definitions = Object.values(resources).filter(({ Type }) => Type === 'AWS::ECS::TaskDefinition');
  const containers = definitions.flatMap(
    ({ Properties }) => Properties['ContainerDefinitions'] as readonly Container[],
  );
  const [found] = containers.flatMap(({ Secrets = [] }) => Secrets);
  const secret = found === undefined ? undefined : physicalIds.get(found.ValueFrom.Ref);
  if (secret === undefined) throw new Error('The task definition of the template takes no value from a secret.');
  return secret;
};
