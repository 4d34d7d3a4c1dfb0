import type { getMenu } from '@doubleshot/contracts';
import { matchesEtag, type HandlerInput, type Reply } from '@doubleshot/shared/http';
import type { Representation } from './menu-snapshot.ts';

type ConditionalHeaders = HandlerInput<typeof getMenu>['headers'];
type ConditionalInput = { headers: ConditionalHeaders } & Pick<HandlerInput<typeof getMenu>, 'raw'>;

const SECOND_MS = 1_000;

/** Answers 304 when the client has this representation already, else 200 with its bytes as they were serialised. */
export function conditionalRead({ headers, raw }: ConditionalInput, representation: Representation, cacheMs: number): Reply | 'streamed' {
  const validators = {
    ETag: representation.etag,
    'Last-Modified': new Date(representation.lastModifiedMs).toUTCString(),
    'Cache-Control': `public, max-age=${Math.ceil(cacheMs / SECOND_MS)}`,
  };
  if (isNotModified(headers, representation)) return { status: 304, headers: validators };
  const { response } = raw;
  response.writeHead(200, { ...validators, 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': representation.body.length });
  response.end(representation.body);
  return 'streamed';
}

/** RFC 9110 §13.2.2: `If-Modified-Since` counts only without `If-None-Match`, and to the second. */
export function isNotModified(headers: ConditionalHeaders, { etag, lastModifiedMs }: Pick<Representation, 'etag' | 'lastModifiedMs'>): boolean {
  if (headers['if-none-match'] !== undefined) return matchesEtag(headers['if-none-match'], etag);
  const sinceMs = Date.parse(headers['if-modified-since'] ?? '');
  return Math.floor(lastModifiedMs / SECOND_MS) * SECOND_MS <= sinceMs;
}
