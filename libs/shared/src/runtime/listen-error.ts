import { errorCode } from '../errors/error-code.ts';
import type { HttpServer } from '../http/http-server.ts';

/** A listener could not be opened. `message` is one clear sentence that names the variable to change. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Starts a server; rejects with a {@link ListenError} when the operating system refuses the address. */
export async function startListening(server: HttpServer, { host, port, variable }: { host: string; port: number; variable: string }): Promise<void> {
  try {
    await server.start();
  } catch (cause) {
    throw new ListenError(sentence(errorCode(cause), { host, port, variable }), { cause });
  }
}

function sentence(code: string | undefined, { host, port, variable }: { host: string; port: number; variable: string }): string {
  if (code === 'EADDRINUSE') return `port ${port} is already in use (${variable})`;
  if (code === 'EACCES') return `port ${port} may not be opened by this user (${variable})`;
  return `cannot listen on host ${host}, port ${port}: ${code ?? 'unknown reason'} (HOST, ${variable})`;
}
