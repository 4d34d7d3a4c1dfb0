import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isMapped, readIndexTemplate } from '../setup/index-template.ts';

const FILE = join(import.meta.dirname, '../../deploy/docker/kibana/saved-objects.ndjson');
/** What Kibana counts lines by. */
const RECORDS = '___records___';

interface Column { operationType: string; sourceField: string; params: { orderBy?: { columnId: string } } }
interface Visualization { accessors?: string[]; xAccessor?: string; splitAccessor?: string; layers?: Visualization[]; columns?: { columnId: string }[] }
interface Attributes {
  title: string;
  timeFieldName?: string;
  columns?: string[];
  panelsJSON?: string;
  kibanaSavedObjectMeta?: { searchSourceJSON: string };
  state?: { query: { query: string }; visualization: Visualization; datasourceStates: { formBased: { layers: Record<string, { columns: Record<string, Column>; columnOrder: string[] }> } } };
}
interface SavedObject { type: string; id: string; attributes: Attributes; references: { type: string; id: string; name: string }[] }
interface Panel { type: string; panelIndex: string; gridData: { i: string }; panelRefName: string }

const objects = readFileSync(FILE, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as SavedObject);
const template = readIndexTemplate();
const ofType = (type: string): SavedObject[] => objects.filter((object) => object.type === type);

/** Fields that a KQL query asks for: the words before a colon, outside quotes. */
function fieldsOfQuery(query: string): string[] {
  return [...query.replaceAll(/"[^"]*"/g, '').matchAll(/([\w.@]+)\s*:/g)].map(([, field = '']) => field);
}

function idsOfVisualization({ accessors = [], xAccessor, splitAccessor, layers = [], columns = [] }: Visualization): string[] {
  return [...accessors, xAccessor, splitAccessor, ...columns.map(({ columnId }) => columnId), ...layers.flatMap(idsOfVisualization)].filter((id) => id !== undefined);
}

describe('the objects of Kibana', () => {
  test('are a data view, searches by trace and by order, and a dashboard, each once', () => {
    expect(new Set(objects.map(({ type, id }) => `${type} ${id}`)).size).toBe(objects.length);
    expect(ofType('search').map(({ id }) => id)).toEqual(expect.arrayContaining(['doubleshot-one-trace', 'doubleshot-one-order']));
    expect(ofType('dashboard')).toHaveLength(1);
    expect(ofType('index-pattern')).toMatchObject([{ attributes: { title: template.index_patterns[0], timeFieldName: '@timestamp' } }]);
  });

  test('refer to nothing but each other', () => {
    const there = new Set(objects.map(({ type, id }) => `${type} ${id}`));
    const references = objects.flatMap((object) => object.references);
    expect(references.length).toBeGreaterThan(10);
    expect(references.filter(({ type, id }) => !there.has(`${type} ${id}`))).toEqual([]);
  });

  test('show only fields that lines have', () => {
    const fields = [
      ...ofType('search').flatMap(({ attributes }) => attributes.columns ?? []),
      ...objects.flatMap(({ attributes: { kibanaSavedObjectMeta: meta } }) => (meta === undefined ? [] : fieldsOfQuery((JSON.parse(meta.searchSourceJSON) as { query: { query: string } }).query.query))),
      ...ofType('lens').flatMap(({ attributes: { state } }) => [
        ...fieldsOfQuery(state!.query.query),
        ...Object.values(state!.datasourceStates.formBased.layers).flatMap(({ columns }) => Object.values(columns).map(({ sourceField }) => sourceField)),
      ]),
    ].filter((field) => field !== RECORDS);
    expect(fields.length).toBeGreaterThan(30);
    expect(fields.filter((field) => !isMapped(field, template))).toEqual([]);
  });

  test('searches name the data view that their query runs on', () => {
    for (const { attributes, references } of ofType('search')) {
      const { indexRefName } = JSON.parse(attributes.kibanaSavedObjectMeta?.searchSourceJSON ?? '{}') as { indexRefName: string };
      expect(references.map(({ name, type }) => [name, type])).toEqual([[indexRefName, 'index-pattern']]);
    }
  });

  test('visualizations draw the columns they have, on the data view that each layer names', () => {
    for (const { attributes: { state }, references } of ofType('lens')) {
      const layers = state!.datasourceStates.formBased.layers;
      expect(references.map(({ name }) => name)).toEqual(Object.keys(layers).map((layer) => `indexpattern-datasource-layer-${layer}`));
      const columns = Object.values(layers).flatMap((layer) => Object.keys(layer.columns));
      expect(Object.values(layers).flatMap((layer) => layer.columnOrder).toSorted()).toEqual(columns.toSorted());
      expect(idsOfVisualization(state!.visualization).toSorted()).toEqual(columns.toSorted());
      const orderedBy = Object.values(layers).flatMap((layer) => Object.values(layer.columns)).flatMap(({ params }) => (params.orderBy === undefined ? [] : [params.orderBy.columnId]));
      expect(orderedBy.filter((id) => !columns.includes(id))).toEqual([]);
    }
  });

  test('the dashboard has a reference for each of its panels', () => {
    const [dashboard] = ofType('dashboard');
    const panels = JSON.parse(dashboard?.attributes.panelsJSON ?? '[]') as Panel[];
    expect(panels.length).toBeGreaterThan(3);
    expect(panels.map(({ panelIndex, gridData, panelRefName, type }) => [gridData.i, `${panelIndex}:${panelRefName}`, type])).toEqual(
      dashboard?.references.map(({ name, type }) => [name.split(':')[0], name, type]),
    );
  });
});
