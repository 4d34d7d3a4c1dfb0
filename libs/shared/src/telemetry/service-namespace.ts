/** `service.namespace` of every span and log line; log shippers know our lines by it. */
export const SERVICE_NAMESPACE = 'doubleshot';
