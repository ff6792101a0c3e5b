import { Failure } from './failure.ts';

/** How much and how long an answer may be. */
export type AnswerLimits = { readonly bytes: number; readonly milliseconds: number };

const mebibyte = 1024 * 1024;

/** Functions answer at most 6 MB, within 26 s; a report holds the figures of all tables, and may come over a slow line. */
export const answerLimits = {
  json: { bytes: 8 * mebibyte, milliseconds: 60_000 },
  report: { bytes: 64 * mebibyte, milliseconds: 600_000 },
} as const satisfies Readonly<Record<string, AnswerLimits>>;

/** An answer with its whole body, counted while it comes: who answers may be somebody else, and never end. Fails with INTERNAL. */
export const readAnswer = async (response: Response, bytes: number, asked: string): Promise<Response> => {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let read = 0;
  for await (const part of response.body ?? []) {
    read += part.byteLength;
    if (read > bytes)
      throw new Failure(
        'INTERNAL',
        `${asked} answered with more than ${bytes / mebibyte} MB, which is no answer of this API. Check that Surveyor, in this version, listens there.`,
        { where: asked },
      );
    parts.push(part);
  }
  const { status, headers } = response;
  return new Response(read === 0 ? null : new Blob(parts), { status, headers });
};
