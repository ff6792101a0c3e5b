import { describeRestartingServers } from './restarting-servers.ts';

// From before the database is opened to after the report is written.
describeRestartingServers(Array.from({ length: 20 }, (_, index) => index * 300));
