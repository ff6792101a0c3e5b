import { Severity } from '../../src/contracts/severity.ts';
import { changeWords } from '../../src/contracts/change-state.ts';
import type { RunTotals } from '../../src/contracts/run-totals.ts';
import { count, plural } from './number-text.ts';

/** What a survey came to, in a line: `12 findings (3 high, 9 low), 2 new, 1 gone, 5 gone with its table or column; 4 changes in the data`. */
export const totalsText = ({ findings, changes, drift, tables_not_asked }: RunTotals): string => {
  const all = Severity.options.reduce((sum, severity) => sum + findings[severity], 0);
  const severities = Severity.options.flatMap((one) => (findings[one] === 0 ? [] : [`${count(findings[one])} ${one}`]));
  const told = (['new', 'grown', 'shrunk', 'gone', 'dropped'] as const).flatMap((state) => {
    const of = changes?.[state] ?? 0;
    return of === 0 ? [] : [`${count(of)} ${changeWords[state]}`];
  });
  return [
    [all === 0 ? 'no findings' : `${plural(all, 'finding')} (${severities.join(', ')})`, ...told].join(', '),
    ...(drift === 0 ? [] : [`${plural(drift, 'change')} in the data`]),
    ...(tables_not_asked === 0 ? [] : [`${plural(tables_not_asked, 'table')} not asked for`]),
  ].join('; ');
};

/** That something was not looked at, which a number of findings does not tell; undefined where nothing was left out. */
export const gapsText = ({ gaps }: RunTotals): string | undefined =>
  gaps === 0
    ? undefined
    : `${plural(gaps, 'thing')} that ${gaps === 1 ? 'was' : 'were'} asked for ${gaps === 1 ? 'was' : 'were'} not looked at`;
