import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { PROBLEM_CODES } from '@doubleshot/contracts';
import { createOpenApiDocument } from './openapi-document.ts';
import { problemPage } from './problem-page.ts';

/** Something fixed that the gateway serves itself. */
export interface Resource {
  mediaType: string;
  cacheControl: string;
  /** Made on the first request and kept; what failed is tried again on the next. */
  load(): Promise<{ body: Buffer; etag: string }>;
  /** Whether it is a page that runs script, and not data. */
  page: boolean;
}

const require = createRequire(import.meta.url);

const SHORT = 'public, max-age=300';
const LONG = 'public, max-age=86400';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Doubleshot API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
<main id="doc"></main>
<noscript>This page needs JavaScript. The document itself is at <a href="/api/openapi.json">/api/openapi.json</a>.</noscript>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/page.js"></script>
</body>
</html>
`;

const PAGE_SCRIPT = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#doc', deepLinking: true, validatorUrl: null });\n`;

/** By path: the API document and the page that shows it, whose parts come from this server alone, and a page for each problem. */
export const RESOURCES: Readonly<Record<string, Resource>> = {
  '/api/openapi.json': resource('application/json; charset=utf-8', SHORT, () => Promise.resolve(JSON.stringify(createOpenApiDocument()))),
  '/api/docs': { ...resource('text/html; charset=utf-8', SHORT, () => Promise.resolve(PAGE)), page: true },
  '/api/docs/page.js': resource('text/javascript; charset=utf-8', SHORT, () => Promise.resolve(PAGE_SCRIPT)),
  '/api/docs/swagger-ui.css': resource('text/css; charset=utf-8', LONG, () => readFile(require.resolve('swagger-ui-dist/swagger-ui.css'))),
  '/api/docs/swagger-ui-bundle.js': resource('text/javascript; charset=utf-8', LONG, () => readFile(require.resolve('swagger-ui-dist/swagger-ui-bundle.js'))),
  ...Object.fromEntries(PROBLEM_CODES.map((code) => [`/problems/${code}`, resource('text/html; charset=utf-8', LONG, () => Promise.resolve(problemPage(code)))])),
};

/** Reads once, on the first request; a failed reading is forgotten. */
export function resource(mediaType: string, cacheControl: string, read: () => Promise<string | Buffer>): Resource {
  let loaded: ReturnType<Resource['load']> | undefined;
  return {
    mediaType,
    cacheControl,
    page: false,
    load: () =>
      (loaded ??= read().then(
        (content) => {
          const body = Buffer.from(content);
          return { body, etag: `"${hash('sha256', body, 'base64url').slice(0, 22)}"` };
        },
        (error: unknown) => {
          loaded = undefined;
          throw error;
        },
      )),
  };
}
