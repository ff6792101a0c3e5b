/** A page of a list. `next_cursor` is opaque, and absent on the last one. */
export type Page<T> = { readonly items: readonly T[]; readonly next_cursor?: string };

/** Which page of a list is wanted. */
export type PageRequest = { readonly limit: number; readonly cursor?: string | undefined };
