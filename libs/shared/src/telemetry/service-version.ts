/** Version of every process: they are released together. */
export const SERVICE_VERSION = '0.1.0';
