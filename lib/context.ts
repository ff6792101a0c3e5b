import type { Node } from 'constructs';
import type { ContextKey } from './context-keys.ts';

/** A value of the context (`cdk deploy -c key=value`) as text; undefined where there is none or it is empty. */
export const contextText = (node: Node, key: ContextKey): string | undefined => {
  const value = node.tryGetContext(key) as string | number | boolean | object | null | undefined;
  if (value === undefined || value === null) return undefined;
  // cdk.json may hold a list, which the command line writes with commas.
  const text = Array.isArray(value) ? value.join(',') : typeof value === 'object' ? JSON.stringify(value) : `${value}`;
  return text.trim() === '' ? undefined : text.trim();
};

/** A value of the context that is a list: its items, separated by commas. */
export const contextList = (node: Node, key: ContextKey): readonly string[] =>
  (contextText(node, key) ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** Ends the synthesis, saying which value of the context is wrong and how it is written. */
export const wrongContext = (key: ContextKey, value: string, form: string): never => {
  throw new Error(`The context's ${key} has ${JSON.stringify(value)}, which is not ${form}.`);
};
