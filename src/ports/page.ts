/** A page of a list. `next_cursor` is opaque, and absent on the last one. */
export type Page<T> = {
  readonly items: readonly T[];
  /** Names of what stands on this page and cannot be read: it is left out, so that it does not hide the others. */
  readonly unreadable?: readonly string[];
  readonly next_cursor?: string;
};

/** Which page of a list is wanted. */
export type PageRequest = { readonly limit: number; readonly cursor?: string | undefined };
