import { quoteName } from '../sql-name.ts';

/** A number in SQL, never in a notation that a dialect could read otherwise. */
export const number = (value: number): string => (Number.isFinite(value) ? String(value) : 'null');

/** A column as a time, whatever kind of time it is declared as. */
export const asTime = (column: string): string => `cast(${quoteName(column)} as timestamp)`;

/** A column as a plain number that can be compared: neither NaN nor infinite. */
export const isOrdinary = (column: string): string => `${asNumber(column)} between -1e300 and 1e300`;

export const asNumber = (column: string): string => `cast(${quoteName(column)} as double)`;
