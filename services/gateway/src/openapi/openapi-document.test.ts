import { OPERATIONS, PROBLEMS } from '@doubleshot/contracts';
import type { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from './examples.ts';
import { createOpenApiDocument } from './openapi-document.ts';
import { openApiPath } from './operation-document.ts';
import { problemCodesOf } from './problem-responses.ts';

interface Described {
  operationId: string;
  parameters: { name: string; in: string; required: boolean }[];
  requestBody?: { required: boolean };
  responses: Record<string, { content?: Record<string, { examples?: object }> }>;
  security: object[];
}

const document = createOpenApiDocument();
const described = (operation: (typeof OPERATIONS)[number]): Described => document.paths[openApiPath(operation.path)]?.[operation.method] as Described;

describe('OpenAPI document', () => {
  it('is the same every time', () => {
    expect(JSON.stringify(createOpenApiDocument())).toBe(JSON.stringify(document));
  });

  it('refers only to components that it has', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(100);
    for (const [, kind, name] of references) expect(document.components[kind as 'schemas'], `${kind}/${name}`).toHaveProperty(name ?? '');
  });

  it('names a component after the id of its schema', () => {
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(['Id', 'Menu', 'MenuItem', 'Order', 'PlaceOrderRequest', 'Problem', 'TokenPair', 'User']));
  });

  it.each(OPERATIONS.map((operation) => [operation.id, operation] as const))('describes %s whole', (id, operation) => {
    const found = described(operation);
    expect(found.operationId).toBe(id);
    expect(found.security).toEqual(operation.access === 'public' ? [] : [{ bearer: [] }]);
    for (const status of Object.keys(operation.responses)) expect(found.responses).toHaveProperty(status);
    for (const code of problemCodesOf(operation)) {
      expect(found.responses[String(PROBLEMS[code].status)]?.content?.['application/problem+json']?.examples).toHaveProperty(code);
    }
    const inPath = found.parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name);
    expect(inPath).toEqual([...operation.path.matchAll(/:(\w+)/g)].map((match) => match[1]));
    expect(found.requestBody !== undefined).toBe(operation.request.body !== undefined);
  });

  it.each(OPERATIONS.map((operation) => [operation.id, operation] as const))('gives examples of %s that its schemas accept', (id, operation) => {
    const success = Object.values(operation.responses).find((response) => response.body !== undefined);
    expectValid(operation.request.body, EXAMPLES[id]?.request);
    expectValid(success?.body, EXAMPLES[id]?.response);
  });

  it('says which headers must be there', () => {
    const required = OPERATIONS.map((operation) => [operation.id, described(operation).parameters.filter((each) => each.in === 'header' && each.required).map(({ name }) => name)]);
    expect(required.filter(([, names]) => names?.length !== 0)).toEqual([
      ['changeMenuItem', ['If-Match']],
      ['placeOrder', ['Idempotency-Key']],
    ]);
  });

  it('asks for a token, and for parameters, only where they are needed', () => {
    const list = OPERATIONS.find((operation) => operation.id === 'listOrders');
    expect(list && described(list).parameters.map(({ name, required }) => [name, required])).toEqual([
      ['limit', false],
      ['cursor', false],
    ]);
    const logout = OPERATIONS.find((operation) => operation.id === 'logout');
    expect(logout && described(logout).requestBody?.required).toBe(false);
  });
});

function expectValid(schema: z.ZodType | undefined, example: unknown): void {
  if (schema === undefined) expect(example).toBeUndefined();
  else expect(schema.safeParse(example)).toMatchObject({ success: true });
}
