import type { WantedApproval } from '../../approvals/confirmation/confirmations.js';
import { spokenDuration } from '../../approvals/plan/match-rule.js';
import type { HttpResponse } from '../server.js';

/** Pages a browser sees around a second confirmation: words, one button, no script, nothing from elsewhere. */

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  // With `no-referrer` a browser would hide its origin from our own form's target too, which asks for it.
  'referrer-policy': 'same-origin',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' https: http://127.0.0.1:* http://localhost:*; frame-ancestors 'none'; base-uri 'none'",
};

/** Before signing in: what would be approved. Nothing happens by looking at it. */
export function askPage(wanted: WantedApproval, action: string): HttpResponse {
  const rows: [string, string][] = [
    ['Request', `${wanted.reference}: ${wanted.title}`],
    ['Asked for by', wanted.requesterName],
    ['Why', wanted.reason ?? 'no reason was given'],
    ['Your part', wanted.stage],
    ...(wanted.shortenToMs === null
      ? []
      : ([['Shortened to', spokenDuration(wanted.shortenToMs)]] satisfies [string, string][])),
  ];
  const body = `<p>${escapeHtml(wanted.personName)} pressed <strong>Approve</strong> in Slack. The policy wants this approval confirmed with a fresh sign-in to the company account.</p>
<dl>${rows.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>
<p>If you did not press it, close this page and tell your security team.</p>
<form method="post" action="${escapeHtml(action)}"><button>Sign in and approve ${escapeHtml(wanted.reference)}</button></form>`;
  return { status: 200, headers, body: page('Confirm your approval', body) };
}

export function wordsPage(status: number, title: string, words: string): HttpResponse {
  return { status, headers, body: page(title, `<p>${escapeHtml(words)}</p><p>You can close this page.</p>`) };
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)} - Steward</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem;color:#1d1c1d}dt{font-weight:600}dd{margin:0 0 .5rem}button{font:inherit;padding:.5rem 1rem}</style>
</head><body><main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
