import { beforeAll, describe, expect, it } from 'vitest';
import { flat, goldenOf, type Resource, stackTemplate, type Template } from './template.ts';

/** What has a golden copy of its own, or is many times the same: each method of the API stands in the table of routes. */
const elsewhere = /^(Network|Sandboxes)\/|^Api\/RestApi\/(Default\/|Deployment|[A-Z0-9_]+$)/;
const listed = /^AWS::(IAM|Lambda|StepFunctions)::/;

/** Functions differ in little, so each gets a few words; machines have golden files of their own, test/golden/asl. */
const oneLine = ({ type, path, Properties }: Resource): string => {
  const { FunctionName, StateMachineName, Timeout, MemorySize, VpcConfig } = Properties;
  const name = flat(FunctionName ?? StateMachineName ?? '');
  if (type === 'AWS::Lambda::Function')
    return `${name}: ${flat(Timeout)} s, ${flat(MemorySize)} MB${VpcConfig === undefined ? '' : ', inside the network'}`;
  return type === 'AWS::StepFunctions::StateMachine' ? name : path;
};

type Statement = Readonly<Record<'Effect' | 'Action' | 'Resource' | 'Condition', unknown>>;
const texts = (value: unknown): string => (Array.isArray(value) ? value : [value]).map(flat).join(', ');

/** What a policy allows, a statement a line. */
const policyLines = ({ path, Properties }: Resource): readonly string[] => {
  const { Statement } = Properties['PolicyDocument'] as { readonly Statement: readonly Statement[] };
  return [
    path,
    ...Statement.map(({ Effect, Action, Resource: on, Condition }) => {
      const condition = Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`;
      return `  ${flat(Effect)} ${texts(Action)} on ${texts(on)}${condition}`;
    }),
  ];
};

describe('the template', () => {
  let template: Template;
  beforeAll(() => {
    template = stackTemplate({ modelKeySecret: 'anthropic', origins: 'https://a.example' });
  });

  it('is this, beside the network, the sandboxes and the methods of the API', async () => {
    const shown = template.resources.filter(({ path, type }) => !elsewhere.test(path) && !listed.test(type));
    expect(shown.length).toBeGreaterThan(8);
    const golden = goldenOf(shown).replaceAll(/(Deployment)[0-9A-Fa-f]{40}/g, '$1<hash>');
    await expect(golden).toMatchFileSnapshot('../golden/infra/service.json');
  });

  it('has these functions and machines', async () => {
    const shown = ['AWS::Lambda::Function', 'AWS::StepFunctions::StateMachine'].flatMap((type) =>
      template.ofType(type),
    );
    await expect(`${shown.map(oneLine).toSorted().join('\n')}\n`).toMatchFileSnapshot('../golden/infra/functions.txt');
    const [environment, ...others] = template
      .ofType('AWS::Lambda::Function')
      // Those of the CDK itself have no name.
      .filter(({ Properties }) => 'FunctionName' in Properties)
      .map(({ Properties }) => JSON.stringify(Properties['Environment'], null, 2));
    // The CDK sorts the variables of a function that has a version.
    const variables = (text = '{}'): object => (JSON.parse(text) as { readonly Variables: object }).Variables;
    for (const other of others) expect(variables(other)).toEqual(variables(environment));
    await expect(`${environment}\n`).toMatchFileSnapshot('../golden/infra/environment.json');
  });

  it('allows its roles this', async () => {
    const lines = template
      .ofType('AWS::IAM::Policy')
      .toSorted((one, other) => (one.path < other.path ? -1 : 1))
      .flatMap(policyLines);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../golden/infra/roles.txt');
  });

  it('keeps the logs with the data, and lets them go with it', () => {
    const policies = (one: Template) => new Set(one.ofType('AWS::Logs::LogGroup').map((log) => log.DeletionPolicy));
    expect(policies(template)).toEqual(new Set(['Retain']));
    expect(policies(stackTemplate({ protectData: 'false' }))).toEqual(new Set(['Delete']));
    for (const { Properties } of template.ofType('AWS::Logs::LogGroup'))
      expect(Number(flat(Properties['RetentionInDays']))).toBeGreaterThan(0);
  });
});
