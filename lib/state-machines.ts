import { Aws, Fn, Stack } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { dataProtection } from './data-protection.ts';
import { Chain } from '../src/contracts/chain.ts';
import { bindResources } from '../src/domain/chain/bind-resources.ts';
import { compileChain } from '../src/domain/chain/compile-chain.ts';
import { partMachines } from '../src/domain/chain/part-machines.ts';
import catalogChain from '../state-machines/catalog.chain.json' with { type: 'json' };
import connectionTestChain from '../state-machines/connection-test.chain.json' with { type: 'json' };
import { stateFunctions } from './function-table.ts';
import type { Functions } from './functions.ts';
import { resourceNames } from './resource-names.ts';

const chains = [catalogChain, connectionTestChain].map((chain) => Chain.parse(chain));

/** The names of the built-in chains, which are those of their machines. */
export const chainNames = chains.map(({ name }) => name);

/** The machines that come with the service: those for parts of the work, and the built-in chains, compiled. */
export class StateMachines extends Construct {
  readonly parts: ReadonlyMap<string, StateMachine>;
  readonly chains: readonly StateMachine[];

  constructor(scope: Construct, id: string, functions: Functions, role: IRole) {
    super(scope, id);
    const log = new LogGroup(this, 'Log', {
      // Step Functions takes no more than 10 log groups' policies an account unless their names begin like this. What comes
      // after the stack's name is new with every stack: the group of one that is gone may still be there.
      logGroupName: `/aws/vendedlogs/states/${Aws.STACK_NAME}-${Fn.select(2, Fn.split('/', Aws.STACK_ID))}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: dataProtection(this).removalPolicy,
    });
    const parts = new Map<string, StateMachine>();
    this.parts = parts;
    const create = (name: string, definition: unknown): StateMachine => {
      const bound = bindResources(definition, {
        functionArn: (task) => {
          const known = stateFunctions.find((one) => one === task);
          return known === undefined ? undefined : functions.get(known).functionArn;
        },
        machineArn: (machine) => parts.get(machine)?.stateMachineArn,
      });
      return new StateMachine(this, name, {
        stateMachineName: resourceNames(this).physical(name),
        definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(bound)),
        role,
        // Ids and verdicts are all that states carry, so the log may hold their data.
        logs: { destination: log, level: LogLevel.ALL, includeExecutionData: true },
        tracingEnabled: true,
      });
    };
    for (const [name, compile] of Object.entries(partMachines)) parts.set(name, create(name, compile()));
    this.chains = chains.map((chain) => create(chain.name, compileChain(chain)));
  }
}
