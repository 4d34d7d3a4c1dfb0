import { endOnSignals, endWithParent, finish } from './ending.ts';
import { createProgram } from './program.ts';
import { runProgram } from './run-program.ts';

endOnSignals();
// The wrapper of an older Node holds the other end of this channel.
endWithParent();
process.channel?.unref();
await finish(await runProgram(createProgram(), process.argv.slice(2)));
