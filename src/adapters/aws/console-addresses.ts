import { executionIds } from '../../domain/run/execution-name.ts';
import type { ConsoleAddresses } from '../../ports/console-addresses.ts';

/** Addresses of the console of AWS. Who opens one signs in there; the address itself opens nothing. */
export const consoleAddresses = ({
  region,
  logGroup,
}: {
  readonly region: string;
  readonly logGroup: string;
}): ConsoleAddresses => {
  const home = `https://${region}.console.${domainOf(region)}`;
  return {
    of(run) {
      const ids = executionIds(run);
      if (ids.length === 0) return undefined;
      const group = `${home}/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${inFragment(logGroup)}`;
      // The log's filter takes a quoted term as it stands.
      const filter = `filterPattern=${inFragment(`"${run.run_id}"`)}&start=${Date.parse(run.created_at)}`;
      return {
        executions: ids.map((arn) => `${home}/states/home?region=${region}#/v2/executions/details/${arn}`),
        logs: `${group}/log-events${`?${filter}`.replaceAll(/[?=&]/g, marked)}`,
      };
    },
  };
};

/** China and the government's clouds have consoles of their own. */
const domainOf = (region: string): string => {
  if (region.startsWith('cn-')) return 'amazonaws.cn';
  return region.startsWith('us-gov-') ? 'amazonaws-us-gov.com' : 'aws.amazon.com';
};

const marked = (mark: string): string => encodeURIComponent(mark).replaceAll('%', '$');

/** As the console of CloudWatch writes what stands behind the `#`: encoded twice, with `$` for the percent signs. */
const inFragment = (text: string): string => marked(encodeURIComponent(text));
