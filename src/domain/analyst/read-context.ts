import { z } from 'zod';
import { Budget } from '../../contracts/budget.ts';
import { Failure } from '../../contracts/failure.ts';
import type { Message } from '../../contracts/message.ts';
import { Drift } from '../../contracts/drift.ts';
import { ProfileDigest } from '../profile-digest.ts';

/** The files that a summary starts from, as the context lists them. */
export const ReportFiles = z.array(z.object({ name: z.string(), about: z.string() })).readonly();
export type ReportFiles = z.infer<typeof ReportFiles>;

/** What the first message asks for: to survey tables, or to sum a survey up. */
export type Task =
  | { readonly kind: 'survey'; readonly profile: ProfileDigest; readonly budget: Budget | undefined }
  | {
      readonly kind: 'summary';
      readonly drift: Drift;
      readonly files: ReportFiles;
      readonly prefix: string;
      readonly budget: Budget | undefined;
    };

/**
 * Reads the task from the first message, where the prompts put each thing between tags of its name. Fails with
 * MODEL_REJECTED on a context that holds neither a profile nor a drift: there is nothing to compute from.
 */
export const readTask = (messages: readonly Message[]): Task => {
  const first = messages[0]?.content[0];
  const text = first?.type === 'text' ? String(first['text']) : '';
  const budget = read(text, 'budget', Budget);
  const profile = read(text, 'profile', ProfileDigest);
  if (profile !== undefined) return { kind: 'survey', profile, budget };
  const drift = read(text, 'drift', Drift);
  if (drift !== undefined)
    return {
      kind: 'summary',
      drift,
      files: read(text, 'report_files', ReportFiles) ?? [],
      prefix: between(text, 's3_prefix') ?? '',
      budget,
    };
  throw new Failure(
    'MODEL_REJECTED',
    'No model is configured, and the analyst that works without one found neither <profile>{{profile}}</profile> nor <drift>{{drift}}</drift> in the context of the prompt. Put one of them into the prompt’s context, or set a model key.',
  );
};

const read = <T extends z.ZodType>(text: string, tag: string, schema: T): z.infer<T> | undefined => {
  const json = between(text, tag);
  if (json === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
};

const between = (text: string, tag: string): string | undefined => {
  const [start, end] = [text.indexOf(`<${tag}>`), text.indexOf(`</${tag}>`)];
  return start < 0 || end < start ? undefined : text.slice(start + tag.length + 2, end).trim();
};
