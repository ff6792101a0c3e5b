import { parseArgs } from 'node:util';
import { seededRandom } from '../../src/domain/datasets/seeded-random.ts';
import { killParts } from './kill-parts.ts';
import { killService, type ChaosResult } from './kill-service.ts';

/** `kill -9` of the service and of the parts of its sandboxes, many times. Ends with 1 where anything is wrong afterwards. */

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '50' }, seed: { type: 'string', default: String(Date.now() % 1e6) } },
});
const rounds = Number(values.rounds);
const say = (line: string): void => console.log(line);

const show = (what: string, result: ChaosResult, seconds: number): boolean => {
  const { ended, faults, ...figures } = result;
  console.log(`${what}: ${JSON.stringify(figures)} in ${seconds.toFixed(0)} s`);
  for (const [stage, count] of Object.entries(ended)) console.log(`  ${count} × ${stage}`);
  for (const fault of faults) console.log(`  FAULT ${fault}`);
  return faults.length === 0 && result.succeeded === result.runs;
};

console.log(`seed ${values.seed}`);
let isGood = true;
for (const [what, chaos] of [
  ['the service', killService],
  ['supervisors, databases and kernels', killParts],
] as const) {
  const begun = performance.now();
  const stream = seededRandom(Number(values.seed));
  isGood =
    show(`kill -9 of ${what}`, await chaos(rounds, () => stream.next(), say), (performance.now() - begun) / 1000) &&
    isGood;
}
process.exitCode = isGood ? 0 : 1;
