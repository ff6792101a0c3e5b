/** The headers by which a service says when to ask again, as `fetch` has them. */
type Told = { get(name: string): string | null };

/** Seconds after which a service wants to be asked again: told in seconds, in milliseconds, or as a time in HTTP's format. */
export const retryAfterOf = (headers: Told | undefined, now: Date): number | undefined => {
  const milliseconds = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (milliseconds >= 0) return milliseconds / 1_000;
  const text = headers?.get('retry-after')?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - now.getTime()) / 1_000);
};
