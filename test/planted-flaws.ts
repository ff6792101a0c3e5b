import type { PlantedFlaw } from '../src/domain/datasets/planted-flaw.ts';
import { plantedFlaws as ofEcommerce } from '../src/domain/datasets/ecommerce/planted-flaws.ts';
import { plantedFlaws as ofSensors } from '../src/domain/datasets/sensors/planted-flaws.ts';
import { plantedFlaws as ofSupport } from '../src/domain/datasets/support/planted-flaws.ts';

const flaws = { ecommerce: ofEcommerce, support: ofSupport, sensors: ofSensors } as const;

/** The name of a dataset that has planted flaws. */
export type FlawedDataset = keyof typeof flaws;

/** The datasets that have planted flaws. */
export const flawedDatasets = Object.keys(flaws) as readonly FlawedDataset[];

/** Every flaw that the generator of a dataset plants. */
export const flawsOf = (dataset: FlawedDataset): readonly PlantedFlaw[] => flaws[dataset];
