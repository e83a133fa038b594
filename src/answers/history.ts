import type { Asset } from '../catalog/asset.js';
import { ownerNames, type PersonName } from '../catalog/owner-names.js';
import { type SchemaChange, schemaChanges } from '../catalog/schema-changes.js';
import { codeChanged } from '../catalog/versions.js';

export type ChangeKind =
  | 'created'
  | 'meaning'
  | 'wording'
  | 'schema-breaking'
  | 'schema-compatible'
  | 'code'
  | 'other'
  | 'removed';

/** The definition change that a version came from. */
export interface Decided {
  /** `DEF-3`. */
  decision?: string;
  /** Names in words. */
  approvedBy?: string;
  threadUrl?: string;
  pullRequestUrl?: string;
  announcedAt?: Date;
  announcementUrl?: string;
}

/** What an asset was from one moment on. */
export interface AssetVersion extends Decided {
  assetId: string;
  validFrom: Date;
  change: ChangeKind;
  /** One sentence; made from the two versions where absent. */
  summary?: string;
  asset: Asset;
  revision?: string;
  /** The commit that was read with it. */
  commitUrl?: string;
  /** Where the change can be looked at: its pull request, the thread that decided it, its commit, else the file. */
  url?: string;
}

/** Versions of an asset, newest first. Empty where no history is kept (files alone). */
export type VersionsOf = (assetId: string) => readonly AssetVersion[];

export const noVersions: VersionsOf = () => [];

/** The version in force at a time; undefined before the first one. */
export function versionAt(versions: readonly AssetVersion[], at: Date): AssetVersion | undefined {
  return versions.find((version) => version.validFrom <= at);
}

/** The newest change of meaning, if there was one after the beginning. */
export function lastChangeOfMeaning(versions: readonly AssetVersion[]): AssetVersion | undefined {
  return versions.find((version) => version.change === 'meaning');
}

export interface WordDiff {
  kept: boolean;
  /** `+` added, `-` removed, ` ` kept. */
  sign: '+' | '-' | ' ';
  text: string;
}

/** Differences of two texts by words (longest common subsequence); texts longer than 400 words are compared by their start. */
export function diffWords(before: string, after: string): WordDiff[] {
  const a = before.split(/\s+/).filter(Boolean).slice(0, 400);
  const b = after.split(/\s+/).filter(Boolean).slice(0, 400);
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
    }
  }
  const parts: WordDiff[] = [];
  const push = (sign: WordDiff['sign'], word: string): void => {
    const last = parts.at(-1);
    if (last?.sign === sign) last.text += ` ${word}`;
    else parts.push({ sign, kept: sign === ' ', text: word });
  };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      push(' ', a[i] ?? '');
      i++;
      j++;
    } else if (
      i < a.length &&
      (j >= b.length || (lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0))
    ) {
      push('-', a[i++] ?? '');
    } else {
      push('+', b[j++] ?? '');
    }
  }
  return parts;
}

export const otherCode = 'The code that builds it changed.';

/** What changed between two versions, in plain sentences. Empty when nothing that people read did. */
export function changesInWords(before: Asset, after: Asset): string[] {
  const changes: string[] = [];
  if (before.description !== after.description) {
    const parts = diffWords(before.description, after.description);
    const added = parts.filter((part) => part.sign === '+').map((part) => `"${part.text}"`);
    const removed = parts.filter((part) => part.sign === '-').map((part) => `"${part.text}"`);
    const said = [
      ...(removed.length > 0 ? [`removed ${removed.slice(0, 3).join(', ')}`] : []),
      ...(added.length > 0 ? [`added ${added.slice(0, 3).join(', ')}`] : []),
    ];
    changes.push(`The description changed: ${said.join('; ')}.`);
  }
  const formula = (asset: Asset): string => asset.formula?.expression ?? '';
  if (formula(before) !== formula(after)) {
    changes.push(
      `The formula changed from ${formula(before) || 'nothing'} to ${formula(after) || 'nothing'}.`,
    );
  }
  if (before.filters.join('; ') !== after.filters.join('; ')) {
    changes.push(
      `The filters changed from ${before.filters.join('; ') || 'none'} to ${after.filters.join('; ') || 'none'}.`,
    );
  }
  if (before.grain !== after.grain)
    changes.push(`The grain changed from ${before.grain ?? 'none'} to ${after.grain ?? 'none'}.`);
  if (before.unit !== after.unit)
    changes.push(`The unit changed from ${before.unit ?? 'none'} to ${after.unit ?? 'none'}.`);
  if (before.status !== after.status) changes.push(`It went from ${before.status} to ${after.status}.`);
  changes.push(...columnsInWords(schemaChanges(before, after)));
  if (codeChanged(before, after)) changes.push(otherCode);
  return changes;
}

/** What changed around a definition, between two versions of one source: who answers for it, and the like. */
export function detailsInWords(before: Asset, after: Asset, personName?: PersonName): string[] {
  const owners = (asset: Asset): string => ownerNames(asset, personName).join(', ');
  const details: [string, (asset: Asset) => string][] = [
    ['time dimension', ({ timeDimension }) => timeDimension ?? ''],
    ['owner', owners],
    ['tier', ({ tier }) => String(tier ?? '')],
    ['label', ({ label }) => label ?? ''],
    ['other names', ({ synonyms }) => synonyms.join(', ')],
    ['caveats', ({ caveats }) => caveats.join('; ')],
  ];
  return details.flatMap(([what, of]) => {
    const [old, now] = [of(before), of(after)];
    return old === now ? [] : [`Its ${what} went from ${old || 'nothing'} to ${now || 'nothing'}.`];
  });
}

const columnsNamedAtMost = 8;

function columnsInWords(changes: readonly SchemaChange[]): string[] {
  const named = (change: SchemaChange['change']): string[] =>
    changes
      .filter((one) => one.change === change)
      .slice(0, columnsNamedAtMost)
      .map(({ column, before, after }) =>
        change === 'type' ? `${column} from ${before} to ${after}` : column,
      );
  const [gone, fresh, retyped] = [named('removed'), named('added'), named('type')];
  return [
    ...(gone.length > 0 ? [`Columns removed: ${gone.join(', ')}.`] : []),
    ...(fresh.length > 0 ? [`Columns added: ${fresh.join(', ')}.`] : []),
    ...(retyped.length > 0 ? [`Column types changed: ${retyped.join(', ')}.`] : []),
  ];
}
