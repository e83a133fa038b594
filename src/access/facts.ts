import { spokenDuration } from '../approvals/plan/match-rule.js';
import type { SubjectFacts } from '../approvals/subject.js';
import type { Asset } from '../catalog/asset.js';
import { utcWords } from '../utc-words.js';
import type { AccessLevel } from './tables.js';

export interface AccessWish {
  level: AccessLevel;
  columns: readonly string[];
  durationMs: number;
  extension: boolean;
  /** A start or an end at a moment that was asked for. */
  startsAt?: Date | null;
  endsAt?: Date | null;
}

/**
 * What policy may look at. A masked view is judged by the labels of the table behind it and by its level, so that a rule can
 * say what masked personal data needs; the labels the view itself carries are the fact `maskedLabels`. Labelled columns
 * label their table.
 */
export function accessFacts(asset: Asset, wish: AccessWish, masked?: Asset): SubjectFacts {
  const labels = labelsOf(asset);
  const columns = asset.columns
    .filter((column) => wish.columns.includes(column.name))
    .map((column) => ({ name: column.name, classification: column.classification }));
  const what = wish.columns.length > 0 ? `${columnsWords(wish.columns)} of ${asset.name}` : asset.name;
  return {
    policyKind: 'access',
    title: `${wish.level} on ${what} ${timeWords(wish)}`,
    level: wish.level,
    durationMs: wish.durationMs,
    classification: labels,
    columns,
    owners: asset.owners,
    extension: wish.extension,
    facts: {
      tags: asset.tags,
      certified: asset.certified,
      status: asset.status,
      wholeTable: wish.columns.length === 0,
      ...(masked ? { maskedLabels: labelsOf(masked) } : {}),
      ...(asset.warehouse === undefined ? {} : { warehouse: asset.warehouse }),
    },
    ...(asset.tier === undefined ? {} : { tier: asset.tier }),
    ...(asset.domain === undefined ? {} : { domain: asset.domain }),
    ...(asset.backupOwner === undefined ? {} : { backupOwner: asset.backupOwner }),
    asset: asset.name,
    ...(asset.relation === undefined ? {} : { relation: asset.relation }),
  };
}

/** `for 7 days`, `for 3 hours, starting 2026-03-02 08:00 UTC`, `until 2026-03-02 17:00 UTC`: whoever decides decides about this. */
function timeWords({ durationMs, extension, startsAt, endsAt }: AccessWish): string {
  const length = spokenDuration(durationMs);
  if (extension) return `for another ${length}`;
  if (startsAt) return `for ${length}, starting ${utcWords(startsAt)}`;
  return endsAt ? `until ${utcWords(endsAt)}` : `for ${length}`;
}

/** `email and name`, `email, name, city and 4 more columns`. */
function columnsWords(columns: readonly string[]): string {
  if (columns.length > 4) return `${columns.slice(0, 3).join(', ')} and ${columns.length - 3} more columns`;
  return [columns.slice(0, -1).join(', '), columns.at(-1)].filter((part) => part !== '').join(' and ');
}

function labelsOf(asset: Asset): string[] {
  return [...new Set([...asset.classification, ...asset.columns.flatMap((column) => column.classification)])];
}
