import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../bin/local/settings.ts';
import { bundleFunctions } from '../../lib/bundle-functions.ts';
import { functionNames } from '../../src/contracts/function-needs.ts';
import { routes } from '../../src/contracts/routes.ts';
import { findMiniStack } from '../adapters/aws/ministack.ts';
import { startAwsPlatform } from '../aws/platform/aws-platform.ts';
import { synthesize } from '../aws/platform/synthesize.ts';
import { broughtNetwork } from '../infra/brought-network.ts';
import { stackTemplate } from '../infra/template.ts';
import { createCallMeter } from './aws/call-meter.ts';
import { assumedStorage, idleUsage, monthlyTicks } from './aws/idle-usage.ts';
import { importTimes } from './aws/import-times.ts';
import { measureCatalog, measureTick } from './aws/measured-catalog.ts';
import { addUsage, type Bill, billOf, multiplyUsage, priceList, type Usage } from './aws/price-list.ts';
import { createTaskMeter } from './aws/task-meter.ts';
import type { Measurement } from './measurement.ts';

/** What pulling its image and starting it takes a task of Fargate, beyond what it takes here: assumed, nobody has measured it. */
const startSeconds = 60;

/** The stretch of a sandbox that the goal is set for. */
const goalSeconds = 300;

/** The size of the functions' bundles, and how long they load beside the clients of AWS that they import. */
export const benchAwsBundles = async (): Promise<readonly Measurement[]> => {
  // Below the project, so that the AWS SDK, which Lambda brings, is found in its node_modules.
  mkdirSync(join(projectRoot, 'dist'), { recursive: true });
  const folder = mkdtempSync(join(projectRoot, 'dist', 'bench-'));
  try {
    const bundles = await bundleFunctions(folder);
    const routed: ReadonlySet<string> = new Set(Object.values(routes).map((route) => route.function));
    const sizes = functionNames.map((name) => ({
      name: `bundle of ${name}`,
      value: statSync(join(bundles.folderOf(name), 'index.mjs')).size / 1_024,
      unit: 'KB',
      goal: routed.has(name) ? '≤ 300' : '≤ 700',
    }));
    const times = (await importTimes(bundles, folder)).map(({ name, milliseconds, clientsAlone }) =>
      // There is nothing to divide by where a function asks nothing of AWS.
      clientsAlone < 10
        ? { name: `import of ${name}, which has no clients`, value: milliseconds, unit: 'ms' }
        : { name: `import of ${name} ÷ of its clients`, value: milliseconds / clientsAlone, unit: '×', goal: '≤ 1.5' },
    );
    const largestFirst = <T extends Measurement>(all: readonly T[]): readonly T[] =>
      all.toSorted((a, b) => b.value - a.value);
    return [...largestFirst(sizes), ...largestFirst(times)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/**
 * What one catalog of a sample dataset takes on the stack on loopback, and its list price; the list price of a month in which
 * nobody uses the service.
 */
export const benchAwsCatalog = async (): Promise<readonly Measurement[]> => {
  const found = await findMiniStack();
  if ('missing' in found) throw new Error(found.missing);
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-bench-aws-'));
  const meters = { calls: createCallMeter(), tasks: createTaskMeter(startSeconds) };
  try {
    const synthesis = await synthesize(folder, { protectData: 'false' });
    const aws = await startAwsPlatform(found.python, synthesis, {
      onAnswer: (call, answer) => meters.calls.onAnswer(call, answer),
      aroundTask: meters.tasks.around,
    });
    try {
      const { usage, calls, taskSeconds } = await measureCatalog(aws, synthesis, meters);
      const own = stackTemplate({});
      let ticks: Usage = {};
      for (const [name, times] of monthlyTicks(own))
        ticks = addUsage(ticks, multiplyUsage((await measureTick(aws, synthesis, meters, name)).usage, times));
      return [
        ...Object.entries(calls)
          .toSorted(([one], [other]) => (one < other ? -1 : 1))
          .map(([call, value]) => ({ name: `one catalog: ${call}`, value, unit: 'calls' })),
        { name: `one catalog: its sandbox, ${startSeconds} s of starting assumed`, value: taskSeconds, unit: 's' },
        ...billLines('one catalog', billOf(usage)),
        ...catalogPrice(usage),
        ...billLines('a month idle, our own network', billOf(addUsage(idleUsage(own), ticks))),
        ...monthPrice('our own network', addUsage(idleUsage(own), ticks)),
        ...monthPrice('a network brought along', addUsage(idleUsage(stackTemplate(broughtNetwork)), ticks)),
      ];
    } finally {
      await aws.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const prices = `list prices of ${priceList.region}, ${priceList.as_of}`;

const billLines = (of: string, { lines }: Bill): readonly Measurement[] =>
  lines
    .filter(({ quantity }) => quantity > 0)
    .flatMap(({ billed, quantity, unit, dollars }) => [
      { name: `${of}: ${billed}`, value: quantity, unit: unit.replaceAll(' ', '_') },
      { name: `${of}: ${billed}, its price`, value: dollars, unit: '$' },
    ]);

/** As measured, and with a sandbox of five minutes, which is what the goal is about. */
const catalogPrice = (usage: Usage): readonly Measurement[] => [
  { name: `one catalog as measured, without tokens, ${prices}`, value: billOf(usage).dollars, unit: '$' },
  {
    name: `one catalog with a sandbox of ${goalSeconds} s, without tokens, ${prices}`,
    value: billOf({ ...usage, 'fargate-vcpu-seconds': 2 * goalSeconds, 'fargate-gb-seconds': 8 * goalSeconds }).dollars,
    unit: '$',
    goal: '≤ 0.015',
  },
];

const monthPrice = (network: string, usage: Usage): readonly Measurement[] => [
  { name: `a month idle, ${network}, ${prices}`, value: billOf(usage).dollars, unit: '$' },
  {
    name: `a month idle, ${network}, with what is stored (assumed)`,
    value: billOf(addUsage(usage, assumedStorage)).dollars,
    unit: '$',
  },
];
