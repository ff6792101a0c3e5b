import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';
import { SandboxTasks } from '../../lib/sandbox/sandbox-tasks.ts';

/** A container of a task definition, as CloudFormation writes it; what else it may say is in `Container`'s own fields. */
const Container = z.looseObject({
  Name: z.string(),
  User: z.string(),
  Command: z.array(z.string()),
  Environment: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
  MountPoints: z.array(z.object({ ContainerPath: z.string(), SourceVolume: z.string(), ReadOnly: z.boolean() })),
  ReadonlyRootFilesystem: z.boolean(),
  LinuxParameters: z.looseObject({
    Capabilities: z.object({ Add: z.array(z.string()).default([]), Drop: z.array(z.string()).default([]) }),
  }),
});

/** A task definition, as CloudFormation writes it. */
export const TaskDefinition = z.looseObject({ ContainerDefinitions: z.array(Container) });
export type TaskDefinition = z.infer<typeof TaskDefinition>;

/** The task that the stack runs sandboxes as. */
export const synthesizeTaskDefinition = (): TaskDefinition => {
  const stack = new Stack(new App(), 'surveyor');
  const image = { uri: 'image@sha256:…', repositoryArn: 'arn:aws:ecr:eu-central-1:123456789012:repository/surveyor' };
  new SandboxTasks(stack, 'Sandboxes', { image, secrets: [], secretArns: [] });
  const [found] = Object.values(Template.fromStack(stack).findResources('AWS::ECS::TaskDefinition'));
  return TaskDefinition.parse((found as { readonly Properties: unknown }).Properties);
};

/** What a container of the task is told, by its name. */
export const containerOf = (name: string): TaskDefinition['ContainerDefinitions'][number] => {
  const found = synthesizeTaskDefinition().ContainerDefinitions.find(({ Name }) => Name === name);
  if (found === undefined) throw new Error(`The task has no container ${name}.`);
  return found;
};
