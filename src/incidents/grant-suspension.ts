import type { Actor } from '../audit/record.js';
import type { Db, Trx } from '../db/database.js';

/** Grants on one dataset, and where their suspension stands. */
export interface SuspendedDataset {
  assetId: string;
  assetName: string;
  /** Grants of Steward on it that are held back. */
  grants: number;
  /** Of these, the warehouse has confirmed by a probe that they let nobody in. */
  confirmed: number;
  /** What the warehouse said of those that still get in by another way. */
  stillIn: string[];
  startedAt: Date;
}

/**
 * What incidents need of access: hold back what was granted on a dataset, and give it back. The access domain implements it
 * (src/access/hold.ts) and src/runtime/engines.ts wires it, so that the two domains never import each other.
 */
export interface GrantSuspension {
  /** Suspends every grant on these datasets, and holds back those still to come. Returns how many grants are concerned. */
  suspend: (
    trx: Trx,
    hold: { assetIds: readonly string[]; incidentId: string; reason: string; actor: Actor; now: Date },
  ) => Promise<number>;
  /** Gives back what no other incident holds and whose time is not over. Returns how many grants come back. */
  lift: (trx: Trx, release: { incidentId: string; actor: Actor; now: Date }) => Promise<number>;
  /** The holds of one incident go on under another: after a merge. */
  handOver: (trx: Trx, incidents: { fromId: string; intoId: string }) => Promise<void>;
  /** What this incident holds back now. */
  heldBy: (db: Db | Trx, incidentId: string) => Promise<SuspendedDataset[]>;
  /** How many grants each dataset has that a suspension would stop. */
  liveGrants: (db: Db | Trx, assetIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;
}
