import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { splitWords } from '../../src/catalog/search/text/split.js';
import { asking, everywhere } from '../../src/catalog/search/text/stopwords.js';
import { startEmbeddedPostgres } from '../../src/db/embedded/server.js';
import type { Engine } from './engine.js';

/** PostgreSQL full text: OR of the words, weights A to C. On `DATABASE_URL`, else on the embedded server in a folder of its own. */
export const postgresEngine: Engine = {
  name: 'PostgreSQL full text, OR',
  build: async (rows) => {
    const place = await open();
    const { client } = place;
    await client.query('create temporary table bench_row (id text, words tsvector)');
    for (let i = 0; i < rows.length; i += 500) {
      await client.query(
        `insert into bench_row
         select id, setweight(to_tsvector('english', name || ' ' || label || ' ' || synonyms), 'A')
                 || setweight(to_tsvector('english', description), 'C') || setweight(to_tsvector('english', context), 'D')
         from jsonb_to_recordset($1::jsonb) as r(id text, name text, label text, synonyms text, description text, context text)`,
        [JSON.stringify(rows.slice(i, i + 500))],
      );
    }
    await client.query('create index bench_row_words on bench_row using gin (words)');
    await client.query('analyze bench_row');
    return {
      search: async (question) => {
        const words = splitWords(question).filter(
          (word) => !asking.has(word) && !everywhere.has(word) && /^[a-z0-9]+$/.test(word),
        );
        if (words.length === 0) return [];
        const found = await client.query<{ id: string }>(
          `select id from bench_row, to_tsquery('english', $1) as q where words @@ q order by ts_rank(words, q) desc limit 10`,
          [words.join(' | ')],
        );
        return found.rows.map((row) => row.id);
      },
      close: place.close,
    };
  },
};

async function open(): Promise<{ client: pg.Client; close: () => Promise<void> }> {
  const url = process.env.DATABASE_URL;
  if (url !== undefined && url !== '') {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return { client, close: () => client.end() };
  }
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'steward-bench-'));
  const server = await startEmbeddedPostgres({ dataDir });
  const client = new pg.Client({ connectionString: server.url('postgres', 'postgres') });
  await client.connect();
  return {
    client,
    close: async () => {
      await client.end();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
