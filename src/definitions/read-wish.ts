import type { Asset } from '../catalog/asset.js';
import { mayKnowOf, mayRead } from '../catalog/visibility.js';
import { InvalidInputError, NotFoundError } from '../errors.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';
import { freezeOn, todayIn } from './freeze.js';
import { impactOf } from './impact.js';
import { type DefinitionText, differences, type Impact, type Proposed, presentText } from './text.js';

export type DefinitionWish = {
  assetId: string;
  reason: string;
} & (
  | { kind: 'change'; wanted: DefinitionText; effectiveDate: string }
  | {
      kind: 'deprecate';
      /** As typed: a name or source id; null when nothing takes its place. */
      successor: string | null;
      lastDay: string;
    }
);

export interface ReadWish {
  asset: Asset;
  present: DefinitionText;
  proposed: Proposed;
  successor: Asset | null;
  /** ISO date: from when the text holds, or the last day of use. */
  effectiveDate: string;
  impact: Impact;
}

const longest = { description: 4_000, label: 120, list: 20, item: 500 };
const isoDay = /^\d{4}-\d{2}-\d{2}$/;

/** The asset that is meant, as far as this person reads it in full: what is hidden is answered like what is not there. */
export function assetFor(services: Services, person: Person, id: string): Asset {
  const asset = services.catalog.current().view.get(id);
  if (asset === undefined || asset.kind === 'column' || !maySeeFor(services, person)(asset))
    throw new NotFoundError('The catalog has nothing by that name that you can read. Nothing was proposed.');
  return asset;
}

export function maySeeFor(services: Services, person: Person): (asset: Asset) => boolean {
  return (asset) => mayRead(asset, { teams: person.teams }, services.config.catalog.visibility);
}

/** What builds on an asset, as this person may know it. */
export function impactSeenBy(services: Services, person: Person, assetId: string): Impact {
  const rules = services.config.catalog.visibility;
  return impactOf(services.catalog.current().view, assetId, {
    maySee: maySeeFor(services, person),
    knownToAll: (asset) => mayKnowOf(asset, { teams: [] }, rules),
  });
}

/** Understands a wish and looks at what it would touch. Writes nothing: for the form, and before asking. Errors are by form field. */
export function readWish(services: Services, wish: DefinitionWish, person: Person, now: Date): ReadWish {
  const asset = assetFor(services, person, wish.assetId);
  const present = presentText(asset);
  const problems: Record<string, string> = {};
  if (wish.reason.trim() === '') problems.reason = 'Say why: whoever approves reads it.';
  const proposed = wish.kind === 'change' ? differences(present, wish.wanted) : {};
  const successor = wish.kind === 'deprecate' ? successorOf(services, person, asset, wish, problems) : null;
  const effectiveDate = wish.kind === 'change' ? wish.effectiveDate : wish.lastDay;
  const dateField = wish.kind === 'change' ? 'effective' : 'last-day';
  if (wish.kind === 'change') checkText(services, { asset, person, proposed, wanted: wish.wanted }, problems);
  else if (asset.status === 'deprecated') problems.reason = 'It is deprecated in the source already.';
  if (!isoDay.test(effectiveDate)) problems[dateField] = 'Choose a day.';
  else if (effectiveDate < todayIn(services.config, now))
    problems[dateField] = 'Choose today or a later day.';
  else {
    const freeze = freezeOn(services.config, asset.domain, effectiveDate);
    if (freeze !== null)
      problems[dateField] =
        `That day is in the freeze “${freeze}”: definitions do not change then. Choose another day.`;
  }
  if (Object.keys(problems).length > 0)
    throw new InvalidInputError(`Nothing was proposed. ${Object.values(problems).join(' ')}`, problems);
  return {
    asset,
    present,
    proposed,
    successor,
    effectiveDate,
    impact: impactSeenBy(services, person, asset.id),
  };
}

function checkText(
  services: Services,
  wish: { asset: Asset; person: Person; proposed: Proposed; wanted: DefinitionText },
  problems: Record<string, string>,
): void {
  const { asset, person, proposed, wanted } = wish;
  if (Object.keys(proposed).length === 0)
    problems.description =
      'That is what it says already. Change the text, the label, the names or the caveats.';
  if (wanted.description.trim() === '') problems.description = 'A definition cannot be empty.';
  if (wanted.description.length > longest.description)
    problems.description = `At most ${longest.description} characters.`;
  if (wanted.label.length > longest.label) problems.label = `At most ${longest.label} characters.`;
  for (const field of ['synonyms', 'caveats'] as const) {
    if (wanted[field].length > longest.list) problems[field] = `At most ${longest.list} lines.`;
    else if (wanted[field].some((item) => item.length > longest.item))
      problems[field] = `At most ${longest.item} characters per line.`;
  }
  const { view } = services.catalog.current();
  const { visibility } = services.config.catalog;
  // A name that only something hidden has is answered as one that is free: else names could be tried out. What comes of it is a conflict that its owners see.
  const takenBy = (name: string): Asset | undefined =>
    view
      .resolve(name, { kinds: [asset.kind] })
      .find((other) => other.id !== asset.id && mayKnowOf(other, person, visibility));
  if (proposed.label !== undefined && proposed.label !== '' && takenBy(proposed.label))
    problems.label = `“${proposed.label}” is the name of something else already.`;
  const known = new Set(asset.synonyms.map((name) => name.toLowerCase()));
  const taken = (proposed.synonyms ?? []).find((name) => !known.has(name.toLowerCase()) && takenBy(name));
  if (taken !== undefined) problems.synonyms = `“${taken}” means something else already.`;
}

function successorOf(
  services: Services,
  person: Person,
  asset: Asset,
  wish: { successor: string | null },
  problems: Record<string, string>,
): Asset | null {
  const typed = wish.successor?.trim() ?? '';
  if (typed === '') return null;
  const { view } = services.catalog.current();
  const byId = view.get(typed);
  const found = (byId ? [byId] : view.resolve(typed)).filter(
    (other) => other.kind !== 'column' && maySeeFor(services, person)(other),
  );
  const sameKind = found.filter((other) => other.kind === asset.kind);
  const candidates = sameKind.length > 0 ? sameKind : found;
  const [only] = candidates;
  if (only === undefined) problems.successor = `The catalog has nothing called “${typed}”.`;
  else if (candidates.length > 1)
    problems.successor = `“${typed}” may mean ${candidates.length} things. Write its full identifier, such as ${only.sourceId}.`;
  else if (only.id === asset.id) problems.successor = 'It cannot take its own place.';
  else if (isOpen(services, asset) && !isOpen(services, only))
    problems.successor = `${only.label ?? only.name} is not open to everybody who reads this one.`;
  else if (only.status === 'deprecated')
    problems.successor = `${only.label ?? only.name} is deprecated itself.`;
  return only ?? null;
}

function isOpen(services: Services, asset: Asset): boolean {
  return mayRead(asset, { teams: [] }, services.config.catalog.visibility);
}
