import { describePostgresEngine } from './describe-postgres-engine.ts';

describePostgresEngine();
