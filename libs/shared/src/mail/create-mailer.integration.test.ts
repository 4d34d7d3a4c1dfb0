import { mailerContract } from './contract/mailer-contract.ts';
import { createMailer } from './create-mailer.ts';

mailerContract('smtp:', (url, from) => createMailer(url, { from }));
