import { OPERATIONS } from '@doubleshot/contracts';
import { describe, expect, it } from 'vitest';
import { createRouteTable } from './route-table.ts';

const table = createRouteTable(OPERATIONS.map((operation) => ({ method: operation.method, pattern: operation.path, target: operation.id })));

describe('route table', () => {
  it('finds every declared operation at its path with its parameters filled in', () => {
    for (const operation of OPERATIONS) {
      const path = operation.path.replaceAll(/:[a-z]+/gi, '019aaf00-0000-7000-8000-000000000001');
      expect(table.find(path)?.targets.get(operation.method.toUpperCase()), operation.id).toBe(operation.id);
    }
  });

  it('prefers a fixed path to one with a parameter', () => {
    expect(table.find('/api/v1/menu/popular')?.targets.get('GET')).toBe('getPopularItems');
    expect(table.find('/api/v1/menu/popular')?.allow).toBe('GET, HEAD');
  });

  it('lets HEAD follow GET and lists every method of a path once', () => {
    expect(table.find('/api/v1/menu/x')?.targets.get('HEAD')).toBe('getMenuItem');
    expect(table.find('/api/v1/menu/x')?.allow).toBe('GET, HEAD, PATCH');
    expect(table.find('/api/v1/orders')?.allow).toBe('POST, GET, HEAD');
  });

  it('decodes the parameters of a path, and refuses what cannot be decoded', () => {
    expect(table.find('/api/v1/menu/a%2Fb')?.paramsOf('/api/v1/menu/a%2Fb')).toEqual({ id: 'a/b' });
    expect(table.find('/api/v1/menu')?.paramsOf('/api/v1/menu')).toEqual({});
    expect(() => table.find('/api/v1/menu/%zz')?.paramsOf('/api/v1/menu/%zz')).toThrow(expect.objectContaining({ code: 'malformed_request' }));
  });

  it.each(['/', '', '/api/v1', '/api/v1/menu/', '/api/v1/MENU', '/api/v1//menu', '/api/v1/menu/../orders', '/api/v1/%6denu', '/api/v1/orders//cancel', '/api/v1/orders/x/cancel/', '*'])(
    'knows nothing at %j',
    (path) => expect(table.find(path)).toBeUndefined(),
  );
});
