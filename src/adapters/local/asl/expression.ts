import jsonata from 'jsonata';
import { jsonataFunctions } from './jsonata-functions.ts';

/** An expression that could not be evaluated; `location` is the field it stands in, like `Arguments/Payload`. */
export class EvaluationError extends Error {
  readonly location: string;

  constructor(location: string, message: string) {
    super(message);
    this.name = 'EvaluationError';
    this.location = location;
  }
}

/** Whether a string is an expression: `{%` and `%}` are its very first and last characters. */
export const isExpression = (text: string): boolean => text.startsWith('{%') && text.endsWith('%}') && text.length >= 4;

/** The JSONata inside of the marks. */
export const expressionText = (text: string): string => text.slice(2, -2).trim();

// Parsing takes ~500 µs and evaluating a path ~10 µs, so what is parsed is kept. 5,000 texts are more than a hundred
// machines hold; past that the cache starts anew, so that ever new machines cannot fill the memory.
const MOST_COMPILED = 5_000;
const compiled = new Map<string, jsonata.Expression>();

/** The parsed expression. Throws what JSONata throws on a text that it cannot parse. */
export const compileExpression = (text: string): jsonata.Expression => {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const expression = jsonata(text);
  for (const [name, implementation, signature] of jsonataFunctions) {
    expression.registerFunction(name, implementation, signature);
  }
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  compiled.set(text, expression);
  return expression;
};

const isFunction = (value: unknown): boolean =>
  typeof value === 'function' ||
  (typeof value === 'object' && value !== null && ('_jsonata_lambda' in value || '_jsonata_function' in value));

/** A value's type, in JSON's words. */
export const jsonType = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;

const evaluateExpression = async (
  marked: string,
  location: string,
  bindings: Readonly<Record<string, unknown>>,
): Promise<unknown> => {
  const text = expressionText(marked);
  const fail = (message: string): EvaluationError =>
    new EvaluationError(location, `The JSONata expression '${text}' specified for the field '${location}' ${message}`);
  let value: unknown;
  try {
    value = await compileExpression(text).evaluate(undefined, bindings);
  } catch (thrown) {
    // JSONata throws plain objects with a code; functions of ours throw errors.
    const { code, message } = thrown as { code?: string; message?: string };
    throw fail(
      `threw an error during evaluation. ${code === undefined ? '' : `${code}: `}${message ?? String(thrown)}`,
    );
  }
  if (value === undefined) throw fail('returned nothing (undefined).');
  if (isFunction(value)) throw fail('returned an unsupported result type.');
  return value;
};

/**
 * A field's value: JSON in which every string that is an expression is replaced by what it evaluates to.
 * Fails with EvaluationError.
 */
export const evaluateTemplate = async (
  template: unknown,
  location: string,
  bindings: Readonly<Record<string, unknown>>,
): Promise<unknown> => {
  if (typeof template === 'string') {
    return isExpression(template) ? evaluateExpression(template, location, bindings) : template;
  }
  if (typeof template !== 'object' || template === null) return template;
  if (Array.isArray(template)) {
    const items: unknown[] = [];
    for (const [index, item] of template.entries()) {
      items.push(await evaluateTemplate(item, `${location}[${index}]`, bindings));
    }
    return items;
  }
  const object: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(template)) {
    object[key] = await evaluateTemplate(value, `${location}/${key}`, bindings);
  }
  return object;
};
