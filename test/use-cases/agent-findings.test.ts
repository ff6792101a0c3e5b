import { afterEach, describe, expect, it } from 'vitest';
import { claudeModel } from '../../src/adapters/claude-model.ts';
import type { SubmittedFinding } from '../../src/contracts/tool.ts';
import { Report } from '../../src/contracts/report.ts';
import { RunTotals } from '../../src/contracts/run-totals.ts';
import { runKeys } from '../../src/domain/run-keys.ts';
import { listFindings } from '../../src/use-cases/list-findings.ts';
import { type LoopBench, makeLoop, plainPrompt, tenant } from '../support/agent-loop.ts';
import { checkTables } from '../support/check-tables.ts';
import { inProcessSandbox } from '../support/in-process-sandbox.ts';
import { measuredProfile } from '../support/measured-profile.ts';
import { type Behaviour, type ScriptedBlock, startScriptedMessagesApi } from '../support/scripted-messages-api.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** Orders of which 10 have a negative amount, which a rule finds, and 40 are of a customer called 7. */
const orders =
  'create table orders as select i as order_id, i % 10 as customer, case when i < 10 then -5.0 else 10.0 + i % 7 end as amount from range(400) t(i)';

/** The evidence ids of statements hold their results, so a first run tells what they will be in the next. */
const statement = 'select count(*) as n from orders where customer = 7';

const use = (name: string, input: Record<string, unknown>, id: string): ScriptedBlock => ({
  type: 'tool_use',
  id,
  name,
  input,
});

/** Lets an agent of the real loop take these turns, the rules having looked at the orders. */
const run = async (turns: readonly (readonly ScriptedBlock[])[]): Promise<LoopBench> => {
  const script: Behaviour[] = turns.map((answer) => ({ answer, stop_reason: 'tool_use' }));
  const api = await startScriptedMessagesApi(script);
  const sandbox = await inProcessSandbox([orders]);
  const profile = await measuredProfile(sandbox);
  const bench = await makeLoop({
    model: claudeModel({ apiKey: 'sk-test', baseUrl: api.url }),
    sandbox,
    profile,
    prompt: { ...plainPrompt, tools: ['describe_table', 'execute_sql', 'execute_python', 'submit_html'] },
  });
  closers.push(() => api.close(), bench.close);
  await checkTables(bench, profile);
  await bench.drive('cataloging');
  return bench;
};

/** What the last tool result of a turn says. */
const told = async ({ conversation }: LoopBench, turn: number): Promise<string> =>
  ((await conversation('cataloging', turn)).messages.at(-1)?.content ?? [])
    .map((block) => String('content' in block ? block.content : ''))
    .join('\n');

const evidenceOf = async (sql: string): Promise<string> => {
  const bench = await run([[use('execute_sql', { sql }, 'a')], [use('submit_html', { content: '<p>x</p>' }, 's')]]);
  return /evidence (e[0-9a-f]{12})/.exec(await told(bench, 1))?.[1] ?? '';
};

const finding = (evidence: string, more: Partial<SubmittedFinding> = {}): Record<string, unknown> => ({
  rule: 'agent-odd-customer',
  severity: 'medium',
  table: 'orders',
  columns: ['customer'],
  rows: 40,
  of: 400,
  evidence: [evidence],
  title: 'Customer 7 is nobody',
  detail: '40 rows of 400 are of customer 7; write to jane@example.org.',
  advice: 'Ask who it is.',
  check: 'select * from orders where customer = 7',
  ...more,
});

const report = async (bench: LoopBench): Promise<Report> =>
  Report.parse(JSON.parse((await bench.report('cataloging', 'json'))!));

const submit = (findings: readonly unknown[], id = 's', content = '<h2>Orders</h2>'): ScriptedBlock =>
  use('submit_html', { content, findings }, id);

describe('An agent’s own findings', () => {
  it('join those of the rules, in the report and on its page, in the API’s list and in the run’s totals', async () => {
    const evidence = await evidenceOf(statement);
    const bench = await run([[use('execute_sql', { sql: statement }, 'a')], [submit([finding(evidence)])]]);
    const { findings = [], rules } = await report(bench);
    expect(findings.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['agent-odd-customer/main/orders/customer', 'negative-value/main/orders/amount']),
    );
    expect(rules).toContain('agent-odd-customer');
    expect(findings.find(({ rule }) => rule === 'agent-odd-customer')).toEqual({
      key: 'agent-odd-customer/main/orders/customer',
      rule: 'agent-odd-customer',
      severity: 'medium',
      place: { source: 'main', table: 'orders', columns: ['customer'] },
      rows: 40,
      of: 400,
      basis: 'exact',
      examples: [],
      evidence: [evidence],
      check: { kind: 'sql', source: 'main', text: 'select * from orders where customer = 7' },
      title: 'Customer 7 is nobody',
      // A report goes to more people than the database does.
      detail: '40 rows of 400 are of customer 7; write to ‹e-mail›.',
      advice: 'Ask who it is.',
    });
    expect(await bench.report('cataloging', 'html')).toContain('Customer 7 is nobody');
    const listed = await listFindings(bench.ports, tenant, bench.run.run_id, { limit: 100 });
    expect(listed.findings.map(({ rule }) => rule)).toContain('agent-odd-customer');
    expect(listed.totals.findings.medium).toBe(findings.filter(({ severity }) => severity === 'medium').length);
    const totals = await bench.ports.documents.get(tenant, runKeys(bench.run.run_id).totals);
    expect(RunTotals.parse(JSON.parse(new TextDecoder().decode(totals))).findings).toEqual(listed.totals.findings);
  });

  it('may cite what Python printed, and how many rows a statement returned', async () => {
    const sql = 'select order_id from orders where customer = 7';
    const evidence = await evidenceOf(sql);
    const bench = await run([[use('execute_sql', { sql }, 'a')], [submit([finding(evidence)])]]);
    expect((await report(bench)).findings?.map(({ rule }) => rule)).toContain('agent-odd-customer');
  });

  it('are refused all at once, each with what is wrong, and nothing is published', async () => {
    const evidence = await evidenceOf(statement);
    const bench = await run([
      [use('execute_sql', { sql: statement }, 'a')],
      [
        submit([
          finding('e000000000000'),
          finding(evidence, { rows: 41 }),
          finding(evidence, { table: 'order' }),
          finding(evidence, { source: 'crm' }),
          finding(evidence, { columns: ['client'] }),
          finding(evidence, { rule: 'orphan' }),
          finding(evidence, { columns: [] }),
          finding(evidence, { columns: [], severity: 'low' }),
        ]),
      ],
      [use('submit_html', { content: '<p>Without them.</p>' }, 't')],
    ]);
    const refusal = await told(bench, 2);
    expect(refusal).toContain('INVALID_REQUEST: Nothing was published.');
    for (const words of [
      'findings.0 (agent-odd-customer, orders): there is no evidence e000000000000 in this survey',
      `findings.1 (agent-odd-customer, orders): its 41 rows stand in no result of ${evidence}`,
      'findings.2 (agent-odd-customer, order): "order" is no table of main that was measured; is "orders" meant?',
      'findings.3 (agent-odd-customer, orders): say in "source" which database is meant: main.',
      'findings.4 (agent-odd-customer, orders): orders has no column client',
      'findings.5 (orphan, orders): "orphan" is no rule id of yours',
      'findings.7 (agent-odd-customer, orders): it has the same rule, table and columns as another',
    ])
      expect(refusal).toContain(words);
    expect(refusal).not.toContain('findings.6');
    // The report that was accepted afterwards replaced nothing, because there was nothing.
    const { findings = [], body_html } = await report(bench);
    expect(body_html).toContain('Without them.');
    expect(findings.filter(({ rule }) => rule.startsWith('agent-'))).toEqual([]);
  });

  it('are refused where their figures cannot be, or no statement that they name is of their table', async () => {
    const other = 'select 40 as n';
    const many = 'select 401 as n from orders limit 1';
    const [evidence, elsewhere, above] = [await evidenceOf(statement), await evidenceOf(other), await evidenceOf(many)];
    const bench = await run([
      [
        use('execute_sql', { sql: statement }, 'a'),
        use('execute_sql', { sql: other }, 'b'),
        use('execute_sql', { sql: many }, 'c'),
      ],
      [
        submit([
          finding(evidence, { of: 39 }),
          finding(above, { rows: 401, of: 402 }),
          finding(elsewhere),
          finding(evidence, { rule: 'agent-fine' }),
        ]),
      ],
      [use('submit_html', { content: '<p>x</p>' }, 't')],
    ]);
    const refusal = await told(bench, 2);
    for (const words of [
      'findings.0 (agent-odd-customer, orders): its 40 rows are more than the 39 that were looked at.',
      'findings.1 (agent-odd-customer, orders): its 401 rows are more than the 400 that orders has.',
      'findings.1 (agent-odd-customer, orders): the 402 rows that were looked at are more than the 400 that orders has.',
      `findings.2 (agent-odd-customer, orders): no statement of ${elsewhere} names orders;`,
    ])
      expect(refusal).toContain(words);
    expect(refusal).not.toContain('findings.3');
  });

  it('are refused where what they rest on is not the answer, or their check has none', async () => {
    const sql = 'select count(*) as cut_short from orders where customer = 7';
    const [evidence, whole] = [await evidenceOf(sql), await evidenceOf(statement)];
    const check = 'select customer as cut_short from orders where customer = 7';
    const bench = await run([
      [use('execute_sql', { sql }, 'a'), use('execute_sql', { sql: statement }, 'b')],
      [submit([finding(evidence)])],
      [submit([finding(whole, { check })], 't')],
      [use('submit_html', { content: '<p>x</p>' }, 'u')],
    ]);
    expect(await told(bench, 1)).toContain('[Not the answer: A recursion was stopped.');
    const refusal = await told(bench, 2);
    expect(refusal).toContain('evidence it names is not the answer to its statement: A recursion was stopped.');
    expect(refusal).toContain(`its 40 rows stand in no result of ${evidence}`);
    expect(await told(bench, 3)).toContain('its check is not answered in full: A recursion was stopped.');
    const { evidence: shown } = await report(bench);
    expect(shown.filter(({ incomplete }) => incomplete !== undefined).map(({ text }) => text)).toEqual([sql]);
    expect(await bench.report('cataloging', 'html')).toContain('No figure is taken from it: A recursion was stopped.');
  });

  it('are refused where their check is no SELECT or does not run', async () => {
    const evidence = await evidenceOf(statement);
    const bench = await run([
      [use('execute_sql', { sql: statement }, 'a')],
      [submit([finding(evidence, { check: 'drop table orders' })])],
      [submit([finding(evidence, { check: '-- all\nselect * from orders where client = 7' })], 't')],
      [submit([finding(evidence)], 'u')],
    ]);
    expect(await told(bench, 2)).toContain('findings.0 (agent-odd-customer, orders): its check is no SELECT');
    expect(await told(bench, 3)).toContain(
      'agent-odd-customer/main/orders/customer: its check does not run: STATEMENT_FAILED',
    );
    const checks = (await report(bench)).findings?.flatMap(({ rule, check }) =>
      rule === 'agent-odd-customer' ? [check?.text] : [],
    );
    expect(checks).toEqual(['select * from orders where customer = 7']);
  });

  it('are refused where a rule has reported the same rows, with the key that it has', async () => {
    const negative = 'select count(*) as n from orders where amount < 0';
    const evidence = await evidenceOf(negative);
    const bench = await run([
      [use('execute_sql', { sql: negative }, 'a')],
      [submit([finding(evidence, { columns: ['amount'], rows: 10 })])],
      [use('submit_html', { content: '<p>Explained.</p>' }, 't')],
    ]);
    expect(await told(bench, 2)).toContain('a rule has reported it already as negative-value/main/orders/amount');
  });

  it('are refused together with a text of which nothing is left', async () => {
    const bench = await run([
      [submit([finding('e000000000000')], 's', '<script>x</script>')],
      [use('submit_html', { content: '<p>x</p>' }, 't')],
    ]);
    const refusal = await told(bench, 1);
    expect(refusal).toContain('Nothing is left of the report to show');
    expect(refusal).toContain('there is no evidence e000000000000');
  });

  it('are replaced when the agent submits again', async () => {
    const evidence = await evidenceOf(statement);
    const bench = await run([
      [use('execute_sql', { sql: statement }, 'a')],
      [submit([finding(evidence)]), submit([finding(evidence, { rule: 'agent-other' })], 't')],
    ]);
    const own = ((await report(bench)).findings ?? []).filter(({ rule }) => rule.startsWith('agent-'));
    expect(own.map(({ rule }) => rule)).toEqual(['agent-other']);
    const listed = await listFindings(bench.ports, tenant, bench.run.run_id, { limit: 100 });
    expect(listed.findings.map(({ rule }) => rule).filter((rule) => rule.startsWith('agent-'))).toEqual([
      'agent-other',
    ]);
  });
});

describe('describe_table', () => {
  it('gives a table’s whole profile, findings and keys, and sends no statement', async () => {
    const bench = await run([
      [use('describe_table', { table: 'orders' }, 'a')],
      [use('submit_html', { content: '<p>x</p>' }, 's')],
    ]);
    const [block] = (await bench.conversation('cataloging', 1)).messages.at(-1)?.content ?? [];
    const described = JSON.parse(String((block as { content?: string }).content)) as {
      readonly columns: readonly { readonly name: string; readonly quantiles?: unknown }[];
      readonly findings: readonly { readonly key: string }[];
      readonly keys: readonly { readonly columns: readonly string[] }[];
      readonly notice?: string;
    };
    expect(described.columns.map(({ name }) => name)).toEqual(['order_id', 'customer', 'amount']);
    expect(described.columns[2]?.quantiles).toBeDefined();
    expect(described.findings.map(({ key }) => key)).toContain('negative-value/main/orders/amount');
    expect(described.keys.map(({ columns }) => columns)).toContainEqual(['order_id']);
    expect(described.notice).toBeUndefined();
    expect((await bench.session('cataloging')).statements).toBe(0);
  });

  it('says which table may be meant', async () => {
    const bench = await run([
      [use('describe_table', { table: 'order' }, 'a'), use('describe_table', { table: 'orders', source: 'x' }, 'b')],
      [use('submit_html', { content: '<p>x</p>' }, 's')],
    ]);
    const said = await told(bench, 1);
    expect(said).toContain('TABLE_NOT_FOUND: There is no table "order" in main. Is "orders" meant?');
    expect(said).toContain('There is no source "x"');
  });
});
