import { describeRestartingServers } from './restarting-servers.ts';

describeRestartingServers([700, 1_500, 3_000]);
