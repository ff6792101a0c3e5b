import { createHash } from 'node:crypto';

/** How long the loop takes on the machine on which the goals were set: two cores, nothing else running. */
const referenceMilliseconds = 45;

/** How fast this machine is now. */
export type Calibration = {
  /** The loop's time, the best of five. */
  readonly milliseconds: number;
  /** How many times slower this is than the machine on which the goals were set. */
  readonly slowdown: number;
};

/** Work that never changes: hashing, sorting, parsing. What the service does all day. */
const loop = (): void => {
  const numbers = Array.from({ length: 120_000 }, (_, index) => (index * 7_919) % 104_729);
  const text = JSON.stringify(numbers.toSorted((a, b) => a - b));
  for (let round = 0; round < 6; round += 1) {
    createHash('sha256').update(text).digest('hex');
    JSON.parse(text);
  }
};

/** Times the loop: a figure in milliseconds meets its goal if the figure divided by the slowdown does. */
export const calibrate = (): Calibration => {
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now();
    loop();
    return performance.now() - started;
  });
  const milliseconds = Math.min(...times);
  return { milliseconds, slowdown: milliseconds / referenceMilliseconds };
};
