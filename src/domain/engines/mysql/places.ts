/**
 * The numbers from 1, of decimal digits: WITH RECURSIVE would count too, but MariaDB 10.11 fails a statement with it whose
 * tables overflow to disk. The limit lets the product of the digits be made once, not joined to every row.
 */
export const places = (most: number): string => `digit AS (
  SELECT 0 AS d ${Array.from({ length: 9 }, (_, at) => `UNION ALL SELECT ${at + 1}`).join(' ')}
),
place AS (
  SELECT 100 * hundred.d + 10 * ten.d + one.d + 1 AS at
  FROM digit AS hundred, digit AS ten, digit AS one
  WHERE 100 * hundred.d + 10 * ten.d + one.d < ${most}
  LIMIT ${most}
)`;

/** Which of a list’s values belongs to a place: MySQL turns columns into rows so, and reads no other of them. */
export const atPlace = (place: string, values: readonly (string | number)[]): string =>
  `ELT(${place}, ${values.join(', ')})`;

/** The same as a number: rows are sorted and joined by it, and a text would be compared by its collation. */
export const numberAtPlace = (place: string, values: readonly number[]): string => `${atPlace(place, values)} + 0`;

/** A text in one collation, for those of a union must not differ: literals, casts and columns have three. */
export const alike = (text: string): string => `CONVERT(${text} USING utf8mb4) COLLATE utf8mb4_bin`;
