import type { Resolver } from './resolve.ts';

/** A statement of a policy, with its references resolved. */
export type PolicyStatement = {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly Condition[];
};

type Condition = { readonly operator: string; readonly key: string; readonly values: readonly string[] };

/** What somebody asks for: who asks, and what else conditions look at, stands in the context. */
export type PolicyRequest = {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, readonly string[]>> | undefined;
};

type Raw = Readonly<Record<string, unknown>>;

/** An element that would change the meaning of a statement and is not among these is one that this file has to learn. */
const elements = ['Sid', 'Effect', 'Action', 'Resource', 'Principal', 'Condition'];

/** The statements of a policy document. */
export const statementsOf = (
  document: unknown,
  { text, texts }: Pick<Resolver, 'text' | 'texts'>,
): readonly PolicyStatement[] =>
  (document as { readonly Statement: readonly Raw[] }).Statement.map((raw) => {
    const unknown = Object.keys(raw).filter((element) => !elements.includes(element));
    if (unknown.length > 0) throw new Error(`Say in test/infra/policy.ts what ${unknown.join(', ')} means.`);
    const conditions = Object.entries((raw['Condition'] ?? {}) as Readonly<Record<string, Raw>>);
    return {
      effect: text(raw['Effect']),
      actions: texts(raw['Action']),
      resources: texts(raw['Resource']),
      conditions: conditions.flatMap(([operator, keys]) =>
        Object.entries(keys).map(([key, values]) => ({ operator, key, values: texts(values) })),
      ),
    };
  });

/** Whether a text is what a pattern of IAM says: `*` stands for any characters and `?` for one. */
export const fits = (text: string, pattern: string): boolean =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('?', '.')
      .replaceAll('*', '.*')}$`,
    's',
  ).test(text);

/** A key that a request does not have fulfils no condition but one on all of its values, of which there are none. */
const holds = ({ operator, key, values }: Condition, { context = {} }: PolicyRequest): boolean => {
  const given = context[key] ?? [];
  const isAmong = (one: string): boolean => values.some((value) => fits(one, value));
  switch (operator) {
    case 'StringEquals':
      return given.length > 0 && given.every((one) => values.includes(one));
    case 'StringLike':
    case 'ArnEquals':
    case 'ArnLike':
      return given.length > 0 && given.every(isAmong);
    case 'ForAllValues:StringLike':
      return given.every(isAmong);
    case 'ForAllValues:StringNotLike':
      return !given.some(isAmong);
    case 'Bool':
      return given.length > 0 && given.every((one) => values.includes(one));
    default:
      throw new Error(`Say in test/infra/policy.ts when ${operator} holds.`);
  }
};

const isAbout = (statement: PolicyStatement, request: PolicyRequest): boolean =>
  statement.actions.some((action) => fits(request.action.toLowerCase(), action.toLowerCase())) &&
  statement.resources.some((resource) => fits(request.resource, resource)) &&
  statement.conditions.every((condition) => holds(condition, request));

/** Whether a policy lets a request through: some statement allows it and none denies it. */
export const allows = (statements: readonly PolicyStatement[], request: PolicyRequest): boolean => {
  const about = statements.filter((statement) => isAbout(statement, request));
  return about.some(({ effect }) => effect === 'Allow') && about.every(({ effect }) => effect !== 'Deny');
};
