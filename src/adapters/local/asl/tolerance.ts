import type { MapState } from './definition.ts';
import { evaluateCount, evaluateTyped, queryFailed, type Visit } from './visit.ts';

/** How many of a Map's iterations may fail, and whether its definition says so. */
export type Tolerance = { readonly most: number; readonly stated: boolean };

const percentageOf = async (state: MapState, visit: Visit): Promise<number | undefined> => {
  const field = 'ToleratedFailurePercentage';
  const template = state[field];
  if (template === undefined || typeof template === 'number') return template;
  const percentage = await evaluateTyped(visit, template, field, 'number');
  if (percentage >= 0 && percentage <= 100) return percentage;
  throw queryFailed(visit, field, `The field '${field}' must be between 0 and 100, but was ${percentage}`);
};

/** The tolerance of a Map for so many items; where both a count and a percentage are stated, the stricter one holds. */
export const toleranceOf = async (state: MapState, visit: Visit, items: number): Promise<Tolerance> => {
  const count = await evaluateCount(visit, state.ToleratedFailureCount, 'ToleratedFailureCount', 0);
  const percentage = await percentageOf(state, visit);
  if (count === undefined && percentage === undefined) return { most: 0, stated: false };
  return { most: Math.min(count ?? items, ((percentage ?? 100) * items) / 100), stated: true };
};
