import { createHash } from 'node:crypto';
import { BASE_STYLE } from './base-style.ts';
import { html, NOTHING, type Html } from './html.ts';

export interface PageOptions {
  title: string;
  /** Beside the style that all pages share. */
  style: string;
  /** At the end of the page. The only one the browser runs. */
  script?: string;
  body: Html;
  bodyClass?: string;
}

/** A page that needs nothing else: it works from a file, offline, and may neither fetch nor send anything. */
export function renderDocument({ title, style, script, body, bodyClass = '' }: PageOptions): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policyOf(script)}"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style>${asIs(BASE_STYLE + style)}</style></head>
<body class="${bodyClass}">
${body}
${script === undefined ? NOTHING : html`<script>${asIs(script)}</script>`}</body></html>
`.markup;
}

function policyOf(script: string | undefined): string {
  const allowed = script === undefined ? [] : [`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`];
  return ["default-src 'none'", "style-src 'unsafe-inline'", "base-uri 'none'", "form-action 'none'", ...allowed].join('; ');
}

function asIs(markup: string): Html {
  return { markup };
}
