const WEAK_PREFIX = 'W/';
const ENTITY_TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;

/** A strong entity tag for a version: `"7"`. `version` must not hold quotes or blanks. */
export function etagOf(version: string | number): string {
  return `"${version}"`;
}

/** `If-None-Match`: weak comparison, lists and `*` (RFC 9110 §13.1.2). */
export function matchesEtag(headerValue: string | undefined, etag: string): boolean {
  if (headerValue === undefined) return false;
  return headerValue.trim() === '*' || (headerValue.match(ENTITY_TAG) ?? []).some((candidate) => opaque(candidate) === opaque(etag));
}

function opaque(etag: string): string {
  return etag.startsWith(WEAK_PREFIX) ? etag.slice(WEAK_PREFIX.length) : etag;
}
