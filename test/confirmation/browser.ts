export interface Page {
  url: URL;
  status: number;
  text: string;
}

/** What a browser does without scripts: follows redirects, keeps cookies, sends forms. */
export interface Browser {
  open: (url: string) => Promise<Page>;
  /** Sends the page's form. */
  send: (page: Page, fields?: Record<string, string>, origin?: string) => Promise<Page>;
}

export function makeBrowser(): Browser {
  const cookies = new Map<string, string>();

  async function go(url: URL, init: { method: string; body?: string; origin?: string }): Promise<Page> {
    const response = await fetch(url, {
      method: init.method,
      redirect: 'manual',
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(init.origin === undefined ? {} : { origin: init.origin }),
        ...(init.body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(init.body === undefined ? {} : { body: init.body }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const cut = pair.indexOf('=');
      cookies.set(pair.slice(0, cut), pair.slice(cut + 1));
    }
    const location = response.headers.get('location');
    if (location !== null && response.status >= 300 && response.status < 400)
      return go(new URL(location, url), { method: 'GET' });
    return { url, status: response.status, text: await response.text() };
  }

  return {
    open: (url) => go(new URL(url), { method: 'GET' }),
    send: async (page, fields = {}, origin = page.url.origin) => {
      const form = /<form[^>]*>/.exec(page.text)?.[0] ?? '';
      const target = new URL(/action="([^"]*)"/.exec(form)?.[1] ?? page.url.href, page.url);
      const hidden = [...page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
      const all = { ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])), ...fields };
      return go(target, { method: 'POST', body: new URLSearchParams(all).toString(), origin });
    },
  };
}
