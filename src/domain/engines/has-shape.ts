import type { TextShape } from '../figures/text-shapes.ts';

/** One of an engine’s shape conditions as a condition that is never NULL. */
export const hasShape = (
  conditions: readonly { readonly shape: TextShape; readonly sql: string }[],
  shape: TextShape,
): string => `coalesce(${conditions.find((condition) => condition.shape === shape)?.sql ?? 'null'}, false)`;
