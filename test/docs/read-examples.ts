/** One command of an example and what the page says that it prints; undefined where the page says nothing. */
export type Step = { readonly command: string; readonly output: string | undefined };

/** A fenced block of a page. */
export type Example = {
  readonly language: string;
  /** What stands behind the language: for data the name of the schema that it follows. */
  readonly schema: string;
  /** The line of its fence, counted from one. */
  readonly line: number;
  readonly text: string;
  /** Why it is not run, if its first line says so: `# not run by the tests: needs Docker`. */
  readonly notRun: string | undefined;
};

/** The fenced blocks of a Markdown page. */
export const readExamples = (page: string): readonly Example[] =>
  [...page.matchAll(/^```(\S*) ?([^\n]*)\n([^]*?)^```$/gm)].map(
    ({ 1: language = '', 2: schema = '', 3: text = '', index }) => ({
      language,
      schema,
      line: page.slice(0, index).split('\n').length,
      text,
      notRun: /^(?:#|\/\/) not run by the tests: (.+)$/m.exec(text.split('\n', 1)[0] ?? '')?.[1],
    }),
  );

/**
 * The commands of a `console` block: each begins with `$ `, goes on after a backslash at the end of a line, and is followed
 * by what it prints. A `sh` block is one command that prints what it likes and ends well.
 */
export const stepsOf = ({ language, text }: Example): readonly Step[] => {
  if (language === 'sh') return [{ command: text, output: undefined }];
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const command = /^(?:[^\n]*\\\n)*[^\n]*\n?/.exec(step)?.[0] ?? '';
      return { command: command.trimEnd(), output: step.slice(command.length) };
    });
};
