const headBytes = 48 * 1024;
const tailBytes = 16 * 1024;

/**
 * What a process prints, up to a mark that it prints last. The first 48 KiB and the last 16 KiB are kept, since both the
 * beginning and the end of a long output tell something; what lies between is counted and said.
 */
export const captureText = (
  mark: Buffer,
): { push(chunk: Buffer): void; readonly marked: Promise<void>; text(): { text: string; truncated: boolean } } => {
  const { promise: marked, resolve } = Promise.withResolvers<void>();
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let left = 0;
  // The mark may come in two chunks, so as many bytes as could be its beginning wait for the next.
  let pending = Buffer.alloc(0);

  const keep = (bytes: Buffer): void => {
    const first = bytes.subarray(0, headBytes - head.length);
    if (first.length > 0) head = Buffer.concat([head, first]);
    const rest = bytes.subarray(first.length);
    if (rest.length === 0) return;
    const all = Buffer.concat([tail, rest]);
    left += Math.max(0, all.length - tailBytes);
    tail = all.subarray(-tailBytes);
  };

  return {
    marked,
    push(chunk) {
      pending = Buffer.concat([pending, chunk]);
      const at = pending.indexOf(mark);
      const whole = at >= 0 ? at : Math.max(0, pending.length - mark.length + 1);
      keep(pending.subarray(0, whole));
      pending = pending.subarray(at >= 0 ? at + mark.length : whole);
      if (at >= 0) resolve();
    },
    text() {
      keep(pending);
      pending = Buffer.alloc(0);
      if (left === 0) return { text: Buffer.concat([head, tail]).toString(), truncated: false };
      const notice = `\n… ${left} bytes of output left out here; print less, or write it to a file …\n`;
      return { text: `${head.toString()}${notice}${tail.toString()}`, truncated: true };
    },
  };
};
