/** Messages on a byte stream: four bytes of length, big-endian, then that much JSON in UTF-8. */

const headerBytes = 4;

/** A message as it is sent. */
export const encodeFrame = (message: unknown): Buffer => {
  const body = Buffer.from(JSON.stringify(message));
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32BE(body.length);
  return Buffer.concat([header, body]);
};

/** Cuts a stream into messages. `push` answers with those that became whole, and throws on one that is too long or no JSON. */
export const frameReader = (mostBytes: number): { push(chunk: Buffer): readonly unknown[] } => {
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted: number | undefined;
  return {
    push(chunk) {
      chunks.push(chunk);
      held += chunk.length;
      const messages: unknown[] = [];
      for (;;) {
        if (held < (wanted ?? headerBytes)) return messages;
        const joined = Buffer.concat(chunks);
        const used = wanted ?? headerBytes;
        if (wanted === undefined) {
          wanted = joined.readUInt32BE();
          if (wanted > mostBytes) throw new RangeError(`a message of ${wanted} bytes, the limit is ${mostBytes}`);
        } else {
          messages.push(JSON.parse(joined.toString('utf8', 0, wanted)));
          wanted = undefined;
        }
        chunks = [joined.subarray(used)];
        held -= used;
      }
    },
  };
};
