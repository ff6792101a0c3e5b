import type { Finding } from '../../contracts/finding.ts';
import type { Severity } from '../../contracts/severity.ts';

const order: Readonly<Record<Severity, number>> = { high: 0, medium: 1, low: 2 };

/** The most severe first; among equals the one that touches the largest share, then the most rows, then by name. */
export const bySeverity = (a: Finding, b: Finding): number =>
  order[a.severity] - order[b.severity] ||
  b.rows / (b.of ?? b.rows) - a.rows / (a.of ?? a.rows) ||
  b.rows - a.rows ||
  (a.key < b.key ? -1 : 1);
