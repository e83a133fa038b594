import type { Client } from 'pg';
import { type ArtifactChanges, type DemoArtifacts, demoArtifacts } from './generate/artifacts.js';
import { readProject } from './generate/project.js';
import { changedProject } from './story/changed-project.js';
import { type Delivery, freshnessDelivery, runDelivery, schemaDelivery } from './story/deliveries.js';
import { runTests } from './story/observe.js';
import { readState, type StoryState, writeState } from './story/state.js';
import { type Said, steps } from './story/steps.js';

export type { Delivery, Said };

/** Everything a step needs of the world. */
export interface StoryWorld {
  /** Connected to the warehouse as its owner. */
  warehouse: Client;
  /** The demo's clock. */
  now: Date;
  /** Writes dbt's artifacts and has the catalog read them; called before anything is posted. */
  writeArtifacts: (artifacts: DemoArtifacts) => Promise<void>;
  /** Posts to `/webhooks/<source>/<id>`, authenticated as that endpoint asks for. */
  postWebhook: (delivery: Delivery) => Promise<void>;
  /** A person writes in a channel of the local Slack. Without it what would be said is left out. */
  say?: (said: Said) => Promise<void>;
}

/** No step has that name. */
export class UnknownStepError extends Error {
  readonly code = 'unknown_step';
}

/** A step as the page lists it. */
export interface ListedStep {
  step: string;
  title: string;
  description: string;
  done: boolean;
}

async function inTransaction<Result>(client: Client, body: () => Promise<Result>): Promise<Result> {
  await client.query('begin');
  try {
    const result = await body();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** What the artifacts are to show at `now`, by what the story has done so far. */
function changesOf(state: StoryState, now: Date): ArtifactChanges {
  const project = changedProject(state);
  const late = Object.entries(state.late).map(([table, { lagMinutes, since }]) => [
    table,
    { lagMinutes, since: new Date(since) },
  ]);
  return {
    dayOne: new Date(state.dayOne),
    late: Object.fromEntries(late),
    checkedAt: now,
    ...(state.ranAt ? { run: { at: new Date(state.ranAt), failing: state.failing } } : {}),
    ...(project ? { project } : {}),
  };
}

/** The steps in the order of the story, each with whether it was taken. */
export async function listSteps(warehouse: Client): Promise<ListedStep[]> {
  const { taken } = await inTransaction(warehouse, () => readState(warehouse));
  return steps.map(({ step, title, description }) => ({
    step,
    title,
    description,
    done: taken.includes(step),
  }));
}

/** dbt's artifacts as of `now` with everything the story has done: at a start of the demo, before any step. */
export async function currentArtifacts(warehouse: Client, now: Date): Promise<DemoArtifacts> {
  const state = await inTransaction(warehouse, () => readState(warehouse));
  return demoArtifacts(now, changesOf(state, now));
}

/**
 * Takes one step of the story: changes the warehouse, runs the tests there where the step says so, writes the artifacts that
 * dbt would, and posts the alerts that the company's tools would. Resolves to a sentence that says what happened.
 */
export async function runStoryStep(name: string, world: StoryWorld): Promise<string> {
  const step = steps.find((each) => each.step === name);
  if (!step) {
    throw new UnknownStepError(
      `There is no step ${name}. Take one of: ${steps.map((each) => each.step).join(', ')}.`,
    );
  }
  const { warehouse: client, now } = world;
  const project = readProject();
  const { outcome, state } = await inTransaction(client, async () => {
    const before = await readState(client);
    const taken = await step.take({ client, project, now, state: before });
    const ran = taken.run ? { failing: await runTests(client, project), ranAt: now.toISOString() } : {};
    const after = { ...taken.state, ...ran, taken: [...new Set([...before.taken, name])] };
    await writeState(client, after);
    return { outcome: taken, state: after };
  });
  const artifacts = demoArtifacts(now, changesOf(state, now));
  await world.writeArtifacts(artifacts);
  const check = artifacts.sources.at(-1);
  const run = artifacts.runResults.at(-1);
  if (outcome.freshnessOf && check) await world.postWebhook(freshnessDelivery(check, outcome.freshnessOf));
  if (outcome.run && run) await world.postWebhook(runDelivery(project, run));
  if (outcome.schemaChange) await world.postWebhook(schemaDelivery(project, now));
  if (outcome.say) await world.say?.(outcome.say);
  return outcome.text;
}
