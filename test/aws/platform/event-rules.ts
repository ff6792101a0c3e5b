import { setTimeout as sleep } from 'node:timers/promises';
import { type EventBridgeClient, ListRulesCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { fitsPattern } from './event-pattern.ts';

/** How events get to their targets. EventBridge promises each at least once, and soon. */
export type Delivery = { readonly copies: number; readonly milliseconds: number };

/** Hands events to the targets of the deployed rules. */
export type EventRules = {
  /** How the events from now on are delivered. */
  delivery: Delivery;
  /** Hands an event to the target of every rule that it fits; answers with their number. */
  deliver(event: object): Promise<number>;
  /** Does what a rule with a schedule does when its time has come. The rule is told by what its target's name ends in. */
  tick(functionName: string): Promise<void>;
};

type Rule = {
  readonly pattern: Readonly<Record<string, unknown>> | undefined;
  readonly schedule: string | undefined;
  readonly targets: readonly { readonly arn: string; readonly input: string | undefined }[];
};

/** Reads the rules from the emulator, which keeps them but takes no event of `aws.states`. */
export const createEventRules = (events: EventBridgeClient, lambda: LambdaClient): EventRules => {
  let reading: Promise<readonly Rule[]> | undefined;
  const rules = (): Promise<readonly Rule[]> => (reading ??= readRules(events));

  const call = async (arn: string, payload: string): Promise<void> => {
    if (!arn.startsWith('arn:aws:lambda:')) throw new Error(`This test's EventBridge does not know the target ${arn}.`);
    // From here it is Lambda's: it calls the function, and again where that fails, and keeps what failed to the last.
    await lambda.send(new InvokeCommand({ FunctionName: arn, InvocationType: 'Event', Payload: Buffer.from(payload) }));
  };

  const own: EventRules = {
    delivery: { copies: 1, milliseconds: 0 },
    deliver: async (event) => {
      const fitting = (await rules()).filter(({ pattern }) => pattern !== undefined && fitsPattern(event, pattern));
      const { copies, milliseconds } = own.delivery;
      const hand = async (): Promise<void> => {
        await sleep(milliseconds);
        for (let copy = 0; copy < copies; copy += 1)
          for (const { arn, input } of fitting.flatMap(({ targets }) => targets))
            await call(arn, input ?? JSON.stringify(event));
      };
      if (milliseconds > 0) void hand();
      else await hand();
      return fitting.length;
    },
    tick: async (functionName) => {
      const target = (await rules())
        .filter(({ schedule }) => schedule !== undefined)
        .flatMap(({ targets }) => targets)
        .find(({ arn }) => arn.endsWith(`-${functionName}`));
      if (target === undefined) throw new Error(`No rule calls ${functionName} by a schedule.`);
      await call(target.arn, target.input ?? '{}');
    },
  };
  return own;
};

const readRules = async (events: EventBridgeClient): Promise<readonly Rule[]> => {
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  return Promise.all(
    Rules.map(async ({ Name, EventPattern, ScheduleExpression }): Promise<Rule> => {
      const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: Name }));
      return {
        pattern: EventPattern === undefined ? undefined : (JSON.parse(EventPattern) as Rule['pattern']),
        schedule: ScheduleExpression,
        targets: Targets.map(({ Arn = '', Input }) => ({ arn: Arn, input: Input })),
      };
    }),
  );
};
