import type { Asset } from '../../../catalog/asset.js';
import type { CatalogView } from '../../../catalog/view.js';
import type { AlertKind } from '../alert.js';
import { type Check, type Occurrence, pickSource } from './bodies.js';
import type { Random } from './random.js';

const minute = 60_000;
const hour = 60 * minute;

/** How long after the last word of a cause its assets still count as broken: a check without recovery says nothing when it is over. */
const clearForMs = 3 * hour;

/** Until when each asset is in trouble: something that is broken already cannot be seen to break again. */
export type Busy = Map<string, number>;

/** Everything one true cause makes the tools say. Causes overlap freely downstream, but none starts on what is already broken. */
export function playCause(
  random: Random,
  view: CatalogView,
  start: number,
  serial: number,
  busy: Busy,
): Occurrence[] {
  const occurrences = play(random, view, start, serial, busy);
  for (const { check: what, at } of occurrences) {
    if (what.asset === null) continue;
    for (const id of [what.asset.id, ...view.downstream(what.asset.id).map(({ asset }) => asset.id)]) {
      busy.set(id, Math.max(busy.get(id) ?? 0, at.getTime() + clearForMs));
    }
  }
  return occurrences;
}

function play(random: Random, view: CatalogView, start: number, serial: number, busy: Busy): Occurrence[] {
  const roll = random.next();
  const tables = view
    .assets()
    .filter(({ kind, id }) => (kind === 'model' || kind === 'source') && (busy.get(id) ?? 0) < start);
  if (roll < 0.08) return outside(random, start, serial);
  if (roll < 0.24)
    return flapping(
      random,
      check(random, random.pick(tables.filter(({ kind }) => kind === 'model')), 'test'),
      start,
      serial,
    );
  const silent = roll < 0.32;
  const kind: AlertKind = roll < 0.6 ? 'freshness' : roll < 0.85 ? 'run' : 'schema';
  const wanted = kind === 'run' ? 'model' : 'source';
  const root = random.pick(tables.filter((asset) => asset.kind === wanted));
  // A silent upstream says nothing itself, and is as broken as any other.
  busy.set(root.id, start + 10 * hour);
  return spread(random, view, root, kind, silent, start, serial);
}

/** A broken upstream: its own checks (unless it has none), then most of what is built from it, with a delay per step. */
function spread(
  random: Random,
  view: CatalogView,
  root: Asset,
  kind: AlertKind,
  silent: boolean,
  start: number,
  serial: number,
): Occurrence[] {
  const end = start + random.between(50, 600) * minute;
  const out: Occurrence[] = [];
  const emit = (asset: Asset, kinds: readonly AlertKind[], seenAt: number): void => {
    for (const one of kinds)
      out.push(
        ...life(random, check(random, asset, one), seenAt, end + random.between(2, 30) * minute, `${serial}`),
      );
  };
  if (!silent)
    emit(
      root,
      kind === 'run' && random.chance(0.6) ? ['run', 'test'] : [kind],
      start + random.between(0, 12) * minute,
    );
  for (const { asset, distance } of view.downstream(root.id)) {
    if (asset.kind !== 'model' || !random.chance(silent ? 0.9 : 0.72)) continue;
    const kinds: AlertKind[] = [];
    const first: AlertKind =
      kind === 'freshness'
        ? random.pick(['freshness', 'volume', 'test'])
        : random.pick(['test', 'run', 'volume']);
    kinds.push(first);
    if (random.chance(0.45)) kinds.push(first === 'test' ? 'volume' : 'test');
    emit(asset, kinds, start + distance * random.between(4, 22) * minute + random.between(0, 6) * minute);
  }
  return out;
}

/** One check from its first failure to its recovery, with repeats and now and then a flap. */
function life(random: Random, what: Check, from: number, until: number, run: string): Occurrence[] {
  const out: Occurrence[] = [occur(what, from, 'firing', run)];
  let at = from;
  let episode = 0;
  while (random.chance(0.3) && at < until) {
    at += random.between(10, 90) * minute;
    out.push(occur(what, at, 'firing', run));
  }
  if (random.chance(0.12)) {
    at += random.between(5, 40) * minute;
    out.push(occur(what, at, 'resolved', run));
    at += random.between(5, 60) * minute;
    episode = 1;
    out.push(occur(what, at, 'firing', run, episode));
  }
  if (random.chance(0.8)) out.push(occur(what, Math.max(until, at + minute), 'resolved', run, episode));
  return out;
}

/** A check that cannot make up its mind. */
function flapping(random: Random, what: Check, start: number, serial: number): Occurrence[] {
  const out: Occurrence[] = [];
  let at = start;
  const times = random.chance(0.5) ? random.between(3, 9) : 1;
  for (let turn = 0; turn < times; turn += 1) {
    out.push(occur(what, at, 'firing', `${serial}-${turn}`));
    at += random.between(5, 60) * minute;
    out.push(occur(what, at, 'resolved', `${serial}-${turn}`));
    at += random.between(10, 200) * minute;
  }
  return out;
}

/** A job of some team that the catalog knows nothing of: several of its tasks fail within minutes. */
function outside(random: Random, start: number, serial: number): Occurrence[] {
  const owner = `ops${random.between(0, 30)}@example.com`;
  return Array.from({ length: random.between(1, 5) }, (_, index) => {
    const what: Check = {
      source: 'airflow',
      kind: 'run',
      name: `job_${serial}_${index}`,
      asset: null,
      owner,
    };
    const at = start + random.between(0, 10) * minute;
    return [
      occur(what, at, 'firing', `${serial}`),
      ...(random.chance(0.7) ? [occur(what, at + random.between(1, 5) * hour, 'resolved', `${serial}`)] : []),
    ];
  }).flat();
}

const checkNames: Record<AlertKind, readonly string[]> = {
  freshness: ['freshness'],
  volume: ['row_count', 'volume_anomalies'],
  schema: ['schema_changes'],
  test: ['unique', 'not_null', 'accepted_values', 'relationships'],
  run: ['run'],
  other: ['other'],
};

function check(random: Random, asset: Asset, kind: AlertKind): Check {
  return {
    source: pickSource(random, kind),
    kind,
    name: random.pick(checkNames[kind]),
    asset,
    owner: asset.owners[0]?.email ?? '',
  };
}

function occur(what: Check, at: number, status: 'firing' | 'resolved', run: string, episode = 0): Occurrence {
  return { check: what, at: new Date(at), status, run: `run-${run}`, episode };
}
