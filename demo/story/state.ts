import type { Client } from 'pg';
import { z } from 'zod';

const storyState = z.strictObject({
  /** Steps taken, oldest first. */
  taken: z.array(z.string()),
  /** When the demo began, ISO time. */
  dayOne: z.string(),
  /** Lag by source table, where it differs from the first day, and since when. */
  late: z.record(z.string(), z.strictObject({ lagMinutes: z.number(), since: z.string() })),
  /** Failing rows by test name, as the newest run saw them. */
  failing: z.record(z.string(), z.number()),
  /** When the newest run of the story was, ISO time; absent before the first. */
  ranAt: z.string().optional(),
  columnRenamed: z.boolean(),
  definitionChanged: z.boolean(),
});
/** How far the story has gone. Kept in the warehouse, so that it survives a restart and goes with `--reset`. */
export type StoryState = z.infer<typeof storyState>;

/** Begins the story: nothing has happened yet. */
export async function beginStory(client: Client, dayOne: Date): Promise<void> {
  await client.query(`
    drop schema if exists demo_story cascade;
    create schema demo_story;
    create table demo_story.state (id boolean primary key default true check (id), state jsonb not null);
  `);
  await writeState(client, {
    taken: [],
    dayOne: dayOne.toISOString(),
    late: {},
    failing: {},
    columnRenamed: false,
    definitionChanged: false,
  });
}

/** Reads how far the story has gone, and locks it until the transaction ends: one step at a time. */
export async function readState(client: Client): Promise<StoryState> {
  const { rows } = await client.query<{ state: unknown }>('select state from demo_story.state for update');
  return storyState.parse(rows[0]?.state);
}

export async function writeState(client: Client, state: StoryState): Promise<void> {
  await client.query(
    'insert into demo_story.state (state) values ($1) on conflict (id) do update set state = excluded.state',
    [JSON.stringify(state)],
  );
}
