import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { partMachineNames } from '../src/domain/chain/part-machines.ts';
import { acknowledgeWildcards } from './acknowledge.ts';
import { stateFunctions } from './function-table.ts';
import { resourceNames } from './resource-names.ts';

/**
 * The one role under which machines run, those of chains deployed later too: it may call the functions that states call
 * and run the machines for parts of the work (an agent's loop, a chunk of tables), nothing else.
 */
export const machineRole = (scope: Construct, id: string): Role => {
  const names = resourceNames(scope);
  const role = new Role(scope, id, {
    // Whose machines they are, Step Functions says when it takes the role.
    assumedBy: new ServicePrincipal('states.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  });
  const allow = (actions: readonly string[], resources: readonly string[]): void => {
    role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
  };
  const executions = partMachineNames.map(names.executionsArn);
  allow(['lambda:InvokeFunction'], stateFunctions.map(names.functionArn));
  allow(['states:StartExecution'], partMachineNames.map(names.machineArn));
  allow(['states:DescribeExecution', 'states:StopExecution'], executions);
  // How a state that waits for an execution hears of its end: a rule that Step Functions keeps for itself.
  allow(
    ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
    [
      Stack.of(scope).formatArn({
        service: 'events',
        resource: 'rule',
        resourceName: 'StepFunctionsGetEventsForStepFunctionsExecutionRule',
      }),
    ],
  );
  acknowledgeWildcards(role, executions, 'Executions have generated names.');
  acknowledgeWildcards(role, ['*'], 'Log delivery and X-Ray know no resources.');
  return role;
};
