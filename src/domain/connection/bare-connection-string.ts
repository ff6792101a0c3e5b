const program = /^(?:psql|mysql|mariadb)\s+(?=['"])/i;
/** Before an address alone: `host=…` is a connection string itself. */
const assignment = /^(?:export\s+)?[a-z_]\w*=(?=(['"]?)[a-z][a-z0-9+.-]*:\/\/)/i;
const quoted = /^(?:'([^']*)'|"([^"]*)")$/s;

/**
 * A connection string without what people copy along: providers print the whole command, `psql 'postgresql://…'`, and files of
 * settings have `DATABASE_URL="postgresql://…"`.
 */
export const bareConnectionString = (text: string): string => {
  const rest = text.trim().replace(program, '').replace(assignment, '');
  const [, single, double] = quoted.exec(rest) ?? [];
  return (single ?? double ?? rest).trim();
};
