import { describeMysqlEngine } from './describe-mysql-engine.ts';

describeMysqlEngine();
