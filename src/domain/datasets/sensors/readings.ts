import type { TableDefinition } from '../dataset.ts';
import type { GeneratedRow } from '../generated-row.ts';
import { days, hours, lastDay, minutes, timestampText } from '../moment.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { rowPicker, seededRandom, withDuplicates } from '../seeded-random.ts';

const columns = {
  reading_id: { type: 'BIGINT', description: 'Number of the reading' },
  device_id: { type: 'VARCHAR', description: 'The sensor' },
  site: { type: 'VARCHAR', description: 'Where the sensor hangs' },
  measured_at: { type: 'TIMESTAMP', description: 'When it was measured, by the device’s clock, UTC' },
  received_at: { type: 'TIMESTAMP', description: 'When the gateway got it, UTC' },
  temperature_c: { type: 'DOUBLE', description: 'Air temperature in °C' },
  humidity_pct: { type: 'DOUBLE', description: 'Relative humidity, 0 to 100' },
  pressure_hpa: { type: 'DOUBLE', description: 'Air pressure in hPa' },
  battery_v: { type: 'DOUBLE', description: 'Voltage of the battery' },
  signal_dbm: { type: 'BIGINT', description: 'Strength of the radio signal in dBm' },
  status: { type: 'VARCHAR', description: 'What the device says of itself' },
  gateway_ip: { type: 'VARCHAR', description: 'Address of the gateway that passed it on' },
} as const;
type Reading = GeneratedRow<keyof typeof columns>;

const sites = [
  { site: 'Harbour', base: 14, gateway: '192.0.2.17' },
  { site: 'Greenhouse', base: 23, gateway: '192.0.2.61' },
  { site: 'Cold store', base: 4, gateway: '198.51.100.23' },
  { site: 'Workshop', base: 19, gateway: '203.0.113.8' },
] as const;

const deviceCount = 30;
const clean = 49_800;
const duplicates = 150;
/** Rounds before the last one in which no device was heard: 44 hours in the middle of the series. */
const silence = { from: 820, to: 732 } as const;
const rounds = clean / deviceCount + (silence.from - silence.to);

const oneDecimal = (value: number): number => Math.round(value * 10) / 10;

const reading = (random: SeededRandom, device: number, measuredAt: number): Omit<Reading, 'reading_id'> => {
  const { site, base, gateway } = sites[device % sites.length] ?? sites[0];
  const hour = (measuredAt / hours(1)) % 24;
  // A triangle over the day: warmest at three in the afternoon.
  const warmth = 4 * (1 - Math.abs(((hour + 9) % 24) - 12) / 6);
  const swing = site === 'Cold store' ? 0.2 : 1;
  return {
    device_id: `S-${String(device + 1).padStart(2, '0')}`,
    site,
    measured_at: timestampText(measuredAt),
    received_at: timestampText(measuredAt + random.integer(1, 45) * 1_000),
    temperature_c: oneDecimal(base + swing * (random.normal(0, 0.8) - warmth)),
    humidity_pct: oneDecimal(Math.max(22, Math.min(97, random.normal(61, 9)))),
    pressure_hpa: oneDecimal(random.normal(1_014, 6)),
    battery_v:
      Math.round((3.62 - 0.0003 * ((lastDay - measuredAt) / days(1)) + random.normal(0, 0.02)) * 1_000) / 1_000,
    signal_dbm: Math.round(random.normal(-71, 6)),
    status: random.weighted([
      ['ok', 96],
      ['low battery', 3],
      ['calibrating', 1],
    ]),
    gateway_ip: gateway,
  };
};

const generate = (): readonly Reading[] => {
  const random = seededRandom(20_250_721);
  const rows: Reading[] = [];
  for (let round = rounds; round > 0; round -= 1) {
    if (round > silence.to && round <= silence.from) continue;
    const start = lastDay - minutes(30) * round;
    for (let device = 0; device < deviceCount; device += 1) {
      rows.push({
        reading_id: 2_000_001 + rows.length,
        ...reading(random, device, start + random.integer(0, 59) * 1_000),
      });
    }
  }
  const take = rowPicker(random, rows);
  const latest = (row: Reading): boolean => Number(row.reading_id) > 2_000_000 + clean / 2;
  // S-14 was set to Fahrenheit halfway through.
  for (const row of take(830, (row) => row.device_id === 'S-14' && latest(row))) {
    row.temperature_c = oneDecimal((Number(row.temperature_c) * 9) / 5 + 32);
  }
  for (const row of take(2_240, (row) => row.site === 'Harbour')) row.humidity_pct = null;
  for (const row of take(61)) row.temperature_c = -999;
  for (const row of take(37)) row.humidity_pct = oneDecimal(random.integer(101, 180) + random.next());
  for (const row of take(44)) row.pressure_hpa = NaN;
  for (const row of take(640)) {
    row.received_at = timestampText(Date.parse(`${String(row.measured_at)}Z`) + hours(random.integer(26, 150)));
  }
  for (const row of take(12)) row.measured_at = timestampText(Date.UTC(2080, 0, random.integer(1, 28)));
  for (const row of take(410, (row) => row.status === 'ok')) row.status = random.pick(['OK', 'Ok']);
  for (const row of take(95)) row.battery_v = 0;
  for (const row of take(58)) row.signal_dbm = 127;
  return withDuplicates(rows, take(duplicates));
};

/** What the sensors measured. */
export const readings: TableDefinition = {
  name: 'readings',
  description: 'A reading every half hour from each of 30 sensors at four sites',
  columns,
  rows: clean + duplicates,
  sha256: '57ebee73cb06838edc5975f8c151861a38477abd132cf5e0d890f3a9154bcbe4',
  generate,
};
