/** A page of a list. `next_cursor` is opaque, and absent on the last one. */
export type Page<T> = {
  readonly items: readonly T[];
  /** Names of what stands on this page and cannot be read, where the list leaves such things out. */
  readonly unreadable?: readonly string[];
  readonly next_cursor?: string;
};

/** Which page of a list is wanted. */
export type PageRequest = { readonly limit: number; readonly cursor?: string | undefined };
