import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createLogger } from '../../libs/shared/src/logging/logger.ts';
import { readIndexTemplate } from '../setup/index-template.ts';

const FOLDER = join(import.meta.dirname, '../../deploy/docker');
const textOf = (path: string): string => readFileSync(join(FOLDER, path), 'utf8');
const yamlOf = (path: string): unknown => parse(textOf(path), { merge: true });

interface Service { image: string; profiles: string[]; mem_limit: string; ports?: string[]; volumes?: string[]; environment?: Record<string, string>; depends_on?: string[] | Record<string, unknown> }
interface Collector {
  receivers: Record<string, unknown>;
  processors: Record<string, unknown>;
  exporters: Record<string, { endpoint?: string }>;
  extensions: Record<string, unknown>;
  service: { extensions: string[]; pipelines: Record<string, { receivers: string[]; processors: string[]; exporters: string[] }> };
}

const { services } = yamlOf('observability.yaml') as { services: Record<string, Service> };
const all = Object.entries(services);

const MIB: Record<string, number> = { m: 1, g: 1_024 };
const mibOf = (size: string): number => Number.parseInt(size, 10) * (MIB[size.slice(-1).toLowerCase()] ?? Number.NaN);

/** What a program may take for itself, as it is told, in MiB. */
function heapOf({ environment = {} }: Service): number[] {
  return Object.entries(environment).flatMap(([name, value]) => {
    const found = { ES_JAVA_OPTS: /-Xmx(\d+)m/, LS_JAVA_OPTS: /-Xmx(\d+)m/, NODE_OPTIONS: /--max-old-space-size=(\d+)/, GOMEMLIMIT: /(\d+)MiB/ }[name]?.exec(value);
    return found?.[1] === undefined ? [] : [Number(found[1])];
  });
}

describe('observability.yaml', () => {
  test('starts nothing unless its profile is chosen', () => {
    expect(all.length).toBeGreaterThan(6);
    expect(all.filter(([, { profiles }]) => profiles.length !== 1 || !['tracing', 'elk'].includes(profiles[0] ?? '')).map(([name]) => name)).toEqual([]);
  });

  test('limits the memory of each, heaps below the limit', () => {
    for (const [name, service] of all) {
      const limit = mibOf(service.mem_limit);
      expect([name, limit > 0 && limit <= 1_024]).toEqual([name, true]);
      expect([name, heapOf(service).filter((heap) => heap > limit * 0.9)]).toEqual([name, []]);
    }
    expect(all.flatMap(([, service]) => heapOf(service))).toHaveLength(5);
  });

  test('shows ports to this machine alone', () => {
    const ports = all.flatMap(([, { ports = [] }]) => ports);
    expect(ports.length).toBeGreaterThan(3);
    expect(ports.filter((port) => !/^127\.0\.0\.1:\$\{\w+:-\d+\}:\d+$/.test(port))).toEqual([]);
  });

  test('names every image with its version, one for all that is of Elastic', () => {
    const versions = all.map(([, { image }]) => image.slice(image.lastIndexOf(':') + 1).replace(/^.*:-/, '').replace('}', ''));
    expect(versions.filter((version) => version === 'latest' || !/\d|\$\{ELASTIC_VERSION/.test(version))).toEqual([]);
    expect(all.filter(([, { image }]) => image.startsWith('docker.elastic.co/') && image.endsWith(':${ELASTIC_VERSION}'))).toHaveLength(4);
    expect(textOf('.env')).toMatch(/^ELASTIC_VERSION=9\.5\.\d+$/m);
  });

  test('mounts files that are there, for reading alone', () => {
    const mounts = all.flatMap(([, { volumes = [] }]) => volumes).filter((volume) => volume.startsWith('.'));
    expect(mounts.length).toBeGreaterThan(6);
    expect(mounts.filter((mount) => !mount.endsWith(':ro') || !existsSync(join(FOLDER, mount.split(':')[0] ?? '')))).toEqual([]);
  });
});

describe.each(['otel-collector', 'jaeger'])('the configuration of %s', (name) => {
  const config = yamlOf(`${name}/config.yaml`) as Collector;
  const pipelines = Object.values(config.service.pipelines);

  test('defines each part that it uses, and uses each part that it defines', () => {
    for (const kind of ['receivers', 'processors', 'exporters'] as const) expect(Object.keys(config[kind]).toSorted()).toEqual([...new Set(pipelines.flatMap((pipeline) => pipeline[kind]))].toSorted());
    expect(Object.keys(config.extensions).toSorted()).toEqual(config.service.extensions.toSorted());
  });
});

test('the collector sends to Jaeger, which listens there', () => {
  const collector = yamlOf('otel-collector/config.yaml') as Collector;
  const jaeger = yamlOf('jaeger/config.yaml') as { receivers: { otlp: { protocols: { http: { endpoint: string } } } } };
  const { hostname, port } = new URL(collector.exporters['otlp_http']?.endpoint ?? '');
  expect(Object.keys(services)).toContain(hostname);
  expect(jaeger.receivers.otlp.protocols.http.endpoint).toBe(`0.0.0.0:${port}`);
});

describe('Filebeat', () => {
  const config = yamlOf('filebeat/filebeat.yml') as { 'filebeat.inputs': { type: string; id: string; paths: string[]; parsers: object[]; include_lines: string[] }[]; 'output.logstash': { hosts: string[] } };
  const [input] = config['filebeat.inputs'];
  const isShipped = (line: string): boolean => input!.include_lines.some((pattern) => new RegExp(pattern).test(line));

  test('reads what Docker or a node of Kubernetes keeps and hands it to Logstash', () => {
    expect(input).toMatchObject({ type: 'filestream', id: expect.any(String), parsers: [{ container: { format: 'auto' } }] });
    expect(input?.paths).toEqual([expect.stringMatching(/^\/var\/lib\/docker\/containers\//), expect.stringMatching(/^\/var\/log\/pods\/doubleshot-/)]);
    expect(config['output.logstash'].hosts).toEqual(['${LOGSTASH_HOST:logstash}:5044']);
    expect(textOf('logstash/pipeline/doubleshot.conf')).toMatch(/port => 5044/);
  });

  test('takes the lines of processes and of Nginx, whole or cut off, and those of nobody else', () => {
    const lines: string[] = [];
    createLogger({ service: 'orders', level: 'info', destination: { write: (line) => void lines.push(line) } }).info({ order: { id: 'x' } }, 'x');
    const nginx = [...textOf('nginx/templates/doubleshot.conf.template').matchAll(/^ {2}'(.*)';?$/gm)].map(([, part]) => part).join('');
    expect([lines[0] ?? '', (lines[0] ?? '').slice(0, -10), nginx].map(isShipped)).toEqual([true, true, true]);
    const others = ['{"log.level":"info","service.name":"filebeat","message":"x"}', 'a line of text', String.raw`{"message":"{\"service.namespace\":\"doubleshot\"}"}`];
    expect(others.map(isShipped)).toEqual([false, false, false]);
  });
});

describe('the pipeline of Logstash', () => {
  const pipeline = textOf('logstash/pipeline/doubleshot.conf').replaceAll(/^\s*#.*$/gm, '');

  test('is whole: what is opened is closed, and each part is there once', () => {
    const bare = pipeline.replaceAll(/"[^"]*"/g, '""');
    for (const [open, close] of [['{', '}'], ['[', ']']] as const) expect(bare.split(open).length).toBe(bare.split(close).length);
    expect([...pipeline.matchAll(/^(\w+) \{$/gm)].map(([, part]) => part)).toEqual(['input', 'filter', 'output']);
    expect([...pipeline.matchAll(/^ {2}(\w+) \{$/gm)].map(([, plugin]) => plugin)).toEqual(['beats', 'json', 'elasticsearch']);
  });

  test('writes the data stream that the index template is for, and gives way to none of its options', () => {
    const optionOf = (name: string): string => new RegExp(`\\b${name} => "?([^"\\s]+)`).exec(pipeline)?.[1] ?? '';
    const stream = ['data_stream_type', 'data_stream_dataset', 'data_stream_namespace'].map(optionOf).join('-');
    const template = readIndexTemplate();
    expect(optionOf('data_stream')).toBe('true');
    expect(template.index_patterns.some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(stream))).toBe(true);
    expect(template.data_stream).toEqual({});
    // Those that come with Elasticsearch have at most 200.
    expect(template.priority).toBeGreaterThan(200);
  });

  test.each(['logstash/logstash.yml', 'kibana/kibana.yml'])('%s is a flat list of settings', (path) => {
    expect(Object.keys(yamlOf(path) as object).every((name) => /^[a-z][\w.]+$/.test(name))).toBe(true);
  });
});
