import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { benchAgainst } from './against.ts';
import { benchAwsBundles, benchAwsCatalog } from './aws.ts';
import { benchApi } from './api.ts';
import { benchBroker } from './broker.ts';
import { calibrate } from './calibrate.ts';
import { benchCache } from './cache.ts';
import { benchChinook } from './chinook.ts';
import { benchEndurance } from './endurance.ts';
import { benchEngine } from './engine.ts';
import { figureLine, type Measurement } from './measurement.ts';
import { benchKernel } from './kernel.ts';
import { benchProfileCsv } from './profile-csv.ts';
import { benchProfilePostgres } from './profile-postgres.ts';
import { benchProfile } from './profile.ts';
import { benchSandbox } from './sandbox.ts';
import { benchStart } from './start.ts';
import { benchSurvey } from './survey.ts';

/**
 * What `npm run bench` measures, by the word that picks it: `npm run bench -- engine kernel`; `aws`
 * picks both of `aws/…`. With `--against main` both
 * are measured by turns, this working tree and that commit.
 */
const benches: Readonly<Record<string, () => Promise<readonly Measurement[]>>> = {
  engine: benchEngine,
  kernel: benchKernel,
  sandbox: benchSandbox,
  broker: benchBroker,
  endurance: benchEndurance,
  cache: benchCache,
  profile: benchProfile,
  'profile-postgres': benchProfilePostgres,
  'profile-csv': benchProfileCsv,
  api: benchApi,
  chinook: benchChinook,
  survey: benchSurvey,
  start: benchStart,
  'aws/bundles': benchAwsBundles,
  'aws/catalog': benchAwsCatalog,
};

const { values, positionals: wanted } = parseArgs({ options: { against: { type: 'string' } }, allowPositionals: true });
const picks = (word: string, name: string): boolean => name === word || name.startsWith(`${word}/`);
const unknown = wanted.filter((word) => !Object.keys(benches).some((name) => picks(word, name)));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
const picked = Object.entries(benches).filter(
  ([name]) => wanted.length === 0 || wanted.some((word) => picks(word, name)),
);
const { milliseconds, slowdown } = calibrate();
console.log(
  `${cpus().length} processors, load ${loadavg()[0]?.toFixed(1)}, the calibration loop takes ${milliseconds.toFixed(0)} ms: ` +
    `${slowdown.toFixed(2)} times as long as where the goals were set.\n` +
    'A time meets its goal if it does divided by that; ratios have both sides in one run.',
);
if (values.against !== undefined)
  await benchAgainst(
    values.against,
    picked.map(([name]) => name),
  );
else
  for (const [name, bench] of picked) {
    console.log(`\n${name}`);
    for (const { name: what, value, unit, goal } of await bench()) {
      const calibrated = unit === 'ms' || unit === 's' ? `, ${(value / slowdown).toPrecision(3)} calibrated` : '';
      const against = goal === undefined ? '' : `goal ${goal}${calibrated}`;
      console.log(`${figureLine(what, value, unit)} ${against}`);
    }
  }
