import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { isKnown, readIndexTemplate } from '../setup/index-template.ts';

const ROOT = join(import.meta.dirname, '../..');
const LEVELS = new Set(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'child']);
/** What the format of the logger turns into ECS fields. */
const WRITTEN_AS: Record<string, string> = { err: 'error' };

/** Fields that log calls in a source text name themselves. */
function loggedFields(text: string): string[] {
  const fields: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && LEVELS.has(node.expression.name.text) && /logger(\(\))?$/i.test(node.expression.expression.getText())) {
      const [line] = node.arguments;
      if (line !== undefined && ts.isObjectLiteralExpression(line)) fields.push(...line.properties.flatMap(({ name }) => (name === undefined ? [] : [ts.isStringLiteral(name) ? name.text : name.getText()])));
    }
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true));
  return fields.map((field) => WRITTEN_AS[field] ?? field);
}

test('when a log call names a field, then the index template knows it', () => {
  const files = globSync(['libs/*/src/**/*.ts', 'services/*/src/**/*.ts'], { cwd: ROOT }).filter((path) => !/node_modules|\.test\.ts$|fixtures/.test(path));
  const fields = new Set(files.flatMap((path) => loggedFields(readFileSync(join(ROOT, path), 'utf8'))));
  const template = readIndexTemplate();
  expect(fields.size).toBeGreaterThan(25);
  expect([...fields].filter((field) => !isKnown(field, template))).toEqual([]);
});

test('when a log call names a field that nobody mapped, then it is found', () => {
  const fields = loggedFields(`deps.logger.warn({ err: error, 'beans.left': 3, mood, ...rest }, 'x'); logger().info('nothing'); other.info({ not: 1 });`);
  expect(fields).toEqual(['error', 'beans.left', 'mood']);
  expect(fields.filter((field) => !isKnown(field, readIndexTemplate()))).toEqual(['beans.left', 'mood']);
});
