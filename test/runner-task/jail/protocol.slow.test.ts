import { describeProtocol } from './describe-protocol.ts';

// None of this rests on the filter of calls.
describeProtocol({ connected: false, level: 'process', where: 'a child without a jail' });
