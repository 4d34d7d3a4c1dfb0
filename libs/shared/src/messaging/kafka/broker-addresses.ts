const DEFAULT_PORT = '9092';

/** `host:port` of each broker that a `kafka://host:port,host:port…` names; port 9092 unless told. Throws for what is no such URL. */
export function brokerAddresses(url: string): string[] {
  const [, hosts = ''] = /^kafka:\/\/([^/?#@]+)\/?$/.exec(url) ?? [];
  return hosts.split(',').map((host) => {
    const address = `kafka://${host}`;
    if (!URL.canParse(address) || new URL(address).hostname === '') throw new Error('EVENT_LOG_URL must be like kafka://host:port,host:port');
    const { hostname, port } = new URL(address);
    return `${hostname}:${port === '' ? DEFAULT_PORT : port}`;
  });
}
