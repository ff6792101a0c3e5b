/** So long a delivery is kept, whatever became of it. */
const keptDays = 30;

/** So long one that cannot be read is put off: the version that wrote it may be back by then. */
const putOffHours = 1;

/** Until when a delivery is put off that cannot be read. */
export const putOffUntil = (now: string): string => new Date(Date.parse(now) + putOffHours * 3_600_000).toISOString();

/** When a delivery passes away. */
export const deliveryExpiry = (createdAt: string): string =>
  new Date(Date.parse(createdAt) + keptDays * 86_400_000).toISOString();

/** What was made before then has passed away. */
export const keptSince = (now: string): string => new Date(Date.parse(now) - keptDays * 86_400_000).toISOString();
