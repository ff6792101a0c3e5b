/** A statement turned away: which rule, what broke it, and how to write it instead where there is a way. */
export type Refusal = {
  readonly allowed: false;
  /** STATEMENT_FAILED where the engine's grammar does not take it, so that there was nothing to judge. */
  readonly failure: 'STATEMENT_REFUSED' | 'STATEMENT_FAILED';
  readonly rule: string;
  readonly message: string;
  readonly instead?: string;
};

/** What a policy says of a statement. `sql` is what to execute: where it differs from what was sent, it is what was judged. */
export type Verdict = { readonly allowed: true; readonly sql: string } | Refusal;

/** Judges a statement of one engine. It reads nothing but the statement. */
export type Judge = (sql: string) => Promise<Verdict>;

export const refusal = (rule: string, message: string, instead?: string): Refusal => ({
  allowed: false,
  failure: 'STATEMENT_REFUSED',
  rule,
  message,
  ...(instead === undefined ? {} : { instead }),
});

/** The engine does not take the statement, in its own words: a syntax error, or a view that reads what is not there. */
export const unparsable = (message: string): Refusal => ({
  allowed: false,
  failure: 'STATEMENT_FAILED',
  rule: 'syntax',
  message,
});

/** A refusal as the one who wrote the statement reads it. */
export const refusalText = ({ failure, rule, message, instead }: Refusal): string =>
  failure === 'STATEMENT_FAILED' ? message : [`Rule "${rule}": ${message}`, instead].filter(Boolean).join(' ');
