import { TableFindings } from '../contracts/finding.ts';
import { TableProfile } from '../contracts/profile.ts';
import { DatabaseSchema } from '../contracts/schema.ts';
import type { TaskInput, TaskOutput } from '../contracts/tasks.ts';
import { maskFinding } from '../domain/personal-data/mask-report.ts';
import { personalColumnsOf } from '../domain/personal-data/personal-columns.ts';
import { personalValuesOf } from '../domain/personal-data/personal-values.ts';
import { finishFindings } from '../domain/rules/finish-findings.ts';
import { planRules, ruleIds } from '../domain/rules/plan-rules.ts';
import type { RuleSubject } from '../domain/rules/rule.ts';
import { runKeys } from '../domain/run-keys.ts';
import type { PortsOf, Using } from '../ports/port-access.ts';
import { readDocument, requireDocument, requireLease, writeDocument } from './agent-documents.ts';
import { askQuestions } from './ask-questions.ts';
import { collectEvidence } from './collect-evidence.ts';
import { Outlines } from './outlines.ts';
import { findRunUnderWay } from './find-run-under-way.ts';

type CheckPorts = PortsOf<'check-table'>;

/**
 * Lets the rules look at one measured table, and keeps what they found. It reads this table's profile and the outlines of
 * the others, never the whole profile, so that a run's work grows with the number of its tables alone. A question that
 * fails takes its rules from the table; it fails itself only where the sandbox or the database is gone.
 */
export const checkTable = async (
  ports: CheckPorts,
  { tenant, run_id, attempt, source, table }: TaskInput<'check-table'>,
): Promise<TaskOutput<'check-table'>> => {
  const keys = runKeys(run_id);
  const started = ports.clock.now();
  const profile = await requireDocument(ports, tenant, keys.tableProfile(source, table), TableProfile);
  const verdict = ({ findings, not_looked_at }: TableFindings) => ({
    source,
    table,
    findings: findings.length,
    not_looked_at: not_looked_at.length,
  });
  // A resumed run asks again only where the table was measured anew, or Surveyor has other rules by now.
  const before = await readDocument(ports, tenant, keys.tableFindings(source, table), TableFindings);
  if (before?.profiled_at === profile.profiled_at && String(before.rules) === String(ruleIds)) return verdict(before);

  const subject = await subjectOf(ports, { tenant, run_id, source }, profile);
  const lease = await requireLease(ports, tenant, run_id);
  const plan = planRules(subject);
  const { readings, not_looked_at } = await askQuestions(ports, lease, subject, plan.questions);
  const found = finishFindings([{ source, table, readings: [plan.known, ...readings] }]);
  const personal = personalColumnsOf(found.findings);
  const values = personalValuesOf([{ source, table: profile }], personal);
  const findings: TableFindings = {
    profiled_at: profile.profiled_at,
    rules: ruleIds,
    ...found,
    findings: found.findings.map((finding) => maskFinding(finding, personal, values)),
    facts: found.facts.map((fact) => ({ ...fact, text: values.text(fact.text) })),
    not_looked_at: [...found.not_looked_at, ...not_looked_at],
  };
  // Before the document that cites it: evidence is safe only outside the sandbox.
  await collectEvidence(ports, lease, run_id);
  await findRunUnderWay(ports, { tenant, run_id, attempt });
  await writeDocument(ports, tenant, keys.tableFindings(source, table), TableFindings, findings);
  ports.log.info('table checked', {
    ...verdict(findings),
    milliseconds: ports.clock.now().getTime() - started.getTime(),
  });
  return verdict(findings);
};

const subjectOf = async (
  ports: Using<{ documents: 'read' }>,
  { tenant, run_id, source }: { readonly tenant: string; readonly run_id: string; readonly source: string },
  table: TableProfile,
): Promise<RuleSubject> => {
  const keys = runKeys(run_id);
  const [{ engine }, outlines] = await Promise.all([
    requireDocument(ports, tenant, keys.schema(source), DatabaseSchema.pick({ engine: true }).loose()),
    requireDocument(ports, tenant, keys.outlines(source), Outlines),
  ]);
  return { source, engine, table, outlines };
};
