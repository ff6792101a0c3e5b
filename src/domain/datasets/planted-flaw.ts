/** What is wrong with the rows that a planted flaw touches. */
export type FlawKind =
  | 'broken reference'
  | 'contradiction'
  | 'duplicates'
  | 'gap'
  | 'impossible value'
  | 'inconsistent spelling'
  | 'late data'
  | 'malformed value'
  | 'missing values'
  | 'no information'
  | 'outliers'
  | 'personal data'
  | 'placeholder';

/** A flaw that a generator plants, for the tests that hold reports against it; nothing that surveys may know of it. */
export type PlantedFlaw = {
  /** Unique in its dataset. */
  readonly id: string;
  readonly table: string;
  /** The columns that it is about; none where whole rows are meant. */
  readonly columns: readonly string[];
  readonly kind: FlawKind;
  readonly description: string;
  /** How many rows show it. */
  readonly rows: number;
  /** DuckDB SQL that counts these rows. */
  readonly counted_by: string;
  /** The finding that tells of it. `rows` where it counts more or other rows than the flaw has, as those that a gap lacks. */
  readonly found: {
    readonly rule: string;
    readonly columns: readonly string[];
    readonly part?: string;
    readonly rows?: number;
  };
};
