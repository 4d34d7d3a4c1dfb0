import { pino } from 'pino';
import { createTestDatabase } from '../../../../tests/setup/test-database.ts';
import { databaseContract } from './contract/database-contract.ts';
import { createDatabase } from './create-database.ts';

const logger = pino({ level: 'silent' });

databaseContract({
  name: 'postgres: from npm',
  createUrl: createTestDatabase,
  open: (options) => createDatabase({ ...options, applicationName: 'database-test', logger }),
});
