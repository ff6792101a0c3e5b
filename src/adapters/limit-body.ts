import { Failure } from '../contracts/failure.ts';

/**
 * Bytes of the largest answer of a model service: 128,000 tokens, the most that a prompt may ask for, are some 20 MB of events.
 */
const maxBytes = 64 * 1024 * 1024;

/** A `fetch` whose answers end, with MODEL_REJECTED, where they are larger than any answer of a model. */
export const fetchWithinLimit: typeof fetch = async (...request) => {
  const response = await fetch(...request);
  let read = 0;
  const counted = response.body?.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(part, controller) {
        read += part.byteLength;
        if (read <= maxBytes) controller.enqueue(part);
        else controller.error(tooLarge());
      },
    }),
  );
  const { status, statusText, headers } = response;
  return counted === undefined ? response : new Response(counted, { status, statusText, headers });
};

const tooLarge = (): Failure =>
  new Failure(
    'MODEL_REJECTED',
    `The model service answered with more than ${maxBytes / 1024 / 1024} MB, which no answer of a model is. Is the address of the model service right?`,
  );
