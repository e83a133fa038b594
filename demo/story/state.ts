import type { Client } from 'pg';
import { z } from 'zod';

const storyState = z.strictObject({
  /** Steps taken, oldest first. */
  taken: z.array(z.string()),
  /** Minutes of lag by source table, where it differs from the first day. */
  late: z.record(z.string(), z.number()),
  /** Failing rows by test name, as the newest run saw them. */
  failing: z.record(z.string(), z.number()),
  /** When the newest run of the story was, ISO time; absent before the first. */
  ranAt: z.string().optional(),
  columnRenamed: z.boolean(),
  definitionChanged: z.boolean(),
});
/** How far the story has gone. Kept in the warehouse, so that it survives a restart and goes with `--reset`. */
export type StoryState = z.infer<typeof storyState>;

const firstDay: StoryState = {
  taken: [],
  late: {},
  failing: {},
  columnRenamed: false,
  definitionChanged: false,
};

/** Reads how far the story has gone, and locks it until the transaction ends: one step at a time. */
export async function readState(client: Client): Promise<StoryState> {
  await client.query("select pg_advisory_xact_lock(hashtext('demo_story'))");
  await client.query(
    'create schema if not exists demo_story; create table if not exists demo_story.state (id boolean primary key default true check (id), state jsonb not null)',
  );
  const { rows } = await client.query<{ state: unknown }>('select state from demo_story.state');
  return rows[0] ? storyState.parse(rows[0].state) : firstDay;
}

export async function writeState(client: Client, state: StoryState): Promise<void> {
  await client.query(
    'insert into demo_story.state (state) values ($1) on conflict (id) do update set state = excluded.state',
    [JSON.stringify(state)],
  );
}
