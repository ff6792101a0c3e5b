/** How many requests came with an API key. */
export type RequestCountStore = {
  /** Counts one within a window, and answers with how many there have been. Windows pass away. */
  count(keyHash: string, window: { readonly start: string; readonly seconds: number }): Promise<number>;
};
