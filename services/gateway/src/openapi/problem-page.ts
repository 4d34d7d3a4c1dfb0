import { OPERATIONS, PROBLEMS, type ProblemCode } from '@doubleshot/contracts';
import { problemCodesOf } from './problem-responses.ts';

/** What `type` of a problem document leads to: what the code means, and which operations answer with it. */
export function problemPage(code: ProblemCode): string {
  const { status, title } = PROBLEMS[code];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
</head>
<body>
<main>
<h1>${title}</h1>
<p>Status ${status}, code <code>${code}</code>. Compare the code: it is stable. <code>detail</code> says more about one answer, to people.</p>
${answeredBy(code)}
<p>The API is described at <a href="/api/docs">/api/docs</a>.</p>
</main>
</body>
</html>
`;
}

function answeredBy(code: ProblemCode): string {
  const operations = OPERATIONS.filter((operation) => problemCodesOf(operation).includes(code));
  if (operations.length === 0) return '<p>No operation answers with it: no operation was found.</p>';
  if (operations.length === OPERATIONS.length) return '<p>Every operation may answer with it.</p>';
  const items = operations.map(({ method, path, summary }) => `<li><code>${method.toUpperCase()} ${path}</code>: ${summary}</li>`);
  return `<p>Operations that answer with it:</p>\n<ul>\n${items.join('\n')}\n</ul>`;
}
