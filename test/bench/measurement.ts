/** One measured figure: what, how much, of what unit, and the goal it is held against where there is one. */
export type Measurement = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: string | undefined;
};

/** A figure as it is printed, so that `--against` reads it back, of older commits too. */
export const figureLine = (name: string, value: number, unit: string): string =>
  `  ${name.padEnd(72)} ${value.toPrecision(3).padStart(9)} ${unit.padEnd(8)}`;

/** The figures among printed lines, by name. */
export const readFigureLines = (
  output: string,
): ReadonlyMap<string, { readonly value: number; readonly unit: string }> =>
  new Map(
    output.split('\n').flatMap((line) => {
      const [, name = '', value = '', unit = ''] = /^ {2}(\S.{71,}?) +(-?[\d.]+(?:e[+-]\d+)?) (\S*)/.exec(line) ?? [];
      return name === '' ? [] : [[name.trimEnd(), { value: Number(value), unit }] as const];
    }),
  );
