/** When a window of time is over. */
export const windowEnd = ({ start, seconds }: { readonly start: string; readonly seconds: number }): string =>
  new Date(Date.parse(start) + seconds * 1000).toISOString();
