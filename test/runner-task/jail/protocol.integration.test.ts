import { describe } from 'vitest';
import { isMissing } from '../../support/is-missing.ts';
import { describeProtocol } from './describe-protocol.ts';

describeProtocol({ connected: false, level: 'full', where: 'a child of the supervisor' });

describe.skipIf(isMissing('linux'))('in a container of its own', () => {
  describeProtocol({ connected: true, level: 'full', where: 'started by a listener' });
});
