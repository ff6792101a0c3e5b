import type { Command } from 'commander';
import { Tenant } from '../../src/contracts/common.ts';
import { Failure } from '../../src/contracts/failure.ts';
import { Prefix } from '../../src/contracts/prefix.ts';
import { Right, Role } from '../../src/contracts/role.ts';
import { addApiKey } from '../../src/use-cases/add-api-key.ts';
import { revokeApiKey } from '../../src/use-cases/revoke-api-key.ts';
import { localTenant } from '../local/api-key.ts';
import { programName } from '../program-name.ts';
import { addedText, keysTable, keyView } from './key-text.ts';
import { terminalOf } from './terminal.ts';
import { withApiKeys } from './with-api-keys.ts';

type Place = { readonly stack?: string };
type Wanted = Place & {
  readonly tenant: string;
  readonly role?: readonly string[];
  readonly right?: readonly string[];
  readonly prefix?: readonly string[];
};

const example = `
Roles: ${Role.options.join(', ')}. docs/api-access.md says what each opens. Right: ${Right.options.join(', ')}.
With --stack, keys are those of a stack on AWS, reached with your own credentials.

Examples:
  ${programName} keys add "nightly job" --role operator
  ${programName} keys add "sales team" --role reader --prefix reports/sales --stack surveyor --tenant acme
  ${programName} keys revoke 3f1c09ab77de`;

type Schema<T> = {
  safeParse(value: unknown): { readonly success: true; readonly data: T } | { readonly success: false };
};

/** Each value of an option, checked. Fails with INVALID_REQUEST, saying what is taken. */
const eachOf = <T>(option: string, schema: Schema<T>, values: readonly string[], taken: string): readonly T[] =>
  values.map((value) => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new Failure('INVALID_REQUEST', `"${value}" is not ${taken}.`, { where: option });
  });

const add = async (label: string, wanted: Wanted, command: Command): Promise<void> => {
  const { tenant, role = [], right = [], prefix = [], stack } = wanted;
  const roles = eachOf('--role', Role, role, `a role: use one of ${Role.options.join(', ')}`);
  if (roles.length === 0)
    throw new Failure(
      'INVALID_REQUEST',
      `A key without a role opens nothing. Name one of ${Role.options.join(', ')}.`,
      {
        where: '--role',
      },
    );
  const rights = eachOf('--right', Right, right, `a right: there is ${Right.options.join(', ')}`);
  const prefixes = eachOf('--prefix', Prefix, prefix, 'a prefix: use path segments joined by "/"');
  const [owner = localTenant] = eachOf('--tenant', Tenant, [tenant], 'a name of a tenant');
  const made = await withApiKeys(stack, (ports) =>
    addApiKey(ports, { tenant: owner, roles, rights, label, ...(prefixes.length === 0 ? {} : { prefixes }) }),
  );
  terminalOf(command).print({ key: made.key, ...keyView(made.stored) }, () => addedText(made.key, made.stored));
};

const several = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** `surveyor keys …`: who may use the API. */
export const registerKeys = (program: Command): void => {
  const group = program.command('keys').description('API keys: add, list, revoke').addHelpText('after', example);
  const sub = (usage: string, description: string): Command =>
    group
      .command(usage)
      .description(description)
      .option('--stack <name>', 'of this stack on AWS; else of this machine')
      .addHelpText('after', example);

  sub('add', 'Make an API key; it is shown once')
    .argument('<label>', 'what it is for, as logs and lists call it')
    .option('--tenant <name>', 'whose data it opens', localTenant)
    .option('--role <role>', 'what it may do; several times for several roles', several)
    .option('--right <right>', 'what no role includes: to see personal values in clear', several)
    .option('--prefix <prefix>', 'limits it to runs that publish there or below', several)
    .action(async (label: string, wanted: Wanted, command: Command) => add(label, wanted, command));

  sub('list', 'List the API keys with the hour of their last use').action(async (place: Place, command: Command) => {
    const keys = await withApiKeys(place.stack, ({ apiKeys }) => apiKeys.list());
    terminalOf(command).print({ keys: keys.map(keyView) }, () => keysTable(keys));
  });

  sub('revoke', 'End an API key for good')
    .argument('<id>', 'its id, from the list')
    .action(async (id: string, place: Place, command: Command) => {
      const key = await withApiKeys(place.stack, (ports) => revokeApiKey(ports, id));
      terminalOf(command).print(keyView(key), () => `Revoked. It opens nothing from now on.\n${keysTable([key])}`);
    });
};
