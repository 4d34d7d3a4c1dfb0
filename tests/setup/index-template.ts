import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Mapping {
  type?: string;
  properties?: Record<string, Mapping>;
}

interface IndexTemplate {
  index_patterns: string[];
  data_stream: object;
  priority: number;
  template: { mappings: Mapping };
}

/** The index template that Elasticsearch is given for log lines. */
export function readIndexTemplate(): IndexTemplate {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../deploy/docker/elasticsearch/index-template.json'), 'utf8')) as IndexTemplate;
}

/** Whether the template knows a field by its full name: itself, or as part of a flattened one. */
export function isMapped(field: string, { template }: IndexTemplate): boolean {
  const mapping = find(field, template.mappings);
  return mapping !== undefined && mapping.properties === undefined;
}

/** Whether the template knows a field or an object of fields. */
export function isKnown(field: string, { template }: IndexTemplate): boolean {
  return find(field, template.mappings) !== undefined;
}

function find(field: string, root: Mapping): Mapping | undefined {
  let mapping: Mapping | undefined = root;
  for (const name of field.split('.')) {
    if (mapping?.type === 'flattened') return mapping;
    mapping = mapping?.properties?.[name];
  }
  return mapping;
}
