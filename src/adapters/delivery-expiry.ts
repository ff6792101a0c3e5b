/** So long a delivery is kept, whatever became of it. */
const keptDays = 30;

/** When a delivery passes away. */
export const deliveryExpiry = (createdAt: string): string =>
  new Date(Date.parse(createdAt) + keptDays * 86_400_000).toISOString();

/** What was made before then has passed away. */
export const keptSince = (now: string): string => new Date(Date.parse(now) - keptDays * 86_400_000).toISOString();
