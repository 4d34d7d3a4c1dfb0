import { PROBLEM_CODES, PROBLEMS } from '@doubleshot/contracts';
import { describe, expect, it } from 'vitest';
import { RESOURCES } from './document-resource.ts';
import { problemPage } from './problem-page.ts';

describe('the page of a problem', () => {
  it.each(PROBLEM_CODES)('is there for %s, and says what it means', async (code) => {
    const { body } = (await RESOURCES[`/problems/${code}`]?.load()) ?? {};
    expect(body?.toString()).toContain(`<h1>${PROBLEMS[code].title}</h1>\n<p>Status ${PROBLEMS[code].status}, code <code>${code}</code>.`);
  });

  it('names the operations that answer with it', () => {
    const operations = [...problemPage('order_not_found').matchAll(/<li><code>(.+?)<\/code>/g)].map(([, operation]) => operation);
    expect(operations).toEqual(['GET /api/v1/orders/:id', 'POST /api/v1/orders/:id/cancel']);
    expect(problemPage('idempotency_key_missing')).toContain('<li><code>POST /api/v1/orders</code>');
    expect(problemPage('unavailable')).toContain('Every operation may answer with it.');
    expect(problemPage('route_not_found')).toContain('No operation answers with it');
  });
});
