import type { Duplex } from 'node:stream';
import { encodeFrame, frameReader } from './frames.ts';
import { KernelMessage, type KernelOrder } from './kernel-messages.ts';
import { wholeMilliseconds } from '../../src/contracts/whole-milliseconds.ts';

/** More than any cell sends: eight figures of 2 MiB in base64 and its texts. This stops what is no kernel any more. */
const mostMessageBytes = 32 * 1024 * 1024;
/** Results that a kernel has asked for and not read; three of the largest. */
const mostUnreadBytes = 200 * 1024 * 1024;
/** A cell in a C library holds the reading thread up, but not for this long. */
const sendMilliseconds = 60_000;

/**
 * The supervisor's end of a kernel's channel: checks all that comes. Calls `lost` once, with the reason, when it is the
 * kernel no more who is at the other end.
 */
export const kernelChannel = (
  stream: Duplex,
  receive: (message: KernelMessage) => void,
  lost: (why: string) => void,
): { send(order: KernelOrder): void } => {
  const frames = frameReader(mostMessageBytes);
  let isLost = false;
  const lose = (why: string): void => {
    if (isLost) return;
    isLost = true;
    // What is on its way is neither read nor kept.
    stream.destroy();
    lost(why);
  };
  stream.on('data', (chunk: Buffer) => {
    if (isLost) return;
    try {
      frames.push(chunk).forEach((message) => receive(KernelMessage.parse(message)));
    } catch {
      lose('it sent what is no message of a kernel');
    }
  });
  // The end of the process tells what there is to tell.
  stream.on('error', () => undefined);

  return {
    send(order) {
      if (!stream.writable) return;
      const late = setTimeout(
        lose,
        wholeMilliseconds(sendMilliseconds),
        `it read nothing for ${sendMilliseconds / 1000} s`,
      ).unref();
      stream.write(encodeFrame(order), () => clearTimeout(late));
      if (stream.writableLength > mostUnreadBytes) lose('it asked for results and did not read them');
    },
  };
};
