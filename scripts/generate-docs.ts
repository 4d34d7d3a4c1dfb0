// Writes the documents that are derived from schemas. With --check it writes nothing and fails when a committed one differs.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOpenApiDocument } from '@doubleshot/gateway';
import { createAsyncApiDocument } from './docs/asyncapi-document.ts';
import { createEnvPage } from './docs/env-page.ts';
import { createMessagesPage } from './docs/messages-page.ts';

const ROOT = join(import.meta.dirname, '..');

const json = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;

const DOCUMENTS: Readonly<Record<string, () => string>> = {
  'docs/openapi.json': () => json(createOpenApiDocument()),
  'docs/asyncapi.json': () => json(createAsyncApiDocument()),
  'docs/messages.md': createMessagesPage,
  'docs/env.md': createEnvPage,
};

async function isCurrent(path: string, content: string): Promise<boolean> {
  return (await readFile(join(ROOT, path), 'utf8').catch(() => '')) === content;
}

const checkOnly = process.argv.includes('--check');
for (const [path, create] of Object.entries(DOCUMENTS)) {
  const content = create();
  if (await isCurrent(path, content)) continue;
  if (checkOnly) {
    console.error(`${path} differs from the schemas: run npm run docs and commit it`);
    process.exitCode = 1;
  } else {
    await writeFile(join(ROOT, path), content);
    console.log(`wrote ${path}`);
  }
}
