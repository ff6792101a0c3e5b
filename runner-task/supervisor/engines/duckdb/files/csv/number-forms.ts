import { cast, type TextForm, withComma } from './text-form.ts';

/** Texts that may be numbers in the notations of other countries. */
const shape = /^-?\d[\d.,]*$/;

/** A decimal of 18 digits is held in 64 bits. */
const maxScale = 15;

type Sign = ',' | '.';
const called = { ',': 'commas', '.': 'points' } as const;
const pattern = (sign: Sign): string => (sign === '.' ? String.raw`\.` : ',');
const withGroups = (value: string, sign: Sign): string =>
  `format('${sign === ',' ? '{:,}' : '{:t.}'}', CAST(${value} AS BIGINT))`;

/** Whole numbers with a sign between thousands. */
export const groupedWhole = (sign: Sign): TextForm => ({
  type: 'BIGINT',
  name: `${called[sign]} between thousands`,
  read: (text) =>
    String.raw`TRY_CAST(CASE WHEN regexp_full_match(${text}, '-?\d{1,3}(${pattern(sign)}\d{3})*') THEN replace(${text}, '${sign}', '') END AS BIGINT)`,
  write: (value) => withGroups(value, sign),
  detail: `was read as whole numbers with ${called[sign]} between thousands`,
});

const groupedDecimal = (group: Sign, point: Sign, firstValue: string): readonly TextForm[] => {
  const [, decimals = ''] =
    new RegExp(String.raw`^-?\d{1,3}(?:${pattern(group)}\d{3})*${pattern(point)}(\d+)$`).exec(firstValue) ?? [];
  const scale = decimals.length;
  if (scale === 0 || scale > maxScale) return [];
  return [
    {
      type: `DECIMAL(18, ${scale})`,
      read: (text) =>
        String.raw`TRY_CAST(CASE WHEN regexp_full_match(${text}, '-?\d{1,3}(${pattern(group)}\d{3})*${pattern(point)}\d{${scale}}') THEN replace(replace(${text}, '${group}', ''), '${point}', '.') END AS DECIMAL(18, ${scale}))`,
      write: (value) =>
        `if(${value} < 0, '-', '') || ${withGroups(`trunc(abs(${value}))`, group)} || '${point}' || right(CAST(${value} AS VARCHAR), ${scale})`,
      detail: `was read as numbers with ${called[group]} between thousands and a decimal ${point === ',' ? 'comma' : 'point'}`,
      ...(point === ',' ? { comma: true } : {}),
    },
  ];
};

const commaForm: TextForm = {
  ...withComma(cast('DOUBLE')),
  detail: 'was read as numbers with a decimal comma',
  comma: true,
  rival: groupedWhole(',').name ?? '',
};

const textsThat = (regex: string, more: Partial<TextForm> = {}): TextForm => ({
  type: 'VARCHAR',
  read: (text) => `CASE WHEN regexp_full_match(${text}, '${regex}') THEN ${text} END`,
  write: (value) => value,
  kept: true,
  ...more,
});

/**
 * What is tried where no plain form fits: numbers with a decimal comma, or with signs between thousands. The last two change
 * nothing: they find texts that are numbers, and yet have no one notation.
 */
export const numberForms = (firstValue: string): readonly TextForm[] =>
  shape.test(firstValue)
    ? [
        commaForm,
        // As most writers have it: 12 beside 12,5.
        { ...commaForm, write: (value) => `regexp_replace(${commaForm.write(value)}, ',0$', '')` },
        groupedWhole(','),
        groupedWhole('.'),
        ...groupedDecimal('.', ',', firstValue),
        ...groupedDecimal(',', '.', firstValue),
        textsThat(String.raw`-?\d+(\.\d+)?`),
        textsThat(String.raw`-?(0|[1-9]\d*|[1-9]\d{0,2}([.,]\d{3})*)([.,]\d+)?`, {
          detail:
            'looks like numbers with commas or points in them that are not all written alike. The texts were kept',
        }),
      ]
    : [];
