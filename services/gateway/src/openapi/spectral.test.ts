import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenApiDocument } from './openapi-document.ts';

const require = createRequire(import.meta.url);
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const LINT_TIMEOUT_MS = 60_000;

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'doubleshot-openapi-'))));
afterAll(() => rm(folder, { recursive: true }));

/** Resolves with the findings of the linter. */
async function lint(document: object): Promise<{ code: string }[]> {
  const file = join(folder, 'openapi.json');
  await writeFile(file, JSON.stringify(document));
  const command = promisify(execFile)(process.execPath, [
    require.resolve('@stoplight/spectral-cli/dist/index.js'),
    ...['lint', file, '--ruleset', join(ROOT, '.spectral.yaml'), '--format', 'json', '--quiet', '--fail-severity', 'hint'],
  ]);
  const { stdout } = await command.catch((failure: unknown) => failure as { stdout: string });
  return JSON.parse(stdout) as { code: string }[];
}

describe('OpenAPI document under spectral:oas', () => {
  it('has no finding of any severity', { timeout: LINT_TIMEOUT_MS }, async () => {
    expect(await lint(createOpenApiDocument())).toEqual([]);
  });

  it('would have one if an operation lost its tags', { timeout: LINT_TIMEOUT_MS }, async () => {
    const document = createOpenApiDocument();
    const broken = { ...document, tags: [] };
    expect((await lint(broken)).map((finding) => finding.code)).toContain('operation-tag-defined');
  });
});
