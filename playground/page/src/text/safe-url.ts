const allowedProtocols = new Set(['http:', 'https:', 'mailto:']);

/** The address if a link may carry it (http, https, mailto), else undefined: `javascript:` and `data:` never reach an href. */
export function safeUrl(raw: string | undefined): string | undefined {
  if (raw === undefined) return undefined;
  try {
    const url = new URL(raw);
    return allowedProtocols.has(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** The address if an image may be loaded from it: the page's own origin (relative paths) or http(s). */
export function safeImageUrl(raw: string | undefined): string | undefined {
  if (raw === undefined || raw === '') return undefined;
  try {
    const url = new URL(raw, window.location.href);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined;
  } catch {
    return undefined;
  }
}
