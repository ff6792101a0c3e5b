import type { Policy } from '../../../runner-task/supervisor/policy/statement-policy.ts';
import { refusalText } from '../../../runner-task/supervisor/policy/verdict.ts';

/** Attacks by class: what each class is about, and statements of it. */
export type Attacks = { readonly [about: string]: readonly string[] };

/** Every attack with what its writer is told, to be read by people; one that is let through says so. */
export const refusalReport = async (policy: Policy, attacks: Attacks): Promise<string> => {
  const lines: string[] = [];
  for (const [about, statements] of Object.entries(attacks)) {
    lines.push(`== ${about}`, '');
    for (const sql of statements) {
      const verdict = await policy.judge(sql);
      lines.push(sql.replaceAll('\n', '\\n'), `    ${verdict.allowed ? 'ALLOWED' : refusalText(verdict)}`, '');
    }
  }
  return lines.join('\n');
};
