import type { Ports } from '../../src/ports/ports.ts';
import { renewCertificate, type Renewal } from '../../src/use-cases/renew-certificate.ts';

/** Called at every deployment and once a day; whoever wants another certificate at once sends `{"now": true}`. */
export const handler =
  (ports: Pick<Ports, 'certificates' | 'clock' | 'log'>) =>
  (event: unknown): Promise<Renewal> =>
    renewCertificate(ports, { now: isNow(event) });

const isNow = (event: unknown): boolean =>
  typeof event === 'object' && event !== null && 'now' in event && event.now === true;
