/** The fields of a log line by their full names, as Elasticsearch sees them: `order.id`, whether it was nested or dotted. */
export function dottedFields(fields: Readonly<Record<string, unknown>>, prefix = ''): Record<string, unknown> {
  return Object.assign({}, ...Object.entries(fields).map(([name, value]) => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? dottedFields(value as Record<string, unknown>, `${prefix}${name}.`) : { [prefix + name]: value };
  })) as Record<string, unknown>;
}
