/** Methods that are told by name; what else a client makes up is told as another one. */
export const KNOWN_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS']);
/** From this status on the fault is ours. */
export const FIRST_SERVER_FAULT = 500;
