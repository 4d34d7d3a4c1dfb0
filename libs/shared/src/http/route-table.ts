import type { HttpMethod } from '@doubleshot/contracts';
import { ProblemError } from '../errors/problem-error.ts';

/** The targets of one path, by upper-case method. HEAD is there wherever GET is. */
export interface Route<T> {
  /** The pattern as declared, for metrics and logs: `/api/v1/orders/:id`. */
  pattern: string;
  targets: ReadonlyMap<string, T>;
  /** Value of the `Allow` header. */
  allow: string;
  /** The parameters in a path that led to this route, decoded. Throws a `ProblemError` `malformed_request` when one cannot be. */
  paramsOf(path: string): Record<string, string>;
}

/** One method at one path. `pattern` has parameters as whole segments (`:id`). */
export interface RouteEntry<T> {
  method: HttpMethod;
  pattern: string;
  target: T;
}

export interface RouteTable<T> {
  /** `path` as it stands in the request line, without its query. Exact: letter case counts, no trailing slash, nothing decoded. */
  find(path: string): Route<T> | undefined;
}

interface PatternRoute<T> {
  segments: readonly string[];
  route: Route<T>;
}

/** Compiles routes once: fixed paths are one map look-up, paths with parameters are compared segment by segment among those of equal length. */
export function createRouteTable<T>(entries: readonly RouteEntry<T>[]): RouteTable<T> {
  const fixed = new Map<string, Route<T>>();
  const byLength = new Map<number, PatternRoute<T>[]>();
  for (const [pattern, group] of groupByPattern(entries)) {
    const route = compileRoute(pattern, group);
    if (!pattern.includes('/:')) {
      fixed.set(pattern, route);
      continue;
    }
    const segments = pattern.split('/');
    const others = byLength.get(segments.length) ?? [];
    others.push({ segments, route });
    byLength.set(segments.length, others);
  }
  return {
    find(path) {
      const exact = fixed.get(path);
      if (exact !== undefined) return exact;
      const segments = path.split('/');
      return byLength.get(segments.length)?.find((candidate) => matches(candidate.segments, segments))?.route;
    },
  };
}

function groupByPattern<T>(entries: readonly RouteEntry<T>[]): Map<string, RouteEntry<T>[]> {
  const groups = new Map<string, RouteEntry<T>[]>();
  for (const entry of entries) groups.set(entry.pattern, [...(groups.get(entry.pattern) ?? []), entry]);
  return groups;
}

function compileRoute<T>(pattern: string, entries: readonly RouteEntry<T>[]): Route<T> {
  const targets = new Map<string, T>();
  for (const { method, target } of entries) {
    targets.set(method.toUpperCase(), target);
    if (method.toUpperCase() === 'GET') targets.set('HEAD', target);
  }
  return { pattern, targets, allow: allowedMethods(entries), paramsOf: compileParams(pattern) };
}

/** Methods for an `Allow` header, HEAD with GET. */
function allowedMethods(entries: readonly RouteEntry<unknown>[]): string {
  return entries.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])).join(', ');
}

function compileParams(pattern: string): Route<unknown>['paramsOf'] {
  const named = pattern.split('/').flatMap((segment, index) => (segment.startsWith(':') ? [{ name: segment.slice(1), index }] : []));
  if (named.length === 0) return () => ({});
  return (path) => {
    const segments = path.split('/');
    return Object.fromEntries(named.map(({ name, index }) => [name, decode(segments[index] ?? '')]));
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw new ProblemError('malformed_request', 'The path holds an escape sequence that cannot be decoded.', { cause });
  }
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  for (let i = 0; i < pattern.length; i += 1) {
    const expected = pattern[i] ?? '';
    const actual = path[i] ?? '';
    if (expected.startsWith(':') ? actual === '' : actual !== expected) return false;
  }
  return true;
}
