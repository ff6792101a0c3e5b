import { Failure } from '../../contracts/failure.ts';

/** What a template can be filled with; values are written as JSON, texts as they are. */
export type TemplateValues = Readonly<Record<string, unknown>>;

/** The names that a template asks for, each once. */
export const templateNames = (template: string): readonly string[] => [
  ...new Set([...template.matchAll(placeholder)].map((match) => match[1] ?? '')),
];

/**
 * Fills `{{name}}` in a template. What is filled in is never read as a template again, so a table that is called
 * `{{profile}}` stays a name. Fails with SETTING_INVALID on a name that there is no value for.
 */
export const renderTemplate = (template: string, values: TemplateValues): string =>
  template.replace(placeholder, (_, name: string) => {
    if (!Object.hasOwn(values, name) || values[name] === undefined) {
      throw new Failure(
        'SETTING_INVALID',
        `The context template asks for {{${name}}}, which this agent is not given. ` +
          `Use one of ${Object.keys(values)
            .toSorted()
            .map((known) => `{{${known}}}`)
            .join(', ')}.`,
        { where: 'context' },
      );
    }
    const value = values[name];
    // Names in a database are data: none may look like the end of the tag that it stands in.
    return typeof value === 'string' ? value : JSON.stringify(value).replaceAll('<', '\\u003c');
  });

const placeholder = /\{\{\s*([^{}]*?)\s*\}\}/g;
