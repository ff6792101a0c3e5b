import type { ListedCertificate, SandboxCertificate } from '../contracts/sandbox-certificate.ts';
import type { PortsOf } from '../ports/port-access.ts';

const day = 86_400_000;
/** Renewed at a third of its life, so that a renewal that fails for weeks is noticed before a run is. */
const validDays = 90;
const renewedAfterDays = 30;
/** A renewal takes seconds, its function ends after a minute: one that was begun so long ago was broken off. */
const underWayMilliseconds = 15 * 60_000;
/** No task lives so long: its run's machine is out of time after hours. */
const longestTaskMilliseconds = day;

/** What became of the certificate. */
export type Renewal = { readonly renewed: boolean; readonly lapses_at: string };

/**
 * Renews the certificate of the sandboxes where it is due, and makes the first one. Clients trust the new one before any task
 * is started with it, and those before as long as tasks that have them may live: no run notices. Called at every deployment
 * and once a day, or by who wants another one `now`; of several at once one does it, and one that was broken off is made good by the next.
 */
export const renewCertificate = async (
  ports: PortsOf<'renew-certificate'>,
  asked: { readonly now: boolean } = { now: false },
): Promise<Renewal> => {
  const { certificates, clock, log } = ports;
  const now = clock.now();
  const [trusted, served] = await Promise.all([certificates.trusted(), certificates.served()]);
  const [newest] = trusted;
  if (newest !== undefined) {
    const age = now.getTime() - Date.parse(newest.listed_at);
    const isServed = served?.certificate === newest.certificate;
    if (isServed ? age < renewedAfterDays * day && !asked.now : age < underWayMilliseconds)
      return { renewed: false, lapses_at: newest.lapses_at };
  }

  const to = new Date(now.getTime() + validDays * day);
  const made = await certificates.create({ from: now, to });
  const entry: ListedCertificate = {
    certificate: made.certificate,
    listed_at: now.toISOString(),
    lapses_at: to.toISOString(),
  };
  const before = inUse(trusted, served, now);
  if (!(await certificates.trust(trusted, [entry, ...before]))) {
    log.info('certificate renewed by another call', {});
    const [first = entry] = await certificates.trusted();
    return { renewed: false, lapses_at: first.lapses_at };
  }
  await certificates.serve(made);
  log.info('certificate renewed', { lapses_at: entry.lapses_at, before: before.length });
  return { renewed: true, lapses_at: entry.lapses_at };
};

/**
 * Of the list those that a task may show: what is served, and what was until not long ago. One that stands before what is served is of a
 * renewal that was broken off, and nobody has seen it.
 */
const inUse = (
  trusted: readonly ListedCertificate[],
  served: SandboxCertificate | undefined,
  now: Date,
): readonly ListedCertificate[] => {
  const place = trusted.findIndex(({ certificate }) => certificate === served?.certificate);
  return trusted.filter((_, index) => {
    const next = trusted[index - 1];
    if (index <= place || next === undefined) return index === place;
    return now.getTime() - Date.parse(next.listed_at) < longestTaskMilliseconds;
  });
};
