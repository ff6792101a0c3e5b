/**
 * What a table of ours has under a name that comes from outside: of what every object has already (`constructor`, `toString`,
 * `__proto__`) nothing.
 *
 * @example lookUp({ pg: 'PostgreSQL' }, 'constructor') // undefined
 */
export const lookUp = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
