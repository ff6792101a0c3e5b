/** A cell of a generated row; null is written as nothing. */
export type Cell = string | number | boolean | null;

/** A generated row: one cell per declared column. */
export type GeneratedRow<Column extends string = string> = Record<Column, Cell>;
