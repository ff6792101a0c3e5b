import type { Command } from 'commander';
import { displayFor, silentDisplay } from '../progress/display.ts';
import type { Display } from '../progress/display.ts';
import { printableJson } from '../progress/printable-json.ts';

/** How a command talks: results to stdout, everything else to stderr; with `--json`, results as data and no remarks. */
export type Terminal = {
  readonly json: boolean;
  /** A display of progress on stderr. Made on first use. */
  display(): Display;
  /** The command's result, as data and as text. */
  print(data: unknown, text: string | (() => string)): void;
};

/** The terminal of a command, by the options it was given. */
export const terminalOf = (command: Command): Terminal => {
  const json = command.optsWithGlobals<{ json?: boolean }>().json === true;
  let display: Display | undefined;
  return {
    json,
    display: () => (display ??= json ? silentDisplay : displayFor(process.stderr)),
    print: (data, text) => {
      process.stdout.write(`${json ? printableJson(data, 2) : typeof text === 'string' ? text : text()}\n`);
    },
  };
};

/** Rows as aligned columns, two blanks apart. */
export const alignColumns = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};
