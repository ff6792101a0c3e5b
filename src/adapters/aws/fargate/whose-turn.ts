import type { Ticket } from './ticket.ts';

/** When a tenant was last given a place. */
export type Served = { readonly tenant: string; readonly at: string };

/**
 * Who waits, in the order in which places become theirs: first whoever's tenant holds fewest; of these, tenants take turns,
 * and within one who has waited longest goes first. A tenant is due since the first of it waits, or since it was last
 * served. Each place that one is to get counts for the next.
 */
export const whoseTurn = (
  waiting: readonly Ticket[],
  holding: readonly { readonly tenant: string }[],
  served: readonly Served[],
): readonly Ticket[] => {
  const held = new Map<string, number>();
  for (const { tenant } of holding) held.set(tenant, (held.get(tenant) ?? 0) + 1);
  const servedAt = new Map(served.map(({ tenant, at }) => [tenant, at]));
  const queues = new Map<string, Ticket[]>();
  for (const ticket of waiting.toSorted(byEntry)) {
    const queue = queues.get(ticket.tenant);
    if (queue === undefined) queues.set(ticket.tenant, [ticket]);
    else queue.push(ticket);
  }
  const due = ({ tenant, entered_at }: Ticket): string => {
    const last = servedAt.get(tenant) ?? '';
    return last > entered_at ? last : entered_at;
  };
  const before = (a: Ticket, b: Ticket): number => {
    const fewer = (held.get(a.tenant) ?? 0) - (held.get(b.tenant) ?? 0);
    if (fewer !== 0) return fewer;
    return due(a) === due(b) ? byEntry(a, b) : due(a) < due(b) ? -1 : 1;
  };

  const order: Ticket[] = [];
  while (queues.size > 0) {
    const heads = [...queues.values()].flatMap(([first]) => (first === undefined ? [] : [first]));
    const [next] = heads.toSorted(before);
    if (next === undefined) break;
    order.push(next);
    held.set(next.tenant, (held.get(next.tenant) ?? 0) + 1);
    const queue = queues.get(next.tenant);
    queue?.shift();
    if (queue?.length === 0) queues.delete(next.tenant);
  }
  return order;
};

const byEntry = (a: Ticket, b: Ticket): number =>
  a.entered_at === b.entered_at ? (a.holder.id < b.holder.id ? -1 : 1) : a.entered_at < b.entered_at ? -1 : 1;
