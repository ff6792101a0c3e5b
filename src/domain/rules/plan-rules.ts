import { referenceChecks } from '../analyst/checks/references.ts';
import { duplicateChecks } from '../analyst/checks/duplicates.ts';
import { gapChecks } from '../analyst/checks/gaps.ts';
import { outlierChecks } from '../analyst/checks/outliers.ts';
import { percentChecks } from '../analyst/checks/percents.ts';
import { personalColumns, proseChecks } from '../analyst/checks/personal-data.ts';
import { presenceChecks } from '../analyst/checks/presence.ts';
import { profileFindings } from '../analyst/checks/profile-findings.ts';
import { spellingChecks } from '../analyst/checks/spelling.ts';
import { timeChecks } from '../analyst/checks/times.ts';
import { totalChecks } from '../analyst/checks/totals.ts';
import type { Check, Finding, Reading as OldReading } from '../analyst/finding.ts';
import { engineSql } from '../engines/registry.ts';
import type { DigestTable } from '../profile-digest.ts';
import { unlessExact, wholeColumn } from '../profile-digest/digest-column.ts';
import type { Question, Reading, RuleFinding, RulePlan, RuleSubject } from './rule.ts';

/** The rules of a run, by id. */
export const ruleIds: readonly string[] = ['checks'];

/** What the rules have to say of a table, and to ask of its data. */
export const planRules = (subject: RuleSubject): RulePlan => {
  const { table, outlines, engine } = subject;
  const sql = engineSql[engine].checkSql;
  const outline = outlines.find((one) => one.table === table.table);
  const own = outline?.own_columns;
  const declared = new Map(table.schema.columns.map((column) => [column.name, column.base_type]));
  const digest: DigestTable = {
    table: table.table,
    rows: unlessExact(table.rows),
    ...(table.schema.constraints.length === 0 ? {} : { constraints: table.schema.constraints }),
    ...(table.duplicate_rows === undefined ? {} : { duplicate_rows: unlessExact(table.duplicate_rows) }),
    statements: table.statements,
    columns: table.columns
      .filter(({ name }) => own === undefined || own.includes(name))
      .map((column) => {
        const base_type = declared.get(column.name);
        return { ...wholeColumn(column, 10), ...(base_type === undefined ? {} : { base_type }) };
      }),
  };
  const others = outlines
    .filter((one) => one.table !== table.table && one.own_columns === undefined)
    .map((one): DigestTable => ({
      table: one.table,
      rows: unlessExact(one.rows),
      constraints: one.constraints,
      statements: [],
      columns: one.columns.map(({ name, type, kind, base_type, distinct, nulls }) => ({
        name,
        type,
        kind,
        nulls: unlessExact(nulls),
        ...(base_type === undefined ? {} : { base_type }),
        ...(distinct === undefined ? {} : { distinct: unlessExact(distinct) }),
      })),
    }));
  const ofViews = [proseChecks, presenceChecks, spellingChecks, outlierChecks, percentChecks];
  const checks: readonly Check[] =
    table.rows.count === 0
      ? []
      : own === undefined
        ? [
            ...referenceChecks([digest, ...others], sql, digest),
            ...[...ofViews, duplicateChecks, timeChecks, totalChecks, gapChecks].flatMap((of) => of(digest, sql)),
          ]
        : ofViews.flatMap((of) => of(digest, sql));
  return {
    known:
      table.rows.count === 0
        ? {}
        : {
            findings: [
              ...profileFindings(digest, sql).map(toFinding),
              ...personalColumns(digest).map((hit): RuleFinding => ({
                rule: 'personal-data',
                severity: 'low',
                columns: [hit.column],
                part: hit.kind,
                rows: hit.rows,
                of: hit.of,
                basis: 'exact',
                examples: [],
                evidence: hit.evidence,
                title: `${hit.column} holds personal data`,
                detail: `${hit.column} holds what is personal: ${hit.kind}.`,
                advice: 'Keep it out of exports that do not need it.',
              })),
            ],
          },
    questions: checks.map(toQuestion),
  };
};

const ids: Readonly<Record<string, string>> = {
  copies: 'duplicate-rows',
  repeated_key: 'duplicate-key',
  broken_reference: 'orphan',
  outliers: 'outlier',
  missing: 'missing-values',
  outliers_of_one: 'concentrated-outliers',
  percent: 'percent-range',
};

const toFinding = (finding: Finding): RuleFinding => ({
  rule: ids[finding.kind] ?? finding.kind.replaceAll('_', '-'),
  severity: finding.severity,
  columns: finding.column === undefined ? [] : [finding.column],
  ...(['silence', 'word_for_nothing', 'personal_in_text', 'late', 'reversed_times'].includes(finding.kind)
    ? { part: finding.title }
    : {}),
  rows: finding.rows,
  ...(finding.of === undefined ? {} : { of: finding.of }),
  basis: 'exact',
  examples: [],
  evidence: finding.evidence,
  title: finding.title,
  detail: finding.detail,
  advice: finding.advice,
});

const toQuestion = (check: Check): Question => ({
  rules: ['checks'],
  about: check.about,
  sql: check.sql,
  rows: 1_000,
  read: (rows, evidence) => toReading(check.read(rows, evidence)),
});

const toReading = ({ findings, facts, next }: OldReading): Reading => ({
  findings: (findings ?? []).map(toFinding),
  facts: (facts ?? []).map(({ text, evidence }) => ({ text, evidence })),
  next: (next ?? []).map(toQuestion),
});
