/** A state that calls something, as a machine's definition has it. */
export type AslTask = { readonly Resource: string; readonly Arguments: Readonly<Record<string, unknown>> };

/** Every Task state of a machine, those of Maps and Parallels included. */
export const tasksOf = (value: unknown): readonly AslTask[] => {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.values(value).flatMap(tasksOf);
  return 'Type' in value && value.Type === 'Task' ? [value as unknown as AslTask, ...below] : below;
};

/** What the role of a machine needs for one of its tasks, as `action resource`: the ARNs that the task names. */
export const permissionsOfTask = ({ Resource, Arguments }: AslTask): readonly string[] => {
  switch (Resource) {
    case 'arn:aws:states:::lambda:invoke':
      return [`lambda:InvokeFunction ${String(Arguments['FunctionName'])}`];
    // "IAM policies for a nested state machine" of the Step Functions guide: it is stopped with its parent, described where the
    // event of its end does not come, and that event comes by a rule that Step Functions keeps for itself.
    case 'arn:aws:states:::states:startExecution.sync:2': {
      const machine = String(Arguments['StateMachineArn']);
      const executions = `${machine.replace(':stateMachine:', ':execution:')}:*`;
      const [, partition, , region, account] = machine.split(':');
      const rule = `arn:${partition}:events:${region}:${account}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`;
      return [
        `states:StartExecution ${machine}`,
        `states:DescribeExecution ${executions}`,
        `states:StopExecution ${executions}`,
        ...['events:PutTargets', 'events:PutRule', 'events:DescribeRule'].map((action) => `${action} ${rule}`),
      ];
    }
    default:
      throw new Error(`Say in test/infra/asl-tasks.ts what a state with ${Resource} needs.`);
  }
};
