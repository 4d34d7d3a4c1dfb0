import { z } from 'zod';

const WITHIN_MS = 3_000;
const Answers = z.array(z.string());

/** A program for `node -e` that tries to connect to every `host:port` and prints those that answered, as JSON. It has no single quotes, so that a shell takes it between two. */
export function probeScript(targets: readonly string[]): string {
  return `
    const { connect } = require("node:net");
    const knock = (target) => new Promise((resolve) => {
      const [host, port] = target.split(":");
      const socket = connect({ host, port: Number(port) });
      const end = (answered) => { socket.destroy(); resolve(answered); };
      socket.setTimeout(${WITHIN_MS}, () => end(false)).on("connect", () => end(true)).on("error", () => end(false));
    });
    Promise.all(${JSON.stringify(targets)}.map(async (target) => (await knock(target)) ? [target] : []))
      .then((answered) => console.log(JSON.stringify(answered.flat())));
  `;
}

/** What the program printed last. */
export function parseAnswers(output: string): string[] {
  return Answers.parse(JSON.parse(output.trim().split('\n').at(-1) ?? ''));
}
