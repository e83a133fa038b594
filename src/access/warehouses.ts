import type { Asset } from '../catalog/asset.js';
import { connectionSecret } from '../config/warehouse-address.js';
import { InvalidInputError } from '../errors.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';
import type { Provisioner } from './provisioners/provisioner.js';
import { findProvisioner } from './provisioners/registry.js';
import { splitRelation } from './provisioners/relation-name.js';
import type { AccessLevel } from './tables.js';

/** The warehouses of steward.yml that access can be given in. */
export interface Warehouses {
  get: (name: string) => Provisioner | null;
  /** Name of the warehouse an asset lives in; null when none of steward.yml's is meant. */
  nameFor: (asset: Asset) => string | null;
  /** What a person is called in a warehouse; null when they have no login there. */
  identityOf: (name: string, person: Person) => string | null;
  /** Connection string of a warehouse; undefined when its secret is not set here. */
  addressOf: (name: string) => string | undefined;
  close: () => Promise<void>;
}

export function makeWarehouses(
  services: Pick<Services, 'config' | 'secret' | 'clock'>,
  params: { fetch: typeof globalThis.fetch },
): Warehouses {
  const made = new Map<string, Provisioner>();
  const entryOf = (name: string) => services.config.warehouses.find((entry) => entry.name === name);
  return {
    get(name) {
      const known = made.get(name);
      if (known) return known;
      const entry = entryOf(name);
      const kind = entry ? findProvisioner(entry.type) : undefined;
      if (!entry || !kind) return null;
      const provisioner = kind.make(entry, {
        name,
        secret: services.secret,
        fetch: params.fetch,
        now: services.clock.now,
      });
      made.set(name, provisioner);
      return provisioner;
    },
    nameFor(asset) {
      if (!asset.relation) return null;
      const database = databaseOf(asset.relation);
      const entries = services.config.warehouses.filter((entry) => findProvisioner(entry.type) !== undefined);
      const named = entries.find((entry) => entry.name === asset.warehouse);
      const byDatabase = entries.find((entry) => entry.database !== undefined && entry.database === database);
      const only = entries.length === 1 && asset.warehouse === undefined ? entries[0] : undefined;
      return (named ?? byDatabase ?? only)?.name ?? null;
    },
    identityOf(name, person) {
      const login = person.logins[name];
      if (login !== undefined) return login;
      const entry = entryOf(name);
      return entry && findProvisioner(entry.type)?.identity === 'email' ? person.email : null;
    },
    addressOf(name) {
      const variable = connectionSecret(entryOf(name));
      return variable === undefined ? undefined : services.secret(variable);
    },
    async close() {
      await Promise.all([...made.values()].map((provisioner) => provisioner.close?.()));
      made.clear();
    },
  };
}

function databaseOf(relation: string): string | undefined {
  try {
    const parts = splitRelation(relation);
    return parts.length === 3 ? parts[0] : undefined;
  } catch {
    return undefined;
  }
}

/** Where a level of an asset is granted: the table itself, or for `masked` its masked view. */
export function targetRelation(asset: Asset, level: AccessLevel): string | null {
  if (level !== 'masked') return asset.relation ?? null;
  return maskedRelation(asset);
}

/** The masked view of an asset, as its meta names it (`masked_relation`, at the top or under `steward`). */
export function maskedRelation(asset: Asset): string | null {
  const nested = asset.meta.steward;
  const layers = [asset.meta, typeof nested === 'object' && nested !== null ? { ...nested } : {}];
  for (const layer of layers) {
    const value = 'masked_relation' in layer ? layer.masked_relation : undefined;
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return null;
}

/** Levels that can be asked of an asset; masked first where there is personal data to mask. */
export function levelsOf(asset: Asset, provisioner: Provisioner): AccessLevel[] {
  const masked = maskedRelation(asset) !== null && provisioner.levels.includes('masked');
  const rest = provisioner.levels.filter((level) => level !== 'masked');
  return masked ? ['masked', ...rest] : [...rest];
}

/** Refuses with what is missing and who can mend it. */
export function requireWarehouse(
  warehouses: Warehouses,
  asset: Asset,
  admins: string,
): { name: string; provisioner: Provisioner } {
  const name = warehouses.nameFor(asset);
  const provisioner = name === null ? null : warehouses.get(name);
  if (name === null || provisioner === null) {
    throw new InvalidInputError(
      `Steward cannot give access to ${asset.name}: no warehouse in its configuration holds it. Nothing was requested. Ask ${admins}.`,
      { dataset: 'Steward cannot give access to this dataset.' },
    );
  }
  return { name, provisioner };
}
