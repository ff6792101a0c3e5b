import { defineDataset } from '../dataset.ts';
import { readings } from './readings.ts';

/** A network of climate sensors. */
export const sensors = defineDataset(
  {
    name: 'sensors',
    title: 'A network of climate sensors',
    description:
      'Five weeks of half-hourly readings of temperature, humidity and pressure from 30 devices at four sites',
  },
  [readings],
);
