import { quoteText } from '../../../../../../src/domain/sql-name.ts';

/** A way in which a type's values are written, by which a text becomes such a value and the value that text again. */
export type TextForm = {
  readonly type: string;
  /** SQL of the value of a text, NULL where the text is none. */
  readonly read: (text: string) => string;
  /** SQL of the text of a value. */
  readonly write: (value: string) => string;
  /** The words `infinity` and `epoch` are written back, too, and yet are words. */
  readonly finite?: true;
  /** Where a value could be written so by chance or in another meaning: what was found. */
  readonly detail?: string;
  /** Another form that fits may mean other values: then the text stays a text. */
  readonly rival?: string;
  readonly name?: string;
  /** Its decimals stand behind a comma. */
  readonly comma?: true;
  /** The text itself. */
  readonly kept?: true;
};

/** What DuckDB's own cast makes of a text. */
export const cast = (type: string): TextForm => ({
  type,
  read: (text) => `TRY_CAST(${text} AS ${type})`,
  write: (value) => `CAST(${value} AS VARCHAR)`,
});

const finite = (form: TextForm): TextForm => ({ ...form, finite: true });

const formatted = (format: string, type: 'DATE' | 'TIMESTAMP', shown: string, rival?: string): TextForm => ({
  type,
  name: format,
  read: (text) => `CAST(try_strptime(${text}, ${quoteText(format)}) AS ${type})`,
  write: (value) => `strftime(${value}, ${quoteText(format)})`,
  detail: `was read as ${shown}`,
  ...(rival === undefined ? {} : { rival }),
});

const dayForms = ['/', '-', '.'].flatMap((sign) =>
  (['%d %m', '%-d %-m'] as const).flatMap((days) => {
    const [day = '', month = ''] = days.split(' ');
    return ['', ' %H:%M', ' %H:%M:%S'].flatMap((time) => {
      const type = time === '' ? 'DATE' : 'TIMESTAMP';
      const dayFirst = `${day}${sign}${month}${sign}%Y${time}`;
      const monthFirst = `${month}${sign}${day}${sign}%Y${time}`;
      const shown = time === '' ? '' : ' with the time';
      return [
        formatted(dayFirst, type, `day, month, year${shown}`, monthFirst),
        formatted(monthFirst, type, `month, day, year${shown}`, dayFirst),
      ];
    });
  }),
);

const momentForms = [
  ['%Y-%m-%dT%H:%M:%S', 'a moment'],
  ['%Y-%m-%dT%H:%M:%SZ', 'a moment in UTC'],
  ['%Y-%m-%d %H:%M:%S+00:00', 'a moment in UTC'],
  ['%Y-%m-%dT%H:%M:%S+00:00', 'a moment in UTC'],
  ['%Y-%m-%d %H:%M:%SZ', 'a moment in UTC'],
  ['%Y-%m-%d %H:%M', 'a moment'],
  ['%Y-%m-%dT%H:%M', 'a moment'],
  ['%Y-%m-%d %H:%M:%S.%g', 'a moment'],
  ['%Y-%m-%dT%H:%M:%S.%g', 'a moment'],
  ['%Y-%m-%dT%H:%M:%S.%gZ', 'a moment in UTC'],
  ['%Y-%m-%d %H:%M:%S.%f', 'a moment'],
  ['%Y-%m-%dT%H:%M:%S.%f', 'a moment'],
  ['%Y-%m-%dT%H:%M:%S.%fZ', 'a moment in UTC'],
].map(([format = '', shown = '']) => formatted(format, 'TIMESTAMP', shown));

const yearForms = ['%Y/%m/%d', '%Y/%-m/%-d', '%Y.%m.%d'].map((format) => formatted(format, 'DATE', 'year, month, day'));
const yearMomentForms = ['%Y/%m/%d %H:%M', '%Y/%m/%d %H:%M:%S'].map((format) =>
  formatted(format, 'TIMESTAMP', 'year, month, day with the time'),
);

const decimal = (width: number, scale: number): TextForm => cast(`DECIMAL(${width}, ${scale})`);

/** The same with a comma in the place of the point. */
export const withComma = (form: TextForm): TextForm => ({
  ...form,
  read: (text) => form.read(`CASE WHEN NOT contains(${text}, '.') THEN replace(${text}, ',', '.') END`),
  write: (value) => `replace(${form.write(value)}, '.', ',')`,
});

/** Forms with as many decimals as the first value has: 1.10 is no 1.1. */
const decimalForms = (firstValue: string): readonly TextForm[] => {
  const scale = /^-?\d+[.,](\d+)$/.exec(firstValue)?.[1]?.length ?? 0;
  if (scale === 0 || scale > 37) return [];
  if (!firstValue.includes(',')) return [18, 38].filter((width) => width > scale).map((width) => decimal(width, scale));
  return [18, 38]
    .filter((width) => width > scale)
    .map((width) => ({
      ...withComma(decimal(width, scale)),
      detail: 'was read as numbers with a decimal comma',
      comma: true as const,
      // 1,234 may be one thousand and more.
      ...(scale === 3 ? { rival: 'thousands' } : {}),
    }));
};

const inWords = (form: TextForm): TextForm => ({
  ...form,
  write: (value) =>
    `CASE WHEN isnan(${value}) THEN 'NaN' WHEN isinf(${value}) THEN if(${value} > 0, 'Infinity', '-Infinity') ELSE ${form.write(value)} END`,
});

/** Forms and what the first value has to look like: those that it rules out cost no statement. */
const plainForms: readonly (readonly [RegExp, TextForm])[] = [
  [/^-?\d+$/, cast('BIGINT')],
  [/^(?:true|false)$/, cast('BOOLEAN')],
  [/^\d{4}-\d\d-\d\d$/, finite(cast('DATE'))],
  [/^\d\d:\d\d/, cast('TIME')],
  [/^\d{4}-\d\d-\d\d \d/, finite(cast('TIMESTAMP'))],
  // Among numbers, nan is none: with DuckDB's and Python's words for what is not finite, and then with JavaScript's and Java's.
  ...[cast('DOUBLE'), inWords(cast('DOUBLE'))].flatMap((form): readonly (readonly [RegExp, TextForm])[] => [
    [/^-?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/, form],
    // As most writers but DuckDB write it: 12 beside 12.5.
    [
      /^-?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/,
      { ...form, write: (value) => `regexp_replace(${form.write(value)}, '\\.0$', '')` },
    ],
  ]),
];

/** All forms that are tried, in the order of preference, for a column whose first value is this. */
export const textForms = (firstValue: string): readonly TextForm[] => [
  ...plainForms.filter(([shape]) => shape.test(firstValue)).map(([, form]) => form),
  ...decimalForms(firstValue),
  ...(/^\d{1,2}[-/.]/.test(firstValue) ? dayForms : []),
  ...(/^\d{4}-/.test(firstValue) ? momentForms : []),
  ...(/^\d{4}[/.]/.test(firstValue) ? [...yearForms, ...yearMomentForms] : []),
];

/** SQL that is true where a text has a form. */
export const hasForm = (text: string, { type, read, write, finite: isFinite }: TextForm): string =>
  [
    `${write(read(text))} = ${text}`,
    ...(isFinite ? [`isfinite(${read(text)})`] : []),
    // -0 is written back by a double, and yet counted and compared as 0.
    ...(type === 'DOUBLE' ? [`NOT (starts_with(${text}, '-') AND ${read(text)} = 0)`] : []),
  ].join(' AND ');

/** SQL of a text's value; it fails the statement where a text has another form. */
export const strictValue = (text: string, form: TextForm): string =>
  `CASE WHEN ${hasForm(text, form)} THEN ${form.read(text)} WHEN ${text} IS NOT NULL THEN error('another form') END`;
