import type { IncomingMessage, ServerResponse } from 'node:http';
import { matchesEtag } from '@doubleshot/shared/http';
import { PAGE_SECURITY_HEADERS, setFixedHeaders } from '../security-headers.ts';
import type { Resource } from './document-resource.ts';

/** Answers GET and HEAD for something fixed, with 304 where the client has it already. */
export async function serveResource(resource: Resource, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { body, etag } = await resource.load();
  if (resource.page) setFixedHeaders(response, PAGE_SECURITY_HEADERS);
  response.setHeader('Cache-Control', resource.cacheControl);
  response.setHeader('ETag', etag);
  if (matchesEtag(request.headers['if-none-match'], etag)) {
    response.statusCode = 304;
    response.end();
    return;
  }
  response.setHeader('Content-Type', resource.mediaType);
  response.setHeader('Content-Length', body.length);
  response.end(request.method === 'HEAD' ? undefined : body);
}
