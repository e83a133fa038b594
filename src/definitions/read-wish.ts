import type { Asset } from '../catalog/asset.js';
import { isHidden, mayRead } from '../catalog/visibility.js';
import { InvalidInputError, NotFoundError } from '../errors.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';
import { problemsOfText } from './check-text.js';
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
  return impactOf(services.catalog.current().view, assetId, {
    maySee: maySeeFor(services, person),
    knownToAll: (asset) => !isHidden(services.config, asset),
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
  if (wish.kind === 'change') {
    const { view } = services.catalog.current();
    const rules = services.config.catalog.visibility;
    Object.assign(problems, problemsOfText({ view, rules, asset, person, proposed, wanted: wish.wanted }));
  } else if (asset.status === 'deprecated') problems.reason = 'It is deprecated in the source already.';
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
