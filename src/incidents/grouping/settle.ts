import type { Paused } from '../../catalog/turns.js';
import { type Board, betweenPauses, type Looks, makeBoard } from './board.js';
import { beginAt, type Cause, makeCause } from './cause.js';
import { byStart, type Episode } from './episodes.js';
import { costOfOwnCause } from './fit.js';
import type { Reach } from './reach.js';
import type { GroupingRules } from './rules.js';

/** Moves end long before; this only bounds what odd lineage could make of it. */
const maxRounds = 8;
/** What a further cause must make better, beyond what it costs, before one is split in two. */
const costOfSplit = 0.3;
/** What is explained this well is no beginning of another cause. */
const wellExplained = 0.3;

/**
 * Where two causes meet downstream, looks at each as a whole: moves every episode to the cause it fits best (nearest broken upstream,
 * start, kind, recovery together with the others), makes one of two where one explains both, and two of one where two explain it
 * better. A function of the set of episodes; changes `causes` and what they hold.
 */
export function* settle(
  causes: Set<Cause>,
  episodes: readonly Episode[],
  reach: Reach,
  rules: GroupingRules,
): Paused<void> {
  const board = yield* makeBoard(causes, episodes, reach, rules);
  const looks = { split: new Map(), move: new Map(), merge: new Map() } satisfies Record<string, Looks>;
  for (let round = 0; round < maxRounds; round += 1) {
    for (const cause of causes) {
      if (!cause.silent || cause.assetId === null) continue;
      const { at } = cause;
      beginAt(cause, cause.assetId, reach);
      if (cause.at !== at) board.touch(cause);
    }
    // Splitting before everything has found its place would split what is only misplaced.
    const split = round > 0 && (yield* splitCauses(board, episodes, looks.split));
    const moved = yield* moveEpisodes(board, episodes, looks.move);
    const merged = yield* mergeCauses(board, looks.merge);
    if (round > 0 && !split && !moved && !merged) return;
  }
}

/** Holds others that would stand without a beginning. */
function leads(cause: Cause, episode: Episode): boolean {
  return cause.root === episode && cause.members.size > 1;
}

function* moveEpisodes(board: Board, episodes: readonly Episode[], looks: Looks): Paused<boolean> {
  let moved = false;
  for (const [index, episode] of episodes.entries()) {
    if (index % betweenPauses === 0) yield;
    if (board.unchanged(looks, episode, board.near(episode))) continue;
    board.looked(looks, episode);
    const own = board.causeOf(episode);
    if (own === undefined || own.assetId === null || leads(own, episode)) continue;
    let best: { cause: Cause | null; cost: number } = { cause: own, cost: board.costNow(episode) };
    if (best.cost > costOfOwnCause) best = { cause: null, cost: costOfOwnCause };
    for (const cause of board.candidates(episode)) {
      if (cause === own) continue;
      const cost = board.cost(cause, episode);
      if (cost < best.cost) best = { cause, cost };
    }
    if (best.cause === own) continue;
    moved = true;
    board.put(episode, best.cause ?? makeCause(episode, [episode]));
  }
  return moved;
}

function* mergeCauses(board: Board, looks: Looks): Paused<boolean> {
  let merged = false;
  for (const [index, cause] of [...board.causes].sort((a, b) => byStart(a.root, b.root)).entries()) {
    if (index % betweenPauses === 0) yield;
    if (board.unchanged(looks, cause.root, board.near(cause.root))) continue;
    board.looked(looks, cause.root);
    if (cause.members.size < 2 || cause.assetId === null) continue;
    const members = [...cause.members];
    const now = costOfAll(members, board.costNow);
    let best: { cause: Cause; cost: number } | null = null;
    for (const other of board.candidates(cause.root)) {
      if (other === cause) continue;
      const cost = costOfAll(members, (member) => Math.min(costOfOwnCause, board.cost(other, member)));
      if (cost < now && (best === null || cost < best.cost)) best = { cause: other, cost };
    }
    if (best === null) continue;
    merged = true;
    for (const member of members) board.put(member, best.cause);
  }
  return merged;
}

function* splitCauses(board: Board, episodes: readonly Episode[], looks: Looks): Paused<boolean> {
  let split = false;
  for (const [index, episode] of episodes.entries()) {
    if (index % betweenPauses === 0) yield;
    if (board.unchanged(looks, episode, board.below(episode))) continue;
    board.looked(looks, episode);
    const own = board.causeOf(episode);
    if (own === undefined || own.root === episode || own.assetId === null) continue;
    if (board.below(episode).length === 0 || board.costNow(episode) < wellExplained) continue;
    const alone = makeCause(episode, [episode]);
    const takes = board.below(episode).filter((one) => {
      const holder = board.causeOf(one);
      return holder !== undefined && !leads(holder, one) && board.cost(alone, one) < board.costNow(one);
    });
    if (takes.length === 0) continue;
    const cause = makeCause(episode, [episode, ...takes]);
    const moving = [episode, ...takes];
    const before = costOfAll(moving, board.costNow);
    const after = costOfOwnCause + costOfAll(moving, (one) => (one === episode ? 0 : board.cost(cause, one)));
    if (before - after <= costOfSplit) continue;
    split = true;
    for (const one of moving) board.put(one, cause);
  }
  return split;
}

/** Forty checks of one table are one witness: each asset counts once, with the mean of its episodes. */
function costOfAll(episodes: readonly Episode[], costOf: (episode: Episode) => number): number {
  const byAsset = new Map<string, { sum: number; count: number }>();
  for (const episode of episodes) {
    const of = byAsset.get(episode.assetId ?? episode.key) ?? { sum: 0, count: 0 };
    byAsset.set(episode.assetId ?? episode.key, { sum: of.sum + costOf(episode), count: of.count + 1 });
  }
  let total = 0;
  for (const { sum, count } of byAsset.values()) total += sum / count;
  return total;
}
