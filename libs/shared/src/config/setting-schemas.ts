import { z } from 'zod';
import { KAFKA_URL_FORM, readKafkaUrl } from './kafka-url.ts';

/** A whole number from `min` to `max`. */
export function integerSetting({ min, max }: { min: number; max: number }): z.ZodType<number> {
  const fault = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^-?\d{1,15}$/, fault)
    .transform(Number)
    .refine((value) => value >= min && value <= max, fault);
}

/** A number from `min` to `max`, in plain decimal notation: `0.05`, no exponent. */
export function numberSetting({ min, max }: { min: number; max: number }): z.ZodType<number> {
  const fault = `must be a number from ${min} to ${max}, like 0.5`;
  return z
    .string()
    .regex(/^-?\d{1,15}(\.\d{1,15})?$/, fault)
    .transform(Number)
    .refine((value) => value >= min && value <= max, fault);
}

/** A comma list of values, each one of `values`, none twice. */
export function listSetting<const V extends string>(values: readonly V[]): z.ZodType<V[]> {
  const fault = `must be a comma list of ${values.join(', ')}, none twice`;
  return z
    .string()
    .transform((text) => text.split(',').map((item) => item.trim()))
    .refine((items) => items.every((item) => (values as readonly string[]).includes(item)) && new Set(items).size === items.length, fault)
    .transform((items) => items as V[]);
}

/** Schemes of what is in the process itself: nothing follows them. */
const SCHEMES_WITHOUT_HOST: readonly string[] = ['in-process', 'memory'];

/** Schemes of clusters, whose URLs are of a form of their own. */
const SCHEMES_OF_CLUSTERS: readonly string[] = ['kafka', 'kafka+ssl'];

/** A URL of one of these schemes (each written without its colon), whole and with a host, which `in-process:` and `memory:` do not need. `kafka:` and `kafka+ssl:` may name several. */
export function urlSetting(...schemes: readonly string[]): z.ZodType<string> {
  const beginnings = schemes.map((scheme) => `${scheme}:${SCHEMES_WITHOUT_HOST.includes(scheme) ? '' : '//host'}`);
  const form = schemes.some((scheme) => SCHEMES_OF_CLUSTERS.includes(scheme)) ? `; of Kafka like ${KAFKA_URL_FORM}` : '';
  return z.string().refine((text) => schemes.includes(schemeOf(text)) && isWhole(text), `must be a URL that begins with ${beginnings.join(' or ')}${form}`);
}

/** The origin of an HTTP server, for example `http://127.0.0.1:8081`: no path, no credentials. */
export function originSetting(): z.ZodType<string> {
  return z
    .string()
    .refine((text) => URL.canParse(text) && isOrigin(new URL(text)), 'must be an origin like http://host:port, without a path')
    .transform((text) => new URL(text).origin);
}

function schemeOf(text: string): string {
  return /^([a-z][a-z0-9+.-]*):/.exec(text)?.[1] ?? '';
}

function isWhole(text: string): boolean {
  const scheme = schemeOf(text);
  if (SCHEMES_OF_CLUSTERS.includes(scheme)) return readKafkaUrl(text) !== undefined;
  return SCHEMES_WITHOUT_HOST.includes(scheme) || (URL.canParse(text) && new URL(text).host !== '');
}

function isOrigin(url: URL): boolean {
  return ['http:', 'https:'].includes(url.protocol) && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
}
