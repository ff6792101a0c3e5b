import { cpus, loadavg } from 'node:os';
import { benchApi } from './api.ts';
import { benchBroker } from './broker.ts';
import { benchCache } from './cache.ts';
import { benchChinook } from './chinook.ts';
import { benchEndurance } from './endurance.ts';
import { benchEngine } from './engine.ts';
import type { Measurement } from './measurement.ts';
import { benchKernel } from './kernel.ts';
import { benchProfileCsv } from './profile-csv.ts';
import { benchProfilePostgres } from './profile-postgres.ts';
import { benchProfile } from './profile.ts';
import { benchSandbox } from './sandbox.ts';
import { benchStart } from './start.ts';

/** What `npm run bench` measures, by the word that picks it: `npm run bench -- engine kernel`. */
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
  start: benchStart,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
console.log(
  `${cpus().length} processors, load ${loadavg()[0]?.toFixed(1)}. Times depend on the machine; ratios have both sides in one run.`,
);
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n${name}`);
  for (const { name: what, value, unit, goal } of await bench()) {
    console.log(
      `  ${what.padEnd(72)} ${value.toPrecision(3).padStart(9)} ${unit.padEnd(8)} ${goal === undefined ? '' : `goal ${goal}`}`,
    );
  }
}
