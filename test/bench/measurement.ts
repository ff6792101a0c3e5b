/** One measured figure: what, how much, of what unit, and the goal it is held against where there is one. */
export type Measurement = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: string | undefined;
};
