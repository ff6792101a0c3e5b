import * as z from 'zod';
import { Failure } from '../../contracts/failure.ts';
import type { ModelMessage } from '../../contracts/model-message.ts';
import { DatabaseSize, DriftDigest, FindingChangesDigest, FindingsDigest, ProfileDigest } from '../profile-digest.ts';

const Databases = z.array(DatabaseSize).readonly();

/** What the first message holds, each thing between tags of its name, as the prompts put it. */
export type Context = ReturnType<typeof readContext>;

/** Reads the first message. What is asked for and is not there fails with MODEL_REJECTED, in words for who wrote the prompt. */
export const readContext = (messages: readonly ModelMessage[]) => {
  const first = messages[0]?.content[0];
  const text = first?.type === 'text' ? String(first['text']) : '';
  const required = <T extends z.ZodType>(tag: string, schema: T): z.infer<T> => {
    const value = read(text, tag, schema);
    if (value !== undefined) return value;
    throw new Failure(
      'MODEL_REJECTED',
      `No model is configured, and the analyst that works without one found no <${tag}>{{${tag}}}</${tag}> in the context of the prompt. Put it into the prompt’s context, or set a model key.`,
    );
  };
  return {
    databases: () => required('databases', Databases),
    profile: () => required('profile', ProfileDigest),
    findings: () => required('findings', FindingsDigest),
    finding_changes: () => required('finding_changes', FindingChangesDigest),
    drift: () => required('drift', DriftDigest),
    prefix: () => between(text, 's3_prefix') ?? '',
  };
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
