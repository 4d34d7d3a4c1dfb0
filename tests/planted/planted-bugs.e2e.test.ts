import { proveOn } from './prove-on.ts';

const KILLS = 2;

proveOn([
  { bug: 'ack-before-commit', trial: 'crash', kills: KILLS, column: 'lost', meaning: 'messages are acknowledged before their effect is committed' },
  { bug: 'no-inbox', trial: 'deliver-twice', column: 'duplicated', meaning: 'nothing remembers which messages were handled' },
  { bug: 'no-return-handler', trial: 'queue-late', column: 'lost', meaning: 'unroutable messages count as sent' },
  { bug: 'id-after-last-seen', trial: 'slow-commits', column: 'stuck', meaning: 'the relay asks for ids after the last it saw' },
  { bug: 'non-atomic-stock', trial: 'slow-commits', column: 'oversold', meaning: 'stock is read, changed and written back' },
]);
